import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { ListPatch, patched } from '#shared/ipc/port.ts';
import type { ViewName } from '#shared/ipc/views.ts';
import { newId } from '#shared/kernel/ids.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { KEY, TestStore, rowOf } from '../views/store.suite.ts';
import { startReader } from './reader.ts';
import type { Reader } from './reader.ts';

/** From source, a thread has hundreds of files to load. */
const WAIT = { timeout: 15_000, interval: 5 };

let store: TestStore;
let reader: Reader | null = null;
const problems: string[] = [];

beforeEach(async () => {
  store = await TestStore.open();
});
afterEach(async () => {
  await reader?.close();
  reader = null;
  store.close();
  problems.length = 0;
});

function start(options: { key?: string; entry?: URL } = {}): Reader {
  reader = startReader({
    file: store.file,
    key: KEY,
    changes$: store.storage.changes$,
    log: silentLogger,
    onProblem: ({ code }) => problems.push(code),
    ...options,
  });
  return reader;
}

/** What a window would show of a view, and how it was told. */
function shown(view: ViewName, arg: unknown = {}) {
  const seen = {
    rows: null as Record<string, unknown>[] | null,
    told: [] as ('whole' | 'patch')[],
    error: null as AppError | null,
    stop: () => undefined as void,
  };
  seen.stop = reader?.watch(view, arg, {
    next(json, isPatch) {
      seen.told.push(isPatch ? 'patch' : 'whole');
      const value = JSON.parse(json) as never;
      seen.rows = (
        isPatch ? patched(seen.rows ?? [], ListPatch.parse(value)) : value
      ) as typeof seen.rows;
    },
    fail: (error) => (seen.error = error),
  }) as () => void;
  return seen;
}

const item = (name: string, id = newId()) =>
  rowOf('inventory_items', {
    id,
    name,
    kind: 'supply',
    sku: 'S',
    base_unit: 'piece',
    packs: [],
    lot_policy: 'optional',
    expiry_policy: 'optional',
    controlled_schedule: 'none',
    hazardous: false,
    status: 'active',
    field_hlc: {},
  });
const names = (rows: Record<string, unknown>[] | null) => rows?.map(({ name }) => name);

describe('the reader thread', () => {
  test('answers a view, and after a change with a patch of what differs', async () => {
    await store.put('inventory_items', [item('B'), item('C'), item('D')]);
    start();
    const list = shown('inventory.list');
    await expect.poll(() => names(list.rows), WAIT).toEqual(['B', 'C', 'D']);
    await store.put('inventory_items', [item('A')]);
    await expect.poll(() => names(list.rows), WAIT).toEqual(['A', 'B', 'C', 'D']);
    expect(list.told).toEqual(['whole', 'patch']);
  });

  test('an answer that is asked for after a write has it', async () => {
    start();
    for (let n = 0; n < 20; n += 1) {
      await store.put('inventory_items', [item(`N${n}`)]);
      const list = shown('inventory.list');
      await expect.poll(() => list.rows, WAIT).not.toBeNull();
      expect(list.rows).toHaveLength(n + 1);
      list.stop();
    }
  });

  test('shares one answer among windows; who comes later starts with the whole', async () => {
    await store.put(
      'inventory_items',
      ['A', 'B', 'C'].map((name) => item(name)),
    );
    start();
    const first = shown('inventory.list');
    await expect.poll(() => first.rows, WAIT).toHaveLength(3);
    const second = shown('inventory.list');
    await expect.poll(() => second.rows, WAIT).toHaveLength(3);
    expect(first.told).toEqual(['whole']);
    await store.put('inventory_items', [item('D')]);
    await expect.poll(() => names(second.rows), WAIT).toEqual(['A', 'B', 'C', 'D']);
    await expect.poll(() => names(first.rows), WAIT).toEqual(['A', 'B', 'C', 'D']);
    expect(second.told).toEqual(['whole', 'patch']);
    second.stop();
    await store.put('inventory_items', [item('E')]);
    await expect.poll(() => first.rows, WAIT).toHaveLength(5);
    expect(second.rows).toHaveLength(4);
  });

  test('that dies is started again, and no change is lost', async () => {
    await store.put('inventory_items', [item('A'), item('B'), item('C')]);
    start({ entry: new URL('dying-reader.suite.ts', import.meta.url) });
    const list = shown('inventory.list');
    await expect.poll(() => list.rows, WAIT).toHaveLength(3);
    for (let life = 0; life < 2; life += 1) {
      writeFileSync(`${store.file}.die`, '');
      await store.put('inventory_items', [item(`D${life}`)]);
      await expect.poll(() => list.rows, WAIT).toHaveLength(4 + life);
    }
    await store.put('inventory_items', [item('E')]);
    await expect.poll(() => list.rows, WAIT).toHaveLength(6);
  });

  test('that cannot open the file says so, and tries again for the next who asks', async () => {
    start({ key: 'cd'.repeat(32) });
    for (let n = 0; n < 2; n += 1) {
      const list = shown('inventory.list');
      await expect.poll(() => list.error?.code, WAIT).toBe('STORE_KEY_WRONG');
    }
    expect(problems).toEqual(['STORE_KEY_WRONG', 'STORE_KEY_WRONG']);
  });

  test('holds no file and no log once it is closed, and takes nobody any more', async () => {
    await store.put('inventory_items', [item('A')]);
    start();
    const list = shown('inventory.list');
    await expect.poll(() => list.rows, WAIT).toHaveLength(1);
    await reader?.close();
    expect(store.database.secureCheckpoint()).toBe(true);
    expect(() => reader?.watch('inventory.list', {}, { next() {}, fail() {} })).toThrow(AppError);
  });
});
