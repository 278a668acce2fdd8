import { date, defineTable, oneOf, text, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** A step up after a denial. */
export const appeals = defineTable({
  name: 'appeals',
  module: 'authorizations',
  kind: 'record',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 4,
  retentionYears: 7,
  machine: { field: 'status', name: 'appeal' },
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    request_id: uuid({ ...P2.ao, references: 'authorization_requests' }),
    response_id: uuid({ ...P2.ao, nullable: true, references: 'insurance_responses' }),
    level: oneOf(['resubmit', 'peer_to_peer', 'internal', 'external'], P2.ao),
    deadline_on: date({ ...P2.hr, nullable: true }),
    argument: text({ ...P2.hr, nullable: true, max: 20_000 }),
    assigned_to: uuid({ ...P0.lww, nullable: true, references: 'users' }),
    status: oneOf(['preparing', 'filed', 'upheld', 'overturned', 'withdrawn'], P2.sm),
  },
});
