import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import { isIsoDate } from '#shared/kernel/dates.ts';
import { Gathering, PersonFields, VisitFields, problemIn } from './drafts.ts';
import type { Draft } from './drafts.ts';

/**
 * FHIR R4 (hl7.org/fhir/R4): what is read of Bundle, Patient and Appointment. Everything else may stand
 * there and is left alone.
 */
const Text = z.string().max(2000);
const Coding = z.looseObject({ code: Text.optional(), display: Text.optional() });
const Concept = z.looseObject({ text: Text.optional(), coding: z.array(Coding).optional() });
const Reference = z.looseObject({ reference: Text.optional(), display: Text.optional() });

export const FhirPatient = z.looseObject({
  resourceType: z.literal('Patient'),
  id: Text.optional(),
  identifier: z
    .array(
      z.looseObject({ type: Concept.optional(), value: Text.optional(), use: Text.optional() }),
    )
    .optional(),
  name: z
    .array(
      z.looseObject({
        use: Text.optional(),
        family: Text.optional(),
        given: z.array(Text).optional(),
      }),
    )
    .optional(),
  telecom: z
    .array(z.looseObject({ system: Text.optional(), value: Text.optional(), use: Text.optional() }))
    .optional(),
  gender: Text.optional(),
  birthDate: Text.optional(),
  deceasedDateTime: Text.optional(),
  address: z
    .array(
      z.looseObject({
        text: Text.optional(),
        line: z.array(Text).optional(),
        city: Text.optional(),
        state: Text.optional(),
        postalCode: Text.optional(),
      }),
    )
    .optional(),
  communication: z
    .array(z.looseObject({ language: Concept.optional(), preferred: z.boolean().optional() }))
    .optional(),
  link: z.array(z.looseObject({ type: Text.optional() })).optional(),
});
type FhirPatient = z.infer<typeof FhirPatient>;

export const FhirAppointment = z.looseObject({
  resourceType: z.literal('Appointment'),
  id: Text.optional(),
  status: Text.optional(),
  start: Text.optional(),
  end: Text.optional(),
  minutesDuration: z.number().optional(),
  appointmentType: Concept.optional(),
  serviceType: z.array(Concept).optional(),
  description: Text.optional(),
  reasonCode: z.array(Concept).optional(),
  participant: z.array(z.looseObject({ actor: Reference.optional() })).optional(),
});
type FhirAppointment = z.infer<typeof FhirAppointment>;

const Bundle = z.looseObject({
  resourceType: z.literal('Bundle'),
  entry: z
    .array(z.looseObject({ fullUrl: Text.optional(), resource: z.unknown().optional() }))
    .optional(),
});
const Resource = z.looseObject({ resourceType: z.string() });

/** The states of a visit that a device may make; all later ones are the EHR's to say. */
const TAKEN_STATUS = 'booked';
const MINUTE_MS = 60_000;
const DEFAULT_MINUTES = 15;

/**
 * Reads a bundle, or one Patient or Appointment alone. An entry that is wrong is listed and harms no
 * other; other resources are none of ours.
 * @throws AppError IMPORT_UNREADABLE for what is no FHIR, IMPORT_EMPTY for a bundle without either
 */
export function readFhir(text: string): Draft {
  const entries = entriesOf(text);
  const gathering = new Gathering();
  /** By every name under which an appointment may refer to them; null: their entry is wrong. */
  const keys = new Map<string, string | null>();
  let ours = 0;
  entries.forEach(({ resource, fullUrl }, at) => {
    if (typeOf(resource) !== 'Patient') return;
    ours += 1;
    const id = z.looseObject({ id: Text.optional() }).safeParse(resource).data?.id;
    const key = takePatient(gathering, at + 1, resource);
    if (id !== undefined) keys.set(`Patient/${id}`, key);
    if (fullUrl !== undefined) keys.set(fullUrl, key);
  });
  entries.forEach(({ resource }, at) => {
    if (typeOf(resource) !== 'Appointment') return;
    ours += 1;
    takeAppointment(gathering, at + 1, resource, keys);
  });
  if (ours === 0) throw new AppError('IMPORT_EMPTY');
  return gathering.done();
}

