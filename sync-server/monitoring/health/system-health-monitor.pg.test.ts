import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHlc } from '#shared/kernel/hlc.ts';
import { newId } from '#shared/kernel/ids.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { startCutProxy } from '#stack/cut-proxy.ts';
import type { CutProxy } from '#stack/cut-proxy.ts';
import { openTestDatabase } from '#stack/test-database.ts';
import type { TestDatabase } from '#stack/test-database.ts';
import type { AlertsConfig } from '../../config/monitoring-config.ts';
import { createPool } from '../../db/pool.ts';
import { CommunicationHub } from '../../hubs/communication/communication-hub.ts';
import { smtpTransport } from '../../hubs/communication/email.ts';
import type { Message, Transport } from '../../hubs/communication/messages.ts';
import { twilioTransport } from '../../hubs/communication/sms.ts';
import { signatureOf, webhookTransport } from '../../hubs/communication/webhook.ts';
import { alertNoticeCarrier } from '../../outbox/carriers/alert-notice.ts';
import type { Carrier } from '../../outbox/carrier.ts';
import { carryOut } from '../../outbox/carry-out.ts';
import { startMail, startTwilio } from '../../testing/partners.suite.ts';
import type { FakeMail, FakeTwilio } from '../../testing/partners.suite.ts';
import { must, syncUrl } from '../../testing/rig.suite.ts';
import { ALERT_NOTICE } from '../alerts/notices.ts';
import type { Said } from '../alerts/notices.ts';
import { ROUND_MS, createSystemHealthMonitor } from './system-health-monitor.ts';
import type { MonitorDeps } from './system-health-monitor.ts';
import { createTraffic } from './traffic.ts';

/** Replicas over one real database, on one clock that stands still unless it is moved. */

const MINUTE = 60_000;
const SECRET = 'a secret of twenty and more';
let now = Date.UTC(2027, 2, 5, 8, 0);
const clock = { now: () => now };
const lines: string[] = [];
const log = createLogger({ level: 'info', write: (line) => lines.push(line) });
let db: TestDatabase;
let mail: FakeMail;
let twilio: FakeTwilio;
let proxy: CutProxy;
let pool: ReturnType<typeof createPool>;
let config: AlertsConfig;
let person: string;
const posted: { body: string; signature: string }[] = [];
const direct: Said[] = [];
const hook = createServer((request, response) => {
  void text(request).then((body) => {
    posted.push({ body, signature: String(request.headers['x-ganger-signature']) });
    response.end();
  });
});

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  [mail, twilio] = await Promise.all([startMail(), startTwilio()]);
  const url = new URL(await syncUrl(db));
  proxy = await startCutProxy({ target: { host: url.hostname, port: Number(url.port) } });
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  pool = createPool({ databaseUrl: url.href, poolSize: 4 }, log);
  await new Promise<void>((resolve) => {
    hook.listen(0, '127.0.0.1', resolve);
  });
  const { port } = hook.address() as AddressInfo;
  config = {
    mail: ['oncall@ganger.example'],
    sms: ['+15550100001'],
    webhook: { url: `http://127.0.0.1:${port}/alerts?key=hidden`, secret: SECRET },
    summaryHour: 11,
  };
  person = newId();
  await db.admin.query(
    `insert into public.users (id, display_name, status, email, mfa_required)
     values ($1, 'Irene Torres', 'active', 'irene@ganger.example', false)`,
    [person],
  );
  await db.admin.query(
    `insert into public.user_roles (id, user_id, role, location_id, valid_from)
     values ($1, $2, 'IT', null, now() - interval '1 day')`,
    [newId(), person],
  );
});
beforeEach(async () => {
  for (const list of [lines, posted, direct, mail.taken, twilio.messages]) list.splice(0);
  now += 60 * MINUTE;
  await db.admin.query(
    `delete from private.alerts; delete from private.alert_notices; delete from private.replicas;
     delete from private.outbox; delete from private.alert_silences`,
  );
});
afterAll(async () => {
  await pool.end();
  hook.close();
  await Promise.all([mail.close(), twilio.close(), proxy.close()]);
  await db.close();
});

