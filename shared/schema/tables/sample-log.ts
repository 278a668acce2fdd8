import { derivedId } from '#shared/kernel/ids.ts';
import { date, defineTable, instant, json, quantity, text, uuid } from '../define.ts';
import { P0, P2 } from '../marks.ts';
import { StockActLine, stockActFrom } from './stock-acts.ts';

/** The act in the ledger by which a sample left the closet. */
export const sampleActId = (entryId: string): string => derivedId('sample-given', entryId);

/** A drug sample that left the closet: for whom, of which lot, who prescribed and signed. */
export const sampleLog = defineTable({
  name: 'sample_log',
  module: 'inventory',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 6,
  retentionYears: 7,
  actors: ['dispensed_by'],
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    act_id: uuid({ ...P2.ao, references: 'stock_acts' }),
    lot_id: uuid({ ...P2.ao, references: 'inventory_lots' }),
    qty_base: quantity({ ...P2.ao, min: 1 }),
    patient_id: uuid({ ...P2.ao, nullable: true, references: 'patients' }),
    prescriber_id: uuid({ ...P2.ao, references: 'users' }),
    dispensed_by: uuid({ ...P2.ao, references: 'users' }),
    witnessed_by: uuid({ ...P2.ao, nullable: true, references: 'users' }),
    signature_id: uuid({ ...P2.ao, nullable: true }),
    occurred_at: instant(P2.ao),
    local_date: date({ ...P2.ao, nullable: true }),
    /** What leaves the closet; null in entries of before, beside which an act was made. */
    line: json(StockActLine, { ...P2.ao, nullable: true }),
    /** The prescriber's hand: strokes of the pen as JSON, see `ui/signature.ts`. */
    signature: text({ ...P2.ao, nullable: true, min: 1, max: 40_000 }),
  },
  expand(entry) {
    const line = entry['line'] as StockActLine | null;
    if (line === null || entry['local_date'] === null) return [];
    const { ref_id: _none, ...taken } = line;
    return [
      stockActFrom(entry, sampleActId(entry.id), {
        kind: 'sample_out',
        reason_code: null,
        lines: [{ ...taken, ref_type: 'sample_log' }],
        witnessed_by: entry['witnessed_by'] ?? null,
      }),
    ];
  },
});
