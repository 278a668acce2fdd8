import type { TableName } from '#shared/schema/tables.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';

const DAY_MS = 86_400_000;

/**
 * The server forgets after 90 days which rows left a window or a part. Whoever has not read a table to
 * its end for nearly that long may have missed some, and lists it from its start.
 */
export const ABSENT_AFTER_MS = 85 * DAY_MS;

/** So exactly is it known: a write for every table at every pull would be many. */
const EXACT_MS = DAY_MS;

/** Remembers, by the server's clock alone, when a table was last read to its end. */
export interface Absence {
  /** @param serverTime milliseconds, as an answer says */
  isLong(serverTime: number): boolean;
  /** The table was, or is now being, read to its end. */
  ends(serverTime: number): void;
}

export function openAbsence(table: TableName, kv: EncryptedDatabase['kv']): Absence {
  const key = `sync.complete.${table}`;
  const read = (): number | null => {
    const stored = kv.get(key);
    return stored === undefined ? null : Number(stored);
  };
  return {
    isLong(serverTime) {
      const before = read();
      return before !== null && serverTime - before > ABSENT_AFTER_MS;
    },
    ends(serverTime) {
      const before = read();
      if (before !== null && Math.abs(serverTime - before) < EXACT_MS) return;
      kv.set(key, String(serverTime));
    },
  };
}
