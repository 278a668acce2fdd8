import { newId } from '#shared/kernel/ids.ts';
import type { CountLine } from './count-rules.ts';

/** An observation for tests: twelve of an item at the first minute, where the books had ten. */
export const aLine = (fields: Partial<CountLine>): CountLine => ({
  id: newId(),
  item_id: 'item',
  item_name: 'Gauze',
  base_unit: 'piece',
  lot_id: null,
  lot_no: null,
  expiry_date: null,
  bin: 'A1',
  counter_id: 'ana',
  who: fields.counter_id ?? 'ana',
  pass: 1,
  counted_qty: 120_000,
  counted_at: 60_000,
  expected_qty: 100_000,
  since_qty: null,
  unit_cost_cents: null,
  ...fields,
});
