import { bool, cents, defineTable, oneOf, text } from '../define.ts';
import { P0 } from '../marks.ts';

/** Who sells to us. */
export const vendors = defineTable({
  name: 'vendors',
  module: 'inventory',
  kind: 'record',
  scope: {},
  priority: 3,
  retentionYears: 7,
  stays: { until: { field: 'active', is: ['false'] } },
  fields: {
    name: text({ ...P0.lww, min: 1, max: 120 }),
    account_no: text({ ...P0.lww, nullable: true, max: 60 }),
    phone: text({ ...P0.lww, nullable: true, max: 30 }),
    email: text({ ...P0.lww, nullable: true, max: 254 }),
    website: text({ ...P0.lww, nullable: true, max: 200 }),
    order_channel: oneOf(['slack', 'email', 'phone', 'portal', 'print'], P0.lww),
    free_shipping_cents: cents({ ...P0.lww, nullable: true }),
    note: text({ ...P0.lww, nullable: true, max: 500 }),
    active: bool(P0.lww),
  },
});
