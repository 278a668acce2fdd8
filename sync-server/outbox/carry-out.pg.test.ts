import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '#shared/kernel/clock.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { Row } from '#shared/schema/define.ts';
import { NO_HUBS } from '../config/hubs-config.ts';
import type { HubsConfig } from '../config/hubs-config.ts';
import { createPool } from '../db/pool.ts';
import { openCommunicationHub } from '../hubs/communication/communication-hub.ts';
import type { ChangeSet } from '../realtime/change.ts';
import { effectId } from '../sync/effects/effects.ts';
import { openBuyers } from '../testing/orders.suite.ts';
import type { Buyers } from '../testing/orders.suite.ts';
import { startMail, startSlack } from '../testing/partners.suite.ts';
import type { FakeMail, FakeSlack, Mood } from '../testing/partners.suite.ts';
import { must, openRig } from '../testing/rig.suite.ts';
import type { Rig } from '../testing/rig.suite.ts';
import type { Carrier } from './carrier.ts';
import { carryOut, giveUp, settleArrived } from './carry-out.ts';
import type { CarryOutDeps, Verdict } from './carry-out.ts';
import { ORDER_SUMMARY, orderSummaryCarrier } from './carriers/order-summary.ts';

/** One effect, one try after the other, with partners that are real servers and a server that may die. */

let rig: Rig;
let buyers: Buyers;
let pool: ReturnType<typeof createPool>;
let mail: FakeMail;
let slack: FakeSlack;
const lines: string[] = [];
const log = createLogger({ level: 'debug', write: (line) => lines.push(line) });
const announced: ChangeSet[] = [];
beforeAll(async () => {
  rig = await openRig();
  buyers = await openBuyers(rig);
  pool = createPool(rig.config, log);
  [mail, slack] = await Promise.all([startMail(), startSlack()]);
});
beforeEach(() => {
  for (const list of [mail.taken, slack.posted, announced, lines]) list.splice(0);
});
afterAll(async () => {
  await pool.end();
  await Promise.all([mail.close(), slack.close()]);
  await rig.close();
});

type Mode = 'live' | 'sandbox';
function workshop(
  mode: Mode = 'live',
  config: HubsConfig = {
    ...NO_HUBS,
    smtp: mail.config,
    slack: new Map([['AA', slack.url]]),
  },
): CarryOutDeps {
  const hub = openCommunicationHub(
    { mode, config, pool },
    {
      clock: systemClock,
      log,
      audit: async () => undefined,
      pace: {
        timeoutMs: 500,
        tries: 1,
        firstWaitMs: 1,
        longestWaitMs: 1,
        breaker: { failures: 1_000, pauseMs: 1, longestPauseMs: 1 },
      },
    },
  );
  const carrier = orderSummaryCarrier(hub) as Carrier;
  return {
    pool,
    carriers: new Map([[carrier.kind, carrier]]),
    announce: (set) => announced.push(set),
    clock: systemClock,
    log,
  };
}

/** A server that dies while it carries something out: before the call, or right after it. */
function dying(deps: CarryOutDeps, when: 'before' | 'after'): CarryOutDeps {
  const carrier = must(deps.carriers.get(ORDER_SUMMARY));
  const died = new Promise<never>(() => undefined);
  return {
    ...deps,
    carriers: new Map([
      [
        ORDER_SUMMARY,
        {
          ...carrier,
          send: async (...of: Parameters<Carrier['send']>) => {
            if (when === 'after') await carrier.send(...of);
            return died;
          },
        },
      ],
    ]),
  };
}

const idOf = (wish: Row): string => effectId(ORDER_SUMMARY, wish.id);
const once = (deps: CarryOutDeps, wish: Row, isLast = false): Promise<Verdict> =>
  carryOut(deps, idOf(wish), { isLast });
const rows = async (text: string, ...values: unknown[]) =>
  (await rig.db.admin.query<Record<string, unknown>>(text, values)).rows;
const eventsOf = (wish: Row) =>
  rows(
    `select event, destination, problem from public.order_send_events
     where send_id = $1 order by occurred_at, recorded_at`,
    wish.id,
  );
const letterOf = async (wish: Row) =>
  must(
    (
      await rows(
        `select done_at is not null as done, failed_at is not null as failed,
                begun_at is not null as begun, problem
           from private.outbox where id = $1`,
        idOf(wish),
      )
    )[0],
  );
const sandboxOf = (wish: Row) =>
  rows('select channel, destination, times from private.sandbox where key = $1', idOf(wish));
/** Waits until a server that dies has got as far as it gets. */
const begun = (wish: Row) => expect.poll(async () => (await letterOf(wish))['begun']).toBe(true);

