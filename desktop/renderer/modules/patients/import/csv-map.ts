import { AppError } from '#shared/errors/app-error.ts';
import { instantOf } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { fold } from '#shared/kernel/fold.ts';
import { readDate } from '../../../ui/date-text.ts';
import type { CsvRecord } from '../../../ui/csv-read.ts';
import { Gathering, PersonFields, VisitFields, problemIn } from './drafts.ts';
import type { Draft } from './drafts.ts';

/** What a column of a file can mean. */
export const COLUMNS = [
  'mrn',
  'ehr_id',
  'family_name',
  'given_name',
  'full_name',
  'birth_date',
  'sex',
  'phone',
  'phone_2',
  'email',
  'address',
  'city',
  'state',
  'zip',
  'language',
  'visit_id',
  'visit_date',
  'visit_time',
  'visit_end',
  'visit_minutes',
  'visit_type',
  'visit_reason',
  'visit_status',
  'site',
  'provider',
] as const;
export type ColumnName = (typeof COLUMNS)[number];
/** Which column of the file (from 0) has it. */
export type Mapping = Readonly<Partial<Record<ColumnName, number>>>;

/** How columns are called elsewhere, folded and without anything but letters and digits. */
const CALLED: Readonly<Record<ColumnName, readonly string[]>> = {
  mrn: ['mrn', 'recordnumber', 'medicalrecordnumber', 'chartnumber', 'chart', 'numerodeexpediente'],
  ehr_id: ['ehrid', 'emaid', 'fhirid', 'externalid', 'patientid', 'ptid'],
  family_name: ['familyname', 'lastname', 'surname', 'last', 'apellido', 'apellidos'],
  given_name: ['givenname', 'firstname', 'forename', 'first', 'nombre', 'nombres'],
  full_name: ['name', 'fullname', 'patientname', 'patient', 'paciente', 'nombrecompleto'],
  birth_date: ['birthdate', 'dateofbirth', 'dob', 'birthday', 'born', 'fechadenacimiento'],
  sex: ['sex', 'gender', 'sexo', 'administrativesex'],
  phone: ['phone', 'phonenumber', 'mobile', 'cell', 'cellphone', 'mobilephone', 'telefono'],
  phone_2: ['phone2', 'homephone', 'otherphone', 'workphone'],
  email: ['email', 'emailaddress', 'mail', 'correo', 'correoelectronico'],
  address: ['address', 'address1', 'street', 'streetaddress', 'direccion'],
  city: ['city', 'town', 'ciudad'],
  state: ['state', 'estado'],
  zip: ['zip', 'zipcode', 'postalcode', 'codigopostal'],
  language: ['language', 'preferredlanguage', 'idioma'],
  visit_id: ['appointmentid', 'apptid', 'visitid'],
  visit_date: [
    'appointmentdate',
    'apptdate',
    'visitdate',
    'date',
    'start',
    'appointmentstart',
    'starttime',
    'fecha',
  ],
  visit_time: ['appointmenttime', 'appttime', 'visittime', 'time', 'hora'],
  visit_end: ['end', 'endtime', 'appointmentend'],
  visit_minutes: ['minutes', 'duration', 'length', 'durationminutes', 'minutos'],
  visit_type: ['appointmenttype', 'appttype', 'visittype', 'type', 'tipo'],
  visit_reason: ['reason', 'reasonforvisit', 'chiefcomplaint', 'motivo'],
  visit_status: ['status', 'appointmentstatus', 'apptstatus'],
  site: ['site', 'location', 'clinic', 'facility', 'office', 'sitio', 'clinica'],
  provider: ['provider', 'doctor', 'physician', 'medico', 'proveedor'],
};

const plain = (title: string): string => fold(title).replaceAll(/[^a-z0-9]/g, '');

/** Guesses what the columns mean by their titles; each column means one thing. */
export function guessMapping(titles: readonly string[]): Mapping {
  const mapping: Partial<Record<ColumnName, number>> = {};
  const taken = new Set<number>();
  for (const name of COLUMNS) {
    for (const called of [name.replaceAll('_', ''), ...CALLED[name]]) {
      const at = titles.findIndex((title, n) => !taken.has(n) && plain(title) === called);
      if (at < 0) continue;
      mapping[name] = at;
      taken.add(at);
      break;
    }
  }
  return mapping;
}

