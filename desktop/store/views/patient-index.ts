import { fold, nameWords, phoneDigits } from '#shared/kernel/fold.ts';
import { live } from './definition.ts';
import type { Read } from './definition.ts';

/** What searching and matching compare of a patient. */
export interface IndexedPatient {
  readonly id: string;
  readonly family: string;
  readonly given: string;
  readonly birth: string;
  readonly mrn: string | null;
  readonly ehrId: string | null;
  readonly phone: string | null;
  readonly deceasedOn: string | null;
  readonly waiting: boolean;
  /** Folded words of family and given name. */
  readonly familyWords: readonly string[];
  readonly givenWords: readonly string[];
  /** All beginnings that can be typed, each after a blank. */
  readonly words: string;
  readonly mrnDigits: string;
  readonly phoneDigits: readonly string[];
  /** Names, birth date and id: the order of lists. */
  readonly order: string;
}

/** The patients of a device, ready to be compared: those that were joined into another do not count. */
export interface PatientIndex {
  /** In the order of names. */
  readonly inOrder: readonly IndexedPatient[];
  readonly byBirth: Multi;
  readonly byPhone: Multi;
  readonly byMrn: Multi;
  readonly byEhrId: Multi;
  readonly byName: Multi;
}
type Multi = Pick<ReadonlyMap<string, readonly IndexedPatient[]>, 'get'>;

interface Kept {
  /** Place in the table's feed up to which the index has seen it. */
  seq: number;
  readonly rows: Map<string, IndexedPatient | null>;
  index: PatientIndex | null;
}

/** By the function that reads a database: it goes when the database does. */
const known = new WeakMap<Read, Kept>();

interface Doc {
  readonly id: string;
  readonly family_name: string;
  readonly given_name: string;
  readonly birth_date: string;
  readonly mrn: string | null;
  readonly ehr_id: string | null;
  readonly phones: readonly string[];
  readonly deceased_on: string | null;
  readonly merged_into_id: string | null;
}

/** Name by which two records are the same, whatever stands between the words. */
export const nameKey = (family: readonly string[], given: readonly string[]): string =>
  `${family.join('')} ${given[0] ?? ''}`;

/**
 * The index of a device's patients, kept in memory and brought up to date by what has changed since:
 * every write of a row gives it a later place in the feed of its table (`seq`), and a row that left
 * makes the count differ. Call it inside a read transaction.
 */
export function patientIndex(read: Read): PatientIndex {
  const kept = known.get(read) ?? { seq: -1, rows: new Map(), index: null };
  known.set(read, kept);
  takeIn(read, kept);
  const [{ n } = { n: 0 }] = read<{ n: number }>(`select count(*) as n from ${live('patients')}`);
  if (n !== kept.rows.size) {
    kept.rows.clear();
    kept.index = null;
    kept.seq = -1;
    takeIn(read, kept);
  }
  kept.index ??= build(kept.rows);
  return kept.index;
}

function takeIn(read: Read, kept: Kept): void {
  const changed = read<{ seq: number; origin: string; doc: string }>(
    `select seq, origin, doc from ${live('patients')} where seq > ? order by seq`,
    [kept.seq],
  );
  for (const { seq, origin, doc } of changed) {
    const row = JSON.parse(doc) as Doc;
    kept.rows.set(row.id, row.merged_into_id === null ? indexed(row, origin) : null);
    kept.seq = seq;
    kept.index = null;
  }
}

function indexed(row: Doc, origin: string): IndexedPatient {
  const familyWords = nameWords(row.family_name);
  const givenWords = nameWords(row.given_name);
  const mrn = row.mrn === null ? '' : fold(row.mrn);
  return {
    id: row.id,
    family: row.family_name,
    given: row.given_name,
    birth: row.birth_date,
    mrn: row.mrn,
    ehrId: row.ehr_id,
    phone: row.phones[0] ?? null,
    deceasedOn: row.deceased_on,
    waiting: origin === 'local',
    familyWords,
    givenWords,
    words: ` ${[...familyWords, ...givenWords, mrn].join(' ')}`,
    mrnDigits: mrn.replaceAll(/\D/g, ''),
    phoneDigits: row.phones.map(phoneDigits),
    order: [familyWords.join(' '), givenWords.join(' '), row.birth_date, row.id].join('\u0000'),
  };
}

function build(rows: ReadonlyMap<string, IndexedPatient | null>): PatientIndex {
  const patients: IndexedPatient[] = [];
  for (const row of rows.values()) if (row) patients.push(row);
  const inOrder = patients.toSorted((a, b) => (a.order < b.order ? -1 : 1));
  /** Made when it is first asked for: searching needs none, and each write makes a new index. */
  const grouped = (keysOf: (patient: IndexedPatient) => readonly (string | null)[]): Multi => {
    let made: ReadonlyMap<string, readonly IndexedPatient[]> | null = null;
    return { get: (key) => (made ??= groups(inOrder, keysOf)).get(key) };
  };
  return {
    inOrder,
    byBirth: grouped(({ birth }) => [birth]),
    byPhone: grouped((patient) => patient.phoneDigits),
    byMrn: grouped(({ mrn }) => [mrn === null ? null : fold(mrn)]),
    byEhrId: grouped(({ ehrId }) => [ehrId]),
    byName: grouped((p) => [nameKey(p.familyWords, p.givenWords)]),
  };
}

function groups(
  patients: readonly IndexedPatient[],
  keysOf: (patient: IndexedPatient) => readonly (string | null)[],
): ReadonlyMap<string, readonly IndexedPatient[]> {
  const map = new Map<string, IndexedPatient[]>();
  for (const patient of patients) {
    for (const key of new Set(keysOf(patient))) {
      if (key === null || key === '') continue;
      const group = map.get(key);
      if (group) group.push(patient);
      else map.set(key, [patient]);
    }
  }
  return map;
}
