import { setTimeout as sleep } from 'node:timers/promises';
import { PATHS } from '#shared/protocol/messages.ts';
import type { PushReply } from '#shared/protocol/messages.ts';
import { createAgent, post } from '../wire.ts';
import { createBatches } from './batches.ts';
import type { PushDevice } from './world.ts';

/**
 * Devices that push, many in one process: no store and no replication, only what goes over the wire.
 * Told what to do by one message, answers with one.
 */

export interface PushOrder {
  readonly url: string;
  readonly devices: readonly (PushDevice & { readonly token: string })[];
  /** Rows of each batch. */
  readonly rows: number;
  readonly conflicting: number;
  /** A batch so often, milliseconds; null: the next as soon as the last is answered. */
  readonly everyMs: number | null;
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly firstNumber: number;
}

export interface PushedResult {
  /** Batches that were answered from first to last, whatever was measured. */
  readonly batches: number;
  /** Rows that were answered within the measured time. */
  readonly rows: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Times that the server said "later"; the batch was sent again. */
  readonly turnedAway: number;
  /** From when a batch was due to its answer, milliseconds, of those in the measured time. */
  readonly latencies: readonly number[];
  readonly cpuShare: number;
}

/** After so much a device that was turned away asks again, twice as much each time, at random. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 8_000;

async function run(order: PushOrder): Promise<PushedResult> {
  const { url, everyMs, warmUpMs, measureMs } = order;
  const agent = createAgent(order.devices.length);
  const from = performance.now() + warmUpMs;
  const until = from + measureMs;
  const outcomes: Record<string, number> = {};
  const latencies: number[] = [];
  let batches = 0;
  let rows = 0;
  let turnedAway = 0;
  let cpu = process.cpuUsage();
  setTimeout(() => {
    cpu = process.cpuUsage();
  }, warmUpMs);

  const drive = async (device: PushOrder['devices'][number], at: number): Promise<void> => {
    const mine = createBatches(device, order.firstNumber);
    // Spread over the interval, as people are; without one all begin at once.
    let due = performance.now() + (everyMs ?? 0) * (at / order.devices.length);
    while (due < until) {
      if (everyMs !== null) await sleep(Math.max(0, due - performance.now()));
      const body = JSON.stringify({ rows: mine.next(order.rows, order.conflicting) });
      for (let tries = 1; ; tries += 1) {
        const reply = await post(agent, url + PATHS.push, device, body);
        const now = performance.now();
        if (reply.status === 503) {
          turnedAway += now >= from ? 1 : 0;
          if (now >= until) return;
          const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1));
          await sleep(Math.min(pause * (0.5 + Math.random()), until - now));
          continue;
        }
        if (reply.status !== 200) throw new Error(`the server answered ${reply.status}`);
        batches += 1;
        if (now >= from && now < until) {
          rows += order.rows;
          latencies.push(now - due);
          for (const { outcome } of (JSON.parse(reply.text) as PushReply).results) {
            outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
          }
        }
        due = everyMs === null ? now : due + everyMs;
        break;
      }
    }
  };
  await Promise.all(order.devices.map(drive));
  const { user, system } = process.cpuUsage(cpu);
  agent.destroy();
  return {
    batches,
    rows,
    outcomes,
    turnedAway,
    latencies,
    cpuShare: (user + system) / 1_000 / measureMs,
  };
}

export type PushedReply = { readonly result: PushedResult } | { readonly failed: string };

process.on('message', (order: PushOrder) => {
  run(order).then(
    (result) => process.send?.({ result } satisfies PushedReply),
    (error: unknown) =>
      process.send?.({ failed: error instanceof Error ? error.message : 'unknown' }),
  );
});
process.on('disconnect', () => process.exit());
