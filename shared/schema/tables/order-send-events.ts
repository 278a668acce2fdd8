import { defineTable, instant, oneOf, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/**
 * What became of a wish to send. unknown: it may have arrived or not, and only a person can find out ·
 * skipped: somebody else's wish was the same, and came first.
 */
export const SEND_EVENTS = ['sent', 'failed', 'unknown', 'skipped'] as const;
export type SendEvent = (typeof SEND_EVENTS)[number];

/** Written by the server when it has carried out a send, or given up. The newest one counts. */
export const orderSendEvents = defineTable({
  name: 'order_send_events',
  module: 'inventory',
  kind: 'log',
  scope: { location: 'location_id' },
  priority: 4,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    order_id: uuid({ ...P0.ao, references: 'purchase_orders' }),
    send_id: uuid({ ...P0.ao, references: 'order_sends' }),
    event: oneOf(SEND_EVENTS, P0.ao),
    /** Where it went, as people call it: a vendor's address, the name of a channel. */
    destination: text({ ...P0.ao, nullable: true, max: 254 }),
    /** Name of an error code. */
    problem: text({ ...P0.ao, nullable: true, max: 63 }),
    occurred_at: instant(P0.ao),
  },
});
