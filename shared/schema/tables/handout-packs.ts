import { z } from 'zod';
import { isUuid, derivedId } from '#shared/kernel/ids.ts';
import { defineTable, int, json, text, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** One patient's handouts, made together: one handout is a pack of one. */
export const HandoutLine = z.strictObject({
  template_version_id: z.string().refine(isUuid, 'is not an id'),
  locale: z.enum(['en', 'es']),
  inputs: z.record(z.string().max(80), z.json()),
  rendered_pdf_file_id: z.string().refine(isUuid, 'is not an id').nullable(),
  content_hash: z.string().regex(/^[0-9a-f]{64}$/),
  reviewed_by: z.string().refine(isUuid, 'is not an id').nullable(),
});
export type HandoutLine = z.infer<typeof HandoutLine>;

export const handoutPacks = defineTable({
  name: 'handout_packs',
  module: 'handouts',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 5,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P2.ao, references: 'patients' }),
    appointment_id: uuid({ ...P2.ao, nullable: true, references: 'appointments' }),
    title: text({ ...P2.ao, nullable: true, max: 160 }),
    renderer_version: text({ ...P0.ao, min: 1, max: 40 }),
    /** In percent of the usual size. */
    font_scale: int({ ...P1.ao, min: 80, max: 300 }),
    lines: json(z.array(HandoutLine).min(1).max(20), P2.ao),
  },
  expand: (act) =>
    (act['lines'] as readonly HandoutLine[]).map((line, index) => ({
      table: 'generated_handouts',
      row: {
        id: derivedId('handout', act.id, String(index)),
        created_at: act.created_at,
        created_by: act.created_by,
        device_id: act.device_id,
        hlc: act.hlc,
        origin_seq: null,
        location_id: act['location_id'],
        pack_id: act.id,
        patient_id: act['patient_id'],
        appointment_id: act['appointment_id'] ?? null,
        renderer_version: act['renderer_version'],
        font_scale: act['font_scale'],
        ...line,
      },
    })),
});
