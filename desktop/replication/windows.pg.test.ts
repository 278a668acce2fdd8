import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { SITE } from '#server/testing/rig.suite.ts';
import type { Rig } from '#server/testing/rig.suite.ts';
import { ABSENT_AFTER_MS } from './absence.ts';
import { until } from './testing/clinic.suite.ts';
import type { Device } from './testing/device.ts';
import { openRealClinic } from './testing/real-clinic.suite.ts';
import type { RealClinic } from './testing/real-clinic.suite.ts';
import { unreachable } from './testing/memory-server.ts';
import { metaCollectionOf } from './tables.ts';

/**
 * Rows become visible, or leave, without changing: a visit brings its patient, the window moves, a
 * grant begins or ends. They come to the disk of a device, and go from it.
 */

let clinic: RealClinic;
let rig: Rig;
const startDevice = (userId: string): Promise<Device> => clinic.startDevice(userId);
const ABOUT: readonly TableName[] = ['appointments', 'patients', 'coverages', 'consents'];

beforeAll(async () => {
  clinic = await openRealClinic();
  ({ rig } = clinic);
});
afterAll(() => clinic.close());

interface Person {
  readonly patient: string;
  readonly visit: string;
}

/** A patient with coverage and consent who has been known for a year, and one visit. */
async function plant(site: string, daysFromToday: number): Promise<Person> {
  const patient = newId();
  const visit = newId();
  const ids = { coverage: newId(), consent: newId() };
  await rig.db.postgres.query(`
    insert into public.patients (id, created_at, site_ids, family_name, given_name, birth_date, sex,
           phones, source_version, language)
    values ('${patient}', now() - interval '1 year', '{${site}}', 'Invented', 'Ada', '1980-02-29',
           'female', '[]', 1, 'en');
    insert into public.coverages (id, location_id, patient_id, rank, payer, member_id)
    values ('${ids.coverage}', '${site}', '${patient}', 1, 'Plan of nobody', 'M-1');
    insert into public.consents (id, hlc, location_id, patient_id, purpose, decision, method, given_at)
    values ('${ids.consent}', '0199aaaaaaaa-0000-0000000000aa', '${site}', '${patient}', 'sms',
           'given', 'verbal', now());
    insert into public.appointments (id, location_id, patient_id, starts_at, ends_at, local_date,
           type, status, source_version)
    values ('${visit}', '${site}', '${patient}', now(), now(), ${dayOf(daysFromToday)}, 'return',
           'booked', 1)`);
  return { patient, visit };
}

const dayOf = (days: number): string => `(now() at time zone 'America/New_York')::date + (${days})`;

const moveVisit = ({ visit }: Person, days: number): Promise<unknown> =>
  rig.db.postgres.query(
    `update public.appointments set local_date = ${dayOf(days)} where id = '${visit}'`,
  );

/** How many rows about one patient a device holds, by table. */
async function held(device: Device, { patient, visit }: Person): Promise<number[]> {
  return Promise.all(
    ABOUT.map(async (table) => {
      const rows = await device.all(table);
      return rows.filter((row) =>
        [row.id, row['patient_id']].some((id) => id === patient || id === visit),
      ).length;
    }),
  );
}

async function untilHeld(device: Device, who: Person, wanted: number[]): Promise<void> {
  let seen: number[] = [];
  let asked = 0;
  await until(
    async () => {
      // Rows that SQL changed are announced by nobody. Asked without a pause, a pull never ends.
      if (Date.now() - asked > 500) {
        asked = Date.now();
        device.replication.syncNow();
      }
      seen = await held(device, who);
      return String(seen) === String(wanted);
    },
    `${String(wanted)} held`,
  ).catch((error: unknown) => {
    throw new Error(`held ${String(seen)}`, { cause: error });
  });
}

const ALL = [1, 1, 1, 1];
const NONE = [0, 0, 0, 0];

test('the desk holds who comes these days, with all that is about them, and nobody else', async () => {
  const today = await plant(SITE.AA, 0);
  const later = await plant(SITE.AA, 9);
  const elsewhere = await plant(SITE.WX, 0);
  const desk = await startDevice(await rig.person(['FD', SITE.AA]));
  const clinical = await startDevice(await rig.person(['CS', SITE.AA]));
  const provider = await startDevice(await rig.person(['PR', null]));
  await untilHeld(desk, today, ALL);
  await untilHeld(desk, later, NONE);
  await untilHeld(desk, elsewhere, NONE);
  await untilHeld(clinical, later, ALL);
  await untilHeld(clinical, elsewhere, NONE);
  await untilHeld(provider, elsewhere, ALL);
});

