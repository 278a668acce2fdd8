import type { IsoDate } from '#shared/kernel/dates.ts';
import type { SiteCode } from '../../supabase/demo/people.ts';
import { DAY_MS, addDays } from './calendar.ts';
import { address, email, familyName, givenName, phone } from './invented.ts';
import type { Sex } from './invented.ts';
import { coverageOf } from './plans.ts';
import type { DemoCoverage } from './plans.ts';
import { SITE_CODES, deskOf, onDuty, siteId } from './world.ts';
import type { World } from './world.ts';

/** A patient as all parts need to know them. Follows from the seed and the number alone. */
export interface DemoPatient {
  readonly index: number;
  readonly id: string;
  readonly home: SiteCode;
  readonly sites: readonly SiteCode[];
  readonly family: string;
  readonly given: string;
  readonly sex: Sex;
  readonly birthDate: IsoDate;
  readonly language: 'en' | 'es';
  readonly phone: string;
  readonly email: string | null;
  readonly proxy: { name: string; relation: string } | null;
  /** When the clinic first knew of them. */
  readonly since: number;
  readonly coverage: DemoCoverage | null;
  readonly sms: boolean;
  readonly mail: boolean;
}

/** Part of the patients whom the clinics knew before the data begins. */
const KNOWN_BEFORE = 0.64;
const YEARS_BEFORE = 6;

/** How many patients the sites know at the end of a day; numbers below that exist. */
export function knownBy(world: World, dayIndex: number): number {
  const { patients } = world.options;
  const span = world.pastDays;
  const part = KNOWN_BEFORE + (1 - KNOWN_BEFORE) * Math.min(1, (dayIndex + 1) / span);
  return Math.min(patients, Math.ceil(patients * part));
}

const HOMES: readonly SiteCode[] = [
  ...Array<SiteCode>(9).fill('AA'),
  ...Array<SiteCode>(7).fill('WX'),
  ...Array<SiteCode>(4).fill('PY'),
];

/** The patient of a number. */
export function patientAt(world: World, index: number): DemoPatient {
  const rng = world.rng('patient', index);
  const home = HOMES[index % HOMES.length] ?? 'AA';
  const sex = rng.weighted<Sex>([
    ['female', 56],
    ['male', 43],
    ['other', 0.5],
    ['unknown', 0.5],
  ]);
  const family = familyName(rng);
  const given = givenName(rng, sex);
  const since = sinceOf(world, index, rng.float());
  const age = ageOf(rng.float(), rng.float());
  const birthDate = addDays(
    world.from,
    -Math.max(30, Math.floor(age * 365.25) + rng.int(0, 364) - (age < 1 ? 300 : 0)),
  );
  const other = rng.chance(0.07) ? SITE_CODES.find((code) => code !== home) : undefined;
  const mail = rng.chance(0.78) ? email(given, family, index.toString(36)) : null;
  return {
    index,
    id: uuidOf(since, rng.hex(19)),
    home,
    sites: other === undefined ? [home] : [home, other],
    family,
    given,
    sex,
    birthDate,
    language: rng.chance(0.06) ? 'es' : 'en',
    phone: phone(rng, home === 'WX' ? '248' : '734'),
    email: mail,
    proxy:
      age < 18
        ? { name: `${givenName(rng, 'female')} ${family}`, relation: 'parent' }
        : age > 84 && rng.chance(0.3)
          ? { name: `${givenName(rng, 'female')} ${family}`, relation: 'daughter' }
          : null,
    since,
    coverage: coverageOf(rng, age),
    sms: rng.chance(0.62),
    mail: mail !== null && rng.chance(0.7),
  };
}

/** Writes the rows that a patient has before any visit. */
export function writePatient(world: World, patient: DemoPatient): void {
  const { book } = world;
  const { index, id, home, since } = patient;
  const rng = world.rng('patient-rows', index);
  const maker = { at: since, by: null };
  book.add(
    'patients',
    maker,
    {
      site_ids: patient.sites.map(siteId).toSorted(),
      ehr_id: `demo-ehr-${index + 1}`,
      mrn: `DEMO${String(index + 1).padStart(7, '0')}`,
      family_name: patient.family,
      given_name: patient.given,
      birth_date: patient.birthDate,
      sex: patient.sex,
      phones: rng.chance(0.2) ? [patient.phone, phone(rng)] : [patient.phone],
      email: patient.email,
      address: address(rng),
      source_version: rng.int(1, 9),
      language: patient.language,
      proxy: patient.proxy,
      desk_note: rng.chance(0.02) ? rng.pick(DESK_NOTES) : null,
    },
    id,
  );
  const desk = {
    at: since,
    by: onDuty(world, 'FD', home, index).id,
    device: deskOf(home),
  };
  const location_id = siteId(home);
  if (patient.coverage) {
    const { payer, plan, memberId, groupNo, bin, pcn, rank2 } = patient.coverage;
    const shared = { location_id, patient_id: id, subscriber: null };
    book.add(
      'coverages',
      desk,
      {
        ...shared,
        rank: 1,
        payer,
        plan,
        member_id: memberId,
        group_no: groupNo,
        bin,
        pcn,
        valid_from: `${Number(world.from.slice(0, 4)) - rng.int(0, 3)}-01-01`,
      },
      coverageId(world, patient),
    );
    if (rank2) {
      book.add('coverages', desk, {
        ...shared,
        rank: 2,
        payer: rank2,
        plan: 'Supplement',
        member_id: `DS${rng.int(1_000_000, 9_999_999)}`,
      });
    }
  }
  writeConsents(world, patient);
  writePreferences(world, patient);
}

