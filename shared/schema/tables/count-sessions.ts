import { bool, defineTable, instant, int, oneOf, text, uuid } from '../define.ts';

/** A count of stock at one site. Its status decides whether its lines move on-hand. */
export const countSessions = defineTable({
  name: 'count_sessions',
  module: 'inventory',
  kind: 'record',
  scope: { location: 'location_id' },
  priority: 4,
  retentionYears: 7,
  actors: ['counted_by'],
  machine: { field: 'status', name: 'count_session' },
  fields: {
    location_id: uuid({ phi: 'P0', merge: 'AO', references: 'locations' }),
    kind: oneOf(['full', 'cycle', 'spot'], { phi: 'P0', merge: 'AO' }),
    zone: text({ phi: 'P0', merge: 'LWW', max: 80, nullable: true }),
    blind: bool({ phi: 'P0', merge: 'AO' }),
    status: oneOf(['open', 'submitted', 'in_review', 'posted', 'voided'], {
      phi: 'P0',
      merge: 'SM',
    }),
    counted_by: uuid({ phi: 'P0', merge: 'AO', references: 'users' }),
    started_at: instant({ phi: 'P0', merge: 'AO' }),
    /**
     * How many observations the counter finished with. A long count travels in several pushes: it is
     * judged when all of them have arrived.
     */
    line_count: int({ phi: 'P0', merge: 'LWW', nullable: true, max: 100_000 }),
    note: text({ phi: 'P0', merge: 'LWW', max: 500, nullable: true }),
  },
  indexes: [['location_id']],
});
