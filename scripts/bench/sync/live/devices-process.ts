import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Screen } from '#shared/protocol/presence.ts';
import { createLightDevice } from '../light-device.ts';
import type { LightDevice } from '../light-device.ts';
import { createBatches } from '../push/batches.ts';
import { deviceAt } from '../push/world.ts';
import { SHARED_COUNT, quietDevice } from './world.ts';

/**
 * Devices of the bench of live connections, many in one process. Takes one order at a time.
 */
export type LiveOrder =
  | {
      readonly kind: 'connect';
      readonly url: string;
      readonly active: readonly string[];
      readonly quiet: readonly string[];
    }
  /** Writes; with `cutEveryMs` a connection is cut so often meanwhile. */
  | {
      readonly kind: 'write';
      readonly everyMs: number;
      readonly forMs: number;
      readonly cutEveryMs: number | null;
    }
  | { readonly kind: 'presence'; readonly people: number; readonly moves: number }
  | { readonly kind: 'gone'; readonly silently: boolean }
  | { readonly kind: 'stop' };

export interface LiveResult {
  readonly connected?: number;
  readonly connectMs?: number;
  /** From the beginning of a write to its row on another device, or of a move to its sight, milliseconds. */
  readonly lags?: readonly number[];
  readonly writes?: number;
  readonly unseen?: number;
  readonly reconnects?: number;
  readonly notices?: number;
  readonly cpuShare?: number;
  readonly goneMs?: number;
}

const SITES = 3;
/** Connections that are opened at a time: a stampede is another bench's matter. */
const OPEN_AT_ONCE = 50;
const SEEN_WITHIN_MS = 15_000;
/** One of the people on the screen moves so often; each of twelve has 720 ms from one move to the next. */
const MOVE_EVERY_MS = 60;
const MOVE_SEEN_WITHIN_MS = 2_000;
const SCREEN: Screen = { module: 'inventory', table: 'count_sessions', id: SHARED_COUNT };

const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const active: LightDevice[] = [];
const quiet: LightDevice[] = [];
/** What was written → when, until another device has it. */
const unseen = new Map<string, number>();
let lags: number[] = [];
let notices = 0;
/**
 * Moves of cursors by their place, each with another one: who made it when, and which devices have seen
 * it. A notice names everybody on the screen with what they said last, so most of it was told before.
 */
const moved = new Map<number, { readonly at: number; readonly seenBy: Set<number> }>();
let seenMoves: number[] = [];
let peopleSeen = 0;
let firstNumber = 0;

const keyOf = (table: string, row: Readonly<Record<string, unknown>>): string => {
  const stamps = row['field_hlc'] as Record<string, string> | undefined;
  return table === 'stock_acts'
    ? `${table}/${String(row['id'])}`
    : `${table}/${String(row['id'])}/${stamps?.['par'] ?? ''}`;
};

async function connect(order: Extract<LiveOrder, { kind: 'connect' }>): Promise<LiveResult> {
  const { url } = order;
  const began = performance.now();
  const common = { url, agent };
  const fresh: LightDevice[] = [];
  for (const token of order.active) {
    const nth = active.length;
    const device = createLightDevice({
      ...common,
      ...deviceAt(nth),
      token,
      // The first of each site reads what the others write.
      pulls: nth < SITES ? ['stock_acts', 'item_locations'] : [],
      onRow(table, row) {
        const key = keyOf(table, row);
        const since = unseen.get(key);
        if (since === undefined) return;
        unseen.delete(key);
        lags.push(performance.now() - since);
      },
      onMessage(message) {
        if (message.type === 'changed') notices += 1;
        if (message.type !== 'presence') return;
        for (const { people } of message.screens) {
          // The device that has been there longest tells how many others are.
          if (nth === 0) peopleSeen = people.length;
          for (const { focus } of people) {
            const move = moved.get(focus?.position ?? -1);
            if (!move || move.seenBy.has(nth)) continue;
            move.seenBy.add(nth);
            seenMoves.push(performance.now() - move.at);
          }
        }
      },
    });
    active.push(device);
    fresh.push(device);
  }
  for (const token of order.quiet) {
    const device = createLightDevice({
      ...common,
      ...quietDevice(quiet.length),
      token,
      pulls: [],
      onMessage(message) {
        if (message.type === 'changed') notices += 1;
      },
    });
    quiet.push(device);
    fresh.push(device);
  }
  for (let at = 0; at < fresh.length; at += OPEN_AT_ONCE) {
    await Promise.all(fresh.slice(at, at + OPEN_AT_ONCE).map((device) => device.start()));
  }
  return {
    connected: [...active, ...quiet].filter(({ isUp }) => isUp).length,
    connectMs: performance.now() - began,
  };
}