describe('a wish to send', () => {
  test('is an effect of its push, and says who, what and where when it is sent', async () => {
    const order = await buyers.placed();
    const wish = await buyers.wish(order, 'email');
    expect(await once(workshop(), wish)).toEqual({ is: 'over' });
    const [letter] = mail.taken;
    expect(letter?.to).toBe('orders@vendor.example');
    expect(letter?.raw).toMatch(/Subject: Order PO-\d{4}-\d{5} to Henry Vendor/);
    expect(letter?.raw).toContain('1. 2 box  Gauze sponge');
    expect(letter?.raw).toContain('Total: $25.00');
    expect(await eventsOf(wish)).toEqual([
      { event: 'sent', destination: 'orders@vendor.example', problem: null },
    ]);
    expect(await letterOf(wish)).toMatchObject({ done: true, failed: false, problem: null });
  });

  test('is heard of by devices and stands in the audit', async () => {
    const wish = await buyers.wish(await buyers.placed(), 'slack');
    await once(workshop(), wish);
    expect(slack.posted).toHaveLength(1);
    expect(announced.flatMap(({ changes }) => changes.map(({ table }) => table))).toEqual([
      'order_send_events',
    ]);
    expect(announced[0]?.xid).toMatch(/^\d+$/);
    const { tables } = await buyers.lead.pull([{ table: 'order_send_events', limit: 1000 }]);
    expect(tables.flatMap((page) => page.rows.map((row) => row['send_id']))).toContain(wish.id);
    const audited = await rows(
      `select a.action, a.outcome from public.audit_logs a
         join public.order_send_events e on e.id = a.row_id where e.send_id = $1`,
      wish.id,
    );
    expect(audited).toEqual([{ action: 'insert', outcome: 'ok' }]);
  });

  test('done once is not done again, however often it is asked for', async () => {
    const wish = await buyers.wish(await buyers.placed(), 'email');
    for (let n = 0; n < 3; n += 1) await once(workshop(), wish);
    expect(mail.taken).toHaveLength(1);
    expect(await eventsOf(wish)).toHaveLength(1);
  });

  test('of an order that nobody placed, or to a vendor without an address, is not sent', async () => {
    const open = await buyers.wish(await buyers.submitted(), 'email');
    const nowhere = await buyers.wish(await buyers.placed({ email: null }), 'email');
    const off = await buyers.wish(await buyers.placed(), 'email');
    await once(workshop(), open);
    await once(workshop(), nowhere);
    await once(workshop('live', NO_HUBS), off);
    const problems = await Promise.all([open, nowhere, off].map(eventsOf));
    expect(problems.flat().map(({ event, problem }) => [event, problem])).toEqual([
      ['failed', 'ORDER_NOT_PLACED'],
      ['failed', 'MESSAGE_NO_ADDRESS'],
      ['failed', 'HUB_OFF'],
    ]);
    expect(mail.taken).toEqual([]);
  });

  test('of two people who had not seen each other is sent once, and again when somebody says so', async () => {
    const order = await buyers.placed();
    const [first, second] = [
      await buyers.wish(order, 'email', buyers.boss),
      await buyers.wish(order, 'email', buyers.lead),
    ];
    const deps = workshop();
    await Promise.all([once(deps, first), once(deps, second)]);
    expect(mail.taken).toHaveLength(1);
    const ends = (await Promise.all([first, second].map(eventsOf))).flat();
    expect(ends.map(({ event }) => String(event)).toSorted()).toEqual(['sent', 'skipped']);
    const again = await buyers.wish(order, 'email', buyers.lead, second.id);
    await once(deps, again);
    expect(mail.taken).toHaveLength(2);
  });

  test('that was the same as one which failed for certain is sent', async () => {
    const order = await buyers.placed();
    const first = await buyers.wish(order, 'email', buyers.boss);
    const second = await buyers.wish(order, 'email', buyers.lead);
    mail.moods.push('refuses');
    await once(workshop(), first);
    await once(workshop(), second);
    expect((await eventsOf(first)).concat(await eventsOf(second))).toMatchObject([
      { event: 'failed', problem: 'HUB_REFUSED' },
      { event: 'sent' },
    ]);
    expect(mail.taken).toHaveLength(1);
  });
});

