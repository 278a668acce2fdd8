import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { SITE, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import { fact, record } from '../testing/rows.suite.ts';

/** Somebody who walks in, as the front desk sends it: patient, visit and arrival, in one push or in parts. */

let rig: Rig;
let desk: Client;
beforeAll(async () => {
  rig = await openRig();
  desk = await rig.client(await rig.person(['FD', SITE.AA]));
});
afterAll(() => rig.close());

function walkIn(ehrId: string | null = null) {
  const patient = record('patients', desk, {
    site_ids: [SITE.AA],
    ehr_id: ehrId,
    mrn: ehrId === null ? null : 'M-1',
    family_name: 'Quillfeather',
    given_name: 'Wanda',
    birth_date: '1984-07-08',
    sex: 'unknown',
    phones: ['734-555-0188'],
    source_version: 0,
    language: 'en',
  });
  const visit = record('appointments', desk, {
    location_id: SITE.AA,
    patient_id: patient.id,
    starts_at: Date.now(),
    ends_at: Date.now() + 900_000,
    local_date: new Date().toISOString().slice(0, 10),
    type: 'Walk-in',
    status: 'booked',
    source_version: 0,
  });
  const arrival = fact('check_in_records', desk, {
    location_id: SITE.AA,
    appointment_id: visit.id,
    patient_id: patient.id,
    event: 'arrived',
    source: 'desk',
    occurred_at: Date.now(),
    local_date: visit['local_date'],
  });
  return [
    { table: 'patients' as const, row: patient },
    { table: 'appointments' as const, row: visit },
    { table: 'check_in_records' as const, row: arrival },
  ];
}

test('patient, visit and arrival are taken', async () => {
  expect(await desk.push(...walkIn())).toMatchObject([
    { outcome: 'ok' },
    { outcome: 'ok' },
    { outcome: 'ok' },
  ]);
});

test('whatever comes first, all of it is taken in the end', async () => {
  const [patient, visit, arrival] = walkIn();
  if (!patient || !visit || !arrival) throw new Error('three rows');
  expect(await desk.push(arrival)).toMatchObject([{ outcome: 'retry' }]);
  expect(await desk.push(visit)).toMatchObject([{ outcome: 'retry' }]);
  for (const row of [patient, visit, arrival]) {
    expect(await desk.push(row)).toMatchObject([{ outcome: 'ok' }]);
  }
});

test('an id of the EHR that somebody else has taken in is refused, not taken twice', async () => {
  const ehrId = newId();
  expect((await desk.push(...walkIn(ehrId)))[0]).toMatchObject({ outcome: 'ok' });
  expect((await desk.push(...walkIn(ehrId)))[0]).toMatchObject({
    outcome: 'refused',
    code: 'SYNC_UNIQUE_TAKEN',
    fields: ['ehr_id'],
  });
});