/** What is missing before rows can be read: a person must be described or named by a number. */
export function isUsable(mapping: Mapping): boolean {
  const hasName =
    mapping.full_name !== undefined ||
    (mapping.family_name !== undefined && mapping.given_name !== undefined);
  const hasNumber = mapping.mrn !== undefined || mapping.ehr_id !== undefined;
  const hasVisit = mapping.visit_date !== undefined;
  return (hasName && mapping.birth_date !== undefined) || (hasNumber && hasVisit);
}

const STATUSES_TAKEN: ReadonlySet<string> = new Set([
  '',
  'booked',
  'scheduled',
  'confirmed',
  'new',
]);
const DEFAULT_MINUTES = 15;
const MINUTE_MS = 60_000;

/**
 * Reads the rows of a file by a mapping. A row may describe a person, a visit of theirs, or both; rows
 * of the same person are gathered.
 * @param context zone: in which times of the file are meant; today: years of two digits lie before it
 * @throws AppError IMPORT_EMPTY when there is no row below the titles
 */
export function readRows(
  records: readonly CsvRecord[],
  mapping: Mapping,
  context: { readonly zone: string; readonly today: IsoDate },
): Draft {
  const [, ...rows] = records;
  if (rows.length === 0) throw new AppError('IMPORT_EMPTY');
  const gathering = new Gathering();
  for (const record of rows) takeRow(gathering, record, mapping, context);
  return gathering.done();
}

function takeRow(
  gathering: Gathering,
  { line, cells, unclosed }: CsvRecord,
  mapping: Mapping,
  { zone, today }: { readonly zone: string; readonly today: IsoDate },
): void {
  const cell = (name: ColumnName): string => {
    const at = mapping[name];
    return at === undefined ? '' : (cells[at] ?? '').trim();
  };
  const about = cells
    .filter((one) => one.trim() !== '')
    .slice(0, 3)
    .join(', ');
  if (unclosed) return gathering.wrong(line, 'quote', about);
  const [ehr_id, mrn] = [cell('ehr_id') || null, cell('mrn') || null];
  const { family, given } = namesIn(cell);
  const isDescribed = family !== '' || given !== '' || cell('birth_date') !== '';
  let key: string | null;
  if (isDescribed) {
    const birth = readDate(cell('birth_date'), today, 'past');
    if (birth === null) return gathering.wrong(line, 'birth_date', about);
    const sex = sexIn(cell('sex'));
    if (sex === null) return gathering.wrong(line, 'sex', about);
    const language = languageIn(cell('language'));
    if (language === null) return gathering.wrong(line, 'language', about);
    const fields = PersonFields.safeParse({
      ehr_id,
      mrn,
      family_name: family,
      given_name: given,
      birth_date: birth,
      sex,
      phones: [cell('phone'), cell('phone_2')].filter((phone) => phone !== ''),
      email: cell('email') || null,
      address: addressIn(cell) || null,
      deceased_on: null,
      language,
    });
    if (!fields.success) return gathering.wrong(line, problemIn(fields.error), about);
    key = gathering.person(line, fields.data);
  } else {
    if (mrn === null && ehr_id === null) return gathering.wrong(line, 'name', about);
    key = gathering.reference(line, { ehr_id, mrn });
  }
  if (key === null || cell('visit_date') === '') return;
  takeVisit(gathering, line, key, about, cell, zone, today);
}

function takeVisit(
  gathering: Gathering,
  line: number,
  key: string,
  about: string,
  cell: (name: ColumnName) => string,
  zone: string,
  today: IsoDate,
): void {
  if (!STATUSES_TAKEN.has(fold(cell('visit_status'))))
    return gathering.wrong(line, 'status', about);
  const starts = momentIn(`${cell('visit_date')} ${cell('visit_time')}`.trim(), null, zone, today);
  if (starts === null) return gathering.wrong(line, 'time', about);
  const ends = endOf(cell, starts, zone, today);
  if (ends === null || ends <= starts.instant) return gathering.wrong(line, 'ends', about);
  const fields = VisitFields.safeParse({
    ehr_id: cell('visit_id') || null,
    starts_at: starts.instant,
    ends_at: ends,
    type: cell('visit_type') || 'Visit',
    reason: cell('visit_reason') || null,
  });
  if (!fields.success) return gathering.wrong(line, problemIn(fields.error), about);
  gathering.visit(key, {
    row: line,
    fields: fields.data,
    site: cell('site') || null,
    provider: cell('provider') || null,
  });
}

