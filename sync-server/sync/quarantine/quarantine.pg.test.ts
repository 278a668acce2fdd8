import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { PROTOCOL_HEADER } from '#shared/protocol/messages.ts';
import type { PushReply, PushResult } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { SITE, footprint, must, openRig } from '../../testing/rig.suite.ts';
import type { Client, Rig } from '../../testing/rig.suite.ts';
import {
  act,
  countSession,
  edited,
  fact,
  item,
  itemLocation,
  line,
} from '../../testing/rows.suite.ts';
import { inTeam, issue, newTeam, rock } from '../../testing/teams.suite.ts';
import { bookable, patientVisit, visit } from '../../testing/visits.suite.ts';
import { slotKey } from '../claims/desk.ts';
import { KEY_SPACE } from '../pg-push-store.ts';
import { MOST_WAITING } from './quarantine.ts';

/** Rows of people whose rights had ended when they arrived: neither applied nor dropped. */

let rig: Rig;
let manager: Client;
let shelf: Row;
beforeAll(async () => {
  rig = await openRig();
  manager = await rig.client(await rig.person(['MG', null]));
  shelf = item(manager);
  await manager.push({ table: 'inventory_items', row: shelf });
});
afterAll(() => rig.close());

const end = (userId: string): Promise<unknown> =>
  rig.db.admin.query(
    `update public.user_roles set valid_to = now() - interval '1 second' where user_id = $1`,
    [userId],
  );
const worker = async (): Promise<Client> => rig.client(await rig.person(['CS', SITE.AA]));
const one = async (client: Client, table: TableName, row: Row, base: Row | null = null) =>
  must((await client.push({ table, row, base: base?.field_hlc ?? null }))[0]);
const waiting = async (userId: string) =>
  (
    await rig.db.admin.query<{ id: string; reason: string; status: string; content: Row }>(
      `select id, reason, status, content from private.quarantine where user_id = $1`,
      [userId],
    )
  ).rows;
/** As a manager pulls them; other tests in the cluster may hold a pull back for a while. */
async function reviews(rowId: string): Promise<Row[]> {
  const { rowCount } = await rig.db.admin.query(
    'select 1 from public.review_items where row_id = $1',
    [rowId],
  );
  for (let tries = 0; ; tries += 1) {
    const page = (await manager.pull([{ table: 'review_items' }])).tables[0];
    const found = (page?.rows ?? []).filter((row) => row['row_id'] === rowId) as Row[];
    if (found.length === rowCount || tries === 100) return found;
    await sleep(100);
  }
}
const decide = (by: Client, review: Row, decision: string): Promise<PushResult> =>
  one(
    by,
    'review_items',
    edited(review, by, { status: 'decided', decision, decided_by: by.userId }),
    review,
  );
const stored = async (table: TableName, id: string) =>
  (await rig.db.admin.query(`select * from public.${table} where id = $1`, [id])).rows[0];
const KEPT = { outcome: 'refused', code: 'SYNC_ROW_QUARANTINED', fields: [], kept: 'waiting' };
const begin = (userId: string): Promise<unknown> =>
  rig.db.admin.query('update public.user_roles set valid_to = null where user_id = $1', [userId]);

