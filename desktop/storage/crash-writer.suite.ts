// Runs as a process of its own (see crash.test.ts): writes batches and tells each one only after its
// bulkWrite has been acknowledged. It is killed in the middle.
import { writeSync } from 'node:fs';
import { fillWithDefaultSettings } from 'rxdb/plugins/core';
import { now } from 'rxdb/plugins/utils';
import { silentLogger } from '#shared/logging/logger.ts';
import { openDatabase } from './open-database.ts';
import { getRxStorageSqlite } from './rx-storage-sqlite.ts';

const [, , file = '', key = '', run = ''] = process.argv;
const database = openDatabase({ file, key, log: silentLogger });
const storage = getRxStorageSqlite({
  database,
  log: silentLogger,
  hooks: {
    // Every batch has a derived row that must come and go with it.
    onWrite: ({ collection, rows, tx }) => {
      if (collection !== 'acts') return;
      tx.insertDerived(
        'lines',
        rows.map((row) => ({ id: `line-${String(row['id'])}`, batch: row['batch'] })),
      );
    },
  },
});
const schema = fillWithDefaultSettings<Record<string, unknown>>({
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: { type: 'string', maxLength: 60 }, batch: { type: 'string', maxLength: 40 } },
});
const open = (collectionName: string) =>
  storage.createStorageInstance({
    databaseInstanceToken: 'crash',
    databaseName: 'test',
    collectionName,
    schema,
    options: {},
    multiInstance: false,
    devMode: false,
  });
const acts = await open('acts');
await open('lines');

for (let number = 0; ; number += 1) {
  const batch = `${run}-${number}`;
  const size = 1 + (number % 20);
  const rows = Array.from({ length: size }, (_, at) => ({
    document: {
      id: `${batch}-${at}`,
      batch,
      text: 'x'.repeat(500),
      _deleted: false,
      _attachments: {},
      _rev: '1-crash',
      _meta: { lwt: now() },
    },
  }));
  await acts.bulkWrite(rows as never, 'test');
  writeSync(1, `${batch} ${size}\n`);
}
