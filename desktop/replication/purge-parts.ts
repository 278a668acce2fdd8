import type { Row } from '#shared/schema/define.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { SeqCheckpoint, SqliteStorage } from '#desktop/storage/storage-types.ts';
import type { ParkedStore } from './parked-store.ts';
import { rowOf } from './server-rows.ts';
import { metaCollectionOf } from './tables.ts';
import type { ForkInstance } from './tables.ts';

/** Tells whether this person may read a row at all. */
export type MayRead = (table: TableName, row: Readonly<Record<string, unknown>>) => boolean;

/** Tells whether a row belongs to a named part of its table (`inScope` of `#shared/access`). */
export type InScope = (
  table: TableName,
  part: string,
  row: Readonly<Record<string, unknown>>,
) => boolean;

const SCAN_ROWS = 500;

/**
 * Removes the rows of ended parts from the disk, their meta rows and remembered server states
 * included; the server hears nothing of it. Rows that lie in an active part too stay. So do rows
 * with changes that the server does not have yet: nobody's work is thrown away, they are purged once
 * they are answered.
 * @returns the number of rows that had to stay because of unsent changes
 */
export async function purgeParts(options: {
  readonly table: TableName;
  readonly fork: ForkInstance;
  readonly storage: SqliteStorage;
  readonly database: EncryptedDatabase;
  readonly parked: ParkedStore;
  readonly inScope: InScope;
  readonly ended: readonly string[];
  readonly active: readonly string[];
  /** Removes what was made here of acts that go: their own tables may never have named a part. */
  readonly purgeMade: (acts: readonly Row[]) => Promise<void>;
}): Promise<number> {
  const { table, fork, storage, database, parked, inScope, ended, active } = options;
  const gone: string[] = [];
  let checkpoint: SeqCheckpoint | undefined;
  for (;;) {
    const page = await fork.getChangedDocumentsSince(SCAN_ROWS, checkpoint);
    if (page.documents.length === 0) break;
    checkpoint = page.checkpoint;
    const leaving = page.documents.map(rowOf).filter((row) => {
      const isIn = (part: string): boolean => inScope(table, part, row);
      return ended.some(isIn) && !active.some(isIn);
    });
    gone.push(...leaving.map(({ id }) => id));
    // Before the acts: killed in between, the next start finds these and goes on.
    if (tableOf(table).expand && leaving.length > 0) {
      const origins = fork.originOf(leaving.map(({ id }) => id));
      await options.purgeMade(leaving.filter(({ id }) => origins.get(id) !== 'local'));
    }
    // Not to hold up the windows: a table may have a hundred thousand rows.
    await new Promise((resolve) => setImmediate(resolve));
  }
  let kept = 0;
  for (let at = 0; at < gone.length; at += SCAN_ROWS) {
    const result = storage.purge(table, gone.slice(at, at + SCAN_ROWS), {
      metaCollection: metaCollectionOf(table),
      unsent: 'keep',
    });
    kept += result.kept.length;
    for (const id of result.purged) parked.forgetMaster(table, id);
  }
  if (gone.length > kept) database.secureCheckpoint();
  return kept;
}

const key = (table: TableName): string => `sync.ended.${table}`;

/** Ended parts of a table in which rows had to stay. */
export function readEndedParts(database: EncryptedDatabase, table: TableName): string[] {
  const stored = database.kv.get(key(table));
  return stored === undefined ? [] : (JSON.parse(stored) as string[]);
}

export function writeEndedParts(
  database: EncryptedDatabase,
  table: TableName,
  parts: readonly string[],
): void {
  if (parts.length > 0) database.kv.set(key(table), JSON.stringify(parts));
  else database.kv.delete(key(table));
}
