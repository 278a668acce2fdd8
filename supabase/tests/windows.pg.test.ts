import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { WINDOWS } from '#shared/access/windows.ts';
import type { Row } from '#shared/schema/define.ts';
import { asCaller, openSyncPool } from './support/callers.ts';
import { SITE, everyPersona } from './support/people.ts';
import { arrangeWorld, plant } from './support/plant.ts';
import type { References } from '../schema/sample-rows.ts';

/** Which patients and visits devices hold these days: who comes, who goes, and when. */

const DAY = 86_400_000;
const ZONE = 'America/New_York';
const EVERY = [`care:${SITE.AA}`, 'care:*', `day:${SITE.AA}`, 'day:*'].toSorted();
const CARE = [`care:${SITE.AA}`, 'care:*'].toSorted();

let db: TestDatabase;
let sync: pg.Pool;
let refs: References;

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  sync = await openSyncPool(db);
  const personas = everyPersona(Date.now()).slice(0, 3);
  refs = await arrangeWorld(db, personas, personas[0]?.id ?? '');
});
afterAll(async () => {
  await sync.end();
  await db.close();
});

/** A day so many days from today, as a site in Michigan reckons it. */
async function day(offset: number): Promise<string> {
  const { rows } = await db.postgres.query<{ day: string }>(
    `select ((now() at time zone '${ZONE}')::date + $1::integer)::text as day`,
    [offset],
  );
  return rows[0]?.day ?? '';
}

interface Member {
  readonly scope: string;
  readonly entered: bigint;
  readonly left: bigint | null;
}

async function membersOf(row: Row): Promise<Member[]> {
  const { rows } = await db.postgres.query<Record<'scope' | 'came' | 'went', string>>(
    `select scope, entered_xid::text as came, left_xid::text as went from private.scope_members
      where row_id = $1 order by scope`,
    [row.id],
  );
  return rows.map(({ scope, came, went }) => ({
    scope,
    entered: BigInt(came),
    left: went === null ? null : BigInt(went),
  }));
}

/** The windows that a row is in now. */
const windowsOf = async (row: Row): Promise<string[]> =>
  (await membersOf(row)).flatMap(({ scope, left }) => (left === null ? [scope] : [])).toSorted();

/** Somebody who was made long ago and so is in no window of themselves. */
const patient = (values: Record<string, unknown> = {}): Promise<Row> =>
  plant(db.postgres, 'patients', refs, { created_at: Date.now() - 9 * DAY, ...values });
const visit = async (of: Row, offset: number, values: Record<string, unknown> = {}): Promise<Row> =>
  plant(db.postgres, 'appointments', refs, {
    patient_id: of.id,
    local_date: await day(offset),
    ...values,
  });
const set = (table: string, row: Row, values: string): Promise<unknown> =>
  db.postgres.query(`update public.${table} set ${values} where id = $1`, [row.id]);

/** What the calendar does: no row is written, and the days are others than before. */
async function daysPass(statements: readonly [sql: string, row: Row][]): Promise<void> {
  const client = await db.admin.connect();
  try {
    await client.query(`begin; set local session_replication_role = 'replica'`);
    for (const [sql, row] of statements) await client.query(sql, [row.id]);
    await client.query('commit');
  } finally {
    client.release();
  }
}
const shift = (days: number): string =>
  `update public.appointments set local_date = local_date + ${days} where id = $1`;

/** The night's call, as the server makes it. */
const night = (): Promise<number> =>
  asCaller(
    sync,
    { role: 'ganger_engine' },
    async (tx) => {
      const { rows } = await tx.query<{ moved: number }>('select private.move_windows() as moved');
      return rows[0]?.moved ?? -1;
    },
    { keep: true },
  );

describe('the windows', () => {
  it('are those of the code', async () => {
    const { rows } = await db.postgres.query(
      'select name, days_before, days_after from private.windows() order by name',
    );
    expect(rows).toEqual(
      Object.entries(WINDOWS)
        .map(([name, { daysBefore, daysAfter }]) => ({
          name,
          days_before: daysBefore,
          days_after: daysAfter,
        }))
        .toSorted((a, b) => a.name.localeCompare(b.name)),
    );
  });

  it.each([
    [0, EVERY],
    [2, EVERY],
    [-2, EVERY],
    [3, CARE],
    [-3, CARE],
    [10, CARE],
    [30, CARE],
    [-30, CARE],
    [31, []],
    [-31, []],
    [400, []],
  ])('hold a visit %d days from today, and its patient, in %j', async (offset, windows) => {
    const who = await patient();
    const when = await visit(who, offset);
    expect(await windowsOf(when)).toEqual(windows);
    expect(await windowsOf(who)).toEqual(windows);
  });

  it('are those of the site of a visit', async () => {
    const who = await patient({ site_ids: [SITE.AA, SITE.PY] });
    const when = await visit(who, 0, { location_id: SITE.PY });
    const there = [`care:${SITE.PY}`, 'care:*', `day:${SITE.PY}`, 'day:*'].toSorted();
    expect(await windowsOf(when)).toEqual(there);
    expect(await windowsOf(who)).toEqual(there);
  });
});

