import { bool, date, defineTable, int, orSet, text, uuid } from '../define.ts';
import { P0, PII } from '../marks.ts';

/** A goal of a quarter. Its status is said week by week and is the latest of these. */
export const rocks = defineTable({
  name: 'rocks',
  module: 'eos',
  kind: 'record',
  scope: { team: 'team_id', location: 'location_id', own: 'owner_id' },
  priority: 4,
  retentionYears: 7,
  fields: {
    team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    title: text({ ...P0.lww, min: 1, max: 200 }),
    owner_id: uuid({ ...PII.lww, references: 'users' }),
    shared_with: orSet({ phi: 'P0' }),
    /** As 2026-Q4. */
    quarter: text({ ...P0.lww, min: 7, max: 7 }),
    due_on: date(P0.lww),
    priority: int({ ...P0.lww, min: 1, max: 10 }),
    definition_of_done: text({ ...P0.lww, nullable: true, max: 2000 }),
    archived: bool(P0.lww),
  },
  indexes: [['team_id', 'quarter']],
});
