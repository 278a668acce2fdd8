import { date, defineTable, int, oneOf, uuid } from '../define.ts';
import { P0, P2 } from '../marks.ts';

/** A score on a day. */
export const severityScores = defineTable({
  name: 'severity_scores',
  module: 'authorizations',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 5,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P2.ao, references: 'patients' }),
    request_id: uuid({ ...P2.ao, nullable: true, references: 'authorization_requests' }),
    instrument: oneOf(['BSA', 'IGA', 'EASI', 'PASI', 'DLQI', 'Hurley'], P2.ao),
    /** In tenths of a point. */
    score_tenths: int({ ...P2.ao, max: 10_000 }),
    scored_on: date(P2.ao),
    photo_file_id: uuid({ ...P2.ao, nullable: true, references: 'file_uploads' }),
  },
});
