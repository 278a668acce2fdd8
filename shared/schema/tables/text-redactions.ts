import { defineTable, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** A text of the meetings held what looks like a patient; a manager blacks it out for everybody. */
export const textRedactions = defineTable({
  name: 'text_redactions',
  module: 'eos',
  kind: 'fact',
  scope: { team: 'team_id', location: 'location_id' },
  priority: 5,
  retentionYears: 7,
  fields: {
    team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    about_table: text({ ...P0.ao, min: 1, max: 63 }),
    about_id: uuid(P0.ao),
    field: text({ ...P0.ao, min: 1, max: 63 }),
    reason: text({ ...P0.ao, min: 1, max: 300 }),
  },
});
