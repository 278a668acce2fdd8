import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase } from '#stack/test-database.ts';
import type { TestDatabase } from '#stack/test-database.ts';
import { RELEASED_DIR, fillAndDump } from './keep-version.ts';
import { readTables, tablesWithRows } from './kept-catalogue.ts';

let seeded: TestDatabase;
let ofMigrations: ReadonlySet<string>;
beforeAll(async () => {
  seeded = await openTestDatabase({ seed: true });
  const empty = await openTestDatabase({ seed: false });
  const client = await empty.admin.connect();
  ofMigrations = await tablesWithRows(client);
  client.release();
  await empty.close();
});
afterAll(() => seeded.close());

it('the present version could be kept: every table takes a row', async () => {
  const client = await seeded.admin.connect();
  try {
    await client.query('begin');
    const dump = await fillAndDump(client, ofMigrations, new Date(0));
    const tables = (await readTables(client)).filter(({ name }) => !ofMigrations.has(name));
    expect(tables.length).toBeGreaterThan(10);
    for (const { name } of tables) expect(dump).toContain(`insert into ${name} (`);
    const { rows: chains } = await client.query(
      'select v.* from private.device_chains c, private.verify_device_chain(c.id) v',
    );
    expect(chains).toEqual([{ checked: 2, broken_seq: null, fault: null }]);
  } finally {
    await client.query('rollback');
    client.release();
  }
});

it('what is kept holds no row of the sign-in service and none of the migrations', async () => {
  const kept = await readFile(path.join(RELEASED_DIR, '20261122000800.sql'), 'utf8');
  const names = new Set(kept.match(/^insert into \S+/gm)?.map((line) => line.split(' ').at(-1)));
  expect([...names].filter((name) => name?.startsWith('auth.'))).toEqual([]);
  expect(names).not.toContain('private.access_matrix');
  expect(names).toContain('private.push_memory');
});
