import { defineTable, uuid } from '../define.ts';
import { P0, P2 } from '../marks.ts';

/**
 * Whom an opaque token in the stock ledger stands for. Only clinical roles read it, so the ledger
 * itself names nobody.
 */
export const patientRefs = defineTable({
  name: 'patient_refs',
  module: 'inventory',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 6,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P2.ao, references: 'patients' }),
    appointment_id: uuid({ ...P2.ao, nullable: true, references: 'appointments' }),
  },
});
