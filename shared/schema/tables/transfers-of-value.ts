import { bool, cents, date, defineTable, int, oneOf, text, uuid } from '../define.ts';
import { P0, PII } from '../marks.ts';

/** One person's share of what a company gave. The year's total is derived. */
export const transfersOfValue = defineTable({
  name: 'transfers_of_value',
  module: 'pharma',
  kind: 'fact',
  scope: { location: 'location_id', own: 'recipient_user_id' },
  priority: 5,
  retentionYears: 7,
  expandedFrom: 'meal_records',
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    record_id: uuid({ ...P0.ao, references: 'meal_records' }),
    appointment_id: uuid({ ...P0.ao, references: 'pharma_appointments' }),
    kind: oneOf(['food', 'educational', 'sample', 'other'], P0.ao),
    product: text({ ...P0.ao, nullable: true, max: 80 }),
    total_cents: cents({ ...P0.ao, min: 1 }),
    partakers_count: int({ ...P0.ao, min: 1, max: 200 }),
    share_cents: cents(PII.ao),
    recipient_user_id: uuid({ ...PII.ao, nullable: true, references: 'users' }),
    recipient_name: text({ ...PII.ao, min: 1, max: 120 }),
    covered_recipient_type: oneOf(['md_do', 'pa', 'np', 'cns', 'crna', 'cnm', 'none'], PII.ao),
    npi: text({ ...PII.ao, nullable: true, max: 10 }),
    receipt_file_id: uuid({ ...P0.ao, nullable: true, references: 'file_uploads' }),
    local_date: date(P0.ao),
    reverses: bool(P0.ao),
  },
  indexes: [['location_id', 'local_date']],
});
