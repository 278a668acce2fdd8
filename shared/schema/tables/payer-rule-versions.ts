import { z } from 'zod';
import { date, defineTable, int, json, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** What a payer asks for, from a day on. */
export const payerRuleVersions = defineTable({
  name: 'payer_rule_versions',
  module: 'authorizations',
  kind: 'central',
  scope: {},
  priority: 4,
  retentionYears: 7,
  stays: { ends: 'effective_to' },
  fields: {
    rule_id: uuid({ ...P0.cen, references: 'payer_rules' }),
    version_no: int({ ...P0.cen, min: 1 }),
    criteria: json(z.array(z.record(z.string().max(60), z.json())).max(100), P0.cen),
    source_url: text({ ...P0.cen, nullable: true, max: 300 }),
    effective_from: date(P0.cen),
    effective_to: date({ ...P0.cen, nullable: true }),
    verified_by: uuid({ ...P0.cen, nullable: true, references: 'users' }),
  },
  unique: [['rule_id', 'version_no']],
});