describe('a row of somebody whose grant has ended', () => {
  test('is kept with who, where and why, asked about once, and not applied', async () => {
    const ana = await worker();
    await end(ana.userId);
    const count = countSession(ana, SITE.AA);
    expect(await one(ana, 'count_sessions', count)).toMatchObject(KEPT);
    expect(await stored('count_sessions', count.id)).toBeUndefined();
    expect(await waiting(ana.userId)).toMatchObject([
      { reason: 'grant-ended', status: 'waiting', content: count },
    ]);
    const [review] = await reviews(count.id);
    expect(review).toMatchObject({
      kind: 'quarantined',
      location_id: SITE.AA,
      status: 'open',
      facts: { by: ana.userId, device: ana.deviceId, reason: 'grant-ended', row: count },
    });
    const before = await footprint(rig.db);
    expect(await one(ana, 'count_sessions', count)).toMatchObject(KEPT);
    expect(await footprint(rig.db)).toBe(before);
    expect(await waiting(ana.userId)).toHaveLength(1);
  });

  test('that was taken before they ended is no new one when its answer was lost', async () => {
    const ana = await worker();
    const count = countSession(ana, SITE.AA);
    expect(await one(ana, 'count_sessions', count)).toMatchObject({ outcome: 'ok' });
    await end(ana.userId);
    const before = await footprint(rig.db);
    expect(await one(ana, 'count_sessions', count)).toMatchObject({ outcome: 'ok' });
    expect(await footprint(rig.db)).toBe(before);
    expect(await waiting(ana.userId)).toEqual([]);
    // What comes on top of it does come late.
    const more = edited(count, ana, { status: 'submitted', line_count: 0 });
    expect(await one(ana, 'count_sessions', more, count)).toMatchObject(KEPT);
  });

  test('is plainly refused to somebody who never had the right', async () => {
    const ana = await worker();
    const never = itemLocation(ana, shelf.id, SITE.AA);
    expect(await one(ana, 'item_locations', never)).toMatchObject({ code: 'SYNC_ROW_REFUSED' });
    await end(ana.userId);
    expect(await one(ana, 'item_locations', never)).toMatchObject({ code: 'SYNC_ROW_REFUSED' });
    // Nor in another's name.
    const forged = { ...countSession(ana, SITE.AA), counted_by: manager.userId };
    expect(await one(ana, 'count_sessions', forged)).toMatchObject({ code: 'SYNC_ROW_REFUSED' });
    expect(await waiting(ana.userId)).toEqual([]);
  });

  test('a client of the first version is told in words that it knows', async () => {
    const ana = await worker();
    await end(ana.userId);
    const body = {
      rows: [{ table: 'count_sessions', base: null, row: countSession(ana, SITE.AA) }],
    };
    const reply = await ana.post('/v1/push', body, { [PROTOCOL_HEADER]: '1' });
    const { results, epoch } = reply.body as PushReply;
    expect(results).toMatchObject([{ code: 'SYNC_ROW_REFUSED' }]);
    expect(results[0]).not.toHaveProperty('kept');
    expect(epoch).toBeUndefined();
    expect(await waiting(ana.userId)).toHaveLength(1);
  });

  test('of a suspended person or a retired device is kept too; a suspended device waits', async () => {
    const [ana, ben, cam] = [await worker(), await worker(), await worker()];
    const { admin } = rig.db;
    await admin.query(`update public.users set status = 'suspended' where id = $1`, [ana.userId]);
    await admin.query(`update public.devices set status = 'retired' where id = $1`, [ben.deviceId]);
    await admin.query(`update public.devices set status = 'suspended' where id = $1`, [
      cam.deviceId,
    ]);
    expect(await one(ana, 'count_sessions', countSession(ana, SITE.AA))).toMatchObject(KEPT);
    expect(await one(ben, 'count_sessions', countSession(ben, SITE.AA))).toMatchObject(KEPT);
    expect((await waiting(ana.userId))[0]).toMatchObject({ reason: 'account-ended' });
    expect((await waiting(ben.userId))[0]).toMatchObject({ reason: 'device-retired' });
    const refused = await cam.post('/v1/push', {
      rows: [{ table: 'count_sessions', base: null, row: countSession(cam, SITE.AA) }],
    });
    expect(refused).toMatchObject({ status: 403, body: { error: { code: 'DEVICE_REFUSED' } } });
    // A retired device is told nothing of what there is.
    const pull = { epoch: null, tables: [{ table: 'inventory_items', cursors: {}, limit: 10 }] };
    expect((await ben.post('/v1/pull', pull)).status).toBe(403);
  });

  test('is one of so many that a person may leave; the rest stay where they are', async () => {
    const ana = await worker();
    await end(ana.userId);
    const rows = (n: number) =>
      Array.from({ length: n }, () => ({
        table: 'count_sessions' as const,
        row: countSession(ana, SITE.AA),
      }));
    const first = await ana.push(...rows(MOST_WAITING - 10));
    expect(first.every((result) => 'code' in result && result.code === KEPT.code)).toBe(true);
    const more = await ana.push(...rows(30));
    expect(more.map((result) => 'code' in result && result.code === KEPT.code)).toEqual(
      Array.from({ length: 30 }, (_, n) => n < 10),
    );
    expect(await waiting(ana.userId)).toHaveLength(MOST_WAITING);
    const huge = { ...countSession(ana, SITE.AA), note: 'x'.repeat(200) };
    expect(await one(ana, 'count_sessions', huge)).toMatchObject({ code: 'SYNC_ROW_REFUSED' });
  });
});

