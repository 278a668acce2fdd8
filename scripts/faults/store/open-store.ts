import path from 'node:path';
import { fillWithDefaultSettings, getRxReplicationMetaInstanceSchema } from 'rxdb/plugins/core';
import { PUSHABLE, TABLE_NAMES, isTableName } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { int, text } from '#shared/schema/define.ts';
import type { Row } from '#shared/schema/define.ts';
import { DATABASE_NAME } from '#shared/ipc/port.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { expandAct } from '#shared/merge/expand.ts';
import { confirmOnMetaWrite } from '#desktop/replication/meta-rows.ts';
import { filledSchemaOf } from '#desktop/replication/tables.ts';
import { metaOf } from '#desktop/storage/definitions.ts';
import type { Definitions, RowDefinition } from '#desktop/storage/definitions.ts';
import { refuseNewerFile } from '#desktop/storage/newer-file.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import { SUITE_DEFINITIONS } from '#desktop/storage/suite-definitions.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { getRxStorageSqlite } from '#desktop/storage/rx-storage-sqlite.ts';
import type { SqliteStorageInstance } from '#desktop/storage/sqlite-storage-instance.ts';
import type {
  PlainRow,
  SqliteStorage,
  StoredDocument,
  WantedTable,
  WriteEvent,
} from '#desktop/storage/storage-types.ts';
import { upgradeCopies } from '#desktop/store/row-copies.ts';
import { settleSideLog } from '#desktop/vault/side-log/reapply.ts';
import type { Settled } from '#desktop/vault/side-log/reapply.ts';
import { openSideLog } from '#desktop/vault/side-log/side-log.ts';
import type { SideLog } from '#desktop/vault/side-log/side-log.ts';
import { sideLogHook } from '#desktop/vault/side-log/store-truth.ts';

import { lookFirst } from './look-first.ts';
import type { LookFirst } from './look-first.ts';

/** A table of these runs alone, whose definition grows while they go on. */
export const NOTES = 'fault_notes';

/** The collections that the runs write to: records, acts, what acts expand into, and meta rows. */
export const TABLES = [
  'item_locations',
  'stock_acts',
  'inventory_lots',
  'stock_movements',
] as const satisfies readonly TableName[];
export const COLLECTIONS: readonly string[] = [...TABLES, NOTES].flatMap((table) => [
  table,
  metaOf(table),
]);

/** Those of them whose rows go to the server. */
const LOGGED: readonly string[] = [...TABLES.filter((table) => PUSHABLE.includes(table)), NOTES];

export type Plain = Record<string, unknown>;
export type Instance = SqliteStorageInstance<Plain>;

const NOTE_FIELDS = {
  body: text({ phi: 'P0', merge: 'LWW', max: 4_000 }),
  n: int({ phi: 'P0', merge: 'LWW' }),
  level: int({ phi: 'P0', merge: 'LWW' }),
} satisfies RowDefinition['fields'];

/** A row of the notes of the version before as one of this version. */
export const noteOfVersion = (row: Plain, version: number): Plain => ({
  ...row,
  level: version,
  body: `${String(row['body'])}|${version}`,
});

function definitionsOf(notesVersion: number): Definitions {
  const versions = Array.from({ length: notesVersion - 1 }, (_, at) => at + 2);
  const notes: RowDefinition = {
    version: notesVersion,
    fields: NOTE_FIELDS,
    upgrades: Object.fromEntries(
      versions.map((version) => [version, (row: Row) => noteOfVersion(row, version) as Row]),
    ),
  };
  return {
    of: (table) => (table === NOTES ? notes : SUITE_DEFINITIONS.of(table)),
    dropped: SUITE_DEFINITIONS.dropped,
  };
}

/** Indexes come and go with the versions, so that an upgrade builds them anew. */
const notesSchema = (version: number): WantedTable['schema'] =>
  fillWithDefaultSettings<Plain>({
    version: 0,
    primaryKey: 'id',
    type: 'object',
    properties: {
      id: { type: 'string', maxLength: 40 },
      body: { type: 'string', maxLength: 4_000 },
      n: { type: 'integer', minimum: 0, maximum: 1_000_000, multipleOf: 1 },
      level: { type: 'integer', minimum: 0, maximum: 1_000, multipleOf: 1 },
    },
    required: ['id', 'n', 'level'],
    indexes: version % 2 === 0 ? ['n', ['level', 'n']] : ['n'],
  }) as WantedTable['schema'];

