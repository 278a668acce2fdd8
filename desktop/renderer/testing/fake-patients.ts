import type {
  DayVisit,
  FoundPatient,
  PatientEvent,
  PatientSearch,
  PatientTimeline,
  SearchTerm,
} from '#shared/ipc/patient-views.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import { fold } from '#shared/kernel/fold.ts';
import type { Row } from '#shared/schema/define.ts';
import { params } from './fake-params.ts';
import { ME, SITES } from './fake-rows.ts';

/** Invented patients, as many as the address says (`patients=3000`), and what the views say of them. */
const COUNT = Number(params.get('patients') ?? 40);
const FAMILIES = [
  'Delgado',
  'Okafor',
  'Núñez-Villanueva de la Santísima Trinidad',
  'Ives',
  'O’Brien',
];
const GIVEN = ['Rosa', 'Maximiliano Alejandro', 'Bea', 'Siobhán', 'José'];
const MINUTE = 60_000;
const ZONE = 'America/New_York';
const idOf = (n: number): string => derivedId('fake', 'patient', String(n));

export function fakePatients(): Row[] {
  return Array.from({ length: COUNT }, (_, n) => ({
    id: idOf(n),
    created_at: Date.now(),
    created_by: ME,
    device_id: null,
    field_hlc: {},
    site_ids: SITES.map((site) => site.id).toSorted(),
    ehr_id: null,
    mrn: `M${String(n).padStart(6, '0')}`,
    family_name: FAMILIES[n % FAMILIES.length],
    given_name: GIVEN[(n * 3) % GIVEN.length],
    birth_date: new Date(Date.UTC(1940, 0, 1 + ((n * 373) % 31_000))).toISOString().slice(0, 10),
    sex: n % 2 === 0 ? 'female' : 'male',
    phones: [`734-555-01${String(n % 100).padStart(2, '0')}`],
    email: 'patient@mail.example',
    address: '1400 Larkmoor Court, Ann Arbor, MI 48100',
    deceased_on: n % 17 === 16 ? '2026-10-01' : null,
    merged_into_id: null,
    source_version: 1,
    language: n % 3 === 0 ? 'es' : 'en',
    proxy: n % 5 === 0 ? { name: 'Ana Delgado', relation: 'parent' } : null,
    desk_note: n % 4 === 0 ? 'Prefers the side door' : null,
  }));
}

const found = (row: Row): FoundPatient => ({
  id: row.id,
  family_name: String(row['family_name']),
  given_name: String(row['given_name']),
  birth_date: String(row['birth_date']),
  mrn: String(row['mrn']),
  phone: (row['phones'] as string[])[0] ?? null,
  deceased_on: row['deceased_on'] as string | null,
  waiting: false,
  last_visit: null,
  next_visit: null,
});

/** Answers of the views of patients; undefined for other views. */
export function fakePatientView(name: string, arg: Record<string, unknown>): unknown {
  if (name === 'patients.search') return search(arg['terms'] as SearchTerm[], Number(arg['limit']));
  if (name === 'patients.day') return day(String(arg['date']));
  if (name === 'patients.timeline') return timeline();
  return name === 'patients.matches' ? [] : undefined;
}

function search(terms: readonly SearchTerm[], limit: number): PatientSearch {
  const all = fakePatients().map(found);
  const fit = all.filter((row) => {
    const words = ` ${fold(`${row.family_name} ${row.given_name} ${row.mrn ?? ''}`)}`;
    return terms.every(({ text, births }) =>
      text === ''
        ? births.some((birth) => row.birth_date.includes(birth))
        : words.includes(` ${text}`),
    );
  });
  return { held: all.length, total: fit.length, rows: fit.slice(0, limit) };
}

function day(date: string): DayVisit[] {
  const begins = Date.parse(`${date}T13:00:00Z`);
  return fakePatients()
    .slice(0, 30)
    .map((row, n) => ({
      ...found(row),
      id: derivedId('fake', 'visit', date, String(n)),
      patient_id: row.id,
      starts_at: begins + n * 15 * MINUTE,
      ends_at: begins + (n + 1) * 15 * MINUTE,
      type: 'Follow-up',
      reason: 'Eczema follow-up',
      provider: 'Dr. Henrik Solberg',
      status: date < clinicDate(Date.now(), ZONE) ? 'fulfilled' : 'booked',
      desk: n % 4 === 0 ? 'arrived' : 'expected',
      arrival_id: null,
      waiting: n % 8 === 0,
    }));
}

function timeline(): PatientTimeline {
  const event = (n: number, more: Partial<PatientEvent>): PatientEvent => ({
    key: String(n),
    kind: 'visit',
    at: Date.now() - n * 86_400_000,
    code: 'fulfilled',
    about: 'Follow-up',
    detail: null,
    cents: null,
    n: null,
    location_code: 'MAIN',
    who: 'Ana Ruiz',
    waiting: false,
    ...more,
  });
  return {
    kinds: ['visit', 'desk', 'payment', 'consent'],
    events: [
      event(-1, { code: 'booked' }),
      event(1, { kind: 'payment', code: 'succeeded', about: 'copay', detail: 'cash', cents: 2500 }),
      event(1.1, { kind: 'desk', code: 'arrived', about: 'desk' }),
      event(2, {}),
      event(9, { kind: 'consent', code: 'given', about: 'photo', detail: 'written' }),
    ],
  };
}
