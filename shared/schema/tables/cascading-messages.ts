import { defineTable, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** What one team tells others. */
export const cascadingMessages = defineTable({
  name: 'cascading_messages',
  module: 'eos',
  kind: 'fact',
  scope: { team: 'team_id', location: 'location_id', own: 'created_by' },
  priority: 5,
  retentionYears: 7,
  fields: {
    /** Who is told. */
    team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    from_team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    meeting_id: uuid({ ...P0.ao, nullable: true, references: 'l10_meetings' }),
    body: text({ ...P0.ao, min: 1, max: 500 }),
  },
});
