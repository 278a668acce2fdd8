import { defineTable, membership, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** Somebody of the other team has read it. */
export const cascadingAcks = defineTable({
  name: 'cascading_acks',
  module: 'eos',
  kind: 'record',
  scope: { team: 'team_id', location: 'location_id', own: 'user_id' },
  priority: 6,
  retentionYears: 7,
  identity: ['message_id', 'user_id'],
  actors: ['user_id'],
  fields: {
    team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    message_id: uuid({ ...P0.ao, references: 'cascading_messages' }),
    user_id: uuid({ ...P0.ao, references: 'users' }),
    ack: membership({ phi: 'P0' }),
  },
});
