import { defineTable, instant, quantity, uuid } from '../define.ts';
import { P0, P2 } from '../marks.ts';

/** A drug sample that left the closet: for whom, of which lot, who prescribed and signed. */
export const sampleLog = defineTable({
  name: 'sample_log',
  module: 'inventory',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 6,
  retentionYears: 7,
  actors: ['dispensed_by'],
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    act_id: uuid({ ...P2.ao, references: 'stock_acts' }),
    lot_id: uuid({ ...P2.ao, references: 'inventory_lots' }),
    qty_base: quantity({ ...P2.ao, min: 1 }),
    patient_id: uuid({ ...P2.ao, nullable: true, references: 'patients' }),
    prescriber_id: uuid({ ...P2.ao, references: 'users' }),
    dispensed_by: uuid({ ...P2.ao, references: 'users' }),
    witnessed_by: uuid({ ...P2.ao, nullable: true, references: 'users' }),
    signature_id: uuid({ ...P2.ao, nullable: true }),
    occurred_at: instant(P2.ao),
  },
});
