import type { Request } from './authorizations.ts';
import { DAY_MS, addDays } from './calendar.ts';
import { CRITERIA, ruleVersionId } from './drugs.ts';
import { sha256 } from './templates.ts';
import { localDate } from './world.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;

/** What is gathered for a request: evidence, trials, scores, checks, and what a model said. */
export function writeDossier(world: World, request: Request, from: number, readyAt: number): void {
  const { book, now } = world;
  const { visit, about, specialist, device } = request;
  const { rng } = visit;
  const maker = (at: number) => ({ at: Math.min(at, now), by: specialist, device });
  const seenOn = localDate(visit.endsAt);
  const evidence: string[] = [];
  for (const type of [
    'chart',
    'score',
    rng.pick(['lab', 'photo', 'literature'] as const),
  ] as const) {
    const at = from + (evidence.length + 1) * 20 * MINUTE_MS;
    evidence.push(
      book.add('authorization_evidence', maker(at), {
        ...about,
        type,
        body: BODIES[type],
        source_ref:
          type === 'literature' ? 'Journal of invented studies 12:34' : `Visit of ${seenOn}`,
        effective_on: seenOn,
        provenance: type === 'lab' ? 'import' : 'human',
      }),
    );
  }
  for (const evidence_id of evidence) {
    if (!rng.chance(0.75)) continue;
    book.add(
      'evidence_reviews',
      { at: Math.min(readyAt, now), by: visit.provider.id, device },
      {
        location_id: about.location_id,
        patient_id: about.patient_id,
        evidence_id,
        reviewer_id: visit.provider.id,
        verdict: rng.chance(0.95) ? 'accepted' : 'rejected',
      },
    );
  }
  for (const [nth, [drug, drugClass]] of rng.sample(TRIED, rng.int(1, 3)).entries()) {
    const ended = addDays(seenOn, -rng.int(20, 60) - nth * 90);
    book.add('therapy_trials', maker(from + 90 * MINUTE_MS), {
      ...about,
      drug,
      drug_class: drugClass,
      started_on: addDays(ended, -rng.int(30, 80)),
      ended_on: ended,
      outcome: rng.weighted([
        ['failed', 6],
        ['partial', 3],
        ['intolerant', 2],
      ] as const),
      entered_in_error: false,
    });
  }
  const instrument = rng.pick(['BSA', 'IGA', 'EASI', 'PASI', 'DLQI'] as const);
  const scores = book.add(
    'severity_scores',
    { at: visit.endsAt, by: visit.provider.id, device },
    {
      ...about,
      instrument,
      score_tenths: instrument === 'IGA' ? rng.int(3, 4) * 10 : rng.int(80, 400),
      scored_on: seenOn,
    },
  );
  book.add('criteria_checks', maker(readyAt), {
    ...about,
    rule_version_id: ruleVersionId(world, request.plan.payer, request.drug.code),
    results: CRITERIA.map((criterion) => ({
      criterion,
      result: rng.weighted([
        ['met', 85],
        ['unknown', 9],
        ['not_met', 6],
      ] as const),
      evidence_ids: criterion === 'severity_score' ? [scores] : evidence.slice(0, 1),
    })),
    engine_version: 'demo-1',
    content_hash: request.contentHash,
  });
  if (rng.chance(0.35) || world.once('model')) writeModel(world, request, readyAt);
  if (rng.chance(0.5) || world.once('task')) writeTask(world, request, from);
  if (rng.chance(0.45) || world.once('call')) writeCall(world, request, readyAt);
}

/** A draft by a model, and what the prescriber made of it. */
function writeModel(world: World, request: Request, readyAt: number): void {
  const { book, now } = world;
  const { visit, about, device } = request;
  const { rng } = visit;
  const output = 'The patient has tried two topical treatments without success.';
  const at = Math.min(readyAt + 5 * MINUTE_MS, now);
  const failed = rng.chance(0.04);
  const result = book.add(
    'ai_analysis_results',
    { at, by: null },
    {
      ...about,
      purpose: rng.pick(['draft_letter', 'gap_check']),
      provider: 'demo',
      model: 'demo-drafter',
      model_version: '1',
      prompt_template_version: '3',
      input_hash: request.contentHash,
      input_fields: ['dx_codes', 'drug', 'therapy_trials', 'severity_scores'],
      redactions: rng.int(0, 6),
      output: failed ? null : output,
      output_hash: failed ? null : sha256(output),
      confidence_bp: failed ? null : rng.int(5500, 9600),
      recommendation: failed ? null : rng.pick(['ready', 'gather_more']),
      citations: [],
      warnings: rng.chance(0.2) ? ['No duration of treatment was given'] : [],
      latency_ms: rng.int(900, 14_000),
      cost_cents: rng.int(1, 9),
      run_state: failed ? 'failed' : 'ok',
      started_at: at - 15_000,
    },
  );
  if (failed) return;
  const verdict = rng.weighted([
    ['agree', 5],
    ['edit', 4],
    ['reject', 1],
  ] as const);
  book.add(
    'ai_reviews',
    { at: Math.min(at + 30 * MINUTE_MS, now), by: visit.provider.id, device },
    {
      ...about,
      result_id: result,
      reviewer_id: visit.provider.id,
      verdict,
      edited_text: verdict === 'edit' ? `${output} The dose follows the label.` : null,
      reason: verdict === 'reject' ? 'The history is not right' : null,
    },
  );
}

function writeTask(world: World, { visit, about, specialist, device }: Request, at: number): void {
  const { rng } = visit;
  const doneAt = at + rng.int(3, 70) * 60 * MINUTE_MS;
  const isDone = doneAt <= world.now && rng.chance(0.93);
  world.book.addMoved(
    'pa_tasks',
    { at: Math.min(at, world.now), by: specialist, device },
    {
      ...about,
      title: rng.pick(['Ask for the lab report', 'Call the plan about the form', 'Get the photo']),
      assigned_to: specialist,
      due_at: at + 2 * DAY_MS,
    },
    'open',
    isDone
      ? [
          ['in_progress', doneAt - 30 * MINUTE_MS, specialist],
          ['done', doneAt, specialist],
        ]
      : [],
  );
}

function writeCall(world: World, { visit, about, specialist, device }: Request, at: number): void {
  const occurred_at = Math.min(at + 40 * MINUTE_MS, world.now);
  world.book.add(
    'pa_communications',
    { at: occurred_at, by: specialist, device },
    {
      ...about,
      with_whom: visit.rng.pick(['insurer', 'pharmacy', 'patient']),
      channel: visit.rng.pick(['phone', 'fax', 'portal']),
      direction: visit.rng.pick(['in', 'out']),
      body: 'Asked how far the request is.',
      occurred_at,
    },
  );
}

const BODIES = {
  chart: 'Involvement of arms and trunk, daily itching, sleep disturbed.',
  score: 'Scored at the visit by the prescriber.',
  lab: 'Screening before treatment: nothing found.',
  photo: 'Photograph taken at the visit.',
  literature: 'A trial against placebo over sixteen weeks.',
} as const;

const TRIED = [
  ['triamcinolone 0.1 % ointment', 'Topical steroid'],
  ['clobetasol 0.05 % ointment', 'Topical steroid'],
  ['tacrolimus 0.1 % ointment', 'Calcineurin inhibitor'],
  ['methotrexate 15 mg a week', 'Antimetabolite'],
  ['narrow-band UVB', 'Phototherapy'],
  ['doxycycline 100 mg twice a day', 'Tetracycline'],
] as const;
