import type { Entry, Step } from './book.ts';
import { DAY_MS, addDays } from './calendar.ts';
import { ASKED_FOR, EVERYDAY, drugId } from './drugs.ts';
import type { DemoDrug } from './drugs.ts';
import { writeDossier } from './dossier.ts';
import { writeAppeal } from './appeals.ts';
import { coverageId } from './patients.ts';
import type { DemoPlan } from './plans.ts';
import type { Visit } from './visit.ts';
import { sha256 } from './templates.ts';
import { clinicOf, localDate, onDuty, siteId } from './world.ts';
import type { World } from './world.ts';

const HOUR_MS = 3_600_000;

/** A request as its parts need to know it. */
export interface Request {
  readonly id: string;
  readonly visit: Visit;
  readonly drug: DemoDrug;
  readonly plan: DemoPlan;
  readonly startedAt: number;
  readonly specialist: string;
  readonly device: string;
  readonly contentHash: string;
  /** What every row about it says. */
  readonly about: { location_id: string; patient_id: string; request_id: string };
}

type Decision = Entry<'insurance_responses'>['decision'];
type Outcome = 'approved' | 'partially_approved' | 'denied' | 'deemed_granted' | 'withdrawn';

/** About one visit in sixty; in a small set more, so that there is a queue to work on. */
const partAskedFor = ({ options, pastDays }: World): number =>
  Math.min(0.12, Math.max(0.017, 600 / (options.patients * Math.sqrt(pastDays))));

/** What is prescribed at a visit: mostly plain drugs, sometimes one that the insurer is asked for. */
export function writePrescriptions(world: World, visit: Visit): void {
  if (visit.endsAt > world.now) return;
  const { rng, patient } = visit;
  if (rng.chance(0.28)) writeMedication(world, visit, rng.pick(EVERYDAY), 'active');
  const { coverage } = patient;
  if (!coverage || !rng.chance(partAskedFor(world) * (visit.isNew ? 1.7 : 1))) return;
  const drug = rng.pick(ASKED_FOR);
  writeMedication(world, visit, drug, 'active');
  new AuthorizationStory(world, visit, drug, coverage).write();
}

function writeMedication(
  world: World,
  { rng, patient, site, endsAt }: Visit,
  drug: DemoDrug,
  status: 'active',
): void {
  const started = localDate(endsAt);
  const isOver = rng.chance(0.3) && endsAt < world.now - 60 * DAY_MS;
  const id = world.book.newId(endsAt);
  world.book.add(
    'patient_medications',
    { at: endsAt, by: null },
    {
      location_id: siteId(site),
      patient_id: patient.id,
      medication_id: drugId(world, drug),
      name: `${drug.name} ${drug.strength}`,
      ehr_id: `demo-rx-${id.slice(0, 8)}${id.slice(24)}`,
      sig: drug.form === 'cream' ? 'Apply thinly once a day' : 'As directed',
      started_on: started,
      ended_on: isOver ? addDays(started, 45) : null,
      status: isOver ? 'completed' : status,
      source_version: 1,
    },
    id,
  );
}

/** One request from the visit to the answer, as far as it has come until now. */
class AuthorizationStory {
  readonly #world: World;
  readonly #visit: Visit;
  readonly #request: Request;
  readonly #steps: Step[] = [];
  readonly #isUrgent: boolean;
  #time: number;

