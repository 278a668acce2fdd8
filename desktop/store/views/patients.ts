import type {
  DayVisit,
  Described,
  FoundPatient,
  PatientMatch,
  PatientSearch,
  SearchTerm,
  VisitDay,
} from '#shared/ipc/patient-views.ts';
import { checkInState } from '#shared/merge/derive/check-in-state.ts';
import type { CheckInEvent } from '#shared/merge/derive/check-in-state.ts';
import { isOpen, live } from './definition.ts';
import type { Read, ViewDefinition } from './definition.ts';
import { patientIndex } from './patient-index.ts';
import type { IndexedPatient } from './patient-index.ts';
import { briefOf, matchPerson } from './patient-match.ts';

/** Visits that nobody comes to any more are neither the last nor the next. */
const NOT_COMING = "('cancelled', 'noshow', 'entered-in-error')";

/** Patients by what somebody typed: those whose family name begins so first, then by name. */
export const patientSearch: ViewDefinition<
  { terms: SearchTerm[]; today: string; limit: number },
  PatientSearch
> = {
  reads: ['patients', 'appointments'],
  compute(read, { terms, today, limit }) {
    const index = patientIndex(read);
    const found = terms.length === 0 ? index.inOrder : fitting(index.inOrder, terms);
    const shown = found.slice(0, limit);
    const visits = visitsAround(
      read,
      shown.map(({ id }) => id),
      today,
    );
    const rows = shown.map((patient): FoundPatient => ({
      ...briefOf(patient),
      last_visit: visits.get(patient.id)?.last ?? null,
      next_visit: visits.get(patient.id)?.next ?? null,
    }));
    return { held: index.inOrder.length, total: found.length, rows };
  },
  // Names, birth dates and numbers, by which a person is found.
  shows: ({ rows }, { terms }) => [
    {
      kind: 'names',
      table: 'patients',
      records: rows.map(({ id }) => ({ id, patient: id })),
      isFound: terms.length > 0,
    },
  ],
};

function fitting(
  patients: readonly IndexedPatient[],
  terms: readonly SearchTerm[],
): IndexedPatient[] {
  const begins = terms.map(({ text }) => text).filter((text) => text !== '');
  const first: IndexedPatient[] = [];
  const others: IndexedPatient[] = [];
  for (const patient of patients) {
    if (!terms.every((term) => fits(patient, term))) continue;
    const isFamily = begins.some((text) => patient.familyWords[0]?.startsWith(text));
    (isFamily ? first : others).push(patient);
  }
  return [...first, ...others];
}

/** True when one of the meanings of a term is the patient's. */
function fits(patient: IndexedPatient, { text, digits, births }: SearchTerm): boolean {
  if (text !== '' && patient.words.includes(` ${text}`)) return true;
  if (births.some((birth) => patient.birth.includes(birth))) return true;
  if (digits === '') return false;
  return patient.mrnDigits.includes(digits) || patient.phoneDigits.some((p) => p.includes(digits));
}

interface Around {
  last: VisitDay | null;
  next: VisitDay | null;
}

/** The last visit before today and the next from today on, of each patient. */
function visitsAround(read: Read, ids: readonly string[], today: string): Map<string, Around> {
  const around = new Map<string, Around>();
  const rows = read<VisitDay & { patient_id: string }>(
    `select a.id, a.patient_id, a.local_date, a.starts_at from json_each(?) w
     cross join ${live('appointments')} a on a.patient_id = w.value
     where a.status not in ${NOT_COMING} order by a.starts_at, a.id`,
    [JSON.stringify(ids)],
  );
  for (const { patient_id: patient, ...visit } of rows) {
    const known = around.get(patient) ?? { last: null, next: null };
    if (visit.local_date < today) known.last = visit;
    else known.next ??= visit;
    around.set(patient, known);
  }
  return around;
}

/** Who of the patients on this device may be the people described, of a form or of a file. */
export const patientMatches: ViewDefinition<{ people: Described[] }, PatientMatch[]> = {
  reads: ['patients'],
  compute(read, { people }) {
    const index = patientIndex(read);
    return people.map((person) => matchPerson(index, person));
  },
  shows: (matches) => [
    {
      kind: 'names',
      table: 'patients',
      records: matches.flatMap(({ candidates }) =>
        candidates.map(({ id }) => ({ id, patient: id })),
      ),
    },
  ],
  list: { key: ({ key }) => key },
};

interface VisitRow extends Omit<DayVisit, 'desk' | 'arrival_id' | 'waiting'> {
  readonly origin: string;
}
interface DeskRow {
  readonly id: string;
  readonly appointment_id: string;
  readonly event: CheckInEvent;
  readonly occurred_at: number;
  readonly undoes_id: string | null;
  readonly origin: string;
}

/** The visits of a day at a site in the order of their times, and where each stands at the desk. */
export const patientDay: ViewDefinition<{ locationId: string; date: string }, DayVisit[]> = {
  reads: ['appointments', 'patients', 'check_in_records', 'users'],
  compute(read, { locationId, date }) {
    const visits = read<VisitRow>(
      `select a.id, a.patient_id, p.family_name, p.given_name, p.birth_date, p.mrn, a.starts_at,
              a.ends_at, a.type, a.reason, u.display_name as provider, a.status, a.origin
       from ${live('appointments')} a
       left join ${live('patients')} p on p.id = a.patient_id
       left join ${live('users')} u on u.id = a.provider_id
       where a.location_id = ? and a.local_date = ? and a.status <> 'entered-in-error'
       order by a.starts_at, a.id`,
      [locationId, date],
    );
    const desk = deskOf(read, locationId, date);
    return visits.map(({ origin, ...visit }): DayVisit => {
      const facts = desk.get(visit.id) ?? [];
      const undone = new Set(facts.map(({ undoes_id: id }) => id));
      const arrival = facts.findLast(({ event, id }) => event === 'arrived' && !undone.has(id));
      return {
        ...visit,
        desk: checkInState(facts).state,
        arrival_id: arrival?.id ?? null,
        waiting: origin === 'local' || facts.some((fact) => fact.origin === 'local'),
      };
    });
  },
  list: { key: ({ id }) => id },
};

/** What happened at the desk that day, by visit, in its order. */
function deskOf(read: Read, locationId: string, date: string): Map<string, DeskRow[]> {
  const byVisit = new Map<string, DeskRow[]>();
  if (!isOpen(read, 'check_in_records')) return byVisit;
  const rows = read<DeskRow>(
    `select id, appointment_id, event, occurred_at, undoes_id, origin
     from ${live('check_in_records')} where location_id = ? and local_date = ?
     order by occurred_at, id`,
    [locationId, date],
  );
  for (const row of rows) {
    const facts = byVisit.get(row.appointment_id);
    if (facts) facts.push(row);
    else byVisit.set(row.appointment_id, [row]);
  }
  return byVisit;
}
