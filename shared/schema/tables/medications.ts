import { bool, defineTable, oneOf, text, texts } from '../define.ts';
import { P0 } from '../marks.ts';

/** The catalogue of drugs, by RxNorm and NDC. */
export const medications = defineTable({
  name: 'medications',
  module: 'shared',
  kind: 'central',
  scope: {},
  priority: 4,
  retentionYears: null,
  fields: {
    rxcui: text({ ...P0.cen, nullable: true, max: 20 }),
    ndcs: texts({ ...P0.cen, max: 13, items: 50 }),
    name: text({ ...P0.cen, min: 1, max: 160 }),
    strength: text({ ...P0.cen, nullable: true, max: 60 }),
    form: text({ ...P0.cen, nullable: true, max: 60 }),
    drug_class: text({ ...P0.cen, nullable: true, max: 80 }),
    controlled_schedule: oneOf(['none', 'II', 'III', 'IV', 'V'], P0.cen),
    high_risk: bool(P0.cen),
  },
  indexes: [['name']],
});
