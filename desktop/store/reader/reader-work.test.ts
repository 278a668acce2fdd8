import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ViewName } from '#shared/ipc/views.ts';
import type { ViewDefinition } from '../views/definition.ts';
import { TestStore } from '../views/store.suite.ts';
import type { FromReader } from './messages.ts';
import { ReaderWork } from './reader-work.ts';

/** Order and number of runs, seen on views that only take time. */
let store: TestStore;
let work: ReaderWork;
const runs: string[] = [];
const told: FromReader[] = [];

const busy = (name: string, ms: number): ViewDefinition<never, string> => ({
  reads: ['inventory_items'],
  compute() {
    runs.push(name);
    const end = performance.now() + ms;
    while (performance.now() < end);
    return `${name} ${runs.length}`;
  },
});

beforeEach(async () => {
  store = await TestStore.open();
  runs.length = 0;
  told.length = 0;
  const views = {
    long: busy('long', 120),
    short: busy('short', 1),
    other: { ...busy('other', 1), reads: ['users'] },
    broken: {
      reads: [],
      compute() {
        throw new TypeError('Rosa Delgado');
      },
    },
  };
  work = new ReaderWork(store.database, (message) => told.push(message), views);
});
afterEach(() => {
  work.stop();
  store.close();
});

const watch = (id: number, view: string): void =>
  work.take({ kind: 'watch', id, view: view as ViewName, arg: {} });
const change = (...collections: string[]): void =>
  work.take({ kind: 'changed', notice: { collections } });

test('the short one is answered before the long one, once it is known which is which', async () => {
  watch(1, 'long');
  watch(2, 'short');
  await expect.poll(() => runs).toEqual(['long', 'short']);
  await new Promise((resolve) => setTimeout(resolve, 300));
  change('inventory_items');
  await expect.poll(() => runs).toEqual(['long', 'short', 'short', 'long']);
});

test('a long one runs in spite of ever new changes of short ones', async () => {
  watch(1, 'long');
  watch(2, 'short');
  await expect.poll(() => runs).toHaveLength(2);
  const timer = setInterval(() => change('inventory_items'), 2);
  await expect.poll(() => runs.filter((name) => name === 'long').length).toBeGreaterThan(2);
  clearInterval(timer);
});

test('many changes are answered once, changes of other tables not at all', async () => {
  watch(1, 'short');
  watch(2, 'other');
  await expect.poll(() => runs).toHaveLength(2);
  for (let n = 0; n < 50; n += 1) change('inventory_items');
  await expect.poll(() => runs).toEqual(['short', 'other', 'short']);
});

test('what nobody wants any more does not run', async () => {
  watch(1, 'long');
  work.take({ kind: 'unwatch', id: 1 });
  watch(2, 'short');
  await expect.poll(() => runs).toEqual(['short']);
});

test('a view that fails says a code and none of its words, and the others go on', async () => {
  watch(1, 'broken');
  watch(2, 'short');
  await expect.poll(() => told).toHaveLength(2);
  expect(told[0]).toEqual({ kind: 'failed', id: 1, code: 'INTERNAL', reason: 'TypeError' });
  change('inventory_items');
  await expect.poll(() => runs).toEqual(['short', 'short']);
});
