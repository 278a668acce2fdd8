import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AppError } from '#shared/errors/app-error.ts';
import { readFhir } from './fhir.ts';

const patient = (more: Record<string, unknown> = {}) => ({
  resourceType: 'Patient',
  id: 'p1',
  identifier: [
    { type: { coding: [{ code: 'SS' }] }, value: 'not ours' },
    { type: { coding: [{ code: 'MR' }] }, value: 'M-1' },
  ],
  name: [
    { use: 'nickname', given: ['Rosie'] },
    { use: 'official', family: 'Delgado', given: ['Rosa', 'Ana'] },
  ],
  telecom: [
    { system: 'phone', value: '734-555-0142' },
    { system: 'phone', value: '734-555-0100', use: 'old' },
    { system: 'email', value: 'rosa@mail.example' },
  ],
  gender: 'female',
  birthDate: '1961-03-04',
  address: [{ line: ['1 Larkmoor Ct'], city: 'Ann Arbor', state: 'MI', postalCode: '48100' }],
  communication: [{ language: { coding: [{ code: 'es-US' }] }, preferred: true }],
  ...more,
});
const appointment = (more: Record<string, unknown> = {}) => ({
  resourceType: 'Appointment',
  id: 'a1',
  status: 'booked',
  start: '2026-12-01T09:40:00-05:00',
  end: '2026-12-01T10:00:00-05:00',
  appointmentType: { text: 'Follow-up' },
  description: 'Eczema',
  participant: [
    { actor: { reference: 'Patient/p1' } },
    { actor: { reference: 'Location/aa', display: 'Ann Arbor' } },
    { actor: { reference: 'Practitioner/h', display: 'Dr. Henrik Solberg' } },
  ],
  ...more,
});
const bundle = (...resources: unknown[]) =>
  JSON.stringify({
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource) => ({ resource })),
  });
const problems = (...resources: unknown[]) =>
  readFhir(bundle(...resources)).wrong.map(({ row, problem }) => [row, problem]);

describe('a bundle', () => {
  test('of a patient and their appointment', () => {
    const { people, wrong } = readFhir(bundle(appointment(), patient()));
    expect(wrong).toEqual([]);
    expect(people).toEqual([
      {
        key: 'mrn m-1',
        row: 2,
        ehr_id: 'p1',
        mrn: 'M-1',
        fields: {
          ehr_id: 'p1',
          mrn: 'M-1',
          family_name: 'Delgado',
          given_name: 'Rosa Ana',
          birth_date: '1961-03-04',
          sex: 'female',
          phones: ['734-555-0142'],
          email: 'rosa@mail.example',
          address: '1 Larkmoor Ct, Ann Arbor, MI 48100',
          deceased_on: null,
          language: 'es',
        },
        visits: [
          {
            row: 1,
            fields: {
              ehr_id: 'a1',
              starts_at: Date.parse('2026-12-01T14:40:00Z'),
              ends_at: Date.parse('2026-12-01T15:00:00Z'),
              type: 'Follow-up',
              reason: 'Eczema',
            },
            site: 'Ann Arbor',
            provider: 'Dr. Henrik Solberg',
          },
        ],
      },
    ]);
  });

  test('one resource alone is one, and other resources are none of ours', () => {
    expect(readFhir(JSON.stringify(patient())).people).toHaveLength(1);
    expect(readFhir(bundle(patient(), { resourceType: 'Observation' })).wrong).toEqual([]);
  });

  test('an appointment may refer by full URL, or to somebody of the EHR who is not in it', () => {
    const url = 'urn:uuid:0b5e';
    const text = JSON.stringify({
      resourceType: 'Bundle',
      entry: [
        { fullUrl: url, resource: patient({ id: undefined, identifier: [] }) },
        { resource: appointment({ participant: [{ actor: { reference: url } }] }) },
        {
          resource: appointment({
            id: 'a2',
            participant: [{ actor: { reference: 'https://ehr.example/r4/Patient/p9' } }],
          }),
        },
      ],
    });
    const { people } = readFhir(text);
    expect(
      people.map(({ fields, ehr_id, visits }) => [fields?.given_name, ehr_id, visits.length]),
    ).toEqual([
      ['Rosa Ana', null, 1],
      [undefined, 'p9', 1],
    ]);
  });

  test.each<[string, unknown, string]>([
    ['no name', patient({ name: [] }), 'name'],
    ['a year alone', patient({ birthDate: '1961' }), 'birth_date'],
    ['a day that no calendar has', patient({ birthDate: '1961-02-30' }), 'birth_date'],
    ['a long phone', patient({ telecom: [{ system: 'phone', value: '7'.repeat(31) }] }), 'phones'],
    ['a name that is no list', patient({ name: 'Rosa' }), 'entry'],
    ['replaced', patient({ link: [{ type: 'replaced-by' }] }), 'replaced'],
    ['fulfilled', appointment({ status: 'fulfilled' }), 'status'],
    ['no start', appointment({ start: undefined }), 'time'],
    ['a start without its offset', appointment({ start: '2026-12-01T09:40:00' }), 'time'],
    ['an end before it', appointment({ end: '2026-12-01T09:00:00-05:00' }), 'ends'],
    ['nobody', appointment({ participant: [] }), 'patient'],
  ])('%s is said, and the rest is read', (_what, resource, problem) => {
    const read = readFhir(bundle(resource, patient({ id: 'p1', identifier: [] })));
    expect(read.wrong.map((one) => [one.row, one.problem])).toEqual([[1, problem]]);
    expect(read.people).toHaveLength(1);
  });

  test('the visit of a patient whose entry is wrong is said too', () => {
    expect(problems(patient({ birthDate: 'x' }), appointment())).toEqual([
      [1, 'birth_date'],
      [2, 'person'],
    ]);
  });

  test('the same number with another birth date is said', () => {
    expect(problems(patient(), patient({ id: 'p2', birthDate: '1999-01-01' }))).toEqual([
      [2, 'conflict'],
    ]);
  });
});

