import { bool, defineTable, oneOf, text, uuid } from '../define.ts';
import { P0, PII } from '../marks.ts';

/** Something to solve. A private one is seen by leaders and its owner; that is settled at its birth. */
export const issues = defineTable({
  name: 'issues',
  module: 'eos',
  kind: 'record',
  scope: { team: 'team_id', location: 'location_id', own: 'owner_id' },
  priority: 4,
  retentionYears: 7,
  stays: { until: { field: 'state', is: ['solved', 'dropped', 'moved'] } },
  machine: { field: 'state', name: 'issue' },
  fields: {
    team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    title: text({ ...P0.lww, min: 1, max: 200 }),
    body: text({ ...P0.lww, nullable: true, max: 4000 }),
    kind: oneOf(['obstacle', 'opportunity', 'process', 'people', 'other'], P0.lww),
    horizon: oneOf(['short', 'long', 'parking'], P0.lww),
    owner_id: uuid({ ...PII.ao, nullable: true, references: 'users' }),
    /** The row that it dropped down from. */
    source_table: text({ ...P0.ao, nullable: true, max: 63 }),
    source_id: uuid({ ...P0.ao, nullable: true }),
    private: bool(P0.ao),
    rank: text({ ...P0.lww, min: 1, max: 60 }),
    state: oneOf(['open', 'discussing', 'solved', 'dropped', 'moved'], P0.sm),
  },
  indexes: [['team_id', 'state']],
});
