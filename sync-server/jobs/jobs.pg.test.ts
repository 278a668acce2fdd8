import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHlc } from '#shared/kernel/hlc.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { Row } from '#shared/schema/define.ts';
import { createPool } from '../db/pool.ts';
import type { ChangeSet } from '../realtime/change.ts';
import { pgPush } from '../sync/pg-push-store.ts';
import { SITE, footprint, must, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import { bookable, checkIn, patientVisit, visit } from '../testing/visits.suite.ts';
import { releaseClaims } from './release-claims.ts';
import { upkeep } from './upkeep.ts';

/** What the server does by itself: effects carried out once, holds given back in time. */

let rig: Rig;
let desk: Client;
let pool: ReturnType<typeof createPool>;
const log = createLogger({ level: 'silent', write: () => undefined });
beforeAll(async () => {
  rig = await openRig();
  desk = await rig.client(await rig.person(['FD', SITE.AA]));
  pool = createPool(rig.config, log);
});
afterAll(async () => {
  await pool.end();
  await rig.close();
});

const DAY_MS = 86_400_000;
const book = async (row: Row): Promise<Row> => {
  const [answer] = await desk.push({ table: 'pharma_appointments', row });
  if (answer?.outcome !== 'master') throw new Error(`not booked: ${JSON.stringify(answer)}`);
  return answer.row as Row;
};
const outbox = async (where = 'true') =>
  (
    await rig.db.admin.query<{
      id: string;
      kind: string;
      row_id: string;
      attempts: number;
      problem: string | null;
      done: boolean;
      failed: boolean;
    }>(
      `select id, kind, row_id, attempts, problem, done_at is not null as done,
              failed_at is not null as failed
       from private.outbox where ${where} order by created_at, kind`,
    )
  ).rows;

describe('the outbox', () => {
  beforeEach(async () => {
    await rig.db.admin.query('delete from private.outbox; delete from private.outbox_recorded');
  });

  test('holds what a push sets off, once, however often the push comes', async () => {
    const at = await bookable(rig, { approval: false });
    const row = visit(desk, at, Date.now() + 7 * DAY_MS);
    const won = await book(row);
    const lost = await book(visit(desk, at, Date.now() + 7 * DAY_MS));
    const kinds = (id: string, all: Awaited<ReturnType<typeof outbox>>) =>
      all.filter(({ row_id }) => row_id === id).map(({ kind }) => kind);
    const all = await outbox();
    expect(kinds(won.id, all)).toEqual(['slot.granted', 'visit.confirmed']);
    expect(kinds(lost.id, all)).toEqual(['slot.lost']);
    await book(row);
    expect(await outbox()).toEqual(all);
  });

  test('holds nothing of a push that was not committed', async () => {
    const at = await bookable(rig);
    const row = visit(desk, at, Date.now() + 8 * DAY_MS);
    await rig.db.admin.query(
      `create function pg_temp.no() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
       create trigger no before insert on public.audit_logs execute function pg_temp.no()`,
    );
    const body = { rows: [{ table: 'pharma_appointments', base: null, row }] };
    expect((await desk.post('/v1/push', body)).status).toBe(500);
    await rig.db.admin.query('drop trigger no on public.audit_logs');
    expect(await outbox()).toEqual([]);
  });

  test('is written down once in the embedded mode, whichever of two servers carries it out', async () => {
    const at = await bookable(rig, { seats: 20, approval: false });
    const startsAt = Date.now() + 9 * DAY_MS;
    for (let n = 0; n < 15; n += 1) await book(visit(desk, at, startsAt));
    expect(await outbox()).toHaveLength(30);
    const servers = await Promise.all([1, 2].map(() => rig.another({ outbox: 'record' })));
    const recorded = () =>
      rig.db.admin
        .query('select count(*)::int as n, max(times) as times from private.outbox_recorded')
        .then(({ rows }) => rows);
    await expect.poll(recorded, { timeout: 20_000 }).toEqual([{ n: 30, times: 1 }]);
    expect(await outbox('done_at is null')).toEqual([]);
    await Promise.all(servers.map((server) => server.stop()));
  });
});

test('what is kept for a time goes afterwards, and nothing before', async () => {
  const at = await bookable(rig, { approval: false });
  await book(visit(desk, at, Date.now() + 10 * DAY_MS));
  const count = async () =>
    (
      await rig.db.admin.query<{ n: number }>(
        `select (select count(*) from private.outbox)::int
              + (select count(*) from private.push_memory)::int as n`,
      )
    ).rows[0]?.n ?? 0;
  await upkeep(pool);
  const before = await count();
  expect(before).toBeGreaterThan(2);
  expect(await upkeep(pool)).toBe(0);
  await rig.db.admin.query(
    `update private.outbox set done_at = now() - interval '31 days'
      where id = (select id from private.outbox limit 1);
     update private.push_memory set recorded_at = now() - interval '181 days'
      where ctid = (select ctid from private.push_memory limit 1)`,
  );
  expect(await upkeep(pool)).toBe(2);
  expect(await count()).toBe(before - 2);
});

describe('what is held for a time', () => {
  const run = async (announced: ChangeSet[] = []): Promise<number> => {
    const clock = { now: () => Date.now() };
    return releaseClaims({
      open: pgPush(pool),
      clock,
      hlc: createHlc({ clock, node: '5e7f00000001' }),
      announce: (set) => announced.push(set),
    });
  };

  test('is given back when the time is over, the visit is told, and the slot is free', async () => {
    const at = await bookable(rig);
    const startsAt = Date.now() + 7 * DAY_MS;
    const held = await book(visit(desk, at, startsAt));
    expect(held['status']).toBe('held');
    expect(await run()).toBe(0);
    await rig.db.admin.query(
      `update public.slot_claims set hold_expires_at = now() - interval '1 second'
       where appointment_id = $1`,
      [held.id],
    );
    const announced: ChangeSet[] = [];
    expect(await run(announced)).toBe(1);
    expect(announced[0]?.changes.map(({ table }) => table).toSorted()).toEqual([
      'pharma_appointments',
      'slot_claims',
      'transitions',
    ]);
    const { rows } = await rig.db.admin.query(
      `select p.status, p.field_by ? 'status' as signed, c.state, c.hold_expires_at
       from public.pharma_appointments p join public.slot_claims c on c.appointment_id = p.id
       where p.id = $1`,
      [held.id],
    );
    expect(rows).toEqual([
      { status: 'conflict', signed: false, state: 'released', hold_expires_at: null },
    ]);
    const before = await footprint(rig.db);
    expect(await run()).toBe(0);
    expect(await footprint(rig.db)).toBe(before);
    expect((await book(visit(desk, at, startsAt)))['status']).toBe('held');
    const chain = await rig.db.admin.query(
      `select action, table_name, outcome, actor_id from public.audit_logs
       where device_id = '5e7f0000-0000-4000-8000-000000000001' order by seq`,
    );
    expect(chain.rows).toEqual([
      { action: 'update', table_name: 'slot_claims', outcome: 'released', actor_id: null },
      { action: 'update', table_name: 'pharma_appointments', outcome: 'conflict', actor_id: null },
    ]);
  });

  test('two servers at once give it back once', async () => {
    const at = await bookable(rig);
    const held = await book(visit(desk, at, Date.now() + 7 * DAY_MS));
    await rig.db.admin.query(
      `update public.slot_claims set hold_expires_at = now() - interval '1 second'
       where appointment_id = $1`,
      [held.id],
    );
    const counts = await Promise.all([run(), run(), run()]);
    expect(counts.toSorted((a, b) => a - b)).toEqual([0, 0, 1]);
  });

  test('a check-in whose kiosk fell silent ends, and its visit can begin again', async () => {
    const visitId = await patientVisit(rig);
    const silent = checkIn(desk, visitId, SITE.AA, { lease_until: Date.now() - 16 * 60_000 });
    await desk.push({ table: 'kiosk_sessions', row: silent });
    expect(await run()).toBe(1);
    const { rows } = await rig.db.admin.query(
      'select state from public.kiosk_sessions where id = $1',
      [silent.id],
    );
    expect(must(rows[0])).toEqual({ state: 'expired' });
  });
});
