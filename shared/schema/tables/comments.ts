import { bool, defineTable, oneOf, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** A remark on a rock, an issue or a to-do. */
export const comments = defineTable({
  name: 'comments',
  module: 'eos',
  kind: 'fact',
  scope: { team: 'team_id', location: 'location_id', own: 'created_by' },
  priority: 6,
  retentionYears: 7,
  fields: {
    team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    about_table: oneOf(['rocks', 'issues', 'todos', 'headlines', 'scorecard_metrics'], P0.ao),
    about_id: uuid(P0.ao),
    /** As the issue that it is about. */
    private: bool(P0.ao),
    body: text({ ...P0.ao, min: 1, max: 2000 }),
  },
  indexes: [['about_id']],
});
