import { setTimeout as sleep } from 'node:timers/promises';
import { LIMITS, PATHS } from '#shared/protocol/messages.ts';
import type { Cursor, PullReply, PushReply, SessionReply } from '#shared/protocol/messages.ts';
import type { PresenceReply, ShowScreens } from '#shared/protocol/presence.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { createBatches } from '../push/batches.ts';
import { SITES, itemAt, siteOf, stockRecord } from '../push/world.ts';
import type { PushDevice } from '../push/world.ts';
import { createAgent, post } from '../wire.ts';
import { MIX } from './mix.ts';

/**
 * People who use the server, many in one process. Each asks for something every so often, whether or not the one
 * before was quick, and looks at what it gets: an answer about somebody else, a screen that may not be shown,
 * or a change that does not come back, is a wrong one.
 */

export interface UsersOrder {
  readonly url: string;
  readonly users: readonly (PushDevice & { readonly token: string })[];
  /** Null: the next as soon as the last is answered. */
  readonly everyMs: number | null;
  readonly seconds: number;
}

export interface Used {
  readonly requests: number;
  /** By what was asked, milliseconds from when it was due. */
  readonly latencies: readonly (readonly [kind: string, ms: number])[];
  /** Answers that were no 200, by status; 0: no answer. */
  readonly failures: Readonly<Record<string, number>>;
  readonly wrong: Readonly<Record<string, number>>;
  readonly pushed: number;
  /** Changes that were acknowledged and that their own device did not get. */
  readonly missing: number;
  readonly cpuShare: number;
}

type Kind = keyof typeof MIX;
/** What a person works with: pulled together, as after a notice. */
const TABLES: readonly TableName[] = ['item_locations', 'stock_acts', 'stock_movements'];
const SETTLE_MS = 15_000;

type Known = UsersOrder['users'][number];

class User {
  readonly #url: string;
  readonly #known: Known;
  readonly #agent: ReturnType<typeof createAgent>;
  readonly #batches: ReturnType<typeof createBatches>;
  readonly #cursors = new Map<TableName, Record<string, Cursor>>();
  /** Acts that were acknowledged and did not come back yet. */
  readonly awaited = new Set<string>();
  readonly #seen = new Set<string>();
  readonly wrong: Record<string, number> = {};
  readonly failures: Record<string, number> = {};
  #seq = Date.now();
  #epoch: string | null = null;
  pushed = 0;
  requests = 0;

  constructor(url: string, known: Known, agent: ReturnType<typeof createAgent>) {
    this.#url = url;
    this.#known = known;
    this.#agent = agent;
    this.#batches = createBatches(known, Date.now() % 1_000_000_000);
  }