test('who fills the quarantine in the name of a device takes the place of nobody else on it', async () => {
  const [ana, mallory] = await Promise.all([worker(), worker()]);
  const there = await rig.client(mallory.userId, { deviceId: ana.deviceId });
  await Promise.all([end(ana.userId), end(mallory.userId)]);
  const rows = Array.from({ length: MOST_WAITING }, () => ({
    table: 'count_sessions' as const,
    row: countSession(there, SITE.AA),
  }));
  await there.push(...rows);
  expect(await waiting(mallory.userId)).toHaveLength(MOST_WAITING);
  const own = countSession(mallory, SITE.AA);
  expect(await one(mallory, 'count_sessions', own)).toMatchObject({ code: 'SYNC_ROW_REFUSED' });
  expect(await one(ana, 'count_sessions', countSession(ana, SITE.AA))).toMatchObject(KEPT);
});

describe('a row that comes again', () => {
  /** The database as it was before anything of this person was kept, under another epoch. */
  const setBack = (userId: string): Promise<unknown> =>
    rig.db.admin.query(`
      begin; alter table public.review_items disable trigger all;
      delete from public.review_items where facts ->> 'by' = '${userId}';
      alter table public.review_items enable trigger all;
      delete from private.quarantine where user_id = '${userId}';
      delete from private.push_memory; select private.begin_generation(); commit`);

  test('to a database that was set back to before it, is kept and asked about again', async () => {
    const ana = await worker();
    await end(ana.userId);
    const count = countSession(ana, SITE.AA);
    const body = { rows: [{ table: 'count_sessions', base: null, row: count }] };
    const first = (await ana.post('/v1/push', body)).body as PushReply;
    await setBack(ana.userId);
    expect(await reviews(count.id)).toEqual([]);
    const second = (await ana.post('/v1/push', body)).body as PushReply;
    // That it is another one is told to who may not pull any more, too.
    expect(first.epoch).toMatch(/^\d+-\d+-\d+$/);
    expect(second.epoch).not.toBe(first.epoch);
    expect(second.results).toMatchObject([KEPT]);
    expect(await waiting(ana.userId)).toMatchObject([{ status: 'waiting', content: count }]);
    expect(await reviews(count.id)).toHaveLength(1);
  });

  test.each([
    ['release', 'released'],
    ['reject', 'rejected'],
  ])('after a %s is told that it was %s, and changes nothing', async (decision, kept) => {
    const ana = await worker();
    const open = countSession(ana, SITE.AA);
    await one(ana, 'count_sessions', open);
    await end(ana.userId);
    const noted = edited(open, ana, { note: 'back room' });
    const fresh = countSession(ana, SITE.AA);
    expect(await one(ana, 'count_sessions', noted, open)).toMatchObject(KEPT);
    expect(await one(ana, 'count_sessions', fresh)).toMatchObject(KEPT);
    for (const id of [open.id, fresh.id]) {
      await decide(manager, must((await reviews(id))[0]), decision);
    }
    const before = await footprint(rig.db);
    expect(await one(ana, 'count_sessions', noted, open)).toMatchObject({ ...KEPT, kept });
    expect(await one(ana, 'count_sessions', fresh)).toMatchObject({ ...KEPT, kept });
    expect(await footprint(rig.db)).toBe(before);
  });

  test('contradicts nobody who has changed what was released, also when the right is back', async () => {
    const ana = await worker();
    await end(ana.userId);
    const count = countSession(ana, SITE.AA);
    await one(ana, 'count_sessions', count);
    await decide(manager, must((await reviews(count.id))[0]), 'release');
    const released = { ...count, ...(await recordOf(count.id)) };
    await one(
      manager,
      'count_sessions',
      edited(released, manager, { note: 'seen and changed' }),
      released,
    );
    await begin(ana.userId);
    const before = await footprint(rig.db);
    expect(await one(ana, 'count_sessions', count)).toMatchObject({ ...KEPT, kept: 'released' });
    expect(await footprint(rig.db)).toBe(before);
    const { rows } = await rig.db.admin.query(
      'select 1 from public.conflict_log where row_id = $1',
      [count.id],
    );
    expect(rows).toEqual([]);
  });

  const recordOf = async (id: string): Promise<Pick<Row, 'field_hlc'>> => {
    const { field_hlc: stamps } = must(await stored('count_sessions', id)) as Row;
    return { field_hlc: stamps ?? {} };
  };
});

