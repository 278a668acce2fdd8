import { describe, expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { LIMITS } from '#shared/protocol/messages.ts';
import type { PushReply, PushRequest } from '#shared/protocol/messages.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { createPushMux } from './push-mux.ts';
import type { PushRow } from './push-mux.ts';
import { manualTime } from './testing/manual-time.ts';

type Answer = (rows: PushRequest['rows']) => PushReply['results'];

const ok: Answer = (rows) =>
  rows.map(({ table, row }) => ({ outcome: 'ok', table, id: String(row['id']) }));

function rig(answer: Answer = ok) {
  const time = manualTime();
  const requests: PushRequest['rows'][] = [];
  const failures: Code[] = [];
  const state = { answer, successes: 0, ready: 0 };
  const mux = createPushMux({
    api: {
      push: async ({ rows }) => {
        requests.push(rows);
        return { results: state.answer(rows), serverTime: 1 };
      },
    },
    timers: time,
    random: () => 0.5,
    lineage: () => [['aaaaaaaaaa', 1]],
    log: silentLogger,
    onReady: () => (state.ready += 1),
    onChange: () => undefined,
    onSuccess: () => (state.successes += 1),
    onFailure: (code) => failures.push(code),
    successes: () => state.successes,
  });
  const send = async (...rows: PushRow[]) => {
    const sent = mux.send(rows);
    await time.pass(10);
    return (await sent).map(({ kind }) => kind);
  };
  return { time, requests, failures, state, mux, send };
}

let next = 0;
const row = (table: TableName, extra: Record<string, unknown> = {}): PushRow => ({
  table,
  base: null,
  row: { id: `row-${next++}`, ...extra },
});

const failing = (code: Code) => (): never => {
  throw new AppError(code);
};

describe('gathering', () => {
  test('rows of all tables go in one request, parents first', async () => {
    const { time, requests, mux } = rig();
    const all = [
      mux.send([row('count_lines')]),
      mux.send([row('inventory_items'), row('inventory_items')]),
      mux.send([row('count_sessions')]),
    ];
    await time.pass(10);
    expect((await Promise.all(all)).flat().map(({ kind }) => kind)).toEqual(Array(4).fill('ok'));
    expect(requests).toHaveLength(1);
    expect(requests[0]?.map(({ table }) => table)).toEqual([
      'inventory_items',
      'inventory_items',
      'count_sessions',
      'count_lines',
    ]);
  });

  test('no request has more rows or bytes than the protocol allows', async () => {
    const { requests, send } = rig();
    const many = Array.from({ length: LIMITS.pushRows + 50 }, () => row('inventory_items'));
    const large = Array.from({ length: 7 }, () =>
      row('count_sessions', { note: 'x'.repeat(LIMITS.bodyBytes / 5) }),
    );
    await send(...many, ...large);
    expect(Math.max(...requests.map((rows) => rows.length))).toBe(LIMITS.pushRows);
    for (const rows of requests) {
      expect(Buffer.byteLength(JSON.stringify({ rows }))).toBeLessThanOrEqual(LIMITS.bodyBytes);
    }
    expect(requests.flat()).toHaveLength(many.length + large.length);
  });

  test('one request is under way at a time; what comes meanwhile goes together after it', async () => {
    const { time, requests, state, mux } = rig();
    const gates: (() => void)[] = [];
    const slow = createPushMux({
      api: {
        push: async ({ rows }) => {
          requests.push(rows);
          await new Promise<void>((resolve) => gates.push(resolve));
          return { results: ok(rows), serverTime: 1 };
        },
      },
      timers: time,
      random: () => 0.5,
      lineage: () => [['aaaaaaaaaa', 2]],
      log: silentLogger,
      onReady: () => undefined,
      onChange: () => undefined,
      onSuccess: () => undefined,
      onFailure: () => undefined,
      successes: () => state.successes,
    });
    const first = slow.send([row('inventory_items')]);
    await time.pass(10);
    const later = [slow.send([row('count_lines')]), slow.send([row('item_locations')])];
    await time.pass(1000);
    expect(requests).toHaveLength(1);
    gates.shift()?.();
    await time.pass(10);
    gates.shift()?.();
    await Promise.all([first, ...later]);
    expect(requests.map((rows) => rows.length)).toEqual([1, 2]);
    mux.stop();
  });
});

describe('answers', () => {
  test('come back to the rows that they belong to', async () => {
    const { send } = rig((rows) =>
      rows.map(({ table, row: sent }) => {
        const id = String(sent['id']);
        if (table === 'inventory_items') return { outcome: 'master', table, id, row: sent };
        if (table === 'stock_acts') return { outcome: 'retry', table, id, code: 'INTERNAL' };
        return { outcome: 'refused', table, id, code: 'SYNC_ROW_REFUSED', fields: [] };
      }),
    );
    expect(await send(row('count_lines'), row('stock_acts'), row('inventory_items'))).toEqual([
      'refused',
      'retry',
      'master',
    ]);
  });

  test('that do not fit the request count as none', async () => {
    const { send, failures } = rig((rows) => ok(rows.slice(1)));
    expect(await send(row('inventory_items'), row('inventory_items'))).toEqual([
      'unsent',
      'unsent',
    ]);
    expect(failures).toEqual(['SERVER_ANSWER_INVALID']);
  });
});

describe('failures', () => {
  test('of the network leave rows unsent, and nothing is sent before the wait is over', async () => {
    const { time, requests, state, send, mux } = rig(failing('SERVER_UNREACHABLE'));
    expect(await send(row('inventory_items'))).toEqual(['unsent']);
    expect(mux.waiting).toBe(true);
    expect(await send(row('inventory_items'))).toEqual(['unsent']);
    expect(requests).toHaveLength(1);
    await time.pass(2000);
    expect(state.ready).toBe(1);
    state.answer = ok;
    expect(await send(row('inventory_items'))).toEqual(['ok']);
  });

  test('of the network never set a row aside, however often they come', async () => {
    const { time, send, mux } = rig(failing('SERVER_UNREACHABLE'));
    for (let n = 0; n < 50; n += 1) {
      expect(await send(row('inventory_items'))).toEqual(['unsent']);
      await time.pass(60_000);
    }
    mux.stop();
  });

  test('a wake ends the wait', async () => {
    const { state, send, mux } = rig(failing('SERVER_UNREACHABLE'));
    await send(row('inventory_items'));
    state.answer = ok;
    mux.wake();
    expect(state.ready).toBe(1);
    expect(await send(row('inventory_items'))).toEqual(['ok']);
  });

  test('of a batch that hits one row set only that row aside', async () => {
    const bad = row('inventory_items');
    const { time, send, mux } = rig((rows) => {
      if (rows.includes(bad)) throw new AppError('REQUEST_INVALID');
      return ok(rows);
    });
    const rows = Array.from({ length: 30 }, () => row('inventory_items'));
    const kinds = await send(...rows.slice(0, 13), bad, ...rows.slice(13));
    expect(kinds.filter((kind) => kind === 'ok')).toHaveLength(30);
    expect(kinds[13]).toBe('refused');
    await time.pass(1000);
    mux.stop();
  });

  test('of a server that fails on everything set nothing aside and cost few requests', async () => {
    const { time, requests, send, mux } = rig(failing('INTERNAL'));
    const rows = Array.from({ length: 100 }, () => row('inventory_items'));
    for (let n = 0; n < 10; n += 1) {
      expect(new Set(await send(...rows))).toEqual(new Set(['unsent']));
      await time.pass(60_000);
    }
    expect(requests.length).toBeLessThan(10 * 20);
    mux.stop();
  });

  test('on a lone row set it aside once other requests show that the server works', async () => {
    const { time, state, send, mux } = rig(failing('INTERNAL'));
    const lone = row('inventory_items');
    for (let n = 0; n < 8; n += 1) {
      expect(await send(lone)).toEqual(['unsent']);
      await time.pass(60_000);
    }
    state.successes += 1;
    expect(await send(lone)).toEqual(['refused']);
    mux.stop();
  });

  test('that only a person can end wait for long', async () => {
    const { time, send, mux } = rig(failing('AUTH_SESSION_ENDED'));
    expect(await send(row('inventory_items'))).toEqual(['unsent']);
    expect(time.next).toBeGreaterThanOrEqual(30_000 - 10);
    mux.stop();
  });
});

test('stopped it answers everything as unsent', async () => {
  const { mux, send } = rig();
  const waiting = mux.send([row('inventory_items')]);
  mux.stop();
  expect((await waiting).map(({ kind }) => kind)).toEqual(['unsent']);
  expect(await send(row('inventory_items'))).toEqual(['unsent']);
});
