import { existsSync, readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  FILLED_NOTE_SCHEMA,
  TEST_KEY,
  insertAll,
  instanceParams,
  note,
  temporaryFolder,
} from '../fixtures.suite.ts';
import type { AnyInstance } from '../fixtures.suite.ts';
import { Random } from '../conformance/query-generator.suite.ts';
import { databaseFile } from './file-name.ts';
import { getRxStorageSqlite } from './index.ts';
import type { SqliteRxStorage } from './index.ts';
import type { getRxStorageSqlite as published } from './published.d.ts';

const create = (
  storage: SqliteRxStorage,
  collection = 'notes',
  more: Record<string, unknown> = {},
): Promise<AnyInstance> =>
  storage.createStorageInstance({ ...instanceParams(collection), ...more } as never) as never;

const liveIds = async (instance: AnyInstance, ids: string[]): Promise<unknown[]> =>
  (await instance.findDocumentsById(ids, false)).map((document) => document['id']);

test('is typed as it is published', () => {
  const typed: typeof published = getRxStorageSqlite;
  expect(typed({ directory: temporaryFolder() }).name).toBe('sqlite-sqlcipher');
});

describe('the file of a database', () => {
  test('has a name that any file system takes, and no two names the same', () => {
    const names = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ maxLength: 300 }));
    fc.assert(
      fc.property(names, names, (a, b) => {
        const [one, two] = [databaseFile('/d', a), databaseFile('/d', b)];
        expect(path.basename(one)).toMatch(/^[a-z0-9_~-]{1,200}\.db$/);
        expect(path.dirname(one)).toBe(path.dirname('/d/x'));
        expect(one === two).toBe(a === b);
      }),
    );
    expect(path.basename(databaseFile('/d', 'my-db_1'))).toBe('my-db_1.db');
    expect(databaseFile('/d', 'CON')).not.toBe(databaseFile('/d', 'con'));
  });

  test('is open from the first instance to the last, for all storages of the process', async () => {
    const directory = temporaryFolder();
    const one = await create(getRxStorageSqlite({ directory, key: TEST_KEY }));
    const two = await create(getRxStorageSqlite({ directory, key: TEST_KEY.toUpperCase() }));
    const seen: string[] = [];
    two.changeStream().subscribe(({ events }) => seen.push(...events.map((e) => e.documentId)));
    await insertAll(one, [note({ id: 'a' })]);
    expect(seen).toEqual(['a']);
    await one.close();
    expect(existsSync(path.join(directory, 'test.db-wal'))).toBe(true);
    expect(await liveIds(two, ['a'])).toEqual(['a']);
    await two.close();
    expect(existsSync(path.join(directory, 'test.db-wal'))).toBe(false);
    renameSync(path.join(directory, 'test.db'), path.join(directory, 'moved.db'));
    const moved = await create(getRxStorageSqlite({ directory, key: TEST_KEY }), 'notes', {
      databaseName: 'moved',
    }).catch((error: unknown) => error);
    // A collection belongs to the name of its database.
    expect(moved).toMatchObject({ code: 'INTERNAL' });
  });

  test('is not opened with a second key while it is open with the first', async () => {
    const directory = temporaryFolder();
    const one = await create(getRxStorageSqlite({ directory, key: TEST_KEY }));
    const other = getRxStorageSqlite({ directory });
    await expect(create(other)).rejects.toMatchObject({ code: 'STORE_KEY_WRONG' });
    await one.close();
    await expect(create(other)).rejects.toMatchObject({ code: 'STORE_KEY_WRONG' });
  });

  test('is closed again when its first instance cannot be made', async () => {
    const directory = temporaryFolder();
    const storage = getRxStorageSqlite({ directory });
    const schema = { ...FILLED_NOTE_SCHEMA, attachments: {} };
    await expect(create(storage, 'notes', { schema })).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    });
    expect(readdirSync(directory).filter((name) => !name.endsWith('-lock'))).toEqual([]);
    await (await create(storage)).close();
  });

  test('opens once when many instances are asked for at once', async () => {
    const storage = getRxStorageSqlite({ directory: temporaryFolder() });
    const names = ['a', 'b', 'c', 'a', 'b', 'c'];
    const instances = await Promise.all(names.map((name) => create(storage, name)));
    await Promise.all(instances.map((instance) => instance.close()));
    const again = await create(storage, 'a');
    await again.remove();
  });
});

describe('opening, closing and removing in any order', () => {
  test('keeps every row that no removal took', async () => {
    const random = new Random(11);
    const directory = temporaryFolder();
    const storages = [getRxStorageSqlite({ directory }), getRxStorageSqlite({ directory })];
    const open: { name: string; instance: AnyInstance }[] = [];
    const rows = new Map<string, string[]>();
    let removals = 0;
    for (let step = 0; step < 600; step += 1) {
      const act = random.next();
      if (act < 0.35 || open.length === 0) {
        const name = random.pick(['a', 'b', 'c']);
        open.push({ name, instance: await create(random.pick(storages), name) });
        continue;
      }
      const [chosen] = open.splice(random.below(open.length), 1);
      if (!chosen) continue;
      const { name, instance } = chosen;
      if (act < 0.6) {
        await instance.close();
        await expect(instance.findDocumentsById(['x'], true)).rejects.toMatchObject({
          code: 'STORE_NOT_OPEN',
        });
      } else if (act < 0.68) {
        const sisters = open.filter((other) => other.name === name);
        await instance.remove();
        removals += 1;
        rows.delete(name);
        for (const sister of sisters) {
          open.splice(open.indexOf(sister), 1);
          await expect(sister.instance.findDocumentsById(['x'], true)).rejects.toMatchObject({
            code: 'STORE_NOT_OPEN',
          });
          await sister.instance.close();
        }
      } else {
        const known = rows.get(name) ?? [];
        await insertAll(instance, [note({ id: `row${step}` })]);
        rows.set(name, [...known, `row${step}`]);
        expect(await liveIds(instance, rows.get(name) ?? [])).toEqual(rows.get(name));
        open.push(chosen);
      }
    }
    expect(removals).toBeGreaterThan(10);
    for (const { instance } of open) await instance.close();
    for (const [name, ids] of rows) {
      const instance = await create(storages[0] as SqliteRxStorage, name);
      expect(await liveIds(instance, ids)).toEqual(ids);
      await instance.remove();
    }
    expect(readdirSync(directory).filter((name) => !name.endsWith('-lock'))).toEqual([]);
  });
});
