import { z } from 'zod';
import { isUuid, derivedId } from '#shared/kernel/ids.ts';
import { splitCents } from '#shared/kernel/money.ts';
import { cents, date, defineTable, json, oneOf, text, uuid } from '../define.ts';
import { filled } from '../text.ts';
import { P0, PII } from '../marks.ts';

/** A meal was paid for: the total and who partook. Shares sum to the total, to the cent. */
export const MealLine = z.strictObject({
  user_id: z.string().refine(isUuid, 'is not an id').nullable(),
  name: filled(120),
  covered_recipient_type: z.enum(['md_do', 'pa', 'np', 'cns', 'crna', 'cnm', 'none']),
  npi: z
    .string()
    .regex(/^\d{10}$/)
    .nullable(),
});
export type MealLine = z.infer<typeof MealLine>;

export const mealRecords = defineTable({
  name: 'meal_records',
  module: 'pharma',
  kind: 'fact',
  scope: { location: 'location_id' },
  priority: 5,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    appointment_id: uuid({ ...P0.ao, references: 'pharma_appointments' }),
    kind: oneOf(['food', 'educational', 'sample', 'other'], P0.ao),
    product: text({ ...P0.ao, nullable: true, max: 80 }),
    total_cents: cents({ ...P0.ao, min: 1 }),
    receipt_file_id: uuid({ ...P0.ao, nullable: true, references: 'file_uploads' }),
    local_date: date(P0.ao),
    reverses_id: uuid({ ...P0.ao, nullable: true, references: 'meal_records' }),
    lines: json(z.array(MealLine).min(1).max(200), PII.ao),
  },
  expand: (act) => {
    const lines = act['lines'] as readonly MealLine[];
    const shares = splitCents(act['total_cents'] as number, lines.length);
    return lines.map((line, index) => ({
      table: 'transfers_of_value',
      row: {
        id: derivedId('value-share', act.id, String(index)),
        created_at: act.created_at,
        created_by: act.created_by,
        device_id: act.device_id,
        hlc: act.hlc,
        origin_seq: null,
        location_id: act['location_id'],
        record_id: act.id,
        appointment_id: act['appointment_id'],
        kind: act['kind'],
        product: act['product'] ?? null,
        total_cents: act['total_cents'],
        partakers_count: lines.length,
        share_cents: shares[index],
        recipient_user_id: line.user_id,
        recipient_name: line.name,
        covered_recipient_type: line.covered_recipient_type,
        npi: line.npi,
        receipt_file_id: act['receipt_file_id'] ?? null,
        local_date: act['local_date'],
        reverses: act['reverses_id'] !== null && act['reverses_id'] !== undefined,
      },
    }));
  },
});
