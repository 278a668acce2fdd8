import { date, defineTable, oneOf, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** Somebody waits for a slot to come free. */
export const waitlistEntries = defineTable({
  name: 'waitlist_entries',
  module: 'pharma',
  kind: 'record',
  scope: { location: 'location_id' },
  priority: 6,
  retentionYears: 2,
  stays: { ends: 'to_date' },
  machine: { field: 'status', name: 'waitlist_entry' },
  editableIn: ['waiting'],
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    activity_id: uuid({ ...P0.ao, references: 'scheduling_activities' }),
    rep_id: uuid({ ...P0.ao, references: 'pharma_representatives' }),
    from_date: date(P0.lww),
    to_date: date(P0.lww),
    note: text({ ...P0.lww, nullable: true, max: 300 }),
    offered_appointment_id: uuid({ ...P0.cen, nullable: true, references: 'pharma_appointments' }),
    status: oneOf(['waiting', 'offered', 'accepted', 'declined', 'expired', 'withdrawn'], P0.sm),
  },
});
