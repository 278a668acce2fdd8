import { HISTORY } from '#shared/schema/history.ts';
import type { History } from '#shared/schema/history.ts';
import { OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from './messages.ts';

/** For so many days after the release of a version, the one two before it is still served. */
export const SERVED_DAYS = 90;
const DAY_MS = 24 * 60 * 60_000;

/**
 * The instant from which a version of the protocol is not served any more: the end (UTC) of the 90th
 * day after the second version behind it was released.
 * @returns milliseconds since the Unix epoch; null as long as that version is not released
 */
export function servedUntil(version: number, history: History = HISTORY): number | null {
  const released = history[version + 2]?.released;
  return released === undefined ? null : Date.parse(released) + (SERVED_DAYS + 1) * DAY_MS;
}

/**
 * The oldest version of the protocol that is served at an instant.
 * @param now by the server's clock, milliseconds since the Unix epoch
 */
export function oldestServed(now: number, history: History = HISTORY): number {
  let version = OLDEST_PROTOCOL_VERSION;
  while (now >= (servedUntil(version, history) ?? Infinity)) version += 1;
  return version;
}

/** Every version that this build can serve, and the day through which it does; null: no end is known. */
export const servedVersions = (): { readonly version: number; readonly through: string | null }[] =>
  Array.from({ length: PROTOCOL_VERSION - OLDEST_PROTOCOL_VERSION + 1 }, (_, at) => {
    const version = OLDEST_PROTOCOL_VERSION + at;
    const until = servedUntil(version);
    const through = until === null ? null : new Date(until - DAY_MS).toISOString().slice(0, 10);
    return { version, through };
  });
