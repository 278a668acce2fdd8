import { date, defineTable, int, oneOf, quantity, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** The goal of a metric from a day on, so that old weeks keep their colours. */
export const scorecardGoals = defineTable({
  name: 'scorecard_goals',
  module: 'eos',
  kind: 'fact',
  scope: { team: 'team_id', location: 'location_id' },
  priority: 4,
  retentionYears: 7,
  stays: { with: 'metric_id' },
  fields: {
    team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    metric_id: uuid({ ...P0.ao, references: 'scorecard_metrics' }),
    effective_from: date(P0.ao),
    goal_op: oneOf(['gte', 'lte', 'eq', 'between', 'yes_no'], P0.ao),
    goal_min: quantity({ ...P0.ao, nullable: true }),
    goal_max: quantity({ ...P0.ao, nullable: true }),
    yellow_band_pct: int({ ...P0.ao, max: 100 }),
  },
});
