import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '#shared/schema/define.ts';
import type { AdminOut } from '#shared/protocol/admin.ts';
import { NO_HUBS } from '../config/hubs-config.ts';
import { effectId } from '../sync/effects/effects.ts';
import type { RunningServer } from '../server.ts';
import { openBuyers } from '../testing/orders.suite.ts';
import type { Buyers } from '../testing/orders.suite.ts';
import { startMail, startSlack } from '../testing/partners.suite.ts';
import type { FakeMail, FakeSlack } from '../testing/partners.suite.ts';
import { must, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import { ORDER_SUMMARY } from './carriers/order-summary.ts';

/** From the push to the partner, through the queue, with several servers over one database. */

let rig: Rig;
let server: RunningServer;
let other: RunningServer;
let buyers: Buyers;
let itPerson: Client;
let mail: FakeMail;
let slack: FakeSlack;
beforeAll(async () => {
  [rig, mail, slack] = await Promise.all([openRig(), startMail(), startSlack()]);
  const over = {
    outbox: 'send',
    hubs: { ...NO_HUBS, smtp: mail.config, slack: new Map([['*', slack.url]]) },
  } as const;
  // Two that begin together on a database where the queue has never been.
  [server, other] = await Promise.all([rig.another(over), rig.another(over)]);
  buyers = await openBuyers(rig, { server });
  itPerson = await rig.client(await rig.person(['IT', null]), { server });
});
afterEach(() => {
  expect([...mail.moods, ...slack.moods]).toEqual([]);
  mail.taken.splice(0);
  slack.posted.splice(0);
});
afterAll(async () => {
  await rig.close();
  await Promise.all([mail.close(), slack.close()]);
});

const rows = async (text: string, ...values: unknown[]) =>
  (await rig.db.admin.query<Record<string, unknown>>(text, values)).rows;
const eventsOf = async (wish: Row) =>
  (
    await rows(
      'select event from public.order_send_events where send_id = $1 order by occurred_at',
      wish.id,
    )
  ).map(({ event }) => event);
const ended = (wish: Row, events: readonly string[]) =>
  expect.poll(() => eventsOf(wish), { timeout: 20_000, interval: 50 }).toEqual(events);
async function ask<T>(path: string, body: object, by = itPerson): Promise<T> {
  const { status, body: answer } = await by.post(path, body);
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(answer)}`);
  return answer as T;
}
const outbox = () => ask<AdminOut<'admin.outbox'>>('/v1/admin/outbox', {});
const letterOf = async (wish: Row) =>
  (await outbox()).deadLetters.find(({ rowId }) => rowId === wish.id);

describe('the queue', () => {
  test('carries a wish out at once', async () => {
    const order = await buyers.placed();
    const began = performance.now();
    const wish = await buyers.wish(order, 'email');
    await ended(wish, ['sent']);
    // Told by the push and not found by the clock, which looks every five seconds.
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(mail.taken).toHaveLength(1);
  });

  test('sends each of many once, whichever server has it', async () => {
    const orders = [];
    for (let n = 0; n < 12; n += 1) orders.push(await buyers.placed());
    const wishes = await Promise.all(orders.map((order) => buyers.wish(order, 'slack')));
    await Promise.all(wishes.map((wish) => ended(wish, ['sent'])));
    expect(slack.posted).toHaveLength(12);
    expect(new Set(slack.posted).size).toBe(12);
  });

  test('tries again what a partner was too busy for', async () => {
    mail.moods.push('busy', 'busy', 'busy');
    const wish = await buyers.wish(await buyers.placed(), 'email');
    await ended(wish, ['sent']);
    expect(mail.taken).toHaveLength(1);
  });

  test('takes over what a dead server held', async () => {
    const wish = await buyers.wish(await buyers.placed(), 'email');
    await ended(wish, ['sent']);
    mail.taken.splice(0);
    // As it lies there after a server died that had taken it and not begun.
    const id = effectId(ORDER_SUMMARY, wish.id);
    await rig.db.admin.query(
      `update private.outbox set done_at = null, begun_at = null where id = '${id}';
       select graphile_worker.add_job('carry-out', json_build_object('id', '${id}'),
         job_key := 'outbox/${id}/0', max_attempts := 12, run_at := now() + interval '1 hour');
       update graphile_worker._private_jobs
          set locked_by = 'dead', locked_at = now() - interval '31 seconds', run_at = now()
        where key = 'outbox/${id}/0'`,
    );
    await ended(wish, ['sent', 'sent']);
    expect(mail.taken).toHaveLength(1);
  });

  test('goes on when its connections were cut, without anybody beginning it anew', async () => {
    await rig.db.admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ganger-jobs'`,
    );
    const wish = await buyers.wish(await buyers.placed(), 'email');
    await ended(wish, ['sent']);
    expect(mail.taken).toHaveLength(1);
  });

  test('is known to the engine alone', async () => {
    const { rows: found } = await rig.db.admin.query(
      `select has_schema_privilege('authenticated', 'graphile_worker', 'usage') as person,
              has_schema_privilege('anon', 'graphile_worker', 'usage') as anyone,
              has_schema_privilege('ganger_sync', 'graphile_worker', 'usage') as login,
              (select count(*)::int from pg_class where relkind = 'r' and relowner = 'ganger_engine'::regrole
                and relnamespace <> 'graphile_worker'::regnamespace) as elsewhere`,
    );
    expect(found).toEqual([{ person: false, anyone: false, login: false, elsewhere: 0 }]);
  });
});