/** The id of a patient's first coverage. */
export const coverageId = (world: World, { index, since }: DemoPatient): string =>
  uuidOf(since, world.rng('coverage', index).hex(19));

function writeConsents(world: World, patient: DemoPatient): void {
  const { book } = world;
  const rng = world.rng('consents', patient.index);
  const at = patient.since + 600_000;
  const maker = { at, by: onDuty(world, 'FD', patient.home, patient.index).id };
  const on = { ...maker, device: deskOf(patient.home) };
  const say = (
    purpose: 'sms' | 'email' | 'treatment' | 'photo' | 'e_signature',
    decision: 'given' | 'declined' | 'revoked',
    given_at = at,
  ) =>
    book.add(
      'consents',
      { ...on, at: given_at },
      {
        location_id: siteId(patient.home),
        patient_id: patient.id,
        purpose,
        decision,
        method: rng.weighted([
          ['digital', 3],
          ['written', 2],
          ['kiosk', 3],
          ['verbal', 1],
        ]),
        proxy_name: patient.proxy?.name ?? null,
        proxy_relation: patient.proxy?.relation ?? null,
        given_at,
      },
    );
  say('treatment', 'given');
  if (patient.sms) say('sms', 'given');
  else if (rng.chance(0.3)) say('sms', 'declined');
  if (patient.mail) say('email', 'given');
  if (rng.chance(0.2)) say('photo', rng.chance(0.8) ? 'given' : 'declined');
  if (patient.sms && rng.chance(0.03)) {
    const later = Math.min(at + rng.int(5, 200) * DAY_MS, world.now);
    if (rng.chance(0.3)) say('sms', 'revoked', later);
    book.add(
      'opt_outs',
      { at: later, by: null },
      {
        location_id: siteId(patient.home),
        patient_id: patient.id,
        destination_hash: destinationHash(world, patient),
        channel: 'sms',
        source: rng.weighted([
          ['keyword', 7],
          ['any_words', 2],
          ['staff', 1],
        ]),
        covers: rng.chance(0.85) ? 'channel' : 'all',
        received_at: later,
        honoured_at: later,
      },
    );
  }
}

/** Stands for the keyed hash of a phone number: the key is the server's, so this is made up. */
export const destinationHash = (world: World, patient: DemoPatient): string =>
  world.rng('destination', patient.index).hex(64);

function writePreferences(world: World, patient: DemoPatient): void {
  const rng = world.rng('preferences', patient.index);
  if (!rng.chance(0.35)) return;
  const wanted = patient.mail ? 'email' : patient.sms ? 'sms' : 'print';
  world.book.add(
    'patient_comm_preferences',
    { at: patient.since, by: null, device: null },
    {
      location_id: siteId(patient.home),
      patient_id: patient.id,
      channel: wanted,
      rank: 1,
      language: patient.language,
      font_scale: rng.chance(0.1) ? 150 : 100,
      to_proxy: patient.proxy !== null,
    },
  );
}

function sinceOf(world: World, index: number, chance: number): number {
  const known = Math.ceil(world.options.patients * KNOWN_BEFORE);
  if (index < known) {
    return Math.floor(
      world.began - (1 - index / known) * YEARS_BEFORE * 365 * DAY_MS - 40 * DAY_MS,
    );
  }
  const part = (index - known) / Math.max(1, world.options.patients - known);
  const day = world.days[Math.floor(part * world.pastDays)] ?? world.days[0];
  return Math.floor((day?.midnight ?? world.began) - (1 + chance * 20) * DAY_MS + 10 * 3_600_000);
}

/** Ages as at a dermatologist: teenagers with acne, and many beyond fifty. */
function ageOf(group: number, within: number): number {
  if (group < 0.06) return within * 12;
  if (group < 0.2) return 12 + within * 10;
  if (group < 0.42) return 22 + within * 23;
  if (group < 0.75) return 45 + within * 20;
  return 65 + within * 28;
}

function uuidOf(ms: number, hex: string): string {
  const time = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0');
  const variant = '89ab'[Number.parseInt(hex[3] ?? '0', 16) & 3] ?? '8';
  return (
    `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-` +
    `${variant}${hex.slice(4, 7)}-${hex.slice(7, 19)}`
  );
}

const DESK_NOTES = [
  'Prefers the first appointment of the day',
  'Hard of hearing: please face the patient when speaking',
  'Uses a wheelchair; room 2 is easiest',
  'Brings an interpreter',
  'Latex allergy noted in the chart',
];
