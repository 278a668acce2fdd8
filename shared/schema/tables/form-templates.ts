import { defineTable, oneOf, orSet, text, uuid, uuids } from '../define.ts';
import { P0 } from '../marks.ts';

/** A form as a title and its versions. */
export const formTemplates = defineTable({
  name: 'form_templates',
  module: 'kiosk',
  kind: 'record',
  scope: {},
  priority: 3,
  retentionYears: 7,
  stays: { until: { field: 'status', is: ['retired'] } },
  machine: { field: 'status', name: 'form_template' },
  fields: {
    code: text({ ...P0.cen, min: 1, max: 60 }),
    title: text({ ...P0.lww, min: 1, max: 160 }),
    kind: oneOf(
      ['intake', 'consent', 'insurance', 'medical_history', 'financial', 'hipaa'],
      P0.lww,
    ),
    appointment_types: orSet({ phi: 'P0' }),
    site_ids: uuids({ ...P0.lww, max: 50 }),
    owner_id: uuid({ ...P0.lww, nullable: true, references: 'users' }),
    status: oneOf(['active', 'retired'], P0.sm),
  },
  unique: [['code']],
});