describe('a visit', () => {
  it('that is moved out of the window leaves it, with its patient, and is remembered', async () => {
    const who = await patient();
    const when = await visit(who, 0);
    const came = await membersOf(when);
    await set('appointments', when, `local_date = '${await day(60)}'`);
    expect(await windowsOf(when)).toEqual([]);
    expect(await windowsOf(who)).toEqual([]);
    const gone = await membersOf(when);
    expect(gone.map(({ scope }) => scope)).toEqual(came.map(({ scope }) => scope));
    for (const [at, { entered, left }] of gone.entries()) {
      expect(entered).toBe(came[at]?.entered);
      expect(left).toBeGreaterThan(entered);
    }
  });

  it('that comes back enters anew', async () => {
    const who = await patient();
    const when = await visit(who, 0);
    const first = await membersOf(who);
    await set('appointments', when, `local_date = '${await day(60)}'`);
    await set('appointments', when, `local_date = '${await day(1)}'`);
    const again = await membersOf(who);
    expect(again.map(({ scope }) => scope)).toEqual(first.map(({ scope }) => scope));
    for (const [at, { entered, left }] of again.entries()) {
      expect(left).toBeNull();
      expect(entered).toBeGreaterThan(first[at]?.entered ?? 0n);
    }
  });

  it('that was a mistake or is taken out leaves', async () => {
    for (const gone of [`status = 'entered-in-error'`, 'deleted_at = now()']) {
      const who = await patient();
      const when = await visit(who, 0);
      await set('appointments', when, gone);
      expect(await windowsOf(when)).toEqual([]);
      expect(await windowsOf(who)).toEqual([]);
    }
  });

  it('that is called off stays, so that the desk sees it', async () => {
    const who = await patient();
    const when = await visit(who, 0);
    await set('appointments', when, `status = 'cancelled'`);
    expect(await windowsOf(when)).toEqual(EVERY);
  });

  it('that leaves does not take along who comes for another', async () => {
    const who = await patient();
    const one = await visit(who, 0);
    const other = await visit(who, 10);
    await set('appointments', one, `local_date = '${await day(60)}'`);
    expect(await windowsOf(one)).toEqual([]);
    expect(await windowsOf(other)).toEqual(CARE);
    expect(await windowsOf(who)).toEqual(CARE);
  });

  it('that is written again unchanged keeps its place', async () => {
    const who = await patient();
    const when = await visit(who, 0);
    const before = [await membersOf(when), await membersOf(who)];
    await set('appointments', when, 'local_date = local_date, status = status');
    expect([await membersOf(when), await membersOf(who)]).toEqual(before);
  });
});

describe('a request', () => {
  it('keeps its patient at hand for who argues for it, as long as it is open', async () => {
    const who = await patient();
    const request = await plant(db.postgres, 'authorization_requests', refs, {
      patient_id: who.id,
    });
    expect(await windowsOf(who)).toEqual(CARE);
    await set('authorization_requests', request, `status = 'submitted'`);
    expect(await windowsOf(who)).toEqual(CARE);
    await set('authorization_requests', request, `status = 'approved'`);
    expect(await windowsOf(who)).toEqual([]);
  });

  it.each([
    'partially_approved',
    'denied',
    'deemed_granted',
    'withdrawn',
    'expired',
    'duplicate_submission',
  ])('that is %s keeps nobody', async (status) => {
    const who = await patient();
    await plant(db.postgres, 'authorization_requests', refs, { patient_id: who.id, status });
    expect(await windowsOf(who)).toEqual([]);
  });

  it('that closes leaves who comes these days', async () => {
    const who = await patient();
    await visit(who, 1);
    const request = await plant(db.postgres, 'authorization_requests', refs, {
      patient_id: who.id,
    });
    await set('authorization_requests', request, `status = 'withdrawn'`);
    expect(await windowsOf(who)).toEqual(EVERY);
  });
});

describe('somebody who walks in', () => {
  it('is at hand at the desk of their sites on that day', async () => {
    const who = await patient({ created_at: Date.now(), site_ids: [SITE.AA] });
    expect(await windowsOf(who)).toEqual([`day:${SITE.AA}`, 'day:*'].toSorted());
    await daysPass([
      [
        `update public.patients set created_at = created_at - interval '2 days'
      where id = $1`,
        who,
      ],
    ]);
    await night();
    expect(await windowsOf(who)).toEqual([]);
  });
});

describe('the night', () => {
  it('brings who comes now and takes who came then', async () => {
    const comes = await patient();
    const coming = await visit(comes, 40);
    const goes = await patient();
    const going = await visit(goes, -29);
    const nears = await patient();
    const nearing = await visit(nears, 12);
    expect(await windowsOf(coming)).toEqual([]);
    expect(await windowsOf(goes)).toEqual(CARE);
    await daysPass([coming, going, nearing].map((row) => [shift(-10), row]));
    // No row was written: nothing has moved.
    expect(await windowsOf(comes)).toEqual([]);
    expect(await night()).toBe(4 + 4 + 4);
    expect(await windowsOf(coming)).toEqual(CARE);
    expect(await windowsOf(comes)).toEqual(CARE);
    expect(await windowsOf(going)).toEqual([]);
    expect(await windowsOf(goes)).toEqual([]);
    expect(await windowsOf(nearing)).toEqual(EVERY);
    expect(await windowsOf(nears)).toEqual(EVERY);
  });

  it('that is repeated changes nothing', async () => {
    await night();
    const all = async (): Promise<unknown> =>
      (
        await db.postgres.query(
          `select scope, row_id, entered_xid::text, left_xid::text from private.scope_members
            order by scope, subject, row_id`,
        )
      ).rows;
    const before = await all();
    expect(await night()).toBe(0);
    expect(await night()).toBe(0);
    expect(await all()).toEqual(before);
  });

  it('finds what came in bulk, past the triggers', async () => {
    const who = await patient();
    const when = await visit(who, 200);
    await daysPass([[shift(-200), when]]);
    expect(await night()).toBe(8);
    expect(await windowsOf(when)).toEqual(EVERY);
    expect(await windowsOf(who)).toEqual(EVERY);
  });
});
