import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { fillWithDefaultSettings } from 'rxdb/plugins/core';
import { expect, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { insertAll, note, temporaryFolder, testStore } from './fixtures.suite.ts';
import { openDatabase } from './open-database.ts';
import { getRxStorageSqlite } from './rx-storage-sqlite.ts';

const KEY = '7d'.repeat(32);
const SCHEMA = fillWithDefaultSettings({
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: { type: 'string', maxLength: 36 }, text: { type: 'string' } },
} as never);

test('a page that is not as it was written fails the call and is told, and no wrong row is served', async () => {
  const file = path.join(temporaryFolder(), 'a.db');
  const open = async (onDamaged: () => void) => {
    const database = openDatabase({ file, key: KEY, log: silentLogger });
    const storage = getRxStorageSqlite({ database, log: silentLogger, hooks: { onDamaged } });
    const instance = await storage.createStorageInstance<{ id: string; text: string }>({
      databaseInstanceToken: 't',
      databaseName: 'a',
      collectionName: 'notes',
      schema: SCHEMA as never,
      options: {},
      multiInstance: false,
      devMode: false,
    });
    return { database, instance };
  };
  const first = await open(() => undefined);
  const ids = Array.from({ length: 400 }, (_, at) => `n${at}`);
  const rows = ids.map((id) => ({
    document: {
      id,
      text: id.repeat(100),
      _deleted: false,
      _attachments: {},
      _rev: '1-a',
      _meta: { lwt: 1 },
    },
  }));
  expect((await first.instance.bulkWrite(rows, 't')).error).toEqual([]);
  first.database.secureCheckpoint();
  first.database.close();

  const bytes = readFileSync(file);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  let told = 0;
  const { database, instance } = await open(() => (told += 1));
  await expect(instance.findDocumentsById(ids, true)).rejects.toThrow('STORE_DAMAGED');
  expect(told).toBe(1);
  database.close();
});

test('a document that is no JSON is damage, told without a word of it', async () => {
  const { database, open } = testStore();
  const notes = await open('notes');
  await insertAll(notes, [note({ id: 'a' }), note({ id: 'b' })]);
  database.run("update notes set doc = '{Quetzalcoatlus' where id = 'b'");
  const error: unknown = await notes.getChangedDocumentsSince(10).catch((told: unknown) => told);
  expect(error).toMatchObject({ code: 'STORE_DAMAGED' });
  expect(inspect(error, { depth: 9 })).not.toContain('Quetzal');
});