async function write(order: Extract<LiveOrder, { kind: 'write' }>): Promise<LiveResult> {
  const { everyMs, forMs, cutEveryMs } = order;
  lags = [];
  notices = 0;
  unseen.clear();
  const connections = (): number =>
    active.reduce((sum, { counts }) => sum + (counts['connected'] ?? 0), 0);
  const before = { connections: connections(), cpu: process.cpuUsage() };
  const until = performance.now() + forMs;
  let writes = 0;
  firstNumber += 1_000_000;
  const writers = active.map(async (device, nth) => {
    const batches = createBatches(deviceAt(nth), firstNumber);
    let due = performance.now() + (everyMs * nth) / active.length;
    while (due < until) {
      await sleep(Math.max(0, due - performance.now()));
      const rows = batches.next(1, 0);
      const at = performance.now();
      if (nth >= SITES) for (const { table, row } of rows) unseen.set(keyOf(table, row), at);
      await device.push(rows);
      writes += nth >= SITES ? 1 : 0;
      due += everyMs;
    }
  });
  let next = 0;
  const cutter = cutEveryMs
    ? setInterval(() => {
        active[next % active.length]?.cut();
        next += 1;
      }, cutEveryMs)
    : null;
  await Promise.all(writers);
  if (cutter) clearInterval(cutter);
  const { user, system } = process.cpuUsage(before.cpu);
  const end = performance.now() + SEEN_WITHIN_MS;
  while (unseen.size > 0 && performance.now() < end) await sleep(20);
  return {
    lags,
    writes,
    unseen: unseen.size,
    notices,
    reconnects: connections() - before.connections,
    cpuShare: (user + system) / 1_000 / forMs,
  };
}

let seq = 0;
const show = (device: LightDevice, position: number | null): void => {
  seq = Math.max(seq + 1, Date.now());
  const focus = { field: 'note', row: null, typing: true, position };
  device.show({ type: 'presence', seq, screens: [{ ...SCREEN, focus }] });
};
const leave = (device: LightDevice): void => {
  seq = Math.max(seq + 1, Date.now());
  device.show({ type: 'presence', seq, screens: [] });
};
/** Devices of the site to which the shared count belongs. */
const together = (): LightDevice[] => active.filter((_, nth) => nth % SITES === 0);

async function presence(order: Extract<LiveOrder, { kind: 'presence' }>): Promise<LiveResult> {
  const people = together().slice(0, order.people);
  seenMoves = [];
  moved.clear();
  for (const device of people) show(device, null);
  await until(() => peopleSeen === people.length - 1);
  const places = new Map<LightDevice, number>();
  const beats = setInterval(() => {
    for (const device of people) show(device, places.get(device) ?? null);
  }, 3_000);
  for (let move = 1; move <= order.moves; move += 1) {
    const device = people[move % people.length];
    if (!device) break;
    places.set(device, move);
    moved.set(move, { at: performance.now(), seenBy: new Set() });
    show(device, move);
    await sleep(MOVE_EVERY_MS);
  }
  const writes = order.moves * (people.length - 1);
  const end = performance.now() + MOVE_SEEN_WITHIN_MS;
  while (seenMoves.length < writes && performance.now() < end) await sleep(20);
  clearInterval(beats);
  const unseenMoves = writes - seenMoves.length;
  // What somebody never saw counts as long as was waited for it.
  const lagsOfAll = [
    ...seenMoves,
    ...Array.from({ length: unseenMoves }, () => MOVE_SEEN_WITHIN_MS),
  ];
  const [first, ...others] = people;
  for (const device of others) leave(device);
  await until(() => peopleSeen === 0);
  if (first) leave(first);
  return { lags: lagsOfAll, writes, unseen: unseenMoves };
}

async function gone(order: Extract<LiveOrder, { kind: 'gone' }>): Promise<LiveResult> {
  const [watcher, victim] = together();
  if (!watcher || !victim) throw new Error('two devices of one site are needed');
  show(watcher, null);
  show(victim, null);
  // Only the victim falls silent, with its connection open, or is cut off.
  const beats = setInterval(() => show(watcher, null), 3_000);
  await until(() => peopleSeen === 1);
  show(victim, null);
  const began = performance.now();
  if (!order.silently) victim.cut();
  await until(() => peopleSeen === 0);
  const goneMs = performance.now() - began;
  clearInterval(beats);
  leave(watcher);
  return { goneMs };
}

async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error('what was waited for did not come');
    await sleep(5);
  }
}

function stop(): LiveResult {
  for (const device of [...active, ...quiet]) device.stop();
  agent.destroy();
  return {};
}

async function run(order: LiveOrder): Promise<LiveResult> {
  // Who was cut off in the order before is on its way back.
  await until(() => active.every(({ isUp }) => isUp));
  if (order.kind === 'connect') return connect(order);
  if (order.kind === 'write') return write(order);
  if (order.kind === 'presence') return presence(order);
  if (order.kind === 'gone') return gone(order);
  return stop();
}

process.on('message', (order: LiveOrder) => {
  run(order).then(
    (result) => process.send?.({ result }),
    (error: unknown) =>
      process.send?.({ failed: error instanceof Error ? error.message : 'unknown' }),
  );
});
process.on('disconnect', () => process.exit());
