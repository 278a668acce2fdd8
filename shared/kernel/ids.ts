import { parse, v5, v7, validate, version } from 'uuid';

/** Namespace of every deterministic id of the suite (itself a UUIDv4 chosen once, never changed). */
const GANGER_NAMESPACE = parse('6f1c0b0e-7f1d-4c44-9d0a-5b1d3a5c2e77');

/** A new UUIDv7: made on the device, sortable by the time of its making. */
export function newId(): string {
  return v7();
}

/**
 * A UUIDv5 over the given parts, so that two devices that name the same thing give it the same id.
 * Parts are joined with U+001F, which no part may contain (it would make two lists look alike).
 * @throws TypeError when a part contains the separator; URIError when one is broken UTF-16, of which
 *   different texts would get one id
 */
export function derivedId(...parts: readonly string[]): string {
  for (const part of parts) {
    if (part.includes('\u001f')) throw new TypeError('derivedId: a part contains the separator');
  }
  return v5(parts.join('\u001f'), GANGER_NAMESPACE);
}

/**
 * The id of a row out of a file: it follows from what the row is, so that two desks which take the same
 * file in, or one that is interrupted and begins again, make one record.
 */
export const importedId = (table: string, ...parts: readonly string[]): string =>
  derivedId('import', table, ...parts.map((part) => part.replaceAll('\u001f', ' ').toWellFormed()));

/** True for a UUID of any version in its canonical lower-case form. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && value === value.toLowerCase() && validate(value);
}

/** The version digit of a valid UUID. */
export function uuidVersion(id: string): number {
  return version(id);
}
