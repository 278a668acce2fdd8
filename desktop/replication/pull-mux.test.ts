import { expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import type { Cursor, PullReply, PullRequest } from '#shared/protocol/messages.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { ZERO_CURSOR } from './checkpoint.ts';
import { createPullMux } from './pull-mux.ts';
import { manualTime } from './testing/manual-time.ts';

type Share = PullReply['tables'][number];

const AT: Cursor = ['7', '00000000-0000-7000-8000-000000000001'];
const FURTHER: Cursor = ['9', '00000000-0000-7000-8000-000000000002'];

const share = (table: TableName, more: Partial<Share> = {}): Share => ({
  table,
  rows: [],
  cursors: {},
  ended: [],
  more: false,
  ...more,
});

function rig(
  answer: (request: PullRequest, n: number) => Share[],
  isWanted: (table: TableName) => boolean = () => false,
  want: (table: TableName) => void = () => undefined,
) {
  const time = manualTime();
  const requests: PullRequest[] = [];
  const failures: Code[] = [];
  const state = { epoch: 'e1', ready: 0 };
  const mux = createPullMux({
    api: {
      pull: async (request) => {
        requests.push(request);
        const tables = answer(request, requests.length);
        return { epoch: state.epoch, serverTime: 1, tables };
      },
    },
    timers: time,
    random: () => 0.5,
    log: silentLogger,
    onReady: () => (state.ready += 1),
    isWanted,
    want,
    onSuccess: () => undefined,
    onFailure: (code) => failures.push(code),
  });
  const sent: TableName[] = [];
  const ask = (table: TableName, scopes?: Record<string, Cursor>, epoch = 'e1') =>
    mux.ask(table, scopes && { epoch, scopes }, () => sent.push(table));
  return { time, requests, failures, state, mux, ask, sent };
}

/** Tables as a device has them: what is wanted asks at once, unless something keeps it from asking. */
function tablesOf(answer: (request: PullRequest, n: number) => Share[]) {
  const wanted = new Set<TableName>();
  const kept = new Set<TableName>();
  const asking = new Set<TableName>();
  const pages: { table: TableName; rows: string[] }[] = [];
  const want = (table: TableName): void => {
    wanted.add(table);
    void ask(table);
  };
  const { time, requests, mux } = rig(answer, (table) => wanted.has(table), want);
  const ask = async (table: TableName): Promise<void> => {
    if (kept.has(table) || asking.has(table)) return;
    asking.add(table);
    while (wanted.has(table) && !kept.has(table)) {
      const page = await mux.ask(table, undefined, () => wanted.delete(table));
      if (page === null) wanted.add(table);
      else pages.push({ table, rows: page.rows.map(({ id }) => String(id)) });
      if (page?.more) wanted.add(table);
      page?.stored();
    }
    asking.delete(table);
  };
  return {
    time,
    pages,
    want,
    keep: (table: TableName) => kept.add(table),
    letGo(table: TableName) {
      kept.delete(table);
      void ask(table);
    },
    asked: () => requests.map(({ tables }) => tables.map(({ table }) => table)),
    rowsOf: (of: TableName) => pages.flatMap(({ table, rows }) => (table === of ? rows : [])),
  };
}

test('tables that ask at about the same time share a request, the most urgent first', async () => {
  const { time, requests, ask, sent } = rig(() => []);
  const asks = [ask('audit_logs'), ask('stock_movements'), ask('locations'), ask('user_roles')];
  await time.pass(5);
  // Parents first: locations, user_roles, stock_movements, audit_logs.
  for (const asked of [asks[2], asks[3], asks[1], asks[0]]) (await asked)?.stored();
  expect(requests).toHaveLength(1);
  expect(requests[0]?.tables.map(({ table }) => table)).toEqual([
    'locations',
    'user_roles',
    'stock_movements',
    'audit_logs',
  ]);
  expect(sent).toHaveLength(4);
});

test('a table does not ask before a parent that is about to; both ask together', async () => {
  const wanted = new Set<TableName>(['stock_acts']);
  const { time, requests, ask } = rig(
    () => [],
    (table) => wanted.has(table),
  );
  const movements = ask('stock_movements');
  const sites = ask('locations');
  await time.pass(1_000);
  (await sites)?.stored();
  await time.pass(1_000);
  expect(requests.map(({ tables }) => tables.map(({ table }) => table))).toEqual([['locations']]);
  const acts = ask('stock_acts');
  wanted.clear();
  await time.pass(1_000);
  (await acts)?.stored();
  (await movements)?.stored();
  expect(requests[1]?.tables.map(({ table }) => table)).toEqual(['stock_acts', 'stock_movements']);
});

test('what refers to rows of a later page comes when its parent has come whole', async () => {
  const device = tablesOf(({ tables }, n) =>
    tables.map(({ table }) =>
      share(table, { rows: [{ id: `${n}` }], more: n === 1 && table === 'stock_acts' }),
    ),
  );
  device.want('stock_movements');
  await device.time.pass(1_000);
  // The acts had more to come: the movements of the first answer were left. They came with all acts, in
  // one request in which the acts asked once more.
  expect(device.rowsOf('stock_acts')).toEqual(['1', '2', '3']);
  expect(device.rowsOf('stock_movements')).toEqual(['3']);
});

test('a table whose parent never comes to ask goes without it in the end', async () => {
  const { time, requests, ask } = rig(
    () => [],
    (table) => table === 'stock_acts',
  );
  const movements = ask('stock_movements');
  // Three pushes that nobody answers may keep the parent from asking, each for half a minute.
  await time.pass(95_000);
  expect(requests).toEqual([]);
  await time.pass(6_000);
  (await movements)?.stored();
  expect(requests).toHaveLength(1);
});

test('a parent that asked while the child waited for another one asks again with it', async () => {
  const device = tablesOf(() => []);
  device.keep('inventory_items');
  for (const table of ['inventory_items', 'count_lines'] as const) device.want(table);
  await device.time.pass(1_000);
  // A session that comes from now on is not here, and its lines would be.
  expect(device.asked()).toEqual([expect.arrayContaining(['count_sessions'])]);
  expect(device.asked().flat()).not.toContain('count_lines');
  device.letGo('inventory_items');
  await device.time.pass(1_000);
  expect(device.asked()).toHaveLength(2);
  expect(device.asked()[1]).toEqual(
    expect.arrayContaining(['count_lines', 'count_sessions', 'inventory_items']),
  );
});

test('parents wait a second for one that was told to ask again; their child waits for all', async () => {
  const device = tablesOf(() => []);
  device.keep('inventory_items');
  for (const table of ['inventory_items', 'count_lines'] as const) device.want(table);
  await device.time.pass(100);
  device.keep('count_sessions');
  device.letGo('inventory_items');
  await device.time.pass(900);
  expect(device.asked().flat()).not.toContain('inventory_items');
  await device.time.pass(1_100);
  expect(device.asked()[1]).toContain('inventory_items');
  expect(device.asked().flat()).not.toContain('count_lines');
  // It was kept by a push. When it asks, those that went without it ask once more.
  device.letGo('count_sessions');
  await device.time.pass(100);
  expect(device.asked()).toHaveLength(3);
  expect(device.asked()[2]).toEqual(
    expect.arrayContaining(['count_lines', 'count_sessions', 'inventory_items']),
  );
});

test('children of a parent that is held for another child stay with it', async () => {
  const device = tablesOf(() => []);
  device.keep('inventory_items');
  for (const table of ['inventory_items', 'count_lines'] as const) device.want(table);
  await device.time.pass(100);
  device.keep('count_sessions');
  device.letGo('inventory_items');
  await device.time.pass(100);
  // All parents of it are here, but the item is held for the line of a count.
  device.want('item_locations');
  await device.time.pass(300);
  expect(device.asked().flat()).not.toContain('item_locations');
  await device.time.pass(2_000);
  const request = device.asked().find((tables) => tables.includes('item_locations'));
  expect(request).toContain('inventory_items');
});

test('a table stays with a parent that is here and waits for one of its own', async () => {
  const device = tablesOf(() => []);
  device.keep('vendors');
  for (const table of ['vendors', 'purchase_orders', 'purchase_order_lines'] as const) {
    device.want(table);
  }
  await device.time.pass(20_000);
  expect(device.asked().flat()).not.toContain('purchase_orders');
  expect(device.asked().flat()).not.toContain('purchase_order_lines');
  device.letGo('vendors');
  await device.time.pass(2_000);
  expect(device.asked().at(-1)).toEqual(
    expect.arrayContaining(['vendors', 'purchase_orders', 'purchase_order_lines']),
  );
});

test('a table that asks alone asks with its parents, which may be behind it', async () => {
  const device = tablesOf(() => []);
  // The session has to push first, and is kept from asking.
  device.keep('count_sessions');
  device.want('count_lines');
  await device.time.pass(20_000);
  expect(device.asked().flat()).not.toContain('count_lines');
  device.letGo('count_sessions');
  await device.time.pass(2_000);
  expect(device.asked().at(-1)).toEqual(expect.arrayContaining(['count_lines', 'count_sessions']));
});

test('a table of acts does not ask before what their lines name', async () => {
  const wanted = new Set<TableName>(['inventory_items']);
  const { time, requests, ask } = rig(
    () => [],
    (table) => wanted.has(table),
  );
  const acts = ask('stock_acts');
  await time.pass(1_000);
  expect(requests).toEqual([]);
  const items = ask('inventory_items');
  await time.pass(1_000);
  (await items)?.stored();
  (await acts)?.stored();
  expect(requests).toHaveLength(1);
});

test('a table gets its rows only after its parents’ rows are stored', async () => {
  const { time, ask } = rig(() => [
    share('count_lines', { rows: [{ id: 'line' }] }),
    share('count_sessions', { rows: [{ id: 'session' }] }),
  ]);
  const order: string[] = [];
  const lines = ask('count_lines').then((page) => (order.push('lines'), page));
  const sessions = ask('count_sessions').then((page) => (order.push('sessions'), page));
  await time.pass(1000);
  expect(order).toEqual(['sessions']);
  (await sessions)?.stored();
  await time.pass(0);
  expect(order).toEqual(['sessions', 'lines']);
  (await lines)?.stored();
});

test('cursors advance, and those of ended parts are dropped', async () => {
  const { time, requests, ask } = rig(() => [
    share('item_locations', { cursors: { 'loc:a': FURTHER }, ended: ['loc:b'] }),
  ]);
  const asked = ask('item_locations', { org: AT, 'loc:a': AT, 'loc:b': AT });
  await time.pass(5);
  const page = await asked;
  expect(page?.ended).toEqual(['loc:b']);
  expect(page?.checkpoint).toEqual({ epoch: 'e1', scopes: { org: AT, 'loc:a': FURTHER } });
  expect(requests[0]?.epoch).toBe('e1');
});

test('another database behind the answer: asked again from the start, under its epoch', async () => {
  const { time, requests, state, ask } = rig(() => [share('locations', { cursors: { org: AT } })]);
  state.epoch = 'e2';
  const asked = ask('locations', { org: FURTHER });
  await time.pass(5);
  expect((await asked)?.checkpoint).toEqual({ epoch: 'e2', scopes: { org: AT } });
  expect(requests.map(({ epoch, tables }) => [epoch, tables[0]?.cursors])).toEqual([
    ['e1', { org: FURTHER }],
    ['e2', { org: ZERO_CURSOR }],
  ]);
});

test('a server that refuses the old epoch is asked without one, from the start', async () => {
  const { time, requests, state, failures, ask } = rig((request) => {
    if (request.epoch === 'e1') throw new AppError('SYNC_EPOCH_CHANGED');
    return [share('locations', { cursors: { org: AT } })];
  });
  state.epoch = 'e2';
  const asked = ask('locations', { org: FURTHER });
  await time.pass(5);
  expect((await asked)?.checkpoint).toEqual({ epoch: 'e2', scopes: { org: AT } });
  expect(requests.map(({ epoch }) => epoch)).toEqual(['e1', null]);
  expect(requests[1]?.tables[0]?.cursors).toEqual({ org: ZERO_CURSOR });
  expect(failures).toEqual([]);
});

test('a table whose checkpoint is of an older database starts anew beside the others', async () => {
  const { time, requests, ask } = rig(() => []);
  const asks = [ask('locations', { org: AT }), ask('users', { all: AT }, 'e0')];
  await time.pass(5);
  (await asks[0])?.stored();
  (await asks[1])?.stored();
  expect(requests[0]?.tables.map(({ cursors }) => cursors)).toEqual([
    { org: AT },
    { all: ZERO_CURSOR },
  ]);
});

test('a failed request answers nothing, and nobody asks before the wait is over', async () => {
  const { time, requests, state, failures, ask } = rig((_request, n) => {
    if (n === 1) throw new AppError('SERVER_UNREACHABLE');
    return [];
  });
  const asks = [ask('locations'), ask('users')];
  await time.pass(5);
  expect(await Promise.all(asks)).toEqual([null, null]);
  expect(await ask('locations')).toBeNull();
  expect(requests).toHaveLength(1);
  expect(failures).toEqual(['SERVER_UNREACHABLE']);
  await time.pass(2000);
  expect(state.ready).toBe(1);
  const again = ask('locations');
  await time.pass(5);
  expect(await again).not.toBeNull();
});

test('a server that promises more for ever and sends nothing counts as failed', async () => {
  const { time, requests, failures, ask } = rig(() => [share('locations', { more: true })]);
  const asked = ask('locations');
  await time.pass(5);
  expect(await asked).toBeNull();
  expect(failures).toEqual(['SERVER_ANSWER_INVALID']);
  expect(requests).toHaveLength(1);
});

test('stopped it answers nothing', async () => {
  const { time, ask, mux } = rig(() => []);
  const asked = ask('locations');
  mux.stop();
  await time.pass(5);
  expect(await asked).toBeNull();
  expect(await ask('users')).toBeNull();
  expect(time.next).toBeNull();
});
