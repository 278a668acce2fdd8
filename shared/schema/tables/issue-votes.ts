import { defineTable, int, membership, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** One person's vote for an issue in one round. */
export const issueVotes = defineTable({
  name: 'issue_votes',
  module: 'eos',
  kind: 'record',
  scope: { team: 'team_id', location: 'location_id', own: 'user_id' },
  priority: 5,
  retentionYears: 7,
  identity: ['issue_id', 'user_id', 'round'],
  actors: ['user_id'],
  fields: {
    team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    issue_id: uuid({ ...P0.ao, references: 'issues' }),
    user_id: uuid({ ...P0.ao, references: 'users' }),
    round: int({ ...P0.ao, min: 1, max: 99 }),
    vote: membership({ phi: 'P0' }),
  },
});
