import { expandAct } from '#shared/merge/expand.ts';
import type { Row } from '#shared/schema/define.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { SqliteStorage } from '#desktop/storage/storage-types.ts';
import type { ParkedStore } from './parked-store.ts';
import type { InScope, MayRead } from './purge-parts.ts';
import { readCheckpoint } from './checkpoint.ts';
import { DOWN_ID, metaCollectionOf } from './tables.ts';

/**
 * Rows that left: they moved to a part that this device does not hold, or their subject (a patient, a
 * visit) is in none of its windows any more. The server names the row or subject alone; what is about a
 * subject goes here. Rows with changes that the server does not have yet stay until these are answered.
 */
export interface LeftRows {
  /** Removes rows of this table and, where they are subjects, the rows of all tables about them. */
  purge(ids: readonly string[]): void;
  /** The server has none of these rows any more: they go when what waits of them is answered. */
  endLater(ids: readonly string[]): void;
  /** These rows came again: nothing that was to go with them goes. */
  stays(ids: readonly string[]): void;
  /** Removes what was made here of acts that leave, as far as no part of its own table holds it. */
  purgeMade(acts: readonly Row[]): Promise<void>;
  /** Removes what had to stay, as far as it may go now. */
  purgeAgain(): void;
}

const key = (table: TableName): string => `sync.left.${table}`;

/** SQLite takes longer lists, but no faster. */
const CHUNK = 500;

export function openLeftRows(options: {
  readonly table: TableName;
  readonly storage: SqliteStorage;
  readonly database: EncryptedDatabase;
  readonly parked: ParkedStore;
  readonly inScope: InScope;
}): LeftRows {
  const { table, storage, database, parked, inScope } = options;

  const remove = (from: TableName, ids: readonly string[]): number => {
    let gone = 0;
    const waiting = new Set(waitingIn(database, from));
    for (let at = 0; at < ids.length; at += CHUNK) {
      const some = ids.slice(at, at + CHUNK);
      const result = storage.purge(from, some, {
        metaCollection: metaCollectionOf(from),
        unsent: 'keep',
      });
      for (const id of result.purged) {
        parked.forgetMaster(from, id);
        waiting.delete(id);
      }
      for (const id of result.kept) waiting.add(id);
      gone += result.purged.length;
    }
    note(database, from, waiting);
    return gone;
  };

  return {
    purge(ids) {
      let gone = 0;
      for (const from of new Set([...tablesAbout(table), table])) {
        if (storage.instance(from)) gone += remove(from, rowsAbout(database, from, ids));
      }
      if (gone > 0) database.secureCheckpoint();
    },
    endLater(ids) {
      note(database, table, new Set([...waitingIn(database, table), ...ids]));
    },
    stays(ids) {
      const waiting = new Set(waitingIn(database, table));
      if (waiting.size === 0) return;
      for (const id of ids) waiting.delete(id);
      note(database, table, waiting);
    },
    async purgeMade(acts) {
      const made = Map.groupBy(
        acts.flatMap((act) => expandAct(table, act)),
        (one) => one.table,
      );
      for (const [from, rows] of made) {
        const parts = await partsHeld(storage, from);
        const isHeld = (row: Row): boolean => parts.some((part) => inScope(from, part, row));
        const ids = rows.filter(({ row }) => !isHeld(row)).map(({ row }) => row.id);
        if (ids.length > 0 && storage.instance(from)) remove(from, ids);
      }
    },
    purgeAgain() {
      const waiting = waitingIn(database, table);
      if (waiting.length > 0 && remove(table, waiting) > 0) database.secureCheckpoint();
    },
  };
}

/**
 * Notes a row that its author may make and not read, with those that were made from it here: they go
 * with the next pull, when the server has them.
 */
export function holdUnreadable(
  database: EncryptedDatabase,
  table: TableName,
  row: Row,
  mayRead: MayRead,
): void {
  const all = [{ table, row }, ...(tableOf(table).kind === 'fact' ? expandAct(table, row) : [])];
  for (const { table: of, row: one } of all) {
    if (!mayRead(of, one)) note(database, of, new Set([...waitingIn(database, of), one.id]));
  }
}

/** The parts of a table that this device holds, as far as rows of them have come. */
async function partsHeld(storage: SqliteStorage, table: TableName): Promise<string[]> {
  const meta = storage.instance(metaCollectionOf(table));
  const [stored] = (await meta?.findDocumentsById([DOWN_ID], false)) ?? [];
  return Object.keys(readCheckpoint(stored?.['checkpointData'])?.scopes ?? {});
}

/** Tables whose rows follow subjects of this one, children first. */
const tablesAbout = (subject: TableName): TableName[] =>
  TABLE_NAMES.filter((name) => tableOf(name).window?.subject === subject).toReversed();

function rowsAbout(
  database: EncryptedDatabase,
  table: TableName,
  subjects: readonly string[],
): string[] {
  const column = tableOf(table).window?.column ?? 'id';
  if (column === 'id') return [...subjects];
  return database
    .read<{ id: string }>(
      `select t.id as id from live_${table} t where t.${column} in (select value from json_each(?))`,
      [JSON.stringify(subjects)],
    )
    .map(({ id }) => id);
}

function waitingIn(database: EncryptedDatabase, table: TableName): string[] {
  const stored = database.kv.get(key(table));
  return stored === undefined ? [] : (JSON.parse(stored) as string[]);
}

function note(database: EncryptedDatabase, table: TableName, ids: ReadonlySet<string>): void {
  if (ids.size > 0) database.kv.set(key(table), JSON.stringify([...ids]));
  else if (database.kv.get(key(table)) !== undefined) database.kv.delete(key(table));
}
