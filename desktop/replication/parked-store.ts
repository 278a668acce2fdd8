import { createHash } from 'node:crypto';
import { isCode } from '#shared/errors/codes.ts';
import type { Code } from '#shared/errors/codes.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import { isTableName } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';

/** A change that the server refused; it is kept on this device until somebody decides. */
export interface ParkedChange {
  readonly table: TableName;
  readonly id: string;
  readonly code: Code;
  /** Names of the fields at fault, where the server named them. */
  readonly fields: string[];
  /** Milliseconds since the Unix epoch. */
  readonly parkedAt: number;
}

type Row = Readonly<Record<string, unknown>>;

export interface ParkedStore {
  list(): ParkedChange[];
  count(): number;
  has(table: TableName, id: string): boolean;
  /** The entry when the row still has the content that was refused; an edited row is not parked. */
  entryFor(table: TableName, row: Row & { readonly id: string }): ParkedChange | undefined;
  park(change: ParkedChange, row: Row): void;
  /** @returns true when there was an entry */
  release(table: TableName, id: string): boolean;
  /** Keeps what the server has of a row whose local change it has not accepted (yet). */
  rememberMaster(table: TableName, id: string, row: Row): void;
  masterOf(table: TableName, id: string): Record<string, unknown> | undefined;
  forgetMaster(table: TableName, id: string): void;
}

interface Stored {
  readonly tbl: string;
  readonly id: string;
  readonly code: string;
  readonly fields: string;
  readonly parked_at: number;
  readonly content: string;
}

const SCHEMA = [
  `create table if not exists sync_parked (
     tbl text not null, id text not null, code text not null, fields text not null,
     parked_at integer not null, content text not null, primary key (tbl, id)) without rowid`,
  `create table if not exists sync_masters (
     tbl text not null, id text not null, row text not null, primary key (tbl, id)) without rowid`,
];

/**
 * Refused changes, in the profile's encrypted database, so that they outlive a restart. Beside them
 * the server's state of rows that have local changes: the device skips it until those are settled,
 * and the server does not send it twice, so giving a change up needs it from here.
 */
export function openParkedStore(database: EncryptedDatabase): ParkedStore {
  for (const statement of SCHEMA) database.run(statement);
  const entries = new Map<string, ParkedChange & { readonly content: string }>();
  const stored = database.read<Stored>(
    'select tbl, id, code, fields, parked_at, content from sync_parked',
  );
  for (const { tbl, id, code, fields, parked_at: parkedAt, content } of stored) {
    if (!isTableName(tbl)) continue;
    entries.set(keyOf(tbl, id), {
      table: tbl,
      id,
      code: isCode(code) ? code : 'INTERNAL',
      fields: JSON.parse(fields) as string[],
      parkedAt,
      content,
    });
  }

  return {
    list: () =>
      [...entries.values()]
        .map(({ table, id, code, fields, parkedAt }) => ({ table, id, code, fields, parkedAt }))
        .toSorted((a, b) => a.parkedAt - b.parkedAt || (a.id < b.id ? -1 : 1)),
    count: () => entries.size,
    has: (table, id) => entries.has(keyOf(table, id)),
    entryFor(table, row) {
      const entry = entries.get(keyOf(table, row.id));
      return entry && entry.content === contentHash(row) ? entry : undefined;
    },
    park(change, row) {
      const { table, id, code, fields, parkedAt } = change;
      const content = contentHash(row);
      database.run(
        `insert into sync_parked (tbl, id, code, fields, parked_at, content)
         values (?, ?, ?, ?, ?, ?)
         on conflict (tbl, id) do update set code = excluded.code, fields = excluded.fields,
           parked_at = excluded.parked_at, content = excluded.content`,
        [table, id, code, JSON.stringify(fields), parkedAt, content],
      );
      entries.set(keyOf(table, id), { table, id, code, fields: [...fields], parkedAt, content });
    },
    release(table, id) {
      if (!entries.has(keyOf(table, id))) return false;
      database.run('delete from sync_parked where tbl = ? and id = ?', [table, id]);
      entries.delete(keyOf(table, id));
      return true;
    },
    rememberMaster(table, id, row) {
      database.run(
        `insert into sync_masters (tbl, id, row) values (?, ?, ?)
         on conflict (tbl, id) do update set row = excluded.row`,
        [table, id, JSON.stringify(row)],
      );
    },
    masterOf(table, id) {
      const [found] = database.read<{ row: string }>(
        'select row from sync_masters where tbl = ? and id = ?',
        [table, id],
      );
      return found ? (JSON.parse(found.row) as Record<string, unknown>) : undefined;
    },
    forgetMaster(table, id) {
      database.run('delete from sync_masters where tbl = ? and id = ?', [table, id]);
    },
  };
}

const keyOf = (table: TableName, id: string): string => `${table}/${id}`;

const INTERNAL_FIELDS = new Set(['_meta', '_rev', '_attachments', '_deleted']);

/** A digest of a row's own content, so that an edit is told from the change that was refused. */
function contentHash(row: Row): string {
  const own = Object.fromEntries(Object.entries(row).filter(([key]) => !INTERNAL_FIELDS.has(key)));
  return createHash('sha256').update(canonicalJson(own)).digest('base64url');
}
