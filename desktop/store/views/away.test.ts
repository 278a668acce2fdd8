import { afterEach, beforeEach, expect, test } from 'vitest';
import { derivedId } from '#shared/kernel/ids.ts';
import { awayNews } from './away.ts';
import { TestStore, at, itemRow, rowOf } from './store.suite.ts';

const id = (name: string) => derivedId('away', name);
const ME = id('me');
const OTHER = id('other');
let store: TestStore;
beforeEach(async () => {
  store = await TestStore.open();
});
afterEach(() => store.close());

const session = (name: string, by: string, minute: number) =>
  rowOf('count_sessions', {
    id: id(name),
    location_id: id('site'),
    kind: 'spot',
    blind: false,
    status: 'posted',
    counted_by: by,
    started_at: at(minute).ms,
    field_hlc: {},
  });
const item = (name: string, by: string | null, minute: number) =>
  itemRow(id(name), name, { created_at: at(minute).ms, created_by: by });

test('counts what others did since then, and neither the own work nor what was before', async () => {
  await store.put('count_sessions', [
    session('before', OTHER, 1),
    session('after', OTHER, 20),
    session('mine', ME, 20),
  ]);
  await store.put('inventory_items', [
    item('old', OTHER, 1),
    item('new', OTHER, 20),
    item('system', null, 20),
  ]);
  const read = store.database.read.bind(store.database);
  const news = (minute: number) => awayNews.compute(read, { since: at(minute).ms, userId: ME });
  expect(news(10)).toEqual({ received: 0, moved: 0, counted: 1, items: 1 });
  expect(news(0)).toMatchObject({ counted: 2, items: 2 });
  expect(news(30)).toEqual({ received: 0, moved: 0, counted: 0, items: 0 });
});