test.each([
  ['', 'IMPORT_UNREADABLE'],
  ['{', 'IMPORT_UNREADABLE'],
  ['[]', 'IMPORT_UNREADABLE'],
  ['{"resourceType":"Bundle","entry":{}}', 'IMPORT_UNREADABLE'],
  ['{"resourceType":"Bundle"}', 'IMPORT_EMPTY'],
  ['{"resourceType":"Observation"}', 'IMPORT_EMPTY'],
])('%s is no bundle of patients', (text, code) => {
  expect(() => readFhir(text)).toThrow(expect.objectContaining({ code }) as AppError);
});

test('whatever stands in a bundle, every entry of ours is taken or listed', () => {
  const odd = fc.oneof(fc.jsonValue(), fc.constant(undefined));
  const field = fc.constantFrom(
    'name',
    'birthDate',
    'telecom',
    'identifier',
    'id',
    'link',
    'gender',
  );
  const fieldOfVisit = fc.constantFrom(
    'status',
    'start',
    'end',
    'participant',
    'id',
    'description',
  );
  const resource = fc.oneof(
    fc.tuple(field, odd).map(([name, value]) => patient({ [name]: value })),
    fc.tuple(fieldOfVisit, odd).map(([name, value]) => appointment({ [name]: value })),
  );
  fc.assert(
    fc.property(fc.array(resource, { minLength: 1, maxLength: 6 }), (resources) => {
      const { people, wrong } = readFhir(bundle(...resources));
      const taken = new Set([
        ...people.map(({ row }) => row),
        ...people.flatMap(({ visits }) => visits.map(({ row }) => row)),
        ...wrong.map(({ row }) => row),
      ]);
      // Those that are not there say the same as one before them.
      resources.forEach((one, at) => {
        if (taken.has(at + 1)) return;
        expect(
          resources.filter((other) => other.resourceType === one.resourceType).length,
        ).toBeGreaterThan(1);
      });
      expect(taken.size).toBeGreaterThan(0);
    }),
  );
});
