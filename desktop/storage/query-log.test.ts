import type { MangoQuery } from 'rxdb/plugins/core';
import { describe, expect, test } from 'vitest';
import { createLogger } from '#shared/logging/logger.ts';
import { insertAll, instanceParams, note, temporaryFolder, TEST_KEY } from './fixtures.suite.ts';
import { openDatabase } from './open-database.ts';
import { shapeOf } from './query-log.ts';
import { getRxStorageSqlite } from './rx-storage-sqlite.ts';
import { prepared } from './rx-storage.suite.ts';

type Mango = MangoQuery<Record<string, unknown>>;

async function openLogged(queryLog = true) {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({
    level: 'info',
    write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  const file = `${temporaryFolder()}/store.db`;
  const database = openDatabase({ file, key: TEST_KEY, log });
  const storage = getRxStorageSqlite({ database, log, queryLog });
  const notes = await storage.createStorageInstance(instanceParams('notes'));
  await insertAll(
    notes,
    Array.from({ length: 50 }, (_, n) =>
      note({ id: `secret-id${n}`, n, cat: n % 2 ? 'odd' : 'even', opt: 'secret', list: [n] }),
    ),
  );
  lines.length = 0;
  const ask = async (mango: Mango): Promise<Record<string, unknown>[]> => {
    lines.length = 0;
    await notes.query(prepared(mango) as never);
    return lines.splice(0);
  };
  const count = async (selector: Record<string, unknown>): Promise<Record<string, unknown>[]> => {
    lines.length = 0;
    await notes.count(prepared({ selector }) as never);
    return lines.splice(0);
  };
  return { ask, count };
}

const LIVE = { _deleted: { $eq: false } };

describe('the query log', () => {
  test('says nothing of what an index answers, in its order', async () => {
    const { ask, count } = await openLogged();
    expect(await ask({ selector: { ...LIVE, cat: 'odd' }, sort: [{ n: 'asc' }] })).toEqual([]);
    expect(await ask({ selector: { id: 'secret-id7' } })).toEqual([]);
    expect(
      await ask({ selector: { ...LIVE, cat: { $regex: '^od' } }, sort: [{ cat: 'asc' }] }),
    ).toEqual([]);
    expect(await count({ ...LIVE, n: { $gte: 10 } })).toEqual([]);
    expect(await ask({ selector: {}, sort: [{ id: 'asc' }] })).toEqual([]);
  });

  test('reports a scan with the rows of the table and those looked at, and no value', async () => {
    const { ask } = await openLogged();
    const lines = await ask({ selector: { opt: { $eq: 'secret' } }, sort: [{ id: 'asc' }] });
    expect(lines).toMatchObject([
      {
        message: 'query falls back',
        level: 'info',
        table: 'notes',
        selector: '{opt:{$eq}}',
        sort: 'id asc',
        rowsInTable: 50,
        rowsLookedAt: 50,
        ms: expect.any(Number),
      },
    ]);
    expect(lines[0]?.['reasons']).toMatch(/scan/);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  test('reports rows that the matcher has to decide about', async () => {
    const { ask, count } = await openLogged();
    const selector = { ...LIVE, cat: 'odd', list: { $elemMatch: { $gt: 40 } } };
    const [line] = await ask({ selector, sort: [{ n: 'asc' }] });
    expect(line).toMatchObject({
      reasons: 'matcher',
      selector: '{_deleted:{$eq} cat:{$eq} list:{$elemMatch:{$gt}}}',
      rowsLookedAt: 25,
    });
    expect(await count(selector)).toMatchObject([{ reasons: 'matcher', rowsLookedAt: 25 }]);
  });

  test('reports a sort that no index gives', async () => {
    const { ask } = await openLogged();
    const [line] = await ask({ selector: { ...LIVE, cat: 'odd' }, sort: [{ opt: 'desc' }] });
    expect(line).toMatchObject({ reasons: 'sort', sort: 'opt desc, id asc' });
  });

  test('is silent when it is off', async () => {
    const { ask } = await openLogged(false);
    expect(await ask({ selector: { list: { $size: 1 } } })).toEqual([]);
  });

  test('shows the shape of a selector by its fields and operators alone', () => {
    const selector = {
      $or: [{ a: { $in: ['x', 'y'] } }, { 'b.c': { $not: { $eq: { secret: 1 } } } }],
      d: { $regex: 'x', $options: 'i' },
    };
    expect(shapeOf(selector)).toBe('{$or:[{a:{$in}} {b.c:{$not:{$eq}}}] d:{$regex $options}}');
  });
});
