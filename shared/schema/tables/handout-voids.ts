import { defineTable, text, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** A handout was a mistake. It stays, with the reason why it does not count. */
export const handoutVoids = defineTable({
  name: 'handout_voids',
  module: 'handouts',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 6,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    handout_id: uuid({ ...P2.ao, references: 'generated_handouts' }),
    reason: text({ ...P2.ao, min: 1, max: 300 }),
  },
});
