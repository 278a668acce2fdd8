import { cents, date, defineTable, oneOf, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** A price as somebody saw it on a day: history, not a field that is overwritten. */
export const vendorPrices = defineTable({
  name: 'vendor_prices',
  module: 'inventory',
  kind: 'fact',
  scope: {},
  priority: 6,
  retentionYears: 7,
  fields: {
    vendor_id: uuid({ ...P0.ao, references: 'vendors' }),
    item_id: uuid({ ...P0.ao, references: 'inventory_items' }),
    unit: text({ ...P0.ao, min: 1, max: 40 }),
    price_cents: cents(P0.ao),
    seen_on: date(P0.ao),
    source: oneOf(['quote', 'invoice', 'catalogue', 'order'], P0.ao),
  },
  indexes: [['item_id', 'seen_on']],
});
