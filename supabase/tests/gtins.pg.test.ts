import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { insertStatement, sampleRow } from '../schema/sample-rows.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
});
afterAll(() => db.close());

const packs = (...gtins: (string | null)[]) =>
  gtins.map((gtin) => ({ unit: 'box', qty_per_base: 100_000, gtin }));

async function addItem(gtins: (string | null)[]): Promise<string> {
  const row = sampleRow('inventory_items', {}, { packs: packs(...gtins), status: 'active' });
  await db.postgres.query(insertStatement('inventory_items', row));
  return row.id;
}

async function reviews(): Promise<{ id: string; facts: { gtin: string; items: string[] } }[]> {
  const { rows } = await db.postgres.query<{ id: string; facts: never }>(
    `select id, facts from public.review_items where kind = 'gtin_clash' order by created_at, id`,
  );
  return rows;
}

it('two items with one trade item number both stand, and somebody has to decide, once', async () => {
  const first = await addItem(['00012345600012', null]);
  const second = await addItem(['00012345600012']);
  const [review, ...more] = await reviews();
  expect(more).toEqual([]);
  expect(review?.facts.gtin).toBe('00012345600012');
  expect(review?.facts.items.toSorted()).toEqual([first, second].toSorted());
  await db.postgres.query(`update public.inventory_items set packs = packs where id = $1`, [
    second,
  ]);
  await db.postgres.query(`update public.inventory_items set packs = packs where id = $1`, [first]);
  expect(await reviews()).toHaveLength(1);
});

it('a number that an item gave up, or that belonged to a merged one, may be taken', async () => {
  const before = (await reviews()).length;
  const holder = await addItem(['00012345600029']);
  await db.postgres.query(`update public.inventory_items set packs = '[]' where id = $1`, [holder]);
  const next = await addItem(['00012345600029']);
  await db.postgres.query(`update public.inventory_items set status = 'merged' where id = $1`, [
    next,
  ]);
  await addItem(['00012345600029']);
  expect(await reviews()).toHaveLength(before);
});
