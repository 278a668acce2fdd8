import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '#stack/free-port.ts';
import { memoryMb } from '../../scripts/bench/sync/usage.ts';
import { startServerProcess } from '../../scripts/dev/server-process.ts';
import type { ServerProcess } from '../../scripts/dev/server-process.ts';
import { openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

/** A replica in a process of its own that takes four requests of a kind at a time. */
const MAX_WAIT_MS = 150;
let rig: Rig;
let boss: Client;
let server: ServerProcess;
beforeAll(async () => {
  rig = await openRig();
  boss = await rig.client(await rig.person(['MG', null]));
  server = await startServerProcess({
    port: await freePort(),
    log: () => undefined,
    env: {
      GANGER_DATABASE_URL: rig.config.databaseUrl,
      GANGER_AUTH_URL: rig.issuer.url,
      GANGER_LOG_LEVEL: 'error',
      GANGER_CONCURRENCY: '4',
      GANGER_MAX_WAIT_MS: String(MAX_WAIT_MS),
    },
  });
});
afterAll(async () => {
  await server.stop();
  await rig.close();
});

interface Load {
  readonly accepted: number[];
  readonly refused: number[];
  readonly waits: (string | null)[];
}
/** Far sooner than a client may come back. */
const COMES_BACK_MS = 40;

/** So many clients that push one row after the other. */
async function load(clients: number, forMs: number): Promise<Load> {
  const found: Load = { accepted: [], refused: [], waits: [] };
  const until = performance.now() + forMs;
  const client = async (): Promise<void> => {
    while (performance.now() < until) {
      const body = { rows: [{ table: 'inventory_items', base: null, row: make.item(boss) }] };
      const began = performance.now();
      const answer = await fetch(`${server.url}/v1/push`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...boss.headers() },
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      const took = performance.now() - began;
      if (answer.status === 200) {
        found.accepted.push(took);
        continue;
      }
      expect([answer.status, text]).toEqual([503, expect.stringContaining('SERVER_BUSY')]);
      found.refused.push(took);
      found.waits.push(answer.headers.get('retry-after'));
      await sleep(COMES_BACK_MS);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return found;
}
const p95 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN;

test('ten times what it can take: some are served as before, the rest are told at once', async () => {
  await load(4, 500);
  const usual = await load(4, 1_500);
  expect(usual.refused).toEqual([]);
  const memory = await memoryMb(server.pid);
  let alive = 0;
  const health = setInterval(() => {
    void fetch(`${server.url}/healthz`).then(({ ok }) => (alive += ok ? 1 : 0));
  }, 100);
  const flooded = await load(40, 2_500);
  clearInterval(health);

  // Who is let in waits for a bounded time, however many knock; no collapse either.
  expect(flooded.accepted.length).toBeGreaterThan(usual.accepted.length * 0.5);
  expect(p95(flooded.accepted)).toBeLessThan(p95(usual.accepted) * 4 + MAX_WAIT_MS + 200);
  expect(flooded.refused.length).toBeGreaterThan(50);
  // Later than those who are served nobody hears that they are not.
  expect(p95(flooded.refused)).toBeLessThan(p95(flooded.accepted));
  expect(flooded.waits.every((wait) => /^[1-3]$/.test(wait ?? ''))).toBe(true);
  expect(alive).toBeGreaterThan(3);
  expect((await memoryMb(server.pid)) - memory).toBeLessThan(100);

  // It recovers by itself.
  await sleep(200);
  const after = await load(4, 800);
  expect(after.refused).toEqual([]);
  expect(after.accepted.length).toBeGreaterThan(0);
});

test('headers beyond the limit are refused before anything is read of them', async () => {
  const answer = await fetch(`${rig.server.url}/healthz`, {
    headers: { 'x-long': 'x'.repeat(20_000) },
  });
  expect(answer.status).toBe(431);
});
