import { bool, date, defineTable, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** A step towards a rock. */
export const milestones = defineTable({
  name: 'milestones',
  module: 'eos',
  kind: 'record',
  scope: { team: 'team_id', location: 'location_id' },
  priority: 5,
  retentionYears: 7,
  fields: {
    team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    rock_id: uuid({ ...P0.ao, references: 'rocks' }),
    title: text({ ...P0.lww, min: 1, max: 200 }),
    due_on: date({ ...P0.lww, nullable: true }),
    done: bool(P0.lww),
    rank: text({ ...P0.lww, min: 1, max: 60 }),
  },
});