  constructor(world: World, visit: Visit, drug: DemoDrug, plan: DemoPlan) {
    const { rng, site, patient, day } = visit;
    const startedAt = visit.endsAt + rng.int(5, 50) * 60_000;
    const id = world.book.newId(startedAt);
    this.#world = world;
    this.#visit = visit;
    this.#time = startedAt;
    this.#isUrgent = rng.chance(0.08);
    this.#request = {
      id,
      visit,
      drug,
      plan,
      startedAt,
      specialist: onDuty(world, 'AS', site, day.index).id,
      device: clinicOf(site),
      contentHash: sha256(id),
      about: { location_id: siteId(site), patient_id: patient.id, request_id: id },
    };
  }

  write(): void {
    const { rng } = this.#visit;
    if (this.#request.startedAt > this.#world.now) return;
    const outcome = this.#outcome();
    // Requests first: all else names them. So the way is drawn before anything is written.
    const later: (() => void)[] = [];
    this.#step('gathering', rng.int(1, 4) * HOUR_MS, this.#request.specialist);
    const gatheredAt = this.#time;
    const isReady = this.#step(
      'ready_for_review',
      rng.int(4, 60) * HOUR_MS,
      this.#request.specialist,
    );
    const readyAt = this.#time;
    later.push(() => {
      writeDossier(this.#world, this.#request, gatheredAt, readyAt);
    });
    if (isReady && outcome === 'withdrawn') {
      this.#step('withdrawn', rng.int(1, 30) * HOUR_MS, this.#request.specialist);
    } else if (isReady && this.#step('signed', rng.int(1, 26) * HOUR_MS, null)) {
      const signature = this.#sign(later);
      if (this.#step('submitted', rng.int(10, 200) * 60_000, null)) {
        this.#submitted(outcome, signature, later);
      }
    }
    this.#writeRequest();
    for (const write of later) write();
  }

  #outcome(): Outcome {
    const { rng } = this.#visit;
    const { approves, regime } = this.#request.plan;
    const fate = rng.float();
    if (fate < 0.03) return 'withdrawn';
    if (fate < 0.05 && regime === 'mi_commercial') return 'deemed_granted';
    if (fate < 0.05 + approves * 0.93) return 'approved';
    return rng.chance(0.12) ? 'partially_approved' : 'denied';
  }

  /** Goes to the next state after so long. @returns false when that lies in the future */
  #step(state: string, after: number, by: string | null): boolean {
    if (this.#time + after > this.#world.now) return false;
    this.#time = Math.round(this.#time + after);
    this.#steps.push([state, this.#time, by]);
    return true;
  }

  #sign(later: (() => void)[]): string {
    const { visit, about, contentHash } = this.#request;
    const at = this.#time;
    const id = this.#world.book.newId(at);
    later.push(() =>
      this.#world.book.add(
        'pa_signatures',
        { at, by: visit.provider.id, device: this.#request.device },
        {
          ...about,
          signer_id: visit.provider.id,
          content_hash: contentHash,
          method: visit.rng.pick(['pin', 'biometric', 'password']),
          signed_at: at,
        },
        id,
      ),
    );
    return id;
  }

  #submitted(outcome: Outcome, signature: string, later: (() => void)[]): void {
    const { rng } = this.#visit;
    const { plan } = this.#request;
    const submission = this.#submit('initial', signature, later);
    const days = Math.max(0.3, plan.answersIn * (0.5 + rng.float()) * (this.#isUrgent ? 0.3 : 1));
    if (outcome === 'deemed_granted') {
      if (this.#step('deemed_granted', 8 * DAY_MS, this.#request.specialist)) {
        this.#respond(submission, 'no_response_deemed', later);
      }
      return;
    }
    let last = submission;
    const asks = rng.float();
    if (asks < 0.16) {
      if (!this.#step('more_info', (days / 2) * DAY_MS, null)) return;
      this.#respond(submission, 'more_info', later);
      if (!this.#step('submitted', rng.int(3, 40) * HOUR_MS, null)) return;
      last = this.#submit('more_info', signature, later);
    } else if (asks < 0.26) {
      if (!this.#step('pended', (days / 3) * DAY_MS, null)) return;
      this.#respond(submission, 'pended', later);
    }
    if (!this.#step(outcome, days * DAY_MS, null)) return;
    const decision = outcome === 'partially_approved' ? 'partial' : outcome;
    if (decision === 'withdrawn') return;
    const response = this.#respond(last, decision, later);
    const at = this.#time;
    if (outcome === 'denied' && rng.chance(0.55)) {
      later.push(() => {
        writeAppeal(this.#world, this.#request, response, at);
      });
    }
    // Approvals run out after a year.
    if (outcome === 'approved' && at + 365 * DAY_MS <= this.#world.now) {
      this.#step('expired', 365 * DAY_MS, null);
    }
  }

  #submit(kind: 'initial' | 'more_info', signature: string, later: (() => void)[]): string {
    const { about, specialist, device, contentHash } = this.#request;
    const { rng } = this.#visit;
    const at = this.#time;
    const id = this.#world.book.newId(at);
    const channel = rng.weighted([
      ['covermymeds', 62],
      ['fax', 22],
      ['portal', 14],
      ['phone', 2],
    ] as const);
    later.push(() =>
      this.#world.book.add(
        'pa_submissions',
        { at, by: specialist, device },
        {
          ...about,
          kind,
          channel,
          electronic: channel === 'covermymeds' || channel === 'portal',
          content_hash: contentHash,
          signature_id: signature,
          external_key: channel === 'covermymeds' ? `DEMO${rng.hex(6).toUpperCase()}` : null,
          fax_pages: channel === 'fax' ? rng.int(4, 22) : null,
          sent_at: at,
        },
        id,
      ),
    );
    return id;
  }

  #respond(submission: string, decision: Decision, later: (() => void)[]): string {
    const { about, specialist, device } = this.#request;
    const { rng } = this.#visit;
    const at = this.#time;
    const id = this.#world.book.newId(at);
    const received = localDate(at);
    const isGranted = decision === 'approved' || decision === 'partial';
    later.push(() =>
      this.#world.book.add(
        'insurance_responses',
        { at, by: specialist, device },
        {
          ...about,
          submission_id: submission,
          received_at: at,
          received_date: received,
          received_via:
            decision === 'no_response_deemed' ? 'none' : rng.pick(['fax', 'portal', 'covermymeds']),
          decision,
          pa_number: isGranted ? `DPA${rng.int(1_000_000, 9_999_999)}` : null,
          valid_from: isGranted ? received : null,
          valid_to: isGranted ? addDays(received, decision === 'partial' ? 90 : 364) : null,
          units: isGranted ? this.#request.drug.quantity : null,
          reason_codes: decision === 'denied' ? [rng.pick(DENIALS)] : [],
          criteria_cited: decision === 'denied' ? 'Criteria of the plan, section 3' : null,
          appeal_deadline: decision === 'denied' ? addDays(received, 180) : null,
          entered_by: specialist,
        },
        id,
      ),
    );
    return id;
  }

  #writeRequest(): void {
    const { id, visit, drug, plan, specialist, startedAt, device } = this.#request;
    const { rng, patient, site, provider } = visit;
    const reached = this.#steps.at(-1)?.[0] ?? 'draft';
    const wasSubmitted = this.#steps.some(([state]) => state === 'submitted');
    const isOpen = !['approved', 'denied', 'withdrawn', 'expired'].includes(reached);
    this.#world.book.addMoved(
      'authorization_requests',
      { at: startedAt, by: specialist, device },
      {
        location_id: siteId(site),
        request_no: wasSubmitted
          ? `PA-${id.slice(4, 8)}${id.slice(9, 13)}${id.slice(26, 30)}`
          : null,
        patient_id: patient.id,
        coverage_id: coverageId(this.#world, patient),
        coverage_snapshot: wasSubmitted
          ? { payer: plan.payer, plan: plan.plan, bin: plan.bin, pcn: plan.pcn }
          : null,
        medication_id: drugId(this.#world, drug),
        prescriber_id: provider.id,
        benefit_type: drug.form === 'syringe' ? 'medical' : 'pharmacy',
        regime: plan.regime,
        kind: rng.chance(0.25) ? 'renewal' : 'initial',
        urgency: this.#isUrgent ? 'expedited' : 'standard',
        urgency_attested_by: this.#isUrgent ? provider.id : null,
        dx_codes: [rng.pick(drug.dx)],
        dose: drug.strength,
        quantity: drug.quantity,
        days_supply: 28,
        duration_months: 12,
        necessity:
          reached === 'draft' ? null : 'Moderate to severe; two topical classes have failed.',
        assigned_to: specialist,
        next_action: isOpen ? rng.pick(NEXT) : null,
        next_action_at: isOpen ? this.#time + 2 * DAY_MS : null,
      },
      'draft',
      this.#steps,
      id,
    );
  }
}

const DENIALS = [
  'step_therapy',
  'not_medically_necessary',
  'missing_documentation',
  'non_formulary',
];
const NEXT = [
  'Call the plan',
  'Ask for the chart note',
  'Wait for the answer',
  'Prepare the letter',
];
