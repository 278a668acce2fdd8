import { bool, defineTable, oneOf, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** Whose rule about which drug. */
export const payerRules = defineTable({
  name: 'payer_rules',
  module: 'authorizations',
  kind: 'central',
  scope: {},
  priority: 4,
  retentionYears: 7,
  stays: { until: { field: 'active', is: ['false'] } },
  fields: {
    payer: text({ ...P0.cen, min: 1, max: 120 }),
    plan: text({ ...P0.cen, nullable: true, max: 120 }),
    medication_id: uuid({ ...P0.cen, references: 'medications' }),
    regime: oneOf(['mi_commercial', 'medicare', 'medicaid', 'erisa', 'other'], P0.cen),
    active: bool(P0.cen),
  },
});
