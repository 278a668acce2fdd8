import { z } from 'zod';
import { defineTable, json, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** The next vision, being written. */
export const vtoDrafts = defineTable({
  name: 'vto_drafts',
  module: 'eos',
  kind: 'record',
  scope: { team: 'team_id', location: 'location_id' },
  priority: 6,
  retentionYears: 7,
  stays: { with: 'team_id' },
  identity: ['team_id', 'section'],
  fields: {
    team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    section: text({ ...P0.ao, min: 1, max: 60 }),
    body: json(z.json(), P0.hr),
  },
});