function replica(id: string, over: Partial<ReturnType<MonitorDeps['look']>> = {}) {
  const own = {
    memoryBytes: 1e8,
    memoryLimit: 1e9,
    liveConnections: 3,
    redis: 'off' as const,
    pool: { used: 1, waiting: 0, most: 4 },
    traffic: createTraffic(clock).figures(),
    partners: [],
    failedJobs: [] as string[],
    ...over,
  };
  const judged: boolean[] = [];
  const announced: string[] = [];
  const monitor = createSystemHealthMonitor({
    id,
    pool,
    clock,
    hlc: createHlc({ clock, node: '5e7f00000001' }),
    log,
    config,
    announce: ({ changes }) => announced.push(...changes.map(({ table }) => table)),
    look: () => own,
    onState: (figures) => judged.push(figures !== null),
    sendDirectly: async (said) => void direct.push(said),
  });
  return { ...monitor, own, judged, announced };
}

const rows = async (sql: string, ...values: unknown[]) =>
  (await db.admin.query<Record<string, unknown>>(sql, values)).rows;
const alerts = () =>
  rows(`select rule, subject, times, told_at is not null as told, cleared_at is not null as over
          from private.alerts where fired_at is not null order by rule, subject`);
const notices = () =>
  rows(`select event, channel, destination, state, problem from private.alert_notices
         order by made_at, event, channel`);
/** Rounds of some replicas, ten seconds apart. */
async function rounds(ms: number, ...all: readonly { round(): Promise<void> }[]): Promise<void> {
  for (const end = now + ms; now < end;) {
    now += ROUND_MS;
    for (const one of all) await one.round();
  }
}
/** Carries out what waits, as the queue does. */
async function carryAll(): Promise<void> {
  const sms = twilioTransport(twilio.config, clock, (own) => twilio.connect(own));
  const hub = new CommunicationHub(
    {
      email: smtpTransport(mail.config) as Transport<Message>,
      sms: sms as Transport<Message>,
      webhook: webhookTransport(must(config.webhook)) as Transport<Message>,
      slack: null,
    },
    'live',
    { clock, log, audit: async () => undefined },
  );
  const carrier = alertNoticeCarrier(hub) as Carrier;
  const deps = {
    pool,
    carriers: new Map([[carrier.kind, carrier]]),
    announce: () => {},
    clock,
    log,
  };
  for (const { id } of await rows(
    'select id from private.outbox where kind = $1 and done_at is null',
    ALERT_NOTICE,
  )) {
    await carryOut(deps, String(id), { isLast: true });
  }
}

describe('replicas', () => {
  test('one of them judges in a round, and everybody is told once by every way', async () => {
    const [a, b] = [replica('a', { memoryBytes: 9e8 }), replica('b')];
    await rounds(3 * MINUTE, a, b);
    expect(a.judged.filter(Boolean).length + b.judged.filter(Boolean).length).toBe(18);
    expect(await alerts()).toEqual([
      { rule: 'memory-high', subject: 'a', times: 1, told: true, over: false },
    ]);
    expect(a.announced).toEqual(['notifications']);
    const [note] = await rows('select recipient_id, kind, body from public.notifications');
    expect(note).toEqual({
      recipient_id: person,
      kind: 'alert.fired.memory-high',
      body: 'Alert: A server runs out of memory: a',
    });
    await carryAll();
    expect(mail.taken).toHaveLength(1);
    expect(mail.taken[0]?.raw).toContain('It uses 90 % of what it may.');
    const [call] = posted;
    expect(JSON.parse(must(call).body)).toMatchObject({ event: 'fired', rule: 'memory-high' });
    const [at, v1] = must(call)
      .signature.split(',')
      .map((part) => part.split('=')[1] ?? '');
    expect(v1).toBe(signatureOf(SECRET, Number(at), must(call).body));
    // A warning wakes nobody.
    expect(await notices()).toEqual([
      { event: 'fired', channel: 'app', destination: 'Irene Torres', state: 'sent', problem: null },
      {
        event: 'fired',
        channel: 'email',
        destination: 'oncall@ganger.example',
        state: 'sent',
        problem: null,
      },
      {
        event: 'fired',
        channel: 'webhook',
        destination: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        state: 'sent',
        problem: null,
      },
    ]);
  });

  test('an alert goes on after a restart, is over by another replica, and nobody is told twice', async () => {
    await rounds(3 * MINUTE, replica('a', { memoryBytes: 9e8 }));
    const again = replica('a', { memoryBytes: 9e8 });
    await rounds(MINUTE, again);
    await again.stop();
    await rounds(2 * MINUTE, replica('b'));
    expect(await alerts()).toMatchObject([{ rule: 'memory-high', times: 1, over: true }]);
    expect((await notices()).map(({ event, channel }) => [event, channel].join(' '))).toEqual([
      'fired app',
      'fired email',
      'fired webhook',
      'cleared app',
      'cleared email',
      'cleared webhook',
    ]);
  });

  test('one that falls silent is down after 30 seconds; a text wakes somebody', async () => {
    const [a, b] = [replica('a'), replica('b')];
    await rounds(MINUTE, a, b);
    await rounds(20_000, a);
    expect(await alerts()).toEqual([]);
    await rounds(ROUND_MS, a);
    expect(await alerts()).toMatchObject([{ rule: 'application-down', subject: 'b' }]);
    await carryAll();
    expect(twilio.messages).toHaveLength(1);
    expect(twilio.messages[0]).toMatchObject({ to: '+15550100001' });
    expect(JSON.stringify(twilio.messages[0])).toContain('A server is down: b');
    // It comes back under its name.
    await rounds(2 * MINUTE, a, replica('b'));
    expect(await alerts()).toMatchObject([{ rule: 'application-down', over: true }]);
  });

  test('one that was stopped in order is not down, and a start after that finds nothing', async () => {
    const [a, b] = [replica('a'), replica('b')];
    await rounds(MINUTE, a, b);
    await b.stop();
    await rounds(2 * MINUTE, a);
    await a.stop();
    now += 10 * MINUTE;
    await rounds(MINUTE, replica('a'));
    expect(await alerts()).toEqual([]);
  });

  test('that all of them were down is said by the first one that starts', async () => {
    await rounds(MINUTE, replica('a'));
    now += 5 * MINUTE;
    await rounds(ROUND_MS, replica('a'));
    expect(await alerts()).toMatchObject([{ rule: 'application-down', subject: '' }]);
    expect(await rows('select value from private.alerts')).toEqual([{ value: 310 }]);
  });
});