test('a visit brings its patient, whose rows did not change, and takes them along', async () => {
  const desk = await startDevice(await rig.person(['FD', SITE.AA]));
  const who = await plant(SITE.AA, 20);
  await untilHeld(desk, who, NONE);
  await moveVisit(who, 1);
  await untilHeld(desk, who, ALL);
  await moveVisit(who, 20);
  await untilHeld(desk, who, NONE);
  // Nothing of them is left on the disk, not even in what the replication remembers.
  const meta = desk.database.read<{ n: number }>(
    `select count(*) as n from "${metaCollectionOf('patients')}" where id like ?`,
    [`${who.patient}%`],
  );
  expect(meta[0]?.n).toBe(0);
  await moveVisit(who, 0);
  await untilHeld(desk, who, ALL);
});

test('the night moves the window', async () => {
  const desk = await startDevice(await rig.person(['FD', SITE.AA]));
  const who = await plant(SITE.AA, 2);
  await untilHeld(desk, who, ALL);
  // As if three days had passed: the visit is as it was, the calendar is not.
  await rig.db.admin.query(`
    begin; set local session_replication_role = 'replica';
    update public.appointments set local_date = local_date - 5 where id = '${who.visit}'; commit`);
  await untilHeld(desk, who, ALL);
  await rig.db.postgres.query('select private.move_windows()');
  await untilHeld(desk, who, NONE);
});

test('a change that the server does not have yet stays until it is answered, and then goes', async () => {
  const desk = await startDevice(await rig.person(['FD', SITE.AA]));
  const who = await plant(SITE.AA, 0);
  await untilHeld(desk, who, ALL);
  desk.faults.before = (kind) => {
    if (kind === 'push') throw unreachable();
  };
  await desk.edit('patients', who.patient, { desk_note: 'asks for a chair' });
  await moveVisit(who, 20);
  await untilHeld(desk, who, [0, 1, 0, 0]);
  delete desk.faults.before;
  desk.replication.online();
  await untilHeld(desk, who, NONE);
  const { rows } = await rig.db.admin.query<{ desk_note: string }>(
    `select desk_note from public.patients where id = $1`,
    [who.patient],
  );
  expect(rows[0]?.desk_note).toBe('asks for a chair');
});

test('a grant brings the patients of its site, and its end takes them, but not those of the other', async () => {
  const userId = await rig.person(['CS', SITE.AA]);
  const [here, there] = [await plant(SITE.AA, 0), await plant(SITE.WX, 0)];
  const device = await startDevice(userId);
  await untilHeld(device, here, ALL);
  await untilHeld(device, there, NONE);
  await rig.db.postgres.query(
    `insert into public.user_roles (id, user_id, role, location_id, valid_from)
     values (gen_random_uuid(), $1, 'CS', $2, now())`,
    [userId, SITE.WX],
  );
  await untilHeld(device, there, ALL);
  await rig.db.postgres.query(
    `update public.user_roles set valid_to = now() where user_id = $1 and location_id = $2`,
    [userId, SITE.WX],
  );
  await untilHeld(device, there, NONE);
  await untilHeld(device, here, ALL);
});

test('a device that was away until nobody knew any more what had left lists anew, and keeps unsent work', async () => {
  const desk = await startDevice(await rig.person(['FD', SITE.AA]));
  const [who, edited, stays] = [
    await plant(SITE.AA, 0),
    await plant(SITE.AA, 0),
    await plant(SITE.AA, 0),
  ];
  for (const one of [who, edited, stays]) await untilHeld(desk, one, ALL);
  desk.faults.before = (kind) => {
    if (kind === 'push') throw unreachable();
  };
  await desk.edit('patients', edited.patient, { desk_note: 'asks for a chair' });
  // Both left, and their leaving is forgotten, as after ninety days.
  await rig.db.postgres.query(`
    begin;
    update public.appointments set local_date = ${dayOf(20)}
     where id in ('${who.visit}', '${edited.visit}');
    delete from private.scope_members where left_xid is not null;
    commit`);
  desk.replication.syncNow();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(await held(desk, who)).toEqual(ALL);
  for (const { k } of desk.database.read<{ k: string }>(
    "select k from kv where k like 'sync.complete.%'",
  )) {
    desk.database.kv.set(k, String(Date.now() - ABSENT_AFTER_MS - 60_000));
  }
  await untilHeld(desk, who, NONE);
  await untilHeld(desk, edited, [0, 1, 0, 0]);
  expect(await held(desk, stays)).toEqual(ALL);
  delete desk.faults.before;
  desk.replication.online();
  await untilHeld(desk, edited, NONE);
  expect(await held(desk, stays)).toEqual(ALL);
});
