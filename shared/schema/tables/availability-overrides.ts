import { date, defineTable, int, oneOf, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** A day on which an activity is closed, special or blocked. */
export const availabilityOverrides = defineTable({
  name: 'availability_overrides',
  module: 'pharma',
  kind: 'record',
  scope: { location: 'location_id' },
  priority: 5,
  retentionYears: 7,
  stays: { ends: 'local_date' },
  identity: ['activity_id', 'local_date'],
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    activity_id: uuid({ ...P0.ao, references: 'scheduling_activities' }),
    local_date: date(P0.ao),
    kind: oneOf(['blackout', 'special', 'closed', 'open'], P0.lww),
    start_minute: int({ ...P0.lww, nullable: true, max: 1439 }),
    end_minute: int({ ...P0.lww, nullable: true, max: 1439 }),
    reason: text({ ...P0.lww, nullable: true, max: 200 }),
  },
});
