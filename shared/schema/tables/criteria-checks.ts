import { z } from 'zod';
import { isUuid } from '#shared/kernel/ids.ts';
import { defineTable, json, text, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** A rule held against a request: criterion by criterion, so that anybody can run it again. */
export const criteriaChecks = defineTable({
  name: 'criteria_checks',
  module: 'authorizations',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 5,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    request_id: uuid({ ...P2.ao, references: 'authorization_requests' }),
    rule_version_id: uuid({ ...P2.ao, references: 'payer_rule_versions' }),
    results: json(
      z
        .array(
          z.strictObject({
            criterion: z.string().min(1).max(80),
            result: z.enum(['met', 'not_met', 'unknown']),
            evidence_ids: z.array(z.string().refine(isUuid, 'is not an id')).max(50),
          }),
        )
        .max(100),
      P2.ao,
    ),
    engine_version: text({ ...P0.ao, min: 1, max: 40 }),
    content_hash: text({ ...P2.ao, min: 64, max: 64 }),
  },
});
