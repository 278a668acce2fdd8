import { z } from 'zod';
import { bool, defineTable, int, json, oneOf, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** A team that meets. */
export const eosTeams = defineTable({
  name: 'eos_teams',
  module: 'eos',
  kind: 'record',
  scope: { team: 'id', location: 'location_id' },
  priority: 3,
  retentionYears: 7,
  stays: { until: { field: 'active', is: ['false'] } },
  fields: {
    name: text({ ...P0.lww, min: 1, max: 80 }),
    kind: oneOf(['leadership', 'department', 'site'], P0.lww),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    weekday: int({ ...P0.lww, min: 1, max: 7 }),
    /** Minutes since midnight at the team's place. */
    start_minute: int({ ...P0.lww, max: 1439 }),
    time_zone: text({ ...P0.lww, min: 3, max: 60 }),
    agenda: json(
      z
        .array(
          z.strictObject({ segment: z.string().min(1).max(40), minutes: z.int().min(1).max(240) }),
        )
        .max(20),
      P0.lww,
    ),
    active: bool(P0.lww),
  },
});
