import { cents, defineTable, int, text } from '../define.ts';
import { P0 } from '../marks.ts';

/** From which value on makers report, by programme year. An unknown year says so. */
export const openPaymentsThresholds = defineTable({
  name: 'open_payments_thresholds',
  module: 'pharma',
  kind: 'central',
  scope: {},
  priority: 5,
  retentionYears: null,
  fields: {
    program_year: int({ ...P0.cen, min: 2013, max: 2200 }),
    item_cents: cents(P0.cen),
    year_cents: cents(P0.cen),
    source_url: text({ ...P0.cen, min: 1, max: 300 }),
  },
  unique: [['program_year']],
});
