import { defineTable, instant, int, uuid } from '../define.ts';
import { P0, P1 } from '../marks.ts';

/** That a patient got handouts, without which: the template gives the condition away. */
export const handoutSummaries = defineTable({
  name: 'handout_summaries',
  module: 'handouts',
  kind: 'central',
  projectionOf: 'handout_packs',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 5,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.cen, references: 'locations' }),
    patient_id: uuid({ ...P1.cen, references: 'patients' }),
    made_at: instant(P1.cen),
    handouts: int({ ...P1.cen, min: 1, max: 20 }),
  },
});