  get site(): string {
    return siteOf(this.#known);
  }

  /** Holds what somebody else of the same site holds. */
  goOnFrom(other: User): void {
    this.#epoch = other.#epoch;
    for (const [table, cursors] of other.#cursors) this.#cursors.set(table, { ...cursors });
  }

  async ask(kind: Kind): Promise<void> {
    this.requests += 1;
    await {
      pull: () => this.pull(),
      push: () => this.#push(),
      presence: () => this.#show(),
      session: () => this.#begin(),
    }[kind]();
  }

  async pull(): Promise<boolean> {
    const tables = TABLES.map((table) => ({
      table,
      cursors: this.#cursors.get(table) ?? {},
      limit: LIMITS.pullRows,
    }));
    const reply = await this.#send<PullReply>(PATHS.pull, { epoch: this.#epoch, tables });
    if (!reply) return false;
    this.#epoch = reply.epoch;
    for (const { table, cursors, rows } of reply.tables) {
      this.#cursors.set(table, { ...this.#cursors.get(table), ...cursors });
      for (const row of rows) {
        const id = String(row['id']);
        if (table === 'stock_acts' && !this.awaited.delete(id)) this.#seen.add(id);
        const site = row['location_id'];
        if (site !== this.site) this.#note('a row of another site');
      }
    }
    return reply.tables.some(({ more }) => more);
  }

  async #push(): Promise<void> {
    const rows = this.#batches.next(1, 0);
    const reply = await this.#send<PushReply>(PATHS.push, { rows });
    for (const { table, outcome, id } of reply?.results ?? []) {
      if (outcome !== 'ok') this.#note(`a push that was ${outcome}`);
      this.pushed += 1;
      if (table === 'stock_acts' && outcome === 'ok' && !this.#seen.delete(id))
        this.awaited.add(id);
    }
  }

  /** A record of the own site, which may be shown, and one of another site, which may not. */
  async #show(): Promise<void> {
    const site = this.site;
    const other = SITES.find((one) => one !== site) ?? SITES[0];
    const screens = [site, other].map((at) => ({
      module: 'inventory' as const,
      table: 'item_locations' as const,
      id: stockRecord(itemAt(this.#known.nth % 100), at).id as string,
      focus: null,
    }));
    this.#seq += 1;
    const message: ShowScreens = { type: 'presence', seq: this.#seq, screens };
    const reply = await this.#send<PresenceReply>(PATHS.livePresence, message);
    if (!reply) return;
    if (reply.refused.some(({ id }) => id === screens[0]?.id)) this.#note('an own screen refused');
    if (!reply.refused.some(({ id }) => id === screens[1]?.id))
      this.#note('a foreign screen shown');
  }

  async #begin(): Promise<void> {
    const device = { id: this.#known.deviceId, name: 'Bench', kind: 'desktop' };
    const reply = await this.#send<SessionReply>(PATHS.session, { device });
    if (!reply) return;
    if (reply.user.id !== this.#known.userId) this.#note('somebody else');
    const [grant] = reply.grants;
    if (grant?.locationId !== this.site) this.#note('rights of somebody else');
  }

  async #send<R>(path: string, body: unknown): Promise<R | null> {
    let status = 0;
    try {
      const reply = await post(this.#agent, this.#url + path, this.#known, JSON.stringify(body));
      ({ status } = reply);
      if (status === 200) return JSON.parse(reply.text) as R;
    } catch {
      status = 0;
    }
    this.failures[status] = (this.failures[status] ?? 0) + 1;
    return null;
  }

  #note(what: string): void {
    this.wrong[what] = (this.wrong[what] ?? 0) + 1;
  }
}

let users: User[] = [];

function kindOf(share: number): Kind {
  let left = share;
  for (const [kind, of] of Object.entries(MIX) as [Kind, number][]) {
    if ((left -= of) < 0) return kind;
  }
  return 'pull';
}

async function run(order: UsersOrder): Promise<Used> {
  const { everyMs, seconds } = order;
  const agent = createAgent(order.users.length);
  users = order.users.map((known) => new User(order.url, known, agent));
  // Everybody has begun their day already: one of a site fetches what the others have as well.
  for (const ofSite of Map.groupBy(users, ({ site }) => site).values()) {
    const [first, ...others] = ofSite;
    if (!first) continue;
    while (await first.pull());
    for (const other of others) other.goOnFrom(first);
  }
  const latencies: [string, number][] = [];
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const until = begun + seconds * 1_000;
  const under: Promise<void>[] = [];
  await Promise.all(
    users.map(async (user, nth) => {
      let due = begun + ((everyMs ?? 0) * nth) / users.length;
      while (due < until) {
        await sleep(Math.max(0, due - performance.now()));
        const kind = kindOf(Math.random());
        const from = everyMs === null ? performance.now() : due;
        const one = user
          .ask(kind)
          .then(() => void latencies.push([kind, performance.now() - from]));
        // With a pace the next one comes when it is due, as another person would.
        if (everyMs === null) await one;
        else under.push(one);
        due = everyMs === null ? performance.now() : due + everyMs;
      }
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  await Promise.all(under);
  const failures = sumOf(users.map((one) => one.failures));
  for (const end = performance.now() + SETTLE_MS; performance.now() < end; await sleep(200)) {
    const waiting = users.filter(({ awaited }) => awaited.size > 0);
    if (waiting.length === 0) break;
    for (const one of waiting) await one.pull();
  }
  return {
    requests: latencies.length,
    latencies,
    failures,
    wrong: sumOf(users.map((one) => one.wrong)),
    pushed: users.reduce((sum, one) => sum + one.pushed, 0),
    missing: users.reduce((sum, one) => sum + one.awaited.size, 0),
    cpuShare: (user + system) / 1_000_000 / seconds,
  };
}

function sumOf(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const one of counts) {
    for (const [name, times] of Object.entries(one)) sum[name] = (sum[name] ?? 0) + times;
  }
  return sum;
}

process.on('message', (order: UsersOrder) => {
  run(order).then(
    (result) => process.send?.({ result }),
    (error: unknown) =>
      process.send?.({ failed: error instanceof Error ? (error.stack ?? '') : String(error) }),
  );
});
process.on('disconnect', () => process.exit());
