import { date, defineTable, quantity, text, uuid } from '../define.ts';
import { P0, PII } from '../marks.ts';

/** Samples that a representative left; the closet takes them in with a stock act. */
export const sampleDeliveries = defineTable({
  name: 'sample_deliveries',
  module: 'pharma',
  kind: 'fact',
  scope: { location: 'location_id' },
  priority: 5,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    appointment_id: uuid({ ...P0.ao, nullable: true, references: 'pharma_appointments' }),
    rep_id: uuid({ ...P0.ao, references: 'pharma_representatives' }),
    item_id: uuid({ ...P0.ao, references: 'inventory_items' }),
    lot_no: text({ ...P0.ao, min: 1, max: 40 }),
    expiry_date: date({ ...P0.ao, nullable: true }),
    qty_base: quantity({ ...P0.ao, min: 1 }),
    received_by: uuid({ ...PII.ao, references: 'users' }),
    stock_act_id: uuid({ ...P0.ao, nullable: true, references: 'stock_acts' }),
  },
});
