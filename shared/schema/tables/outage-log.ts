import { defineTable, instant, oneOf, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** A way to an insurer was down: what the law wants as proof when a request went by fax. */
export const outageLog = defineTable({
  name: 'outage_log',
  module: 'authorizations',
  kind: 'fact',
  scope: { location: 'location_id' },
  priority: 5,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    system: text({ ...P0.ao, min: 1, max: 80 }),
    event: oneOf(['began', 'ended', 'noted'], P0.ao),
    began_at: instant(P0.ao),
    ended_at: instant({ ...P0.ao, nullable: true }),
    detected_how: oneOf(['automatic', 'person', 'vendor_notice'], P0.ao),
    evidence_hash: text({ ...P0.ao, nullable: true, max: 64 }),
    note: text({ ...P0.ao, nullable: true, max: 500 }),
  },
});
