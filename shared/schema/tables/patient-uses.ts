import { z } from 'zod';
import { derivedId, isUuid } from '#shared/kernel/ids.ts';
import { date, defineTable, instant, json, text, uuid } from '../define.ts';
import type { ExpandedRow, Row } from '../define.ts';
import { P0, P2 } from '../marks.ts';
import { filled } from '../text.ts';
import { StockActLine, stockActFrom } from './stock-acts.ts';

/** So much out of one open container. */
export const PatientDraw = z.strictObject({
  vial_id: z.string().refine(isUuid, 'is not an id'),
  item_id: z.string().refine(isUuid, 'is not an id'),
  lot_id: z.string().refine(isUuid, 'is not an id').nullable(),
  /** 1/10,000 of `unit`. */
  units: z.int().positive().max(100_000_000_000),
  unit: filled(40),
});
export type PatientDraw = z.infer<typeof PatientDraw>;

/**
 * What was used for a patient. The ledger that everybody reads gets the same movements as for any other
 * use and never learns of whom: only this row says it, and only clinical roles receive it. What may
 * name a visit or say why (note) stays here too.
 */
export const patientUses = defineTable({
  name: 'patient_uses',
  module: 'inventory',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 6,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P2.ao, references: 'patients' }),
    appointment_id: uuid({ ...P2.ao, nullable: true, references: 'appointments' }),
    /** The act in the ledger; null where all came out of open containers. */
    act_id: uuid({ ...P2.ao, nullable: true }),
    occurred_at: instant(P2.ao),
    local_date: date(P2.ao),
    reason_code: text({ ...P0.ao, max: 40, nullable: true }),
    note: text({ ...P2.ao, max: 500, nullable: true }),
    lines: json(z.array(StockActLine).max(200), P2.ao),
    draws: json(z.array(PatientDraw).max(40), P2.ao),
  },
  indexes: [['patient_id', 'occurred_at']],
  expand,
});

/** The act in the ledger that a use for a patient stands for. */
export const patientActId = (useId: string): string => derivedId('used-for-patient', useId);

/** Its drawing number `index` from an open container. */
export const patientDrawId = (useId: string, index: number): string =>
  derivedId('drawn-for-patient', useId, String(index));

function expand(use: Row): readonly ExpandedRow[] {
  const lines = use['lines'] as readonly StockActLine[];
  const draws = use['draws'] as readonly PatientDraw[];
  const reason_code = use['reason_code'] ?? null;
  const act = stockActFrom(use, patientActId(use.id), {
    kind: 'issue',
    reason_code,
    // Which visit it was would say who; that it was one does not.
    lines: lines.map(({ ref_id: _visit, ...line }) => ({ ...line, ref_type: 'appointment' })),
  });
  const drawn = draws.map((draw, index) => ({
    table: 'vial_acts',
    row: {
      id: patientDrawId(use.id, index),
      created_at: use.created_at,
      created_by: use.created_by,
      device_id: use.device_id,
      hlc: use.hlc,
      origin_seq: null,
      location_id: use['location_id'],
      step: 'draw',
      line: null,
      use_by: null,
      occurred_at: use['occurred_at'],
      local_date: use['local_date'],
      reason_code,
      note: null,
      witnessed_by: null,
      reverses_id: null,
      for_patient: true,
      ...draw,
    },
  }));
  return lines.length === 0 ? drawn : [act, ...drawn];
}
