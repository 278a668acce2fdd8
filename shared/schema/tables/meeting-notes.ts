import { defineTable, sharedText, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** The notes of a meeting, written by several at once. */
export const meetingNotes = defineTable({
  name: 'meeting_notes',
  module: 'eos',
  kind: 'record',
  scope: { team: 'team_id', location: 'location_id' },
  priority: 5,
  retentionYears: 7,
  identity: ['meeting_id', 'segment'],
  fields: {
    team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    meeting_id: uuid({ ...P0.ao, references: 'l10_meetings' }),
    segment: text({ ...P0.ao, min: 1, max: 40 }),
    notes: sharedText({ phi: 'P0' }),
  },
});
