import { date, defineTable, instant, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** The slots of a week that one site may confirm while it is offline. */
export const slotLeases = defineTable({
  name: 'slot_leases',
  module: 'pharma',
  kind: 'central',
  scope: { location: 'location_id' },
  priority: 4,
  retentionYears: 2,
  stays: { ends: 'expires_at' },
  fields: {
    location_id: uuid({ ...P0.cen, references: 'locations' }),
    activity_id: uuid({ ...P0.cen, references: 'scheduling_activities' }),
    week_start: date(P0.cen),
    device: uuid({ ...P0.cen, references: 'devices' }),
    expires_at: instant(P0.cen),
  },
  unique: [['activity_id', 'week_start']],
});
