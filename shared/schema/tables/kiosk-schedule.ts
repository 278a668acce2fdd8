import { bool, date, defineTable, instant, text, uuid } from '../define.ts';
import { P0, P1 } from '../marks.ts';

/** Today's list as a kiosk may know it: enough to find somebody who says who they are, no more. */
export const kioskSchedule = defineTable({
  name: 'kiosk_schedule',
  module: 'kiosk',
  kind: 'central',
  projectionOf: 'appointments',
  scope: { location: 'location_id' },
  priority: 2,
  retentionYears: 1,
  fields: {
    location_id: uuid({ ...P0.cen, references: 'locations' }),
    local_date: date(P1.cen),
    starts_at: instant(P1.cen),
    initial: text({ ...P1.cen, min: 1, max: 2 }),
    /** Keyed hash of last name, birth date and last four digits of the phone; the key changes daily. */
    match_hash: text({ ...P1.cen, nullable: true, max: 64 }),
    listed: bool(P0.cen),
  },
});
