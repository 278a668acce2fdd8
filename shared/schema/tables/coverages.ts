import { date, defineTable, int, text, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** A patient's insurance. Two desks that differ are both shown, and a person chooses. */
export const coverages = defineTable({
  name: 'coverages',
  module: 'shared',
  kind: 'record',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 3,
  retentionYears: 7,
  stays: { with: 'patient_id' },
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    rank: int({ ...P2.hr, min: 1, max: 9 }),
    payer: text({ ...P2.hr, min: 1, max: 120 }),
    plan: text({ ...P2.hr, nullable: true, max: 120 }),
    member_id: text({ ...P2.hr, min: 1, max: 40 }),
    group_no: text({ ...P2.hr, nullable: true, max: 40 }),
    bin: text({ ...P2.hr, nullable: true, max: 10 }),
    pcn: text({ ...P2.hr, nullable: true, max: 20 }),
    subscriber: text({ ...P2.hr, nullable: true, max: 120 }),
    valid_from: date({ ...P2.hr, nullable: true }),
    valid_to: date({ ...P2.hr, nullable: true }),
    card_front_file_id: uuid({ ...P2.lww, nullable: true, references: 'file_uploads' }),
    card_back_file_id: uuid({ ...P2.lww, nullable: true, references: 'file_uploads' }),
  },
});