describe('what somebody wrote for a team that they have left', () => {
  const leaves = async (...members: Client[]): Promise<void> => {
    await rig.db.admin.query(
      'update public.eos_team_members set left_at = now() where user_id = any($1)',
      [members.map(({ userId }) => userId)],
    );
  };

  test('is kept, and a manager of all sites lets it in', async () => {
    const team = await newTeam(rig);
    const gone = await inTeam(rig, team, 'member');
    const there = rock(gone, team);
    await one(gone, 'rocks', there);
    await leaves(gone);
    const fresh = rock(gone, team, { title: 'Never sent' });
    const renamed = edited(there, gone, { title: 'Renamed on the way' });
    expect(await one(gone, 'rocks', fresh)).toMatchObject(KEPT);
    expect(await one(gone, 'rocks', renamed, there)).toMatchObject(KEPT);
    const lead = await rig.client(await rig.person(['LM', SITE.AA]));
    const seen = (await lead.pull([{ table: 'review_items' }])).tables[0]?.rows ?? [];
    expect(seen.filter((row) => row['row_id'] === fresh.id)).toEqual([]);
    for (const { id } of [fresh, there]) {
      const review = must((await reviews(id))[0]);
      expect(await decide(lead, review, 'release')).toMatchObject({ outcome: 'refused' });
      expect(await decide(manager, review, 'release')).toMatchObject({ outcome: 'ok' });
    }
    expect(await stored('rocks', fresh.id)).toMatchObject({ created_by: gone.userId });
    expect(await stored('rocks', there.id)).toMatchObject({
      title: 'Renamed on the way',
      field_by: { title: gone.userId },
    });
  });

  test('is not shown where it is private: who decides sees who wrote it and when', async () => {
    const team = await newTeam(rig);
    const gone = await inTeam(rig, team, 'leader');
    await leaves(gone);
    const secret = issue(gone, team, { title: 'SECRET-TITLE', private: true });
    const open = issue(gone, team, { title: 'For everybody', private: false });
    const remark = fact('comments', gone, {
      team_id: team,
      about_table: 'issues',
      about_id: secret.id,
      private: true,
      body: 'SECRET-BODY',
    });
    expect(await one(gone, 'issues', secret)).toMatchObject(KEPT);
    expect(await one(gone, 'issues', open)).toMatchObject(KEPT);
    expect(await one(gone, 'comments', remark)).toMatchObject(KEPT);
    const pulled = JSON.stringify(await manager.pull([{ table: 'review_items' }]));
    expect(pulled).not.toMatch(/SECRET/);
    expect((await reviews(open.id))[0]).toMatchObject({ facts: { row: { title: open['title'] } } });
    const [review] = await reviews(secret.id);
    expect(review).toMatchObject({ facts: { by: gone.userId, private: true } });
    await decide(manager, must(review), 'release');
    expect(await stored('issues', secret.id)).toMatchObject({ title: 'SECRET-TITLE' });
    const issues = JSON.stringify(await manager.pull([{ table: 'issues' }]));
    expect(issues).not.toMatch(/SECRET/);
  });
});

