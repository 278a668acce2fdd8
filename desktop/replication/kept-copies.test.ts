import { expect, onTestFinished, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '#shared/logging/logger.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import { createStorageGuard } from './guarded-storage.ts';
import { KEPT_FOR_MS, openKeptCopies } from './kept-copies.ts';
import type { PushRow, RowOutcome } from './push-mux.ts';
import { realTimers } from './timers.ts';

const NOW = Date.UTC(2026, 5, 1);
const MINUTE_MS = 60_000;
const WAITS: RowOutcome = {
  kind: 'refused',
  code: 'SYNC_ROW_QUARANTINED',
  fields: [],
  kept: 'waiting',
};

/** Copies over a real file, with a server of which the test says what it answers. */
function rig() {
  const folder = mkdtempSync(join(tmpdir(), 'ganger-kept-'));
  const file = join(folder, 'device.db');
  const key = '1f'.repeat(32);
  const server = { epoch: 'one', now: NOW, answer: (_row: PushRow): RowOutcome => WAITS };
  const sent: string[] = [];
  const requests: number[] = [];
  let taken = 0;
  const released: string[] = [];
  const open = () => {
    const database = openDatabase({ file, key, log: silentLogger });
    const copies = openKeptCopies({
      database,
      mux: {
        waiting: false,
        send: async (rows) => {
          requests.push(rows.length);
          sent.push(...rows.map(({ row }) => String(row['note'])));
          const outcomes = rows.map(server.answer);
          const isReached = outcomes.some(({ kind }) => kind !== 'unsent');
          if (isReached) copies.heard(server.epoch, server.now);
          return outcomes;
        },
      },
      guard: createStorageGuard({
        timers: realTimers,
        log: silentLogger,
        onProblem: () => undefined,
      }),
      log: silentLogger,
      isStopped: () => false,
      onTaken: () => (taken += 1),
      onReleased: (_table, id) => released.push(id),
    });
    return { database, copies };
  };
  const state = open();
  state.copies.heard(server.epoch, server.now);
  onTestFinished(() => {
    state.database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    server,
    sent,
    requests,
    taken: () => taken,
    released,
    holds: (note: string) => state.copies.holds('count_sessions', `row of ${note}`),
    keep: (...notes: string[]) => {
      for (const note of notes) state.copies.keep(rowOf(note));
    },
    ask: () => state.copies.ask(),
    size: () => state.copies.size,
    restart: () => {
      state.database.close();
      Object.assign(state, open());
    },
  };
}

const rowOf = (note: string): PushRow => ({
  table: 'count_sessions',
  base: null,
  row: { id: `row of ${note}`, note },
});

test('one of them is asked after at a time, the one asked longest ago', async () => {
  const { server, sent, keep, ask, size } = rig();
  keep('a', 'b', 'c');
  for (let round = 0; round < 4; round += 1) {
    server.now += MINUTE_MS;
    await ask();
  }
  expect(sent.slice(0, 3).toSorted()).toEqual(['a', 'b', 'c']);
  expect(sent[3]).toBe(sent[0]);
  expect(size()).toBe(3);
});

test('a database of another epoch gets all of them once, over a restart too', async () => {
  const { server, sent, keep, ask, restart } = rig();
  keep('a', 'b', 'c');
  server.epoch = 'two';
  restart();
  await ask();
  // By the answer to the first one it hears of the other epoch.
  expect(sent.slice(0, 1)).toEqual(['a']);
  expect(sent.slice(1).toSorted()).toEqual(['b', 'c']);
  await ask();
  expect(sent).toHaveLength(4);
});

test('more than one push takes go in several', async () => {
  const { server, requests, keep, ask, size } = rig();
  keep(...Array.from({ length: 450 }, (_, at) => `n${at}`));
  server.epoch = 'two';
  await ask();
  expect(requests).toEqual([1, 200, 200, 49]);
  expect(size()).toBe(450);
});

test('what gets no answer stays, and is asked for again', async () => {
  const { server, sent, keep, ask, size } = rig();
  keep('a', 'b');
  server.epoch = 'two';
  server.answer = () => ({ kind: 'unsent' });
  await ask();
  expect(sent).toEqual(['a']);
  server.answer = () => WAITS;
  await ask();
  expect(sent).toEqual(['a', 'a', 'b']);
  expect(size()).toBe(2);
});

test.each<[string, RowOutcome, number]>([
  ['released', { ...WAITS, kept: 'released' }, 0],
  ['rejected', { ...WAITS, kept: 'rejected' }, 0],
  ['written', { kind: 'ok' }, 0],
  ['merged', { kind: 'master', row: {} }, 0],
  ['waiting', WAITS, 1],
  ['not known by that server to be waiting', { ...WAITS, kept: undefined }, 1],
  ['refused by a database that does not know the right', no('SYNC_ROW_REFUSED'), 1],
  ['too early', { kind: 'retry', code: 'SYNC_PARENT_MISSING' }, 1],
])('a copy of what is %s: %o', async (what, answer, left) => {
  const { server, keep, ask, size, taken, released, holds } = rig();
  keep('a');
  server.answer = () => answer;
  await ask();
  expect(size()).toBe(left);
  expect(holds('a')).toBe(left === 1);
  const isAtServer = ['released', 'written', 'merged'].includes(what);
  expect(released).toEqual(isAtServer ? ['row of a'] : []);
  expect(taken()).toBe(answer.kind === 'ok' || answer.kind === 'master' ? 1 : 0);
});

function no(code: 'SYNC_ROW_REFUSED'): RowOutcome {
  return { kind: 'refused', code, fields: [] };
}

test('after thirty days by the server’s clock a copy goes, once the server has answered', async () => {
  const { server, keep, ask, size } = rig();
  keep('a');
  server.now = NOW + KEPT_FOR_MS + MINUTE_MS;
  server.answer = () => ({ kind: 'unsent' });
  await ask();
  expect(size()).toBe(1);
  server.answer = () => WAITS;
  await ask();
  expect(size()).toBe(0);
});

test('the same row kept twice is one copy, an edited one is another', () => {
  const { keep, size } = rig();
  keep('a', 'a');
  expect(size()).toBe(1);
  keep('b');
  expect(size()).toBe(2);
});
