import { expect, test } from 'vitest';
import { newId, uuidVersion } from '#shared/kernel/ids.ts';
import { parseRow } from '#shared/schema/rows.ts';
import type { PersonDraft, PersonFields } from './drafts.ts';
import {
  appointmentRow,
  isThere,
  patientRow,
  planOf,
  proposalsOf,
  providerOf,
  tally,
} from './plan.ts';

const AA = { id: newId(), code: 'AA', name: 'Ann Arbor', time_zone: 'America/New_York' };
const FIELDS: PersonFields = {
  ehr_id: null,
  mrn: 'M1',
  family_name: 'Delgado',
  given_name: 'Rosa',
  birth_date: '1961-03-04',
  sex: 'female',
  phones: ['734-555-0142'],
  email: null,
  address: null,
  deceased_on: null,
  language: 'en',
};
const VISIT = {
  row: 2,
  fields: {
    ehr_id: null,
    starts_at: Date.parse('2026-12-02T02:40:00Z'),
    ends_at: Date.parse('2026-12-02T03:00:00Z'),
    type: 'Follow-up',
    reason: null,
  },
  site: null,
  provider: null,
};
const draft = (more: Partial<PersonDraft> = {}): PersonDraft => ({
  key: 'a',
  row: 2,
  fields: FIELDS,
  ehr_id: null,
  mrn: 'M1',
  visits: [],
  ...more,
});
const SYSTEM = { created_at: Date.now(), created_by: null, device_id: null, field_hlc: {} };

test('rows are as their tables want them, and the same again is the same row', () => {
  const patient = patientRow(FIELDS, [AA.id, AA.id]);
  expect(parseRow('patients', { ...SYSTEM, ...patient })).toMatchObject({ ok: true });
  expect(patient.site_ids).toEqual([AA.id]);
  expect(patientRow({ ...FIELDS, given_name: 'Rosie' }, [AA.id]).id).toBe(patient.id);
  expect(patientRow({ ...FIELDS, mrn: 'M2' }, [AA.id]).id).not.toBe(patient.id);
  const visit = appointmentRow(VISIT, patient.id, AA, null);
  expect(parseRow('appointments', { ...SYSTEM, ...visit })).toMatchObject({ ok: true });
  // It is the evening before at the clinic.
  expect(visit).toMatchObject({ local_date: '2026-12-01', status: 'booked' });
  expect(appointmentRow(VISIT, patient.id, AA, newId()).id).toBe(visit.id);
  expect(uuidVersion(visit.id)).toBe(5);
});

test('a visit is there already by its id, that of the EHR, or its time at the site', () => {
  const visit = appointmentRow(VISIT, newId(), AA, null);
  const other = { id: newId(), ehr_id: null, location_id: newId(), starts_at: visit.starts_at };
  expect(isThere(visit, [other])).toBe(false);
  expect(isThere(visit, [{ ...other, location_id: AA.id }])).toBe(true);
  expect(isThere({ ...visit, ehr_id: 'e1' }, [{ ...other, ehr_id: 'e1' }])).toBe(true);
  expect(isThere(visit, [{ ...other, id: visit.id }])).toBe(true);
});

test('who is only named by a number must be known; a visit elsewhere is wrong', () => {
  const people = [
    draft({
      key: 'a',
      visits: [
        { ...VISIT, site: 'ann arbor' },
        { ...VISIT, row: 3, site: 'Lansing' },
      ],
    }),
    draft({ key: 'b', row: 4, fields: null, visits: [{ ...VISIT, row: 4 }] }),
  ];
  const made = planOf(
    { people, wrong: [{ row: 9, problem: 'name', about: '' }] },
    [
      { key: '0', verdict: 'ambiguous', candidates: [] },
      { key: '1', verdict: 'new', candidates: [] },
    ],
    [AA],
  );
  expect(
    made.people.map(({ draft: one, verdict }) => [one.key, verdict, one.visits.length]),
  ).toEqual([['a', 'ambiguous', 1]]);
  expect(made.wrong.map(({ row, problem }) => [row, problem])).toEqual([
    [3, 'site'],
    [4, 'patient'],
    [9, 'name'],
  ]);
  expect(tally(made)).toEqual({ new: 0, match: 0, ambiguous: 1, wrong: 3, visits: 1 });
});

test('of somebody known only what the file says otherwise is proposed', () => {
  const known = { phones: ['(734) 555-0142'], email: 'R@mail.example', address: null };
  expect(proposalsOf({ ...FIELDS, email: 'r@mail.example' }, known)).toEqual([]);
  expect(
    proposalsOf({ ...FIELDS, phones: ['248-555-0100'], address: '1 Larkmoor Ct' }, known),
  ).toEqual([
    { field: 'phones', value: ['248-555-0100', '(734) 555-0142'] },
    { field: 'address', value: '1 Larkmoor Ct' },
  ]);
});

test('a provider is found by name in any order, and never guessed', () => {
  const staff = [
    { id: '1', display_name: 'Dr. Henrik Solberg' },
    { id: '2', display_name: 'Ana Ruiz' },
    { id: '3', display_name: 'Ruiz, Ana' },
  ];
  expect(providerOf('Solberg, Henrik MD', staff)).toBe('1');
  expect(providerOf('Ana Ruiz', staff)).toBe(null);
  expect(providerOf('Solberg', staff)).toBe(null);
  expect(providerOf(null, staff)).toBe(null);
});