describe('people', () => {
  test('a silence keeps them from being told; what is silenced is told when it ends', async () => {
    const a = replica('a', { failedJobs: ['upkeep'] });
    await rows(
      `insert into private.alert_silences (id, rule, subject, until, reason, made_by, made_at)
       values ($1, 'job-failed', null, to_timestamp($2), 'a known fault', $3, to_timestamp($2))`,
      newId(),
      (now + 10 * MINUTE) / 1000,
      person,
    );
    await rounds(9 * MINUTE, a);
    expect(await alerts()).toMatchObject([{ rule: 'job-failed', told: false }]);
    expect(await notices()).toEqual([]);
    await rounds(2 * MINUTE, a);
    expect(await alerts()).toMatchObject([{ rule: 'job-failed', told: true }]);
  });

  test('who has taken it up keeps the others from being called; when it comes again they are', async () => {
    const a = replica('a', { failedJobs: ['upkeep'] });
    await rounds(5 * MINUTE, a);
    await rows('update private.alerts set acknowledged_by = $1, acknowledged_at = now()', person);
    now += 5 * 60 * MINUTE;
    await rounds(MINUTE, a);
    expect((await notices()).filter(({ event }) => event === 'escalated')).toEqual([]);
    a.own.failedJobs.splice(0);
    await rounds(2 * MINUTE, a);
    a.own.failedJobs.push('upkeep');
    await rounds(MINUTE, a);
    expect(await rows('select times, acknowledged_by from private.alerts')).toEqual([
      { times: 2, acknowledged_by: null },
    ]);
  });

  test('hear once a day how the day was, figures and nothing else', async () => {
    now = Date.UTC(2027, 2, 20, 10, 58);
    const a = replica('a');
    await rounds(MINUTE, a);
    expect(await notices()).toEqual([]);
    await rounds(5 * MINUTE, a, replica('b'));
    const said = await rows(
      `select channel, subject, body from private.alert_notices where event = 'summary'
        and channel = 'email'`,
    );
    expect(said).toMatchObject([{ subject: 'Daily summary of 2027-03-20' }]);
    expect(said[0]?.['body']).toMatch(/Minutes watched: \d+ of 1440/);
    expect(said[0]?.['body']).toContain('The database archives nothing by itself');
  });
});

test('while the database is away people are told directly, once, and that it is back by the usual way', async () => {
  const a = replica('a');
  await rounds(MINUTE, a);
  proxy.cut();
  for (let lost = 0; lost < 3; lost += 1) {
    now += ROUND_MS;
    await expect(a.round()).rejects.toThrow();
  }
  expect(direct.map(({ title }) => title)).toEqual([
    'Alert: The database cannot be reached: unreachable',
  ]);
  proxy.restore();
  await rounds(MINUTE, a);
  expect(await alerts()).toEqual([
    { rule: 'database-failing', subject: 'unreachable', times: 1, told: true, over: true },
  ]);
  expect((await notices()).map(({ event }) => event)).toEqual(['cleared', 'cleared', 'cleared']);
});
