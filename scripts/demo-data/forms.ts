import type { CheckIn } from './check-in.ts';
import type { Visit } from './visit.ts';
import { FORMS, formHash, formVersionId } from './templates.ts';
import type { DemoForm } from './templates.ts';
import { onDuty, siteId } from './world.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;

/** The forms that a visit asks for, filled in, signed and looked over. */
export function writeForms(world: World, visit: Visit, checkIn: CheckIn, doneAt: number): void {
  for (const form of formsFor(visit)) writeForm(world, visit, checkIn, doneAt, form);
}

function formsFor({ isNew, type, rng }: Visit): DemoForm[] {
  return FORMS.filter(({ kind }) => {
    if (kind === 'consent') return type.isProcedure;
    if (isNew) return true;
    return kind === 'medical_history' && rng.chance(0.12);
  });
}

function writeForm(
  world: World,
  visit: Visit,
  { sessionId, clerk, device, at }: CheckIn,
  doneAt: number,
  form: DemoForm,
): void {
  const { book } = world;
  const { rng, patient, site, day } = visit;
  const seconds = rng.around(form.required.length * 40, 60, 15);
  const maker = { at, by: clerk, device };
  const reviewedAt = doneAt + rng.int(5, 40) * MINUTE_MS;
  const isReviewed = reviewedAt <= world.now && rng.chance(0.94);
  const id = book.addMoved(
    'form_submissions',
    maker,
    {
      location_id: siteId(site),
      session_id: sessionId,
      appointment_id: visit.id,
      patient_id: patient.id,
      version_id: formVersionId(world, form.code, patient.language),
      kind: form.kind,
      answers: Object.fromEntries(form.required.map((name) => [name, answer(name, visit)])),
      seconds_taken: seconds,
    },
    'draft',
    [
      ['submitted', doneAt, clerk],
      ...(isReviewed
        ? [['reviewed', reviewedAt, onDuty(world, 'CS', site, day.index).id] as const]
        : []),
    ],
  );
  for (const purpose of form.signatures)
    writeSignature(world, visit, purpose, id, form.code, maker);
}

function writeSignature(
  world: World,
  { rng, patient, site }: Visit,
  purpose: 'consent' | 'financial' | 'hipaa',
  submission: string,
  code: string,
  maker: { at: number; by: string; device: string },
): void {
  const signedAt = maker.at + 2 * MINUTE_MS;
  const method = rng.weighted([
    ['drawn', 80],
    ['typed', 16],
    ['staff_attested', 4],
  ] as const);
  const id = world.book.add(
    'digital_signatures',
    { ...maker, at: signedAt },
    {
      location_id: siteId(site),
      patient_id: patient.id,
      submission_id: submission,
      purpose,
      document_version_id: formVersionId(world, code, patient.language),
      document_hash: formHash(code, patient.language),
      method,
      strokes: method === 'drawn' ? strokes(patient.index) : null,
      legal_name: patient.proxy?.name ?? `${patient.given} ${patient.family}`,
      relation: patient.proxy
        ? patient.proxy.relation === 'parent'
          ? 'parent'
          : 'guardian'
        : 'self',
      witness_id: method === 'staff_attested' ? maker.by : null,
      signed_at: signedAt,
    },
  );
  if (!rng.chance(0.002) && !world.once('invalidation')) return;
  world.book.add(
    'signature_invalidations',
    { ...maker, at: Math.min(signedAt + 60 * MINUTE_MS, world.now) },
    {
      location_id: siteId(site),
      patient_id: patient.id,
      signature_id: id,
      reason: 'Signed for the wrong person',
    },
  );
}

/** One of a few signs that nobody could take for a real signature: x, y, x, y … */
function strokes(index: number): number[][] {
  const height = 20 + (index % 7) * 5;
  return [[10, height, 40, 10, 70, height, 100, 10, 130, height]];
}

function answer(name: string, { rng, type, patient }: Visit): string | boolean {
  switch (name) {
    case 'reason':
      return type.reasons[patient.index % type.reasons.length] ?? 'Skin check';
    case 'referred_by':
      return rng.pick(['family doctor', 'friend', 'search', 'returning']);
    case 'allergies':
      return rng.pick(['none', 'none', 'penicillin', 'latex', 'adhesive tape']);
    case 'medications':
      return rng.pick(['none', 'one daily', 'several']);
    case 'procedure':
      return type.name;
    case 'skin_cancer':
      return rng.chance(0.14);
    default:
      return true;
  }
}
