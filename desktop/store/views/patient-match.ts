import type { Described, MatchReason, PatientMatch } from '#shared/ipc/patient-views.ts';
import { fold, nameWords, phoneDigits } from '#shared/kernel/fold.ts';
import { byText } from './definition.ts';
import { nameKey } from './patient-index.ts';
import type { IndexedPatient, PatientIndex } from './patient-index.ts';

/** How one record compares with somebody described. */
export interface Scored {
  readonly patient: IndexedPatient;
  /** 0 to 100. */
  readonly score: number;
  readonly why: readonly MatchReason[];
  /** Nothing that is known on both sides speaks against it, and enough for it. */
  readonly isSure: boolean;
}

const BIRTH = 40;
/** Month and day exchanged, or one digit mistyped. */
const BIRTH_NEAR = 20;
const FAMILY = 25;
const GIVEN = 20;
const PHONE = 15;
const PHONE_OTHER = -10;
/** Names that are less alike than this are others. */
const ALIKE = 0.7;
/** From here on a person is asked. */
const WORTH_ASKING = 55;
/** What is not sure never looks as if it were. */
const UNSURE_MOST = 84;
const SHOWN = 5;

/** Somebody described, made ready to be compared. */
interface Wanted {
  readonly mrn: string | null;
  readonly ehrId: string | null;
  readonly family: readonly string[];
  readonly given: readonly string[];
  readonly birth: string | null;
  readonly phones: readonly string[];
}

const wantedOf = (person: Described): Wanted => ({
  mrn: person.mrn === null || person.mrn.trim() === '' ? null : fold(person.mrn.trim()),
  ehrId: person.ehr_id,
  family: nameWords(person.family_name),
  given: nameWords(person.given_name),
  birth: person.birth_date,
  phones: person.phones.map(phoneDigits).filter((digits) => digits.length >= 7),
});

/**
 * Who of a device's patients may be the person described: by record number, else by name, birth date
 * and phone. Only what is equal in all that both sides know is a match; twins, a changed name, another
 * number of the same person are for somebody to decide.
 */
export function matchPerson(index: PatientIndex, person: Described): PatientMatch {
  const wanted = wantedOf(person);
  const found = [...nearby(index, wanted)]
    .map((patient) => compare(wanted, patient))
    .filter(({ score }) => score >= WORTH_ASKING)
    .toSorted((a, b) => b.score - a.score || byText(a.patient.id, b.patient.id));
  const [first] = found;
  const sure = found.filter(({ isSure }) => isSure);
  const verdict =
    first === undefined ? 'new' : sure.length === 1 && first.isSure ? 'match' : 'ambiguous';
  return {
    key: person.key,
    verdict,
    candidates: found.slice(0, SHOWN).map(({ patient, score, why }) => ({
      ...briefOf(patient),
      score,
      why: [...why],
    })),
  };
}

/** What a list shows of a patient. */
export const briefOf = (patient: IndexedPatient) => ({
  id: patient.id,
  family_name: patient.family,
  given_name: patient.given,
  birth_date: patient.birth,
  mrn: patient.mrn,
  phone: patient.phone,
  deceased_on: patient.deceasedOn,
  waiting: patient.waiting,
});

/** Patients who share at least one thing with the person: the others cannot reach a score. */
function nearby(index: PatientIndex, wanted: Wanted): Set<IndexedPatient> {
  const found = new Set<IndexedPatient>();
  const add = (patients: readonly IndexedPatient[] | undefined): void => {
    for (const patient of patients ?? []) found.add(patient);
  };
  if (wanted.mrn !== null) add(index.byMrn.get(wanted.mrn));
  if (wanted.ehrId !== null) add(index.byEhrId.get(wanted.ehrId));
  if (wanted.birth !== null) add(index.byBirth.get(wanted.birth));
  for (const phone of wanted.phones) add(index.byPhone.get(phone));
  add(index.byName.get(nameKey(wanted.family, wanted.given)));
  add(index.byName.get(nameKey(wanted.given, wanted.family)));
  return found;
}

