import { date, defineTable, instant, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** A representative has read our rules, in this version. */
export const repPolicyAcks = defineTable({
  name: 'rep_policy_acks',
  module: 'pharma',
  kind: 'fact',
  scope: { location: 'location_id', own: 'rep_user_id' },
  priority: 6,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    rep_id: uuid({ ...P0.ao, references: 'pharma_representatives' }),
    rep_user_id: uuid({ ...P0.ao, nullable: true, references: 'users' }),
    policy_version: text({ ...P0.ao, min: 1, max: 20 }),
    acknowledged_at: instant(P0.ao),
    expires_on: date({ ...P0.ao, nullable: true }),
  },
});
