import { date, defineTable, oneOf, text, uuid } from '../define.ts';
import { P0, PII } from '../marks.ts';

/** Something that one person does within a week. Shared ones are a row for each, with one group. */
export const todos = defineTable({
  name: 'todos',
  module: 'eos',
  kind: 'record',
  scope: { team: 'team_id', location: 'location_id', own: 'owner_id' },
  priority: 4,
  retentionYears: 7,
  stays: { until: { field: 'state', is: ['done', 'dropped'] } },
  expandedFrom: 'issue_resolutions',
  inserted: true,
  machine: { field: 'state', name: 'todo' },
  fields: {
    team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    title: text({ ...P0.lww, min: 1, max: 200 }),
    owner_id: uuid({ ...PII.lww, references: 'users' }),
    due_on: date(P0.lww),
    state: oneOf(['open', 'done', 'dropped'], P0.sm),
    origin_table: text({ ...P0.ao, nullable: true, max: 63 }),
    origin_id: uuid({ ...P0.ao, nullable: true }),
    group_id: uuid({ ...P0.ao, nullable: true }),
    week_created: date(P0.ao),
  },
});
