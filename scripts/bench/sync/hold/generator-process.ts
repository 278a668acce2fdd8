import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { LIMITS, LiveMessage, PATHS } from '#shared/protocol/messages.ts';
import type { Cursor, PullReply, PushReply } from '#shared/protocol/messages.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { createAgent, headersOf, post } from '../wire.ts';
import { createBatches } from '../push/batches.ts';
import type { Batches } from '../push/batches.ts';
import { siteOf } from '../push/world.ts';
import type { PushDevice } from '../push/world.ts';

/**
 * Devices that are all connected, push batches by turns, fetch what the others of their site pushed
 * when they hear of it, and lose their connection now and then. They keep no rows, only their places.
 */

export interface HoldOrder {
  readonly url: string;
  readonly devices: readonly (PushDevice & { readonly token: string })[];
  /** Batches a second of all devices together. */
  readonly perSecond: number;
  readonly rows: number;
  readonly conflicting: number;
  readonly seconds: number;
  /** Each device loses its connection about so often, seconds. */
  readonly reconnectSeconds: number;
}

export interface Held {
  readonly pushes: number;
  readonly pulls: number;
  readonly notices: number;
  readonly reconnects: number;
  readonly turnedAway: number;
  /** Answers that were no answer of ours, by status. */
  readonly failures: Readonly<Record<string, number>>;
  /** From when an act was due to when another device of the site had it: second of the run, ms. */
  readonly lags: readonly (readonly [number, number])[];
  /** Acts that were acknowledged and that some device of the site did not get within ten seconds. */
  readonly missing: number;
  readonly cpuShare: number;
}

const TABLES: readonly TableName[] = ['item_locations', 'stock_acts', 'stock_movements'];
const SETTLE_MS = 10_000;
const PAUSE_MS = 1_000;
const SAFETY_MS = 60_000;

type Known = HoldOrder['devices'][number];

/** One device, connected for as long as the process lives. */
class HeldDevice {
  readonly known: Known;
  readonly batches: Batches;
  readonly #url: string;
  readonly #agent: ReturnType<typeof createAgent>;
  readonly #cursors = new Map<TableName, Record<string, Cursor>>();
  #epoch: string | null = null;
  #socket: WebSocket | null = null;
  #pulling = false;
  #again = false;
  count = { pulls: 0, notices: 0, reconnects: 0, turnedAway: 0 };
  failures: Record<string, number> = {};
  /** Told of each row of a table that comes. */
  onRow: (table: TableName, row: Record<string, unknown>) => void = () => undefined;

  constructor(url: string, known: Known, agent: ReturnType<typeof createAgent>) {
    this.known = known;
    this.#url = url;
    this.#agent = agent;
    this.batches = createBatches(known, Date.now() % 1_000_000_000);
    setInterval(() => void this.pull(), SAFETY_MS).unref();
  }

  async connect(): Promise<void> {
    const socket = new WebSocket(`${this.#url.replace('http', 'ws')}${PATHS.live}`, {
      headers: headersOf(this.known),
    });
    socket.on('message', (data) => {
      const message = LiveMessage.safeParse(JSON.parse((data as Buffer).toString('utf8'))).data;
      if (message?.type !== 'changed') return;
      this.count.notices += 1;
      if (message.tables.some((table) => TABLES.includes(table))) void this.pull();
    });
    socket.on('error', () => undefined);
    // The server may send everybody away: they come back, as after any other loss.
    socket.on('close', () => {
      if (this.#socket === socket) void this.reconnect();
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => {
        this.#socket = socket;
        resolve();
      });
      socket.once('error', reject);
      socket.once('unexpected-response', () =>
        reject(new Error('the live connection was refused')),
      );
    });
  }

  /** As a network that goes and comes back: what happened meanwhile is asked for. */
  async reconnect(): Promise<void> {
    const lost = this.#socket;
    this.#socket = null;
    lost?.terminate();
    this.count.reconnects += 1;
    for (;;) {
      try {
        await this.connect();
        break;
      } catch {
        await sleep(PAUSE_MS * (0.5 + Math.random()));
      }
    }
    await this.pull();
  }

