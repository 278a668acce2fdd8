import { bool, defineTable, instant, int, oneOf, text, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** A request went to the insurer by some way. */
export const paSubmissions = defineTable({
  name: 'pa_submissions',
  module: 'authorizations',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 4,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    request_id: uuid({ ...P2.ao, references: 'authorization_requests' }),
    kind: oneOf(['initial', 'more_info', 'appeal', 'peer_to_peer'], P2.ao),
    channel: oneOf(['covermymeds', 'fax', 'phone', 'portal'], P2.ao),
    electronic: bool(P0.ao),
    payload_file_id: uuid({ ...P2.ao, nullable: true, references: 'file_uploads' }),
    content_hash: text({ ...P2.ao, min: 64, max: 64 }),
    signature_id: uuid({ ...P2.ao, nullable: true, references: 'pa_signatures' }),
    external_key: text({ ...P2.ao, nullable: true, max: 80 }),
    fax_pages: int({ ...P0.ao, nullable: true, max: 1000 }),
    sent_at: instant(P2.ao),
    outage_id: uuid({ ...P0.ao, nullable: true, references: 'outage_log' }),
  },
});
