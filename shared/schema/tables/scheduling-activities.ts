import { z } from 'zod';
import { bool, defineTable, int, json, oneOf, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** What can be booked at a site, how long, how often, by whom. */
export const schedulingActivities = defineTable({
  name: 'scheduling_activities',
  module: 'pharma',
  kind: 'central',
  scope: { location: 'location_id' },
  priority: 4,
  retentionYears: 7,
  stays: { until: { field: 'status', is: ['retired'] } },
  fields: {
    location_id: uuid({ ...P0.cen, references: 'locations' }),
    kind: oneOf(['lunch', 'breakfast', 'visit', 'training', 'sample_drop'], P0.cen),
    name: text({ ...P0.cen, min: 1, max: 80 }),
    weekdays: json(z.array(z.int().min(1).max(7)).max(7), P0.cen),
    start_minute: int({ ...P0.cen, max: 1439 }),
    duration_min: int({ ...P0.cen, min: 1, max: 720 }),
    buffer_min: int({ ...P0.cen, max: 240 }),
    max_people: int({ ...P0.cen, min: 1, max: 200 }),
    seats: int({ ...P0.cen, min: 1, max: 20 }),
    room: text({ ...P0.cen, nullable: true, max: 80 }),
    requires_approval: bool(P0.cen),
    window_weeks: int({ ...P0.cen, min: 1, max: 104 }),
    min_notice_h: int({ ...P0.cen, max: 720 }),
    cancel_notice_h: int({ ...P0.cen, max: 720 }),
    caps: json(z.record(z.string().max(40), z.json()), P0.cen),
    status: oneOf(['active', 'paused', 'retired'], P0.cen),
  },
});