describe('a partner that', () => {
  test.each<[Mood, string]>([
    ['busy', 'HUB_BUSY'],
    ['drops', 'HUB_UNREACHABLE'],
  ])('%s has taken nothing: it is tried again, and sent once', async (mood, code) => {
    const wish = await buyers.wish(await buyers.placed(), 'email');
    mail.moods.push(mood);
    expect(await once(workshop(), wish)).toEqual({ is: 'again', code });
    expect(await letterOf(wish)).toMatchObject({ begun: false, problem: code, failed: false });
    expect(await eventsOf(wish)).toEqual([]);
    await once(workshop(), wish);
    expect(mail.taken).toHaveLength(1);
  });

  test('wants to be left alone is asked again then', async () => {
    const wish = await buyers.wish(await buyers.placed(), 'slack');
    slack.moods.push('busy');
    const verdict = await once(workshop(), wish);
    expect(verdict.is).toBe('later');
    expect('at' in verdict ? verdict.at - Date.now() : 0).toBeGreaterThan(25_000);
  });

  test.each<Mood>(['sign-in', 'refuses'])(
    '%s is not asked again by itself, and somebody hears of it',
    async (mood) => {
      const wish = await buyers.wish(await buyers.placed(), 'email');
      mail.moods.push(mood);
      expect(await once(workshop(), wish)).toEqual({ is: 'over' });
      expect(await eventsOf(wish)).toMatchObject([{ event: 'failed' }]);
      await once(workshop(), wish);
      expect(mail.taken).toEqual([]);
    },
  );

  test.each<Mood>(['drops-after', 'hangs-after'])(
    '%s may have taken it: nothing is sent again before a person says so',
    async (mood) => {
      const wish = await buyers.wish(await buyers.placed(), 'email');
      mail.moods.push(mood);
      expect((await once(workshop(), wish)).is).toBe('again');
      await once(workshop(), wish);
      expect(mail.taken).toHaveLength(1);
      expect(await eventsOf(wish)).toEqual([
        {
          event: 'unknown',
          destination: 'orders@vendor.example',
          problem: 'HUB_OUTCOME_UNKNOWN',
        },
      ]);
      expect(await letterOf(wish)).toMatchObject({ failed: true, begun: true });
      await settleArrived(workshop(), idOf(wish));
      expect((await eventsOf(wish)).map(({ event }) => event)).toEqual(['unknown', 'sent']);
      expect(await letterOf(wish)).toMatchObject({ done: true, failed: false });
    },
  );

  test('is busy to the last is given up, without a word of what was sent in the log', async () => {
    const wish = await buyers.wish(await buyers.placed(), 'email');
    mail.moods.push('busy');
    await once(workshop(), wish, true);
    expect(await eventsOf(wish)).toMatchObject([{ event: 'failed', problem: 'HUB_BUSY' }]);
    expect(lines.join('\n')).not.toMatch(/vendor\.example|Gauze|Henry/);
    expect(lines.length).toBeGreaterThan(0);
  });
});

describe('a server that dies', () => {
  test.each(['email', 'slack'] as const)(
    'between a call and its mark leaves one message by %s, and a question',
    async (channel) => {
      const wish = await buyers.wish(await buyers.placed(), channel);
      void once(dying(workshop(), 'after'), wish);
      const sent = channel === 'email' ? mail.taken : slack.posted;
      await expect.poll(() => sent.length).toBe(1);
      await once(workshop(), wish);
      await once(workshop(), wish);
      expect(sent).toHaveLength(1);
      expect(await eventsOf(wish)).toMatchObject([{ event: 'unknown' }]);
    },
  );

  test('before a call to a partner that cannot be asked leaves none, and a question', async () => {
    const wish = await buyers.wish(await buyers.placed(), 'slack');
    void once(dying(workshop(), 'before'), wish);
    await begun(wish);
    await once(workshop(), wish);
    expect(slack.posted).toEqual([]);
    expect(await eventsOf(wish)).toMatchObject([{ event: 'unknown' }]);
  });

  test('in the embedded mode leaves exactly one, whenever it dies', async () => {
    const deps = workshop('sandbox');
    for (const when of ['before', 'after'] as const) {
      const wish = await buyers.wish(await buyers.placed(), 'email');
      void once(dying(deps, when), wish);
      if (when === 'after') {
        await expect.poll(async () => (await sandboxOf(wish)).length).toBe(1);
      } else await begun(wish);
      await once(deps, wish);
      await once(deps, wish);
      expect(await sandboxOf(wish), when).toEqual([
        { channel: 'email', destination: 'orders@vendor.example', times: 1 },
      ]);
      expect(await eventsOf(wish), when).toMatchObject([{ event: 'sent' }]);
    }
  });

  test('while the database is away when it ends leaves one message and a question', async () => {
    const wish = await buyers.wish(await buyers.placed(), 'email');
    const deps = workshop();
    const carrier = must(deps.carriers.get(ORDER_SUMMARY));
    const away = {
      ...deps,
      carriers: new Map([
        [ORDER_SUMMARY, { ...carrier, end: () => Promise.reject(new Error('away')) }],
      ]),
    };
    await expect(once(away, wish)).rejects.toThrow();
    await once(deps, wish);
    expect(mail.taken).toHaveLength(1);
    expect(await eventsOf(wish)).toMatchObject([{ event: 'unknown' }]);
  });

  test('again and again is given up: as failed where nothing was begun, else as a question', async () => {
    const untouched = await buyers.wish(await buyers.placed(), 'email');
    const touched = await buyers.wish(await buyers.placed(), 'email');
    void once(dying(workshop(), 'after'), touched);
    await expect.poll(() => mail.taken.length).toBe(1);
    await begun(touched);
    await giveUp(workshop(), idOf(untouched));
    await giveUp(workshop(), idOf(touched));
    expect(await eventsOf(untouched)).toMatchObject([{ event: 'failed', problem: 'INTERNAL' }]);
    expect(await eventsOf(touched)).toMatchObject([{ event: 'unknown' }]);
  });
});
