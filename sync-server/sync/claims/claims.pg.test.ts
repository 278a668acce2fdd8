import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { instantOf } from '#shared/kernel/dates.ts';
import { PROTOCOL_HEADER } from '#shared/protocol/messages.ts';
import type { PushReply, PushResult } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import { SITE, footprint, must, openRig } from '../../testing/rig.suite.ts';
import type { Client, Rig } from '../../testing/rig.suite.ts';
import { edited, stampOf } from '../../testing/rows.suite.ts';
import { bookable, checkIn, patientVisit, visit } from '../../testing/visits.suite.ts';

/** What is scarce has as many holders as seats, whoever asks, through whichever server. */

const ZONE = 'America/New_York';
const DAY_MS = 86_400_000;
/** Noon at the site, so many days from today. */
const noon = (days: number): number =>
  instantOf(new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10), 720, ZONE);

let rig: Rig;
let ana: Client;
let ben: Client;
beforeAll(async () => {
  rig = await openRig();
  ana = await rig.client(await rig.person(['FD', SITE.AA]));
  ben = await rig.client(await rig.person(['FD', SITE.AA]));
});
afterAll(() => rig.close());

const book = async (client: Client, row: Row, base: Row | null = null): Promise<PushResult> =>
  must(
    (await client.push({ table: 'pharma_appointments', row, base: base?.field_hlc ?? null }))[0],
  );
const rowOf = (result: PushResult): Row => must('row' in result ? (result.row as Row) : null);
const offersOf = (result: PushResult) =>
  must('alternatives' in result ? result.alternatives : undefined);
async function claims(appointmentId: string) {
  const { rows } = await rig.db.admin.query<{ state: string; seat_no: number; starts_at: Date }>(
    `select state, seat_no, starts_at from public.slot_claims where appointment_id = $1
     order by created_at, id`,
    [appointmentId],
  );
  return rows;
}
async function holders(activityId: string): Promise<number> {
  const { rows } = await rig.db.admin.query<{ n: number }>(
    `select count(*)::integer as n from public.slot_claims
     where activity_id = $1 and state in ('hold', 'confirmed')`,
    [activityId],
  );
  return must(rows[0]).n;
}