describe('what was given up', () => {
  test('is shown with its reason, and sent when somebody says so, once', async () => {
    mail.moods.push('refuses');
    const wish = await buyers.wish(await buyers.placed(), 'email');
    await ended(wish, ['failed']);
    const letter = must(await letterOf(wish));
    expect(letter).toMatchObject({ problem: 'HUB_REFUSED', isUnknown: false, runs: 0 });
    const again = { id: letter.id, runs: letter.runs };
    await ask('/v1/admin/outbox/again', again);
    await ended(wish, ['failed', 'sent']);
    expect(mail.taken).toHaveLength(1);
    const second = await itPerson.post('/v1/admin/outbox/again', again);
    expect(second).toMatchObject({
      status: 409,
      body: { error: { code: 'SYNC_TRANSITION_REFUSED' } },
    });
    expect(await letterOf(wish)).toBeUndefined();
  });

  test('may have arrived: a person says that it has, and nothing is sent', async () => {
    slack.moods.push('drops-after');
    const wish = await buyers.wish(await buyers.placed(), 'slack');
    await ended(wish, ['unknown']);
    const letter = must(await letterOf(wish));
    expect(letter.isUnknown).toBe(true);
    await ask('/v1/admin/outbox/arrived', { id: letter.id, runs: letter.runs });
    await ended(wish, ['unknown', 'sent']);
    expect(slack.posted).toHaveLength(1);
  });

  test('has partners that the health of this server tells of', async () => {
    const { hubs, mode } = await outbox();
    expect(mode).toBe('send');
    expect(hubs.map(({ partner, mode: how }) => [partner, how])).toEqual([
      ['smtp', 'live'],
      ['slack', 'live'],
      ['twilio', 'off'],
      ['webhook', 'off'],
      ['stripe', 'off'],
      ['postgres', 'live'],
    ]);
    expect(hubs[0]?.calls).toBeGreaterThan(0);
  });

  test('is nobody’s business who does not run the machines', async () => {
    for (const path of ['', '/again', '/arrived']) {
      const body = path === '' ? {} : { id: effectId('x', 'y'), runs: 0 };
      const { status } = await buyers.lead.post(`/v1/admin/outbox${path}`, body);
      expect([path, status]).toEqual([path, 403]);
    }
    const unknown = await itPerson.post('/v1/admin/outbox/again', {
      id: effectId('x', 'y'),
      runs: 0,
    });
    expect(unknown.status).toBe(404);
  });

  test('leaves a trace of every call in the audit, and none of what was said', async () => {
    const wish = await buyers.wish(await buyers.placed(), 'email');
    await ended(wish, ['sent']);
    const trace = await rows(
      `select action, outcome, table_name, field_names from public.audit_logs where row_id = $1
        and action = 'export'`,
      wish.id,
    );
    expect(trace).toEqual([
      { action: 'export', outcome: 'ok', table_name: 'order_sends', field_names: [] },
    ]);
    expect(rig.log.join('\n')).not.toMatch(/vendor\.example|Gauze sponge/);
  });
});

test('a server that stops leaves its jobs to the others', async () => {
  await other.stop();
  const wish = await buyers.wish(await buyers.placed(), 'email');
  await ended(wish, ['sent']);
  expect(mail.taken).toHaveLength(1);
});
