import { expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { ZERO_HLC } from '#shared/kernel/hlc.ts';
import { parseRow } from '#shared/schema/rows.ts';
import { newPatient, walkInRows } from './walk-in-rows.ts';

const SITE = { id: newId(), time_zone: 'America/New_York' };
const PERSON = {
  family_name: ' Delgado ',
  given_name: 'Rosa',
  birth_date: '1961-03-04',
  sex: 'unknown',
  phone: '734-555-0142',
  language: 'es',
} as const;

test('the rows of a walk-in are as their tables want them', () => {
  const [patientId, visitId] = [newId(), newId()];
  // Just before midnight in Michigan, when it is tomorrow in London already.
  const now = Date.parse('2026-12-01T04:59:30Z');
  const patient = newPatient(patientId, PERSON, [SITE.id]);
  const { appointment, arrival } = walkInRows(
    visitId,
    patientId,
    SITE,
    { type: 'Walk-in', reason: null },
    now,
  );
  const system = { created_at: now, created_by: null, device_id: null };
  for (const [table, row] of [
    ['patients', { ...patient, ...system, field_hlc: {} }],
    ['appointments', { ...appointment, ...system, field_hlc: {} }],
    ['check_in_records', { ...arrival, ...system, hlc: ZERO_HLC, origin_seq: null }],
  ] as const) {
    expect(parseRow(table, row)).toMatchObject({ ok: true });
  }
  expect(patient).toMatchObject({ family_name: 'Delgado', phones: ['734-555-0142'], mrn: null });
  expect(appointment).toMatchObject({ local_date: '2026-11-30', status: 'booked' });
  expect(appointment.starts_at % 60_000).toBe(0);
  expect(arrival).toMatchObject({ appointment_id: visitId, local_date: '2026-11-30' });
});

test('finishing again makes the same rows', () => {
  const visit = { type: 'Walk-in', reason: null };
  const make = (now: number) => walkInRows('visit', 'patient', SITE, visit, now);
  expect(make(1_790_000_000_000).arrival.id).toBe(make(1_790_000_300_000).arrival.id);
});
