import { cents, defineTable, oneOf, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** A decision about an order as it stood; an order that changes afterwards needs a new one. */
export const poApprovals = defineTable({
  name: 'po_approvals',
  module: 'inventory',
  kind: 'fact',
  scope: { location: 'location_id' },
  priority: 4,
  retentionYears: 7,
  actors: ['approver_id'],
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    order_id: uuid({ ...P0.ao, references: 'purchase_orders' }),
    approver_id: uuid({ ...P0.ao, references: 'users' }),
    decision: oneOf(['approved', 'returned'], P0.ao),
    /** What the order came to when it was decided on. */
    amount_cents: cents(P0.ao),
    /** Hash of the order and its lines as they were seen. */
    basis_version: text({ ...P0.ao, min: 1, max: 64 }),
    reason: text({ ...P0.ao, nullable: true, max: 500 }),
  },
});
