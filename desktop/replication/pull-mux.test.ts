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
  const wanted = new Set<TableName>();
  const again: TableName[] = [];
  const { time, requests, ask } = rig(
    ({ tables }, n) =>
      tables.map(({ table }) => share(table, { rows: [{ id: `${n}` }], more: n === 1 })),
    (table) => wanted.has(table),
    (table) => {
      again.push(table);
      wanted.add(table);
    },
  );
  const [acts, movements] = [ask('stock_acts'), ask('stock_movements')];
  await time.pass(5);
  const first = await acts;
  expect(first?.more).toBe(true);
  // The table asks again for the rest, and says so before anybody else gets rows.
  wanted.add('stock_acts');
  first?.stored();
  expect(await movements).toBeNull();
  expect(again).toEqual(['stock_movements']);

  const [rest, held] = [ask('stock_acts'), ask('stock_movements')];
  await time.pass(5);
  expect(requests[1]?.tables.map(({ table }) => table)).toEqual(['stock_acts']);
  wanted.clear();
  (await rest)?.stored();
  await time.pass(5);
  // It came meanwhile, and may be behind again: both ask once more, together.
  expect(again).toEqual(['stock_movements', 'stock_acts']);
  const together = ask('stock_acts');
  wanted.clear();
  await time.pass(5);
  (await together)?.stored();
  (await held)?.stored();
  const last = requests.at(-1)?.tables.map(({ table }) => table);
  expect(last).toEqual(['stock_acts', 'stock_movements']);
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
  const wanted = new Set<TableName>(['inventory_items']);
  const again: TableName[] = [];
  const { time, requests, ask } = rig(
    () => [],
    (table) => wanted.has(table),
    (table) => {
      again.push(table);
      wanted.add(table);
    },
  );
  const lines = ask('count_lines');
  const sessions = ask('count_sessions');
  await time.pass(1_000);
  (await sessions)?.stored();
  // A session that comes from now on is not here, and its lines would be.
  const items = ask('inventory_items');
  await time.pass(100);
  expect(again).toEqual(['count_sessions']);
  const asked = () => requests.map(({ tables }) => tables.map(({ table }) => table));
  expect(asked()).toEqual([['count_sessions']]);
  const sessionsAgain = ask('count_sessions');
  await time.pass(100);
  for (const one of [items, sessionsAgain, lines]) (await one)?.stored();
  expect(asked()[1]?.toSorted()).toEqual(['count_lines', 'count_sessions', 'inventory_items']);
  expect(again).toHaveLength(1);
});

test('parents wait a second for one that was told to ask again; their child waits for all', async () => {
  const wanted = new Set<TableName>(['inventory_items']);
  const { time, requests, ask } = rig(
    () => [],
    (table) => wanted.has(table),
    (table) => wanted.add(table),
  );
  const asked = () => requests.map(({ tables }) => tables.map(({ table }) => table));
  const lines = ask('count_lines');
  const sessions = ask('count_sessions');
  await time.pass(100);
  (await sessions)?.stored();
  const items = ask('inventory_items');
  wanted.delete('inventory_items');
  await time.pass(900);
  expect(asked()).toEqual([['count_sessions']]);
  await time.pass(1_100);
  (await items)?.stored();
  expect(asked()).toEqual([['count_sessions'], ['inventory_items']]);
  // It is kept by a push. When it asks, the one that went without it asks once more.
  const late = ask('count_sessions');
  wanted.delete('count_sessions');
  await time.pass(100);
  expect(wanted).toEqual(new Set(['inventory_items']));
  const again = ask('inventory_items');
  wanted.clear();
  await time.pass(100);
  for (const one of [again, late, lines]) (await one)?.stored();
  expect(asked()[2]?.toSorted()).toEqual(['count_lines', 'count_sessions', 'inventory_items']);
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
