import { defineTable, instant, oneOf, text, uuid } from '../define.ts';

/** A machine that holds a replica. */
export const devices = defineTable({
  name: 'devices',
  module: 'shared',
  kind: 'central',
  scope: { location: 'location_id', own: 'enrolled_by' },
  priority: 1,
  retentionYears: 7,
  stays: { until: { field: 'status', is: ['retired'] } },
  fields: {
    kind: oneOf(['desktop', 'kiosk', 'tablet'], { phi: 'P0', merge: 'CEN' }),
    name: text({ phi: 'P0', merge: 'CEN', min: 1, max: 80 }),
    location_id: uuid({ phi: 'P0', merge: 'CEN', nullable: true, references: 'locations' }),
    status: oneOf(['active', 'suspended', 'retired'], { phi: 'P0', merge: 'CEN' }),
    enrolled_by: uuid({ phi: 'P0', merge: 'CEN', references: 'users' }),
    last_seen_at: instant({ phi: 'P0', merge: 'CEN', nullable: true, onDevice: false }),
    public_key: text({ phi: 'P3', merge: 'CEN', max: 200, nullable: true }),
    grant_expires_at: instant({ phi: 'P0', merge: 'CEN', nullable: true }),
    last_chain_head: text({ phi: 'P3', merge: 'CEN', max: 64, nullable: true }),
  },
});
