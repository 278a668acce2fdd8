import { defineTable, instant, oneOf, text, uuid } from '../define.ts';
import { TEAM_ROLES } from '../roles.ts';
import { P0 } from '../marks.ts';

/** Who belongs to a team and as what. It is a grant, and is given as one: by the server, online. */
export const eosTeamMembers = defineTable({
  name: 'eos_team_members',
  module: 'eos',
  kind: 'central',
  scope: { team: 'team_id', location: 'location_id', own: 'user_id' },
  priority: 3,
  retentionYears: 7,
  stays: { ends: 'left_at' },
  identity: ['team_id', 'user_id'],
  fields: {
    team_id: uuid({ ...P0.cen, references: 'eos_teams' }),
    user_id: uuid({ ...P0.cen, references: 'users' }),
    location_id: uuid({ ...P0.cen, nullable: true, references: 'locations' }),
    role: oneOf(TEAM_ROLES, P0.cen),
    seat: text({ ...P0.cen, nullable: true, max: 80 }),
    joined_at: instant(P0.cen),
    left_at: instant({ ...P0.cen, nullable: true }),
  },
});
