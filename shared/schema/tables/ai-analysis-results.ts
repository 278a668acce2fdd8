import { z } from 'zod';
import { cents, defineTable, instant, int, json, oneOf, text, texts, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/**
 * What a model said, with all that is needed to judge it later. Written by the server, never
 * changed. It may recommend to gather more, never to deny.
 */
export const aiAnalysisResults = defineTable({
  name: 'ai_analysis_results',
  module: 'authorizations',
  kind: 'log',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 5,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    request_id: uuid({ ...P2.ao, references: 'authorization_requests' }),
    purpose: oneOf(['draft_letter', 'gap_check', 'extract', 'predict'], P0.ao),
    provider: text({ ...P0.ao, min: 1, max: 60 }),
    model: text({ ...P0.ao, min: 1, max: 80 }),
    model_version: text({ ...P0.ao, nullable: true, max: 60 }),
    prompt_template_version: text({ ...P0.ao, min: 1, max: 40 }),
    input_hash: text({ ...P2.ao, min: 64, max: 64 }),
    /** Names of the fields that were sent; never their values. */
    input_fields: texts({ ...P0.ao, max: 63, items: 200 }),
    redactions: int(P0.ao),
    output: text({ ...P2.ao, nullable: true, max: 60_000 }),
    output_hash: text({ ...P2.ao, nullable: true, max: 64 }),
    /** In hundredths of a percent. */
    confidence_bp: int({ ...P2.ao, nullable: true, max: 10_000 }),
    recommendation: oneOf(['gather_more', 'ready', 'consider_alternative', 'escalate'], {
      ...P2.ao,
      nullable: true,
    }),
    citations: json(
      z
        .array(
          z.strictObject({
            ref: z.string().min(1).max(200),
            verified: z.boolean(),
            how: z.string().max(80).nullable(),
          }),
        )
        .max(100),
      P2.ao,
    ),
    warnings: texts({ ...P2.ao, max: 300, items: 50 }),
    latency_ms: int(P0.ao),
    cost_cents: cents({ ...P0.ao, nullable: true }),
    run_state: oneOf(['ok', 'failed', 'blocked'], P0.ao),
    supersedes_id: uuid({ ...P2.ao, nullable: true, references: 'ai_analysis_results' }),
    started_at: instant(P0.ao),
  },
});
