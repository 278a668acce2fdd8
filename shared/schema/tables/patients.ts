import { z } from 'zod';
import { date, defineTable, int, json, oneOf, text, texts, uuid, uuids } from '../define.ts';
import { P0, P1 } from '../marks.ts';

/**
 * A person who comes as a patient. The EHR is master: its fields are written by the server, and a
 * change at the desk is a proposal (`patient_field_changes`). Somebody who walks in before the EHR
 * knows them is made here, and matched later.
 */
export const patients = defineTable({
  name: 'patients',
  module: 'shared',
  kind: 'record',
  scope: { sites: 'site_ids' },
  window: { subject: 'patients', column: 'id' },
  priority: 2,
  retentionYears: 7,
  stays: { while: 'appointments' },
  fields: {
    /** Sites that know the patient; kept by the server from appointments. */
    site_ids: uuids(P0.cen),
    ehr_id: text({ ...P1.cen, nullable: true, max: 80 }),
    mrn: text({ ...P1.cen, nullable: true, max: 20 }),
    family_name: text({ ...P1.cen, min: 1, max: 80 }),
    given_name: text({ ...P1.cen, min: 1, max: 80 }),
    birth_date: date(P1.cen),
    sex: oneOf(['female', 'male', 'other', 'unknown'], P1.cen),
    phones: texts({ ...P1.cen, max: 30, items: 5 }),
    email: text({ ...P1.cen, nullable: true, max: 254 }),
    address: text({ ...P1.cen, nullable: true, max: 300 }),
    deceased_on: date({ ...P1.cen, nullable: true }),
    merged_into_id: uuid({ ...P1.cen, nullable: true, references: 'patients' }),
    /** Grows with every change in the EHR; an older one is ignored. */
    source_version: int(P0.cen),
    language: oneOf(['en', 'es'], P1.lww),
    /** Who speaks for the patient, and how they are related. */
    proxy: json(
      z.strictObject({ name: z.string().min(1).max(120), relation: z.string().min(1).max(40) }),
      { ...P1.lww, nullable: true },
    ),
    desk_note: text({ ...P1.lww, nullable: true, max: 500 }),
  },
  uniqueWhere: [{ columns: ['ehr_id'], field: 'ehr_id', values: null }],
  indexes: [['family_name', 'given_name'], ['birth_date']],
});