function namesIn(cell: (name: ColumnName) => string): { family: string; given: string } {
  const [family, given, full] = [cell('family_name'), cell('given_name'), cell('full_name')];
  if (family !== '' || given !== '' || full === '') return { family, given };
  // "Delgado, Rosa"; else the last word is the family name.
  const [last = '', ...first] = full.split(',').map((part) => part.trim());
  if (first.length > 0) return { family: last, given: first.join(' ') };
  const words = full.split(/\s+/);
  return { family: words.at(-1) ?? '', given: words.slice(0, -1).join(' ') };
}

function addressIn(cell: (name: ColumnName) => string): string {
  const place = [cell('state'), cell('zip')].filter((part) => part !== '').join(' ');
  return [cell('address'), cell('city'), place].filter((part) => part !== '').join(', ');
}

const SEXES: Readonly<Record<string, PersonFields['sex']>> = {
  '': 'unknown',
  f: 'female',
  female: 'female',
  mujer: 'female',
  m: 'male',
  male: 'male',
  hombre: 'male',
  o: 'other',
  other: 'other',
  x: 'other',
  u: 'unknown',
  unknown: 'unknown',
};
const sexIn = (text: string): PersonFields['sex'] | null => SEXES[fold(text)] ?? null;

function languageIn(text: string): PersonFields['language'] | null {
  const folded = fold(text);
  if (folded === '' || folded.startsWith('en') || folded === 'ingles') return 'en';
  return folded.startsWith('es') || folded.startsWith('spa') ? 'es' : null;
}

interface Moment {
  readonly date: IsoDate;
  readonly instant: number;
}

/**
 * A date with a time, as spreadsheets and people write it: 12/1/2026 9:40 AM, 2026-12-01T09:40,
 * with an offset where there is one. @param day the date where the text has none
 */
export function momentIn(
  text: string,
  day: IsoDate | null,
  zone: string,
  today: IsoDate,
): Moment | null {
  const withOffset = /^(\d{4}-\d{2}-\d{2})T[\d:.]{4,12}(?:Z|[+-]\d{2}:?\d{2})$/.exec(text);
  if (withOffset) {
    const instant = Date.parse(text);
    return Number.isNaN(instant) ? null : { date: withOffset[1] ?? '', instant };
  }
  const parts =
    /^(?:(\S+?)(?:\s+|T(?=\d)))?(\d{1,2})(?::(\d{2}))?(?::\d{2}(?:\.\d+)?)?\s*([ap])?\.?m?\.?$/i.exec(
      text,
    );
  if (!parts) return null;
  const [, dateText, hourText = '', minuteText, half] = parts;
  // A number alone is no time.
  if (minuteText === undefined && half === undefined) return null;
  const date = dateText === undefined ? day : readDate(dateText, today, 'near');
  let hour = Number(hourText);
  const minute = Number(minuteText ?? 0);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  }
  if (date === null || hour > 23 || minute > 59) return null;
  return { date, instant: instantOf(date, hour * 60 + minute, zone) };
}

function endOf(
  cell: (name: ColumnName) => string,
  starts: Moment,
  zone: string,
  today: IsoDate,
): number | null {
  if (cell('visit_end') !== '') {
    return momentIn(cell('visit_end'), starts.date, zone, today)?.instant ?? null;
  }
  const minutes = cell('visit_minutes') === '' ? DEFAULT_MINUTES : Number(cell('visit_minutes'));
  const isFine = Number.isInteger(minutes) && minutes > 0 && minutes <= 24 * 60;
  return isFine ? starts.instant + minutes * MINUTE_MS : null;
}
