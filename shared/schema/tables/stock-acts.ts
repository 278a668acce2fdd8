import { z } from 'zod';
import { derivedId, isUuid } from '#shared/kernel/ids.ts';
import { isIsoDate } from '#shared/kernel/dates.ts';
import { date, defineTable, instant, json, oneOf, readable, text, uuid } from '../define.ts';
import type { ExpandedRow, Row } from '../define.ts';
import { filled } from '../text.ts';
import { lotId, normalizeLotNo } from '../lots.ts';

/** What can be done with stock, and whether it adds (+1), takes away (−1) or both (0). */
export const STOCK_ACT_SIGNS = {
  opening: 1,
  receive: 1,
  return_stock: 1,
  transfer_in: 1,
  sample_in: 1,
  issue: -1,
  waste: -1,
  return_vendor: -1,
  transfer_out: -1,
  sample_out: -1,
  /** Each line says its direction: out of the wrong lot, into the right one. */
  reclass: 0,
} as const;
export type StockActKind = keyof typeof STOCK_ACT_SIGNS;
const KINDS = Object.keys(STOCK_ACT_SIGNS) as [StockActKind, ...StockActKind[]];

/** One line of an act: so much of one item, of one lot where the item has lots. */
export const StockActLine = z.strictObject({
  item_id: z.string().refine(isUuid, 'is not an id'),
  /** Positive, in 1/10,000 base unit; the kind of the act gives the sign. */
  qty_base: z.int().positive().max(100_000_000_000),
  lot_no: filled(40).nullable(),
  expiry_date: z.string().refine(isIsoDate, 'is not a date of the calendar').nullable(),
  serial: readable(40),
  /** As the person typed it, kept for the audit. */
  entered_unit: filled(40),
  entered_qty: filled(20),
  unit_cost_cents: z.int().min(0).max(100_000_000_000).nullable(),
  /** For lines of a reclassification: taken away here, or put here. */
  direction: z.enum(['out', 'in']).optional(),
  expiry_precision: z.enum(['day', 'month']).optional(),
  bin: filled(40).optional(),
  ref_type: z.enum(['po_line', 'transfer', 'appointment', 'sample_log']).optional(),
  ref_id: z.string().refine(isUuid, 'is not an id').optional(),
  /** The movement that this line takes back. */
  reverses_id: z.string().refine(isUuid, 'is not an id').optional(),
});
export type StockActLine = z.infer<typeof StockActLine>;

/**
 * One act with stock: a receipt of several lines, an issue, a waste. The act is the document that a
 * person makes; lots and movements are expanded from it, on the device and on the server alike.
 */
export const stockActs = defineTable({
  name: 'stock_acts',
  module: 'inventory',
  kind: 'fact',
  scope: { location: 'location_id' },
  priority: 4,
  retentionYears: 7,
  fields: {
    kind: oneOf(KINDS, { phi: 'P0', merge: 'AO' }),
    location_id: uuid({ phi: 'P0', merge: 'AO', references: 'locations' }),
    occurred_at: instant({ phi: 'P0', merge: 'AO' }),
    local_date: date({ phi: 'P0', merge: 'AO' }),
    reason_code: text({ phi: 'P0', merge: 'AO', max: 40, nullable: true }),
    note: text({ phi: 'P0', merge: 'AO', max: 500, nullable: true }),
    lines: json(z.array(StockActLine).min(1).max(200), { phi: 'P0', merge: 'AO' }),
    /** Second person, where one is needed: waste of controlled items. */
    witnessed_by: uuid({ phi: 'P0', merge: 'AO', nullable: true, references: 'users' }),
  },
  indexes: [['location_id', 'occurred_at']],
  expandedFrom: ['vial_acts', 'patient_uses', 'sample_log'],
  inserted: true,
  expand,
});

/**
 * The act with stock that another act stands for: the same moment, person and device, without what only
 * the other one says.
 */
export const stockActFrom = (
  act: Row,
  id: string,
  of: {
    readonly kind: StockActKind;
    readonly reason_code: unknown;
    readonly lines: readonly StockActLine[];
    readonly witnessed_by?: unknown;
  },
): ExpandedRow => ({
  table: 'stock_acts',
  row: {
    id,
    created_at: act.created_at,
    created_by: act.created_by,
    device_id: act.device_id,
    hlc: act.hlc,
    origin_seq: null,
    location_id: act['location_id'],
    occurred_at: act['occurred_at'],
    local_date: act['local_date'],
    note: null,
    witnessed_by: null,
    ...of,
  },
});

/** The lots and movements of an act. Ids come from the act, so every replica makes the same rows. */
function expand(act: Row): readonly ExpandedRow[] {
  const lines = act['lines'] as readonly StockActLine[];
  const kind = act['kind'] as StockActKind;
  const rows = new Map<string, ExpandedRow>();
  const base = {
    created_at: act.created_at,
    created_by: act.created_by,
    device_id: act.device_id,
  };
  lines.forEach((line, index) => {
    const lot = line.lot_no === null ? null : lotOf(line, line.lot_no);
    if (lot) {
      rows.set(lot.id, { table: 'inventory_lots', row: { ...base, ...lot, field_hlc: {} } });
    }
    const id = derivedId('movement', act.id, String(index));
    rows.set(id, {
      table: 'stock_movements',
      row: {
        ...base,
        id,
        hlc: act.hlc,
        origin_seq: null,
        act_id: act.id,
        line_no: index,
        item_id: line.item_id,
        lot_id: lot?.id ?? null,
        location_id: act['location_id'],
        qty_base: signOf(kind, line) * line.qty_base,
        type: kind,
        reason_code: act['reason_code'] ?? null,
        occurred_at: act['occurred_at'],
        local_date: act['local_date'],
        entered_unit: line.entered_unit,
        entered_qty: line.entered_qty,
        unit_cost_cents: line.unit_cost_cents,
        bin: line.bin ?? null,
        note: act['note'] ?? null,
        ref_type: line.ref_type ?? null,
        ref_id: line.ref_id ?? null,
        reverses_id: line.reverses_id ?? null,
        witnessed_by: act['witnessed_by'] ?? null,
        patient_ref: null,
        performed_by: act.created_by,
      },
    });
  });
  return [...rows.values()];
}

/** A line that says its direction goes that way, whatever the act; a reversal turns it round. */
function signOf(kind: StockActKind, line: StockActLine): number {
  const sign = STOCK_ACT_SIGNS[kind] || (line.direction === 'in' ? 1 : -1);
  return line.reverses_id === undefined ? sign : -sign;
}

function lotOf(line: StockActLine, lotNo: string) {
  const serial = line.serial.trim();
  return {
    id: lotId({ itemId: line.item_id, lotNo, expiryDate: line.expiry_date, serial }),
    item_id: line.item_id,
    lot_no: normalizeLotNo(lotNo),
    expiry_date: line.expiry_date,
    serial,
    recall_status: 'none',
    expiry_precision: line.expiry_precision ?? null,
    received_from: null,
    transaction_doc_file_id: null,
  };
}
