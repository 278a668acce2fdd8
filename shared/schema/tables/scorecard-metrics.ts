import { bool, defineTable, oneOf, text, uuid } from '../define.ts';
import { P0, PII } from '../marks.ts';

/** A number that a team looks at every week. What is good is said by dated goals. */
export const scorecardMetrics = defineTable({
  name: 'scorecard_metrics',
  module: 'eos',
  kind: 'record',
  scope: { team: 'team_id', location: 'location_id' },
  priority: 4,
  retentionYears: 7,
  stays: { until: { field: 'archived', is: ['true'] } },
  fields: {
    team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    name: text({ ...P0.lww, min: 1, max: 120 }),
    owner_id: uuid({ ...PII.lww, nullable: true, references: 'users' }),
    unit: oneOf(['number', 'percent', 'currency', 'yes_no'], P0.lww),
    period: oneOf(['daily', 'weekly', 'monthly'], P0.lww),
    roll_up: oneOf(['sum', 'avg', 'last'], P0.lww),
    /** manual, or the code of a query over the other modules. */
    source: text({ ...P0.lww, min: 1, max: 60 }),
    rank: text({ ...P0.lww, min: 1, max: 60 }),
    archived: bool(P0.lww),
  },
});
