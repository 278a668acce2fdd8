import { z } from 'zod';
import { bool, defineTable, json, oneOf, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** Pictures of a card or an ID, with what was read from them as a suggestion. */
export const insuranceCaptures = defineTable({
  name: 'insurance_captures',
  module: 'kiosk',
  kind: 'record',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 5,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    session_id: uuid({ ...P1.ao, nullable: true, references: 'kiosk_sessions' }),
    kind: oneOf(['insurance_card', 'photo_id'], P2.ao),
    front_file_id: uuid({ ...P2.ao, nullable: true, references: 'file_uploads' }),
    back_file_id: uuid({ ...P2.ao, nullable: true, references: 'file_uploads' }),
    ocr: json(z.record(z.string().max(60), z.json()), { ...P2.cen, nullable: true }),
    coverage_id: uuid({ ...P2.lww, nullable: true, references: 'coverages' }),
    reviewed: bool(P2.lww),
  },
});
