import { z } from 'zod';
import { date, defineTable, json, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** The vision of a team as it was agreed on at one time. */
export const vtoVersions = defineTable({
  name: 'vto_versions',
  module: 'eos',
  kind: 'fact',
  scope: { team: 'team_id', location: 'location_id' },
  priority: 6,
  retentionYears: null,
  fields: {
    team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    body: json(z.record(z.string().max(60), z.json()), P0.ao),
    agreed_on: date(P0.ao),
  },
});
