import { fillWithDefaultSettings, getRxReplicationMetaInstanceSchema } from 'rxdb/plugins/core';
import type { RxDocumentData, RxJsonSchema, RxStorageReplicationMeta } from 'rxdb/plugins/core';
import { rxSchemaOf } from '#shared/schema/rx-schema.ts';
import { PUSHABLE, isTableName } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { SqliteStorageInstance } from '#desktop/storage/sqlite-storage-instance.ts';
import type { SqliteStorage, StoredDocument } from '#desktop/storage/storage-types.ts';

type Plain = Record<string, unknown>;
export type ForkInstance = SqliteStorageInstance<Plain>;
export type MetaRow = RxStorageReplicationMeta<Plain, unknown>;
export type MetaDocument = RxDocumentData<MetaRow>;
export type MetaInstance = SqliteStorageInstance<MetaRow>;

/** The two storage instances of a table: its rows, and what the replication knows of them. */
export interface TableInstances {
  readonly table: TableName;
  readonly fork: ForkInstance;
  readonly meta: MetaInstance;
}

const META_PREFIX = 'rx-meta-';

/** Name of the collection that holds the replication's meta rows of a table. */
export const metaCollectionOf = (table: TableName): string => META_PREFIX + table;

/** The table that a meta collection belongs to, or null for other collections. */
export function tableOfMetaCollection(collection: string): TableName | null {
  if (!collection.startsWith(META_PREFIX)) return null;
  const table = collection.slice(META_PREFIX.length);
  return isTableName(table) ? table : null;
}

/** Key under which RxDB keeps the pull checkpoint of a table among its meta rows (17.6). */
export const DOWN_ID = 'down|1';

/** Key of the meta row of a row. */
export const metaIdOf = (id: string): string => `${id}|0`;

export const isPushable = (table: TableName): boolean => PUSHABLE.includes(table);

/** The schema of a table's collection as RxDB hands it to a storage. */
export const filledSchemaOf = (table: TableName): RxJsonSchema<StoredDocument> =>
  fillWithDefaultSettings(rxSchemaOf(table) as unknown as RxJsonSchema<Plain>);

/**
 * Opens the rows and the meta rows of a table; instances that are open already are used.
 * @param databaseName the name under which windows open the same collections
 */
export async function openTableInstances(
  storage: SqliteStorage,
  databaseName: string,
  table: TableName,
): Promise<TableInstances> {
  const schema = filledSchemaOf(table);
  const open = async <T>(collectionName: string, its: RxJsonSchema<RxDocumentData<T>>) =>
    (storage.instance(collectionName) as SqliteStorageInstance<T> | undefined) ??
    (await storage.createStorageInstance<T>({
      databaseInstanceToken: 'store',
      databaseName,
      collectionName,
      schema: its,
      options: {},
      multiInstance: false,
      devMode: false,
    }));
  const metaSchema = getRxReplicationMetaInstanceSchema<Plain, unknown>(schema, false);
  const fork = await open<Plain>(table, schema);
  const meta = await open<MetaRow>(metaCollectionOf(table), metaSchema);
  return { table, fork, meta };
}
