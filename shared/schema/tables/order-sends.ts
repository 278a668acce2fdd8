import { defineTable, oneOf, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** Ways in which an order's summary reaches its vendor without a person carrying it. */
export const SEND_CHANNELS = ['email', 'slack'] as const;
export type SendChannel = (typeof SEND_CHANNELS)[number];

/**
 * Somebody wants the summary of an order sent. It is sent once for each such wish, and two people who
 * wish the same without having seen each other are one wish: what sets a second one apart is that it
 * names the one before it.
 */
export const orderSends = defineTable({
  name: 'order_sends',
  module: 'inventory',
  kind: 'fact',
  scope: { location: 'location_id' },
  priority: 4,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    order_id: uuid({ ...P0.ao, references: 'purchase_orders' }),
    channel: oneOf(SEND_CHANNELS, P0.ao),
    /** Language of the text: what the person saw is what is sent. */
    language: oneOf(['en', 'es'], P0.ao),
    /** The latest one by this way that the person had seen; null: there was none. */
    repeats_id: uuid({ ...P0.ao, nullable: true, references: 'order_sends' }),
  },
});
