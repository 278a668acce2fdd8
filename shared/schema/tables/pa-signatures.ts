import { defineTable, instant, oneOf, text, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** A prescriber signs a request as it stands, named by the hash of its content. */
export const paSignatures = defineTable({
  name: 'pa_signatures',
  module: 'authorizations',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 4,
  retentionYears: 7,
  actors: ['signer_id'],
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    request_id: uuid({ ...P2.ao, references: 'authorization_requests' }),
    signer_id: uuid({ ...P0.ao, references: 'users' }),
    content_hash: text({ ...P2.ao, min: 64, max: 64 }),
    method: oneOf(['pin', 'biometric', 'password'], P0.ao),
    signed_at: instant(P2.ao),
  },
});
