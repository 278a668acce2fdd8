import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillWithDefaultSettings } from 'rxdb/plugins/core';
import type { BulkWriteRow, RxJsonSchema, RxStorageInstance } from 'rxdb/plugins/core';
import { now } from 'rxdb/plugins/utils';
import { onTestFinished } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { openDatabase } from './open-database.ts';
import type { EncryptedDatabase } from './open-database.ts';
import { getRxStorageSqlite } from './rx-storage-sqlite.ts';
import type { SqliteStorageSettings } from './rx-storage-sqlite.ts';
import type { SqliteStorageInstance } from './sqlite-storage-instance.ts';
import type { SqliteStorage, StorageHooks, StoredDocument } from './storage-types.ts';

export const TEST_KEY = '2b'.repeat(32);

export type Fields = Record<string, unknown> & { id: string };
export type AnyInstance = RxStorageInstance<Record<string, unknown>, unknown, unknown>;

/** A schema with every kind of property: indexed, nullable, list, object, untyped. */
export const NOTE_SCHEMA: RxJsonSchema<Record<string, unknown>> = {
  title: 'notes',
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 40 },
    cat: { type: 'string', maxLength: 10 },
    n: { type: 'integer', minimum: -1000, maximum: 1000, multipleOf: 1 },
    active: { type: 'boolean' },
    opt: { type: ['string', 'null'] },
    weight: { type: 'number' },
    list: { type: 'array' },
    nested: { type: 'object' },
    any: {},
  },
  required: ['id', 'cat', 'n', 'active'],
  indexes: ['cat', ['cat', 'n'], 'n', ['active', 'n']],
};

export const FILLED_NOTE_SCHEMA = fillWithDefaultSettings(NOTE_SCHEMA);

export const instanceParams = (collectionName: string, schema = FILLED_NOTE_SCHEMA) => ({
  databaseInstanceToken: 'token',
  databaseName: 'test',
  collectionName,
  schema,
  options: {} as Record<string, never>,
  multiInstance: false,
  devMode: false,
});

/** A folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ganger-storage-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface TestStore {
  readonly file: string;
  readonly database: EncryptedDatabase;
  readonly storage: SqliteStorage;
  readonly open: (
    collection: string,
    schema?: typeof FILLED_NOTE_SCHEMA,
  ) => Promise<SqliteStorageInstance<Record<string, unknown>>>;
}

/** A fresh encrypted store in a folder of its own, closed and removed when the test ends. */
export function testStore(
  hooks?: StorageHooks,
  folder = temporaryFolder(),
  settings: Pick<SqliteStorageSettings, 'definitions' | 'onProgress'> = {},
): TestStore {
  const file = join(folder, 'store.db');
  const database = openDatabase({ file, key: TEST_KEY, log: silentLogger });
  onTestFinished(() => database.close());
  const storage = getRxStorageSqlite({ ...settings, database, hooks, log: silentLogger });
  const open: TestStore['open'] = (collection, schema) =>
    storage.createStorageInstance(instanceParams(collection, schema));
  return { file, database, storage, open };
}

/** A whole document of `NOTE_SCHEMA` from some of its fields. */
export function note(fields: Fields, rev = '1-test', lwt = now()): StoredDocument {
  return {
    cat: 'a',
    n: 0,
    active: true,
    ...fields,
    _deleted: fields['_deleted'] === true,
    _attachments: {},
    _rev: rev,
    _meta: { lwt },
  } as StoredDocument;
}

/** The next state of a document. */
export function changed(document: StoredDocument, fields: Record<string, unknown>): StoredDocument {
  const height = Number.parseInt(document._rev, 10) + 1;
  return { ...document, ...fields, _rev: `${height}-test`, _meta: { lwt: now() } };
}

export const insertRow = (document: StoredDocument): BulkWriteRow<Record<string, unknown>> => ({
  document,
});

/** Inserts documents and fails the test when one is refused. */
export async function insertAll(
  instance: AnyInstance,
  documents: readonly StoredDocument[],
  context = 'test',
): Promise<void> {
  const { error } = await instance.bulkWrite(documents.map(insertRow), context);
  if (error.length > 0) throw new Error(`${error.length} documents were not inserted`);
}
