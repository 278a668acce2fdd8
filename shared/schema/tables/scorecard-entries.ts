import { date, defineTable, quantity, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** The number of one metric in one period. Empty is not zero. */
export const scorecardEntries = defineTable({
  name: 'scorecard_entries',
  module: 'eos',
  kind: 'record',
  scope: { team: 'team_id', location: 'location_id' },
  priority: 4,
  retentionYears: 7,
  identity: ['metric_id', 'period_start'],
  fields: {
    team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    metric_id: uuid({ ...P0.ao, references: 'scorecard_metrics' }),
    period_start: date(P0.ao),
    value: quantity({ ...P0.lww, nullable: true }),
    note: text({ ...P0.lww, nullable: true, max: 300 }),
  },
});
