import { z } from 'zod';
import { defineTable, int, json, oneOf, text, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** A handout as one patient got it: inputs, exact copy and its hash. */
export const generatedHandouts = defineTable({
  name: 'generated_handouts',
  module: 'handouts',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 5,
  retentionYears: 7,
  expandedFrom: 'handout_packs',
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    pack_id: uuid({ ...P2.ao, references: 'handout_packs' }),
    patient_id: uuid({ ...P2.ao, references: 'patients' }),
    appointment_id: uuid({ ...P2.ao, nullable: true, references: 'appointments' }),
    template_version_id: uuid({ ...P2.ao, references: 'handout_template_versions' }),
    locale: oneOf(['en', 'es'], P1.ao),
    inputs: json(z.record(z.string().max(80), z.json()), P2.ao),
    rendered_pdf_file_id: uuid({ ...P2.ao, nullable: true, references: 'file_uploads' }),
    content_hash: text({ ...P2.ao, min: 64, max: 64 }),
    renderer_version: text({ ...P0.ao, min: 1, max: 40 }),
    font_scale: int({ ...P1.ao, min: 80, max: 300 }),
    reviewed_by: uuid({ ...P2.ao, nullable: true, references: 'users' }),
  },
});
