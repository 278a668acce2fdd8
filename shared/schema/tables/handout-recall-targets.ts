import { defineTable, oneOf, text, uuid } from '../define.ts';
import { P0, P1 } from '../marks.ts';

/** One patient who got the recalled version, to be worked through. Made by the server. */
export const handoutRecallTargets = defineTable({
  name: 'handout_recall_targets',
  module: 'handouts',
  kind: 'record',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 4,
  retentionYears: 7,
  stays: { until: { field: 'status', is: ['done'] } },
  inserted: false,
  identity: ['recall_id', 'handout_id'],
  machine: { field: 'status', name: 'recall_target' },
  fields: {
    recall_id: uuid({ ...P0.ao, references: 'handout_recalls' }),
    handout_id: uuid({ ...P1.ao, references: 'generated_handouts' }),
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    note: text({ ...P1.lww, nullable: true, max: 300 }),
    status: oneOf(['todo', 'done'], P1.sm),
  },
});
