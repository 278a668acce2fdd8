import { bool, date, defineTable, oneOf, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** How a rock stands this week, said by one person. */
export const rockCheckins = defineTable({
  name: 'rock_checkins',
  module: 'eos',
  kind: 'fact',
  scope: { team: 'team_id', location: 'location_id' },
  priority: 5,
  retentionYears: 7,
  fields: {
    team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    rock_id: uuid({ ...P0.ao, references: 'rocks' }),
    week_start: date(P0.ao),
    status: oneOf(['on_track', 'off_track', 'done', 'not_done', 'dropped'], P0.ao),
    by_owner: bool(P0.ao),
  },
});
