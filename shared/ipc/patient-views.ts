import { z } from 'zod';

/** Derived reads about patients and their visits. Dates are the clinic's, instants milliseconds. */

const SearchTerm = z.object({
  /** Folded beginning of a word of the name, or of the record number; '' for none. */
  text: z.string().max(80),
  /** Digits that stand in a phone number or in the record number; '' for none. */
  digits: z.string().max(20),
  /** Parts of a birth date: `1961-03-04`, `-03-04` for a day of any year, `1961-` for a year. */
  births: z.array(z.string().max(10)).max(6),
});
/** One thing that somebody typed: a patient fits when one of its meanings does. */
export type SearchTerm = z.infer<typeof SearchTerm>;

const VisitDay = z.object({ id: z.string(), local_date: z.string(), starts_at: z.number() });
export type VisitDay = z.infer<typeof VisitDay>;

const PatientBrief = z.object({
  id: z.string(),
  family_name: z.string(),
  given_name: z.string(),
  birth_date: z.string(),
  mrn: z.string().nullable(),
  /** The first number on record. */
  phone: z.string().nullable(),
  deceased_on: z.string().nullable(),
  /** True while the server has not confirmed the record. */
  waiting: z.boolean(),
});
export type PatientBrief = z.infer<typeof PatientBrief>;

export const FoundPatient = PatientBrief.extend({
  last_visit: VisitDay.nullable(),
  next_visit: VisitDay.nullable(),
});
export type FoundPatient = z.infer<typeof FoundPatient>;

const PatientSearch = z.object({
  /** Patients whom this device holds; those who were joined into another record do not count. */
  held: z.number(),
  /** How many of them fit. */
  total: z.number(),
  rows: z.array(FoundPatient),
});
export type PatientSearch = z.infer<typeof PatientSearch>;

/** Why two records may be one person. `…_other` speaks against it. */
export const MATCH_REASONS = [
  'ehr_id',
  'mrn',
  'mrn_other',
  'birth',
  'birth_near',
  'birth_other',
  'name',
  'name_near',
  'name_other',
  'phone',
  'phone_other',
] as const;
export type MatchReason = (typeof MATCH_REASONS)[number];

/** Somebody as a form or a file describes them. */
const Described = z.object({
  key: z.string().max(40),
  ehr_id: z.string().max(80).nullable(),
  mrn: z.string().max(20).nullable(),
  family_name: z.string().max(80),
  given_name: z.string().max(80),
  birth_date: z.string().max(10).nullable(),
  phones: z.array(z.string().max(30)).max(5),
});
export type Described = z.infer<typeof Described>;

const MatchCandidate = PatientBrief.extend({
  /** How likely it is the same person: 0 to 100. */
  score: z.number(),
  why: z.array(z.enum(MATCH_REASONS)),
});
export type MatchCandidate = z.infer<typeof MatchCandidate>;

const PatientMatch = z.object({
  key: z.string(),
  /** match: the first candidate, surely · ambiguous: a person chooses · new: nobody here is like them. */
  verdict: z.enum(['match', 'ambiguous', 'new']),
  candidates: z.array(MatchCandidate),
});
export type PatientMatch = z.infer<typeof PatientMatch>;

/** Most people whom one question may describe. */
export const MATCH_BATCH = 100;

const DayVisit = z.object({
  id: z.string(),
  patient_id: z.string(),
  /** Null where the patient's record is not on this device. */
  family_name: z.string().nullable(),
  given_name: z.string().nullable(),
  birth_date: z.string().nullable(),
  mrn: z.string().nullable(),
  starts_at: z.number(),
  ends_at: z.number(),
  type: z.string(),
  reason: z.string().nullable(),
  provider: z.string().nullable(),
  /** As the EHR has it: a status of FHIR Appointment. */
  status: z.string(),
  /** Where the visit stands at the desk, by its check-in records. */
  desk: z.enum(['expected', 'arrived', 'checked_in', 'roomed', 'left']),
  /** The arrival that stands, which an undo takes back. */
  arrival_id: z.string().nullable(),
  waiting: z.boolean(),
});
export type DayVisit = z.infer<typeof DayVisit>;

export const TIMELINE_KINDS = [
  'visit',
  'desk',
  'handout',
  'payment',
  'authorization',
  'consent',
  'form',
  'proposal',
] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

const PatientEvent = z.object({
  key: z.string(),
  kind: z.enum(TIMELINE_KINDS),
  at: z.number(),
  /** What happened or in which state it is: a value of the schema, for which the screen has words. */
  code: z.string(),
  /** What it is about: type of a visit, purpose of a payment or consent, a title, a field. */
  about: z.string().nullable(),
  /** A second value: reason of a visit, method of a payment, a drug. */
  detail: z.string().nullable(),
  cents: z.number().nullable(),
  n: z.number().nullable(),
  location_code: z.string().nullable(),
  who: z.string().nullable(),
  waiting: z.boolean(),
});
export type PatientEvent = z.infer<typeof PatientEvent>;

const PatientTimeline = z.object({
  /** Kinds whose tables this device has: of the others it cannot say that there is nothing. */
  kinds: z.array(z.enum(TIMELINE_KINDS)),
  events: z.array(PatientEvent),
});
export type PatientTimeline = z.infer<typeof PatientTimeline>;

export const PATIENT_VIEWS = {
  'patients.search': {
    arg: z.object({
      terms: z.array(SearchTerm).max(12),
      /** Last and next visit are counted from it. */
      today: z.string().max(10),
      limit: z.int().min(1).max(500),
    }),
    out: PatientSearch,
  },
  /** Who on this device may be the people described. */
  'patients.matches': {
    arg: z.object({ people: z.array(Described).max(MATCH_BATCH) }),
    out: z.array(PatientMatch),
  },
  /** Visits of one day at one site. */
  'patients.day': {
    arg: z.object({ locationId: z.string().max(36), date: z.string().max(10) }),
    out: z.array(DayVisit),
  },
  /** What happened with a patient, as far as it is on this device, the latest first. */
  'patients.timeline': {
    arg: z.object({ patientId: z.string().max(36), limit: z.int().min(1).max(1000) }),
    out: PatientTimeline,
  },
} as const satisfies Record<string, { arg: z.ZodType; out: z.ZodType }>;