function entriesOf(text: string): { resource?: unknown; fullUrl?: string | undefined }[] {
  let json: unknown;
  try {
    json = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch {
    throw new AppError('IMPORT_UNREADABLE');
  }
  const bundle = Bundle.safeParse(json);
  if (bundle.success) return bundle.data.entry ?? [];
  if (Resource.safeParse(json).success && typeOf(json) !== 'Bundle') return [{ resource: json }];
  throw new AppError('IMPORT_UNREADABLE');
}

const typeOf = (resource: unknown): string | undefined =>
  Resource.safeParse(resource).data?.resourceType;

function takePatient(gathering: Gathering, row: number, resource: unknown): string | null {
  const parsed = FhirPatient.safeParse(resource);
  if (!parsed.success) {
    gathering.wrong(row, 'entry', 'Patient');
    return null;
  }
  const name = nameOf(parsed.data);
  const about = [name.family, name.given].filter((part) => part !== '').join(', ') || 'Patient';
  if (parsed.data.link?.some(({ type }) => type === 'replaced-by')) {
    gathering.wrong(row, 'replaced', about);
    return null;
  }
  const fields = PersonFields.safeParse(personOf(parsed.data, name));
  if (fields.success) return gathering.person(row, fields.data);
  gathering.wrong(row, problemIn(fields.error), about);
  return null;
}

function nameOf({ name = [] }: FhirPatient): { family: string; given: string } {
  const rank = (use: string | undefined): number =>
    ['official', 'usual', undefined, 'maiden', 'old'].indexOf(use) + 1 || 3;
  const [first] = name.toSorted((a, b) => rank(a.use) - rank(b.use));
  return { family: first?.family?.trim() ?? '', given: first?.given?.join(' ').trim() ?? '' };
}

function personOf(patient: FhirPatient, name: { family: string; given: string }): unknown {
  const telecom = (system: string): string[] =>
    (patient.telecom ?? []).flatMap((one) =>
      one.system === system && one.use !== 'old' && one.value?.trim() ? [one.value.trim()] : [],
    );
  const address = patient.address?.[0];
  const { gender } = patient;
  const languages = (patient.communication ?? []).toSorted(
    (a, b) => Number(b.preferred ?? false) - Number(a.preferred ?? false),
  );
  return {
    ehr_id: patient.id ?? null,
    mrn: mrnOf(patient),
    family_name: name.family,
    given_name: name.given,
    birth_date: patient.birthDate,
    sex: gender === 'female' || gender === 'male' || gender === 'other' ? gender : 'unknown',
    phones: telecom('phone').slice(0, 5),
    email: telecom('email')[0] ?? null,
    address:
      address?.text ??
      ([
        ...(address?.line ?? []),
        address?.city,
        [address?.state, address?.postalCode].filter(Boolean).join(' '),
      ]
        .filter(Boolean)
        .join(', ') ||
        null),
    deceased_on: dateIn(patient.deceasedDateTime),
    language: languages[0]?.language?.coding?.[0]?.code?.startsWith('es') ? 'es' : 'en',
  };
}

/** The identifier of type MR (medical record number) that is in use. */
function mrnOf({ identifier = [] }: FhirPatient): string | null {
  const isMrn = (one: (typeof identifier)[number]): boolean =>
    one.type?.coding?.some(({ code }) => code === 'MR') === true;
  return identifier.find((one) => isMrn(one) && one.use !== 'old')?.value?.trim() || null;
}

const dateIn = (text: string | undefined): string | null =>
  isIsoDate(text?.slice(0, 10)) ? (text?.slice(0, 10) ?? null) : null;

/** An instant of FHIR has its offset; one without is nobody's time. */
function instantIn(text: string | undefined): number {
  const isInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(
    text ?? '',
  );
  return isInstant ? Date.parse(text ?? '') : Number.NaN;
}

const wordsOf = (concept: z.infer<typeof Concept> | undefined): string | null =>
  concept?.text?.trim() || concept?.coding?.find(({ display }) => display)?.display?.trim() || null;

function takeAppointment(
  gathering: Gathering,
  row: number,
  resource: unknown,
  keys: ReadonlyMap<string, string | null>,
): void {
  const parsed = FhirAppointment.safeParse(resource);
  if (!parsed.success) return gathering.wrong(row, 'entry', 'Appointment');
  const visit = parsed.data;
  const about = visit.start?.slice(0, 16) ?? 'Appointment';
  if (visit.status !== TAKEN_STATUS) return gathering.wrong(row, 'status', about);
  const actor = (kind: string) =>
    visit.participant?.find((one) => one.actor?.reference?.includes(`${kind}/`))?.actor;
  const refers = visit.participant?.map((one) => one.actor?.reference ?? '') ?? [];
  const known = refers.find((reference) => keys.has(reference));
  const fields = VisitFields.safeParse(visitOf(visit));
  if (!fields.success) return gathering.wrong(row, problemIn(fields.error), about);
  if (fields.data.ends_at <= fields.data.starts_at) return gathering.wrong(row, 'ends', about);
  const key = known === undefined ? referredTo(gathering, row, refers) : keys.get(known);
  // Their own entry is wrong, or nobody is named.
  if (key === undefined) return gathering.wrong(row, 'patient', about);
  if (key === null) return gathering.wrong(row, 'person', about);
  gathering.visit(key, {
    row,
    fields: fields.data,
    site: actor('Location')?.display?.trim() ?? null,
    provider: actor('Practitioner')?.display?.trim() ?? null,
  });
}

/** Somebody of the EHR who is not in this bundle, by their id there. */
function referredTo(
  gathering: Gathering,
  row: number,
  references: readonly string[],
): string | undefined {
  for (const reference of references) {
    const [, id] = /(?:^|\/)Patient\/([^/]+)(?:\/_history\/.*)?$/.exec(reference) ?? [];
    if (id !== undefined && id.length <= 80)
      return gathering.reference(row, { ehr_id: id, mrn: null });
  }
  return undefined;
}

function visitOf(visit: FhirAppointment): unknown {
  const starts = instantIn(visit.start);
  const ends = instantIn(visit.end);
  const minutes = visit.minutesDuration ?? DEFAULT_MINUTES;
  return {
    ehr_id: visit.id ?? null,
    starts_at: starts,
    ends_at: Number.isNaN(ends) ? starts + minutes * MINUTE_MS : ends,
    type: wordsOf(visit.appointmentType) ?? wordsOf(visit.serviceType?.[0]) ?? 'Visit',
    reason: visit.description ?? wordsOf(visit.reasonCode?.[0]),
  };
}
