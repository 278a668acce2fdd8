import { date, defineTable, oneOf, text, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** A piece of evidence, with where it comes from. An edit is a new piece that names the old one. */
export const authorizationEvidence = defineTable({
  name: 'authorization_evidence',
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
    type: oneOf(['chart', 'lab', 'photo', 'score', 'literature', 'guideline', 'letter'], P2.ao),
    file_id: uuid({ ...P2.ao, nullable: true, references: 'file_uploads' }),
    body: text({ ...P2.ao, nullable: true, max: 20_000 }),
    /** PMID, DOI or the place in the chart. */
    source_ref: text({ ...P2.ao, nullable: true, max: 200 }),
    effective_on: date({ ...P2.ao, nullable: true }),
    provenance: oneOf(['human', 'ai', 'import'], P0.ao),
    replaces_id: uuid({ ...P2.ao, nullable: true, references: 'authorization_evidence' }),
  },
});
