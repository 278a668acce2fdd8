import { compareValues } from '../../../ui/table-columns.ts';

/**
 * Zones of a count: names of aisles or bins, kept as one text ("A, B2"). A name stands for the bin of
 * that name and for all bins that go on where it ends: A for A1 and A-12, and not for AB1.
 */

/** What has no bin. */
export const NO_BIN = '-';
/** Characters that the zone of a count can have. */
export const LONGEST_ZONE = 80;

const plain = (bin: string): string => bin.replaceAll(',', ' ').trim().toUpperCase();
const isSame = (a: string, b: string, kind: RegExp): boolean => kind.test(a) && kind.test(b);

/** The names of a zone; none where a count is about the whole site. */
export const namesOf = (zone: string | null): string[] =>
  (zone ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** One text of the names; null: the whole site. */
export const zoneOf = (names: readonly string[]): string | null =>
  names.length === 0 ? null : [...new Set(names)].toSorted(inOrder).join(', ');
/** Names that a dictionary does not tell apart have an order too, so that a zone has one text. */
const inOrder = (a: string, b: string): number => compareValues(a, b) || (a < b ? -1 : 1);

/** True when a bin belongs to a zone. */
export function isInZone(bin: string | null, zone: string | null): boolean {
  const names = namesOf(zone);
  if (names.length === 0) return true;
  const own = plain(bin ?? '');
  return names.map(plain).some((name) => {
    if (own === '' || name === NO_BIN) return own === '' && name === NO_BIN;
    if (!own.startsWith(name)) return false;
    const [last, next] = [name.at(-1) ?? '', own.at(name.length) ?? ''];
    return !isSame(last, next, /\p{L}/u) && !isSame(last, next, /\p{N}/u);
  });
}

/** The aisle of a bin: its letters in front, else its digits, else all of it. */
export function aisleOf(bin: string | null): string {
  const own = plain(bin ?? '');
  if (own === '') return NO_BIN;
  return /^(?:\p{L}+|\p{N}+)/u.exec(own)?.[0] ?? own;
}