describe('a slot of a site', () => {
  test('is held by the first visit that arrives; the second is told, with three free ones', async () => {
    const at = await bookable(rig);
    const won = await book(ana, visit(ana, at, noon(7)));
    expect(won).toMatchObject({ outcome: 'master', row: { status: 'held' } });
    expect(await claims(rowOf(won).id)).toMatchObject([{ state: 'hold', seat_no: 1 }]);

    const lost = await book(ben, visit(ben, at, noon(7)));
    expect(lost).toMatchObject({ outcome: 'master', row: { status: 'conflict' } });
    expect(offersOf(lost).map(({ starts_at }) => starts_at)).toEqual([noon(6), noon(8), noon(5)]);
    expect(await claims(rowOf(lost).id)).toMatchObject([{ state: 'lost' }]);
  });

  test('has as many holders as seats, each on a seat of its own', async () => {
    const at = await bookable(rig, { seats: 2 });
    const states: unknown[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      states.push(rowOf(await book(ana, visit(ana, at, noon(9))))['status']);
    }
    expect(states).toEqual(['held', 'held', 'conflict']);
    expect(await holders(at.activityId)).toBe(2);
  });

  test('is confirmed at once, with a number, where nobody has to approve', async () => {
    const at = await bookable(rig, { approval: false });
    const won = await book(ana, visit(ana, at, noon(7)));
    expect(won).toMatchObject({ outcome: 'master', row: { status: 'confirmed' } });
    expect(rowOf(won)['confirmation_no']).toMatch(/^V-[0-9A-F]{8}$/);
    // The device goes on from there, with the row that it was given.
    const arrived = await book(ana, edited(rowOf(won), ana, { status: 'arrived' }), rowOf(won));
    expect(arrived).toMatchObject({ outcome: 'ok' });
  });

  test('is not free while the room is in use by something else', async () => {
    const lunch = await bookable(rig, { site: SITE.AA, room: 'Room 1' });
    const other = { ...lunch, ...(await bookable(rig, { room: 'Room 1', startMinute: 750 })) };
    expect(rowOf(await book(ana, visit(ana, lunch, noon(20))))['status']).toBe('held');
    const half = noon(20) + 30 * 60_000;
    expect(rowOf(await book(ben, visit(ben, other, half)))['status']).toBe('conflict');
    // Fifteen minutes lie between two uses of a room.
    const near = await book(ben, visit(ben, other, noon(20) + 55 * 60_000));
    expect(rowOf(near)['status']).toBe('conflict');
    const after = await book(ben, visit(ben, other, noon(20) + 60 * 60_000));
    expect(rowOf(after)['status']).toBe('held');
  });

  test('is nobody’s on a day that is closed, and no closed day is offered', async () => {
    const at = await bookable(rig);
    const date = new Date(noon(12)).toISOString().slice(0, 10);
    await rig.db.admin.query(
      `insert into public.availability_overrides (id, location_id, activity_id, local_date, kind)
       values (gen_random_uuid(), $1, $2, $3, 'blackout')`,
      [at.site, at.activityId, date],
    );
    const lost = await book(ana, visit(ana, at, noon(12)));
    expect(lost).toMatchObject({ outcome: 'master', row: { status: 'conflict' } });
    const near = await book(ana, visit(ana, at, noon(11)));
    expect(rowOf(near)['status']).toBe('held');
    const again = await book(ben, visit(ben, at, noon(11)));
    expect(offersOf(again).map((offer) => offer.starts_at)).not.toContain(noon(12));
  });

  test('an offered slot is taken by one more push', async () => {
    const at = await bookable(rig);
    await book(ana, visit(ana, at, noon(7)));
    const lost = rowOf(await book(ben, visit(ben, at, noon(7))));
    const offer = must(offersOf(await book(ben, lost, lost))[0]);
    const taken = await book(ben, edited(lost, ben, { ...offer, status: 'requested' }), lost);
    expect(taken).toMatchObject({ outcome: 'master', row: { status: 'held', ...offer } });
    expect(await claims(lost.id)).toMatchObject([{ state: 'lost' }, { state: 'hold' }]);
  });

  test.each(['held', 'confirmed'])(
    'is asked for anew by a visit that was %s, and that the database has lost',
    async (status) => {
      const at = await bookable(rig);
      const back = await book(ana, visit(ana, at, noon(7), { status }));
      expect(back).toMatchObject({ outcome: 'master', row: { status: 'held' } });
      expect(await claims(rowOf(back).id)).toMatchObject([{ state: 'hold' }]);
      // Who says that they had it gets no more than whoever asks.
      const other = await book(ben, visit(ben, at, noon(7), { status }));
      expect(other).toMatchObject({ outcome: 'master', row: { status: 'conflict' } });
      expect(await holders(at.activityId)).toBe(1);
    },
  );

  test('is free again when the visit is cancelled', async () => {
    const at = await bookable(rig);
    const held = rowOf(await book(ana, visit(ana, at, noon(7))));
    await book(ana, edited(held, ana, { status: 'cancelled_by_rep' }), held);
    expect(await claims(held.id)).toMatchObject([{ state: 'released' }]);
    expect(rowOf(await book(ben, visit(ben, at, noon(7))))['status']).toBe('held');
  });

  test('a visit moves to a free slot; to one that is taken it does not, and keeps its own', async () => {
    const at = await bookable(rig);
    const mine = rowOf(await book(ana, visit(ana, at, noon(7))));
    const to = (row: Row, by: Client, days: number): Row =>
      edited(row, by, { starts_at: noon(days), ends_at: noon(days) + 45 * 60_000 });
    const other = rowOf(await book(ben, visit(ben, at, noon(8))));
    const blocked = await book(ben, to(other, ben, 7), other);
    expect(blocked).toMatchObject({ outcome: 'refused', code: 'SYNC_SLOT_TAKEN' });
    expect(offersOf(blocked)).toHaveLength(3);
    expect(await claims(other.id)).toMatchObject([{ state: 'hold' }]);

    const moved = await book(ana, to(mine, ana, 10), mine);
    expect(moved).toMatchObject({ outcome: 'ok' });
    expect(await claims(mine.id)).toMatchObject([{ state: 'released' }, { state: 'hold' }]);
    expect(rowOf(await book(ben, visit(ben, at, noon(7))))['status']).toBe('held');
  });

  test('a request that comes again changes nothing and is told the same', async () => {
    const at = await bookable(rig);
    const [first, second] = [visit(ana, at, noon(7)), visit(ben, at, noon(7))];
    await book(ana, first);
    await book(ben, second);
    const before = await footprint(rig.db);
    for (const [by, row, status] of [
      [ben, second, 'conflict'],
      [ana, first, 'held'],
    ] as const) {
      expect(await book(by, row)).toMatchObject({ outcome: 'master', row: { status } });
    }
    expect(await footprint(rig.db)).toBe(before);
  });

  test('a client of the first version is told in words that it knows', async () => {
    const at = await bookable(rig);
    const held = rowOf(await book(ana, visit(ana, at, noon(7))));
    const other = rowOf(await book(ben, visit(ben, at, noon(8))));
    const old = async (row: Row, base: Row | null) => {
      const body = {
        rows: [{ table: 'pharma_appointments', base: base?.field_hlc ?? null, row }],
      };
      const reply = await ben.post('/v1/push', body, { [PROTOCOL_HEADER]: '1' });
      return must((reply.body as PushReply).results[0]);
    };
    const lost = await old(visit(ben, at, noon(7)), null);
    expect(lost).toMatchObject({ outcome: 'master', row: { status: 'conflict' } });
    expect(lost).not.toHaveProperty('alternatives');
    const move = { starts_at: held['starts_at'], ends_at: held['ends_at'] };
    const blocked = await old(edited(other, ben, move), other);
    expect(blocked).toMatchObject({ outcome: 'refused', code: 'SYNC_UNIQUE_TAKEN' });
    expect(blocked).not.toHaveProperty('alternatives');
  });

  test('of many desks on two servers at once one gets it, and everybody gets an answer', async () => {
    const second = await rig.another();
    const at = await bookable(rig, { seats: 2 });
    const desks = await Promise.all(
      Array.from({ length: 8 }, async (_, n) =>
        rig.client(await rig.person(['FD', SITE.AA]), n % 2 ? { server: second } : {}),
      ),
    );
    // Each asks for three days in one push, in its own order, so that locks could cross.
    const answers = await Promise.all(
      desks.map((desk, n) => {
        const days = [7, 8, 9].toSorted(() => (n % 3) - 1);
        return desk.push(
          ...days.map((day) => ({
            table: 'pharma_appointments' as const,
            row: visit(desk, at, noon(day)),
          })),
        );
      }),
    );
    const states = answers.flat().map((result) => rowOf(result)['status']);
    expect(states).toHaveLength(24);
    expect(states.filter((state) => state === 'held')).toHaveLength(6);
    expect(states.filter((state) => state === 'conflict')).toHaveLength(18);
    const { rows } = await rig.db.admin.query(
      `select starts_at, seat_no from public.slot_claims
       where activity_id = $1 and state in ('hold', 'confirmed') order by 1, 2`,
      [at.activityId],
    );
    expect(rows.map(({ seat_no }) => seat_no)).toEqual([1, 2, 1, 2, 1, 2]);
  });
});