function wantedTables(notesVersion: number, all: boolean): WantedTable[] {
  const tables: readonly string[] = [...(all ? TABLE_NAMES : TABLES), NOTES];
  return tables.flatMap((table) => {
    const schema = isTableName(table) ? filledSchemaOf(table) : notesSchema(notesVersion);
    const meta = getRxReplicationMetaInstanceSchema(schema as never, false);
    return [
      { collection: table, schema: schema as WantedTable['schema'] },
      { collection: metaOf(table), schema: meta as WantedTable['schema'] },
    ];
  });
}

export interface OpenOptions {
  readonly file: string;
  readonly key: string;
  /** Version of the definition of the notes. */
  readonly notesVersion: number;
  /** The file is looked at first, as the door of a profile does. */
  readonly look?: Pick<LookFirst, 'salt' | 'setAside'> | undefined;
  /** True: with the side log of the folder, as a profile is opened. */
  readonly sideLog?: boolean | undefined;
  /** True: all tables of the suite are made, as a profile does. */
  readonly allTables?: boolean | undefined;
  /** Called inside the write transaction, after everything was written. */
  readonly inTransaction?: ((event: WriteEvent) => void) | undefined;
  /** Called for rows of an upgrade, inside its transaction. */
  readonly onProgress?: ((done: number) => void) | undefined;
  /** Called when the file is open and nothing has been prepared in it. */
  readonly onFile?: ((database: EncryptedDatabase) => void) | undefined;
}

export interface OpenStore {
  readonly database: EncryptedDatabase;
  readonly storage: SqliteStorage;
  readonly instance: (collection: string) => Instance;
  readonly sideLog: SideLog | undefined;
  /** What came back from the side log. */
  readonly settled: Settled | undefined;
  close(): Promise<void>;
}

/**
 * Opens a file with the storage and the hooks of a person's profile: acts expand into rows, meta
 * rows confirm, an upgrade takes the copies of rows along.
 */
export async function openStore(options: OpenOptions): Promise<OpenStore> {
  const { file, key, notesVersion, allTables = false, inTransaction, onProgress } = options;
  const mustExist = options.look && lookFirst({ file, key, ...options.look });
  const database = openDatabase({ file, key, mustExist, log: silentLogger });
  let sideLog: SideLog | undefined;
  try {
    options.onFile?.(database);
    const definitions = definitionsOf(notesVersion);
    refuseNewerFile(database, definitions);
    if (options.sideLog) {
      sideLog = openSideLog({ folder: path.dirname(file), key, log: silentLogger });
    }
    const logged = sideLog && { sideLog, database, tables: LOGGED, definitions };
    const afterCommit = logged && sideLogHook(logged);
    const storage = getRxStorageSqlite({
      database,
      log: silentLogger,
      definitions,
      onProgress: ({ done }) => onProgress?.(done),
      hooks: {
        onUpgrade: (event) => upgradeCopies(database, event),
        ...(afterCommit ? { afterCommit } : {}),
        onWrite(event) {
          confirmOnMetaWrite(event);
          if (isTableName(event.collection)) {
            for (const document of event.rows) {
              const act = bare(document) as unknown as Row;
              for (const { table, row } of expandAct(event.collection, act)) {
                event.tx.insertDerived(table, [row]);
              }
            }
          }
          inTransaction?.(event);
        },
      },
    });
    const wanted = wantedTables(notesVersion, allTables);
    storage.prepareTables(DATABASE_NAME, wanted);
    const instances = new Map<string, Instance>();
    for (const { collection, schema } of wanted) {
      if (!COLLECTIONS.includes(collection)) continue;
      instances.set(
        collection,
        await storage.createStorageInstance<Plain>({
          databaseInstanceToken: 'faults',
          databaseName: DATABASE_NAME,
          collectionName: collection,
          schema: schema as never,
          options: {},
          multiInstance: false,
          devMode: false,
        }),
      );
    }
    const join = (_table: string, row: PlainRow): PlainRow => row;
    // All are open.
    const openTable = (): Promise<void> => Promise.resolve();
    const settled =
      logged && (await settleSideLog({ ...logged, storage, join, openTable, log: silentLogger }));
    return {
      database,
      storage,
      sideLog,
      settled,
      instance(collection) {
        const found = instances.get(collection);
        if (!found) throw new Error(`${collection} is not open`);
        return found;
      },
      async close() {
        for (const instance of instances.values()) await instance.close();
        sideLog?.close();
        database.secureCheckpoint();
        database.close();
      },
    };
  } catch (error) {
    sideLog?.close();
    database.close();
    throw error;
  }
}

/** A document without what belongs to RxDB. */
export const bare = (document: StoredDocument | Plain): Plain =>
  Object.fromEntries(Object.entries(document).filter(([key]) => !key.startsWith('_')));
