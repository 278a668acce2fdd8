import { bool, defineTable, oneOf, orSet, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** A handout as a title and its versions; which one is current follows from their states. */
export const handoutTemplates = defineTable({
  name: 'handout_templates',
  module: 'handouts',
  kind: 'record',
  scope: {},
  priority: 3,
  retentionYears: 7,
  stays: { until: { field: 'status', is: ['retired'] } },
  machine: { field: 'status', name: 'handout_template' },
  fields: {
    code: text({ ...P0.cen, min: 1, max: 60 }),
    title: text({ ...P0.lww, min: 1, max: 160 }),
    category: oneOf(
      ['education', 'treatment', 'medication', 'pre_procedure', 'post_procedure'],
      P0.lww,
    ),
    specialty_tags: orSet({ phi: 'P0' }),
    diagnosis_codes: orSet({ phi: 'P0' }),
    owner_id: uuid({ ...P0.lww, nullable: true, references: 'users' }),
    physician_review: bool(P0.lww),
    location_id: uuid({ ...P0.lww, nullable: true, references: 'locations' }),
    status: oneOf(['active', 'retired'], P0.sm),
  },
  unique: [['code']],
});
