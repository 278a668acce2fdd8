import { date, defineTable, int, oneOf, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** One meeting of a team on one day. Two offline starts of the same meeting are one. */
export const l10Meetings = defineTable({
  name: 'l10_meetings',
  module: 'eos',
  kind: 'record',
  scope: { team: 'team_id', location: 'location_id' },
  priority: 4,
  retentionYears: 7,
  identity: ['team_id', 'local_date', 'seq'],
  machine: { field: 'status', name: 'l10_meeting' },
  fields: {
    team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    local_date: date(P0.ao),
    seq: int({ ...P0.ao, min: 1, max: 9 }),
    presenter_id: uuid({ ...P0.lww, nullable: true, references: 'users' }),
    scribe_id: uuid({ ...P0.lww, nullable: true, references: 'users' }),
    status: oneOf(
      ['scheduled', 'in_progress', 'suspended', 'concluded', 'archived', 'cancelled'],
      P0.sm,
    ),
  },
  indexes: [['team_id', 'local_date']],
});