function compare(wanted: Wanted, patient: IndexedPatient): Scored {
  const why: MatchReason[] = [];
  let score = 0;
  const birth = birthOf(wanted.birth, patient.birth);
  if (birth !== null) why.push(birth);
  if (birth === 'birth') score += BIRTH;
  if (birth === 'birth_near') score += BIRTH_NEAR;

  const name = nameOf(wanted, patient);
  score += name.points;
  why.push(name.reason);

  const phone = phoneOf(wanted.phones, patient.phoneDigits);
  if (phone !== null) why.push(phone);
  if (phone === 'phone') score += PHONE;
  if (phone === 'phone_other') score += PHONE_OTHER;

  const mrn = patient.mrn === null ? null : fold(patient.mrn);
  const sameNumber = wanted.mrn !== null && wanted.mrn === mrn;
  const sameEhr = wanted.ehrId !== null && wanted.ehrId === patient.ehrId;
  if (sameNumber) why.unshift('mrn');
  if (sameEhr) why.unshift('ehr_id');
  if (sameNumber || sameEhr) {
    // A number that was mistyped, or given to somebody else: neither name nor birth date is theirs.
    const isSure = birth !== 'birth_other' && name.reason !== 'name_other';
    return {
      patient,
      score: isSure ? 100 : Math.max(60, Math.min(score, UNSURE_MOST)),
      why,
      isSure,
    };
  }
  const otherNumber = wanted.mrn !== null && mrn !== null;
  if (otherNumber) why.push('mrn_other');
  const isSure =
    birth === 'birth' && name.reason === 'name' && phone !== 'phone_other' && !otherNumber;
  const most = isSure ? 99 : UNSURE_MOST;
  return { patient, score: Math.max(0, Math.min(Math.round(score), most)), why, isSure };
}

function birthOf(a: string | null, b: string): 'birth' | 'birth_near' | 'birth_other' | null {
  if (a === null) return null;
  if (a === b) return 'birth';
  const [year, month, day] = a.split('-');
  if (`${year}-${day}-${month}` === b) return 'birth_near';
  const different = Array.from(a).filter((digit, at) => digit !== b[at]).length;
  return a.length === b.length && different === 1 ? 'birth_near' : 'birth_other';
}

function phoneOf(a: readonly string[], b: readonly string[]): 'phone' | 'phone_other' | null {
  if (a.length === 0 || b.length === 0) return null;
  return a.some((digits) => b.includes(digits)) ? 'phone' : 'phone_other';
}

function nameOf(
  wanted: Pick<Wanted, 'family' | 'given'>,
  patient: IndexedPatient,
): { points: number; reason: 'name' | 'name_near' | 'name_other' } {
  const straight = namePoints(wanted.family, wanted.given, patient);
  const crossed = namePoints(wanted.given, wanted.family, patient);
  if (straight.isSame) return { points: FAMILY + GIVEN, reason: 'name' };
  const points = Math.max(straight.points, crossed.points - 2, 0);
  return { points, reason: points >= FAMILY * 0.6 ? 'name_near' : 'name_other' };
}

function namePoints(
  family: readonly string[],
  given: readonly string[],
  patient: IndexedPatient,
): { points: number; isSame: boolean } {
  const { familyWords, givenWords } = patient;
  const isSame = family.join('') === familyWords.join('') && given.join('') === givenWords.join('');
  const familyAlike = alike(family.join(''), familyWords.join(''));
  const givenAlike = Math.max(
    alike(given.join(''), givenWords.join('')),
    alike(given[0] ?? '', givenWords[0] ?? ''),
  );
  return { points: FAMILY * familyAlike + GIVEN * givenAlike, isSame };
}

/** 0 for names that are not alike, 1 for equal ones, evenly between. */
const alike = (a: string, b: string): number =>
  Math.max(0, (similarity(a, b) - ALIKE) / (1 - ALIKE));

/**
 * How alike two words are, from 0 to 1: Jaro and Winkler's measure, as record linkage uses it (Winkler
 * 1990): common letters near each other, exchanges of two, and more weight on an equal beginning.
 */
export function similarity(a: string, b: string): number {
  if (a === b) return 1;
  if (a === '' || b === '') return 0;
  const [left, right] = [Array.from(a), Array.from(b)];
  const reach = Math.max(0, Math.floor(Math.max(left.length, right.length) / 2) - 1);
  const taken = right.map(() => false);
  const common: string[] = [];
  left.forEach((letter, at) => {
    for (let to = Math.max(0, at - reach); to <= Math.min(right.length - 1, at + reach); to += 1) {
      if (taken[to] || right[to] !== letter) continue;
      taken[to] = true;
      common.push(letter);
      return;
    }
  });
  if (common.length === 0) return 0;
  const others = right.filter((_, at) => taken[at]);
  const exchanged = common.filter((letter, at) => letter !== others[at]).length / 2;
  const n = common.length;
  const jaro = (n / left.length + n / right.length + (n - exchanged) / n) / 3;
  let same = 0;
  while (same < 4 && same < left.length && left[same] === right[same]) same += 1;
  return jaro + same * 0.1 * (1 - jaro);
}
