import { bool, date, defineTable, oneOf, text, uuid } from '../define.ts';
import { P0, PII } from '../marks.ts';

/** One sentence of news about customers or employees; its author may mend it. */
export const headlines = defineTable({
  name: 'headlines',
  module: 'eos',
  kind: 'record',
  scope: { team: 'team_id', location: 'location_id' },
  priority: 5,
  retentionYears: 7,
  actors: ['author_id'],
  fields: {
    team_id: uuid({ ...P0.ao, references: 'eos_teams' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    author_id: uuid({ ...PII.ao, references: 'users' }),
    about: oneOf(['customer', 'employee'], P0.lww),
    good: bool(P0.lww),
    body: text({ ...P0.lww, min: 1, max: 300 }),
    local_date: date(P0.ao),
  },
});
