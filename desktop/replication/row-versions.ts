import { isSameSince } from '#shared/schema/older.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { TableCheckpoint } from './checkpoint.ts';

/** The version of files from before this was written down. */
const FIRST = 1;

/**
 * Remembers of a table in which version of the protocol its rows came. What came in an older one holds
 * no more than that one knows, and the cursors have passed it: after an update of this device, or of a
 * server that was behind, the table has to be read from its start, once, if it has changed since.
 */
export interface RowVersions {
  /** True when the rows that are here came in an older version than this one and lack something. */
  isBehind(version: number, at: TableCheckpoint | undefined): boolean;
  /** From now on rows come in this version; to be called when the place to start from is stored. */
  note(version: number): void;
}

export function openRowVersions(table: TableName, kv: EncryptedDatabase['kv']): RowVersions {
  const key = `sync.version.${table}`;
  const stored = kv.get(key);
  let known = stored === undefined ? null : Number(stored);
  return {
    isBehind(version, at) {
      if (at === undefined || Object.keys(at.scopes).length === 0) return false;
      const before = known ?? FIRST;
      return version > before && !isSameSince(table, before);
    },
    note(version) {
      if (version === known) return;
      known = version;
      kv.set(key, String(version));
    },
  };
}
