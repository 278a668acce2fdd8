import { defineTable, instant, int, oneOf, text, uuid } from '../define.ts';
import { P0, PII } from '../marks.ts';

/** What happened in a meeting, from which segments and times are reckoned. */
export const meetingEvents = defineTable({
  name: 'meeting_events',
  module: 'eos',
  kind: 'fact',
  scope: { team: 'team_id', location: 'location_id' },
  priority: 5,
  retentionYears: 7,
  fields: {
    team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    meeting_id: uuid({ ...P0.ao, references: 'l10_meetings' }),
    event: oneOf(
      [
        'segment_started',
        'segment_paused',
        'segment_ended',
        'presenter_claimed',
        'joined',
        'left',
        'marked_absent',
        'drop_down',
        'ratings_revealed',
      ],
      P0.ao,
    ),
    segment: text({ ...P0.ao, nullable: true, max: 40 }),
    about_user_id: uuid({ ...PII.ao, nullable: true, references: 'users' }),
    about_id: uuid({ ...P0.ao, nullable: true }),
    /** Of the presenter's monotonic clock, since the segment began. */
    elapsed_ms: int({ ...P0.ao, nullable: true }),
    occurred_at: instant(P0.ao),
  },
});
