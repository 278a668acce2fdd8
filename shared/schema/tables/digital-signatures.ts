import { z } from 'zod';
import { defineTable, instant, json, oneOf, text, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** A signature under a document as it was, drawn, typed or attested by staff. */
export const digitalSignatures = defineTable({
  name: 'digital_signatures',
  module: 'kiosk',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 4,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    session_id: uuid({ ...P1.ao, nullable: true, references: 'kiosk_sessions' }),
    submission_id: uuid({ ...P1.ao, nullable: true, references: 'form_submissions' }),
    purpose: oneOf(['consent', 'financial', 'hipaa', 'general'], P1.ao),
    document_version_id: uuid(P2.ao),
    document_hash: text({ ...P2.ao, min: 64, max: 64 }),
    method: oneOf(['drawn', 'typed', 'staff_attested'], P2.ao),
    image_file_id: uuid({ ...P2.ao, nullable: true, references: 'file_uploads' }),
    strokes: json(z.array(z.array(z.int()).max(4000)).max(200), { ...P2.ao, nullable: true }),
    legal_name: text({ ...P2.ao, min: 1, max: 120 }),
    relation: oneOf(['self', 'parent', 'guardian', 'spouse'], P2.ao),
    witness_id: uuid({ ...P2.ao, nullable: true, references: 'users' }),
    e_consent_id: uuid({ ...P2.ao, nullable: true, references: 'consents' }),
    signed_at: instant(P2.ao),
  },
});