describe('what a manager decides', () => {
  test('release: the row is written as its author made it, and the audit says who let it in', async () => {
    const ana = await worker();
    const open = countSession(ana, SITE.AA);
    await one(ana, 'count_sessions', open);
    await end(ana.userId);
    // A new fact, and a change of a record that was there.
    const received = act(ana, SITE.AA, [line(shelf.id)]);
    const noted = edited(open, ana, { note: 'back room' });
    expect(await one(ana, 'stock_acts', received)).toMatchObject(KEPT);
    expect(await one(ana, 'count_sessions', noted, open)).toMatchObject(KEPT);
    for (const id of [received.id, open.id]) {
      const [review] = await reviews(id);
      expect(await decide(manager, must(review), 'release')).toMatchObject({ outcome: 'ok' });
    }
    expect(await stored('stock_acts', received.id)).toMatchObject({
      created_by: ana.userId,
      device_id: ana.deviceId,
    });
    const { rows: moved } = await rig.db.admin.query(
      'select qty_base from public.stock_movements where act_id = $1',
      [received.id],
    );
    expect(moved).toHaveLength(1);
    expect(await stored('count_sessions', open.id)).toMatchObject({
      note: 'back room',
      field_by: { note: ana.userId },
    });
    expect((await waiting(ana.userId)).map(({ status }) => status)).toEqual([
      'released',
      'released',
    ]);
    const { rows: audit } = await rig.db.admin.query(
      `select action, outcome, actor_id from public.audit_logs
       where row_id = $1 and outcome = 'released'`,
      [received.id],
    );
    expect(audit).toEqual([{ action: 'update', outcome: 'released', actor_id: manager.userId }]);
    // Its author asks again: nothing new, and nothing is applied twice.
    const before = await footprint(rig.db);
    await one(ana, 'stock_acts', received);
    expect(await footprint(rig.db)).toBe(before);
  });

  test('reject: it stays where it is, marked', async () => {
    const ana = await worker();
    await end(ana.userId);
    const count = countSession(ana, SITE.AA);
    await one(ana, 'count_sessions', count);
    await decide(manager, must((await reviews(count.id))[0]), 'reject');
    expect(await stored('count_sessions', count.id)).toBeUndefined();
    expect(await waiting(ana.userId)).toMatchObject([{ status: 'rejected', content: count }]);
  });

  test('what cannot be written even so is asked about again, with the reason', async () => {
    const ana = await worker();
    await end(ana.userId);
    const orphan = act(ana, SITE.AA, [line(item(ana).id)]);
    await one(ana, 'stock_acts', orphan);
    await decide(manager, must((await reviews(orphan.id))[0]), 'release');
    expect(await stored('stock_acts', orphan.id)).toBeUndefined();
    expect(await waiting(ana.userId)).toMatchObject([{ status: 'waiting' }]);
    const open = (await reviews(orphan.id)).filter(({ status }) => status === 'open');
    expect(open).toMatchObject([{ facts: { problem: 'SYNC_PARENT_MISSING' } }]);
  });

  test('nobody without the right decides, not even the author', async () => {
    const ana = await worker();
    await end(ana.userId);
    const count = countSession(ana, SITE.AA);
    await one(ana, 'count_sessions', count);
    const review = must((await reviews(count.id))[0]);
    const other = await rig.client(await rig.person(['LM', SITE.WX]));
    for (const by of [ana, other, await worker()]) {
      expect(await decide(by, review, 'release')).toMatchObject({ outcome: 'refused' });
    }
    expect(await waiting(ana.userId)).toMatchObject([{ status: 'waiting' }]);
  });

  test('a released visit waits for its turn at the slots of its site, like any other', async () => {
    const desk = await rig.client(await rig.person(['FD', SITE.AA]));
    await end(desk.userId);
    const booked = visit(desk, await bookable(rig), Date.now() + 9 * 86_400_000);
    expect(await one(desk, 'pharma_appointments', booked)).toMatchObject(KEPT);
    const other = await rig.db.admin.connect();
    const isOver = (review: Row) => {
      const deciding = decide(manager, review, 'release').then(() => 'over');
      return { deciding, soon: () => Promise.race([deciding, sleep(1_000, 'waits')]) };
    };
    try {
      await other.query('begin');
      await other.query('select pg_advisory_xact_lock(hashtextextended($1, $2))', [
        slotKey(SITE.AA),
        KEY_SPACE,
      ]);
      const { deciding, soon } = isOver(must((await reviews(booked.id))[0]));
      expect(await soon()).toBe('waits');
      await other.query('commit');
      await deciding;
    } finally {
      other.release();
    }
    expect(await stored('pharma_appointments', booked.id)).toMatchObject({ status: 'held' });
  });

  test('nobody gets by being late what separate duties deny: those rows are refused as ever', async () => {
    const desk = await rig.client(await rig.person(['FD', SITE.AA]));
    const checkedIn = await patientVisit(rig);
    const { patient_id: patientId } = must(await stored('appointments', checkedIn)) as {
      patient_id: string;
    };
    await end(desk.userId);
    // That a card was charged says the server, and nobody else.
    const charged = fact('payment_transactions', desk, {
      location_id: SITE.AA,
      patient_id: patientId,
      intent_id: newId(),
      idempotency_key: newId(),
      purpose: 'copay',
      amount_cents: 100_000,
      currency: 'USD',
      method: 'card_present',
      event: 'succeeded',
      occurred_at: Date.now(),
      local_date: '2026-11-30',
    });
    expect(await one(desk, 'payment_transactions', charged)).toMatchObject({
      code: 'SYNC_ROW_REFUSED',
    });
    expect(await waiting(desk.userId)).toEqual([]);
    // Nor is one released that lies there already.
    const kept = countSession(desk, SITE.AA);
    expect(await one(desk, 'count_sessions', kept)).toMatchObject(KEPT);
    await rig.db.admin.query(
      `update private.quarantine set table_name = 'payment_transactions', row_id = $2, content = $3
        where row_id = $1`,
      [kept.id, charged.id, JSON.stringify(charged)],
    );
    await decide(manager, must((await reviews(kept.id))[0]), 'release');
    expect(await stored('payment_transactions', charged.id)).toBeUndefined();
  });
});
