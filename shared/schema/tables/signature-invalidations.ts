import { defineTable, text, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** A signature does not hold; it stays, and this says why. */
export const signatureInvalidations = defineTable({
  name: 'signature_invalidations',
  module: 'kiosk',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 6,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    signature_id: uuid({ ...P2.ao, references: 'digital_signatures' }),
    reason: text({ ...P2.ao, min: 1, max: 300 }),
  },
});
