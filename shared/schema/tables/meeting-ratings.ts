import { defineTable, int, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** One person's rating of a meeting. Below eight it says why. */
export const meetingRatings = defineTable({
  name: 'meeting_ratings',
  module: 'eos',
  kind: 'record',
  scope: { team: 'team_id', location: 'location_id', own: 'user_id' },
  priority: 5,
  retentionYears: 7,
  identity: ['meeting_id', 'user_id'],
  actors: ['user_id'],
  fields: {
    team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    meeting_id: uuid({ ...P0.ao, references: 'l10_meetings' }),
    user_id: uuid({ ...P0.ao, references: 'users' }),
    rating: int({ ...P0.lww, min: 1, max: 10 }),
    reason: text({ ...P0.lww, nullable: true, max: 300 }),
  },
});