describe('the check-in of a visit', () => {
  const begin = async (client: Client, row: Row, base: Row | null = null): Promise<PushResult> =>
    must((await client.push({ table: 'kiosk_sessions', row, base: base?.field_hlc ?? null }))[0]);

  test('is one; a second one goes on at the desk and keeps what was entered', async () => {
    const visitId = await patientVisit(rig);
    expect(await begin(ana, checkIn(ana, visitId, SITE.AA))).toMatchObject({ outcome: 'ok' });
    const second = checkIn(ben, visitId, SITE.AA, { locale: 'es' });
    const answer = await begin(ben, second);
    expect(answer).toMatchObject({
      outcome: 'master',
      row: { state: 'handed_to_staff', locale: 'es' },
    });
    const before = await footprint(rig.db);
    expect(await begin(ben, second)).toMatchObject({ row: { state: 'handed_to_staff' } });
    expect(await footprint(rig.db)).toBe(before);
    const done = edited(rowOf(answer), ben, { state: 'complete' });
    expect(await begin(ben, done, rowOf(answer))).toMatchObject({ outcome: 'ok' });
  });

  test('one that finds out whose visit it is may find it taken', async () => {
    const visitId = await patientVisit(rig);
    const unknown = checkIn(ben, null, SITE.AA);
    await begin(ben, unknown);
    await begin(ana, checkIn(ana, visitId, SITE.AA));
    const known = edited(unknown, ben, { appointment_id: visitId, state: 'identified' });
    expect(await begin(ben, known, unknown)).toMatchObject({
      row: { state: 'handed_to_staff', appointment_id: visitId },
    });
  });

  test('one that ends makes room for the next in the same push; a lease that ran out does too', async () => {
    const visitId = await patientVisit(rig);
    const first = checkIn(ana, visitId, SITE.AA);
    await begin(ana, first);
    const next = checkIn(ana, visitId, SITE.AA, { lease_until: Date.now() - 1 });
    const results = await ana.push(
      { table: 'kiosk_sessions', row: next },
      {
        table: 'kiosk_sessions',
        row: edited(first, ana, { state: 'abandoned' }),
        base: first.field_hlc ?? null,
      },
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
    expect(await begin(ben, checkIn(ben, visitId, SITE.AA))).toMatchObject({ outcome: 'ok' });
    const { rows } = await rig.db.admin.query<{ state: string }>(
      'select state from public.kiosk_sessions where appointment_id = $1 order by state',
      [visitId],
    );
    expect(rows.map(({ state }) => state)).toEqual(['abandoned', 'expired', 'started']);
  });

  test('nobody at another site holds a visit, whatever ids they know', async () => {
    const visitId = await patientVisit(rig);
    const far = await rig.client(await rig.person(['FD', SITE.WX]));
    expect(await begin(far, checkIn(far, visitId, SITE.WX))).toMatchObject({
      outcome: 'refused',
      code: 'SYNC_ROW_REFUSED',
      fields: ['appointment_id'],
    });
    expect(await begin(ana, checkIn(ana, visitId, SITE.AA))).toMatchObject({ outcome: 'ok' });
  });

  test('nobody holds a visit for years: a lease is for so long after it was taken, whatever it says', async () => {
    const visitId = await patientVisit(rig);
    const greedy = checkIn(ana, visitId, SITE.AA, {
      lease_until: Date.now() + 10 * 365 * 86_400_000,
    });
    await begin(ana, greedy);
    expect(await begin(ben, checkIn(ben, visitId, SITE.AA))).toMatchObject({
      row: { state: 'handed_to_staff' },
    });
    const long = checkIn(ana, await patientVisit(rig), SITE.AA, {
      lease_until: Date.now() + 10 * 365 * 86_400_000,
    });
    const past = stampOf(ana, Date.now() - 2 * 3_600_000);
    const names = Object.keys(long.field_hlc ?? {});
    await begin(ana, { ...long, field_hlc: Object.fromEntries(names.map((name) => [name, past])) });
    const next = checkIn(ben, String(long['appointment_id']), SITE.AA);
    expect(await begin(ben, next)).toMatchObject({ outcome: 'ok' });
  });

  test('of many kiosks on two servers at once one is active', async () => {
    const second = await rig.another();
    const visitId = await patientVisit(rig);
    const kiosks = await Promise.all(
      Array.from({ length: 6 }, async (_, n) =>
        rig.client(await rig.person(['FD', SITE.AA]), n % 2 ? { server: second } : {}),
      ),
    );
    const answers = await Promise.all(
      kiosks.map((kiosk) => begin(kiosk, checkIn(kiosk, visitId, SITE.AA))),
    );
    expect(answers.filter(({ outcome }) => outcome === 'ok')).toHaveLength(1);
    expect(answers.filter(({ outcome }) => outcome === 'master')).toHaveLength(5);
  });
});