  /** Fetches all that is new; a call while one runs makes it go once more. */
  async pull(): Promise<void> {
    this.#again = true;
    if (this.#pulling) return;
    this.#pulling = true;
    try {
      while (this.#again) {
        this.#again = false;
        if (await this.#pullOnce()) this.#again = true;
      }
    } finally {
      this.#pulling = false;
    }
  }

  async #pullOnce(): Promise<boolean> {
    this.count.pulls += 1;
    const tables = TABLES.map((table) => ({
      table,
      cursors: this.#cursors.get(table) ?? {},
      limit: LIMITS.pullRows,
    }));
    const reply = await this.#ask(PATHS.pull, { epoch: this.#epoch, tables });
    if (reply === null) return false;
    const { epoch, tables: shares } = reply as PullReply;
    this.#epoch = epoch;
    for (const { table, cursors, rows } of shares) {
      this.#cursors.set(table, { ...this.#cursors.get(table), ...cursors });
      for (const row of rows) this.onRow(table, row);
    }
    return shares.some(({ more }) => more);
  }

  /** @returns how many acts of it stand at the server */
  async push(rows: ReturnType<Batches['next']>): Promise<ReadonlySet<string>> {
    const reply = await this.#ask(PATHS.push, { rows });
    const results = (reply as PushReply | null)?.results ?? [];
    return new Set(
      results.flatMap(({ table, outcome, id }) =>
        table === 'stock_acts' && outcome === 'ok' ? [id] : [],
      ),
    );
  }

  /** Until the server has time, or null for what it cannot answer. */
  async #ask(path: string, body: unknown): Promise<unknown> {
    const text = JSON.stringify(body);
    for (;;) {
      const reply = await post(this.#agent, this.#url + path, this.known, text);
      if (reply.status === 200) return JSON.parse(reply.text);
      if (reply.status !== 503 && reply.status !== 429) {
        this.failures[reply.status] = (this.failures[reply.status] ?? 0) + 1;
        return null;
      }
      this.count.turnedAway += 1;
      await sleep(PAUSE_MS * (0.5 + Math.random()));
    }
  }
}

let devices: HeldDevice[] = [];

async function connectAll(order: HoldOrder): Promise<void> {
  const agent = createAgent(order.devices.length * 2);
  devices = order.devices.map((known) => new HeldDevice(order.url, known, agent));
  for (const device of devices) {
    await device.connect();
    await device.pull();
  }
}

async function run(order: HoldOrder): Promise<Held> {
  if (devices.length === 0) await connectAll(order);
  const lags: [number, number][] = [];
  /** Act → devices of the site that do not have it yet. */
  const awaited = new Map<string, Set<string>>();
  const seenEarly = new Map<string, Set<string>>();
  const begun = performance.now();
  const startedAt = Date.now();
  for (const device of devices) {
    device.count = { pulls: 0, notices: 0, reconnects: 0, turnedAway: 0 };
    device.failures = {};
    const { deviceId } = device.known;
    device.onRow = (table, row) => {
      if (table !== 'stock_acts' || Number(row['created_at']) < startedAt) return;
      if (row['device_id'] === deviceId) return;
      const id = String(row['id']);
      const now = Date.now();
      lags.push([Math.floor((now - startedAt) / 1_000), now - Number(row['created_at'])]);
      // It may come to others before its own device hears that it stands.
      const waiting = awaited.get(id);
      if (waiting) waiting.delete(deviceId);
      else seenEarly.set(id, (seenEarly.get(id) ?? new Set<string>()).add(deviceId));
    };
  }
  const cpu = process.cpuUsage();
  let pushes = 0;

  const pushOnce = async (device: HeldDevice): Promise<void> => {
    const sent = device.batches.next(order.rows, order.conflicting);
    pushes += 1;
    for (const id of await device.push(sent)) {
      const site = siteOf(device.known);
      const others = devices.filter(
        ({ known }) => known !== device.known && siteOf(known) === site,
      );
      const early = seenEarly.get(id);
      seenEarly.delete(id);
      awaited.set(
        id,
        new Set(others.map(({ known }) => known.deviceId).filter((one) => !early?.has(one))),
      );
    }
  };

  const work: Promise<void>[] = [];
  const until = begun + order.seconds * 1_000;
  const busy = new Set<HeldDevice>();
  let turn = 0;
  for (let nth = 0; ; nth += 1) {
    const due = begun + (nth * 1_000) / order.perSecond;
    if (due >= until) break;
    await sleep(Math.max(0, due - performance.now()));
    // A device sends one batch at a time: whoever still waits lets the next one have its turn.
    for (let tries = 0; tries < devices.length; tries += 1) {
      const device = devices[(turn += 1) % devices.length];
      if (!device || busy.has(device)) continue;
      busy.add(device);
      work.push(pushOnce(device).finally(() => busy.delete(device)));
      break;
    }
    if (Math.random() < devices.length / order.reconnectSeconds / order.perSecond) {
      const device = devices[Math.floor(Math.random() * devices.length)];
      if (device) work.push(device.reconnect());
    }
  }
  const { user, system } = process.cpuUsage(cpu);
  const missingNow = (): number =>
    [...awaited.values()].filter((waiting) => waiting.size > 0).length;
  await Promise.all(work);
  for (const end = performance.now() + SETTLE_MS; performance.now() < end; await sleep(100)) {
    if (missingNow() === 0) break;
  }
  const sum = (of: keyof HeldDevice['count']): number =>
    devices.reduce((total, { count }) => total + count[of], 0);
  const failures: Record<string, number> = {};
  for (const device of devices) {
    for (const [status, times] of Object.entries(device.failures)) {
      failures[status] = (failures[status] ?? 0) + times;
    }
  }
  return {
    pushes,
    pulls: sum('pulls'),
    notices: sum('notices'),
    reconnects: sum('reconnects'),
    turnedAway: sum('turnedAway'),
    failures,
    lags,
    missing: missingNow(),
    cpuShare: (user + system) / 1_000_000 / order.seconds,
  };
}

process.on('message', (order: HoldOrder) => {
  run(order).then(
    (result) => process.send?.({ result }),
    (error: unknown) =>
      process.send?.({ failed: error instanceof Error ? (error.stack ?? '') : String(error) }),
  );
});
process.on('disconnect', () => process.exit());
