import { cents, date, defineTable, instant, int, oneOf, quantity, text, uuid } from '../define.ts';
import { STOCK_ACT_SIGNS } from './stock-acts.ts';
import type { StockActKind } from './stock-acts.ts';

const TYPES = Object.keys(STOCK_ACT_SIGNS) as [StockActKind, ...StockActKind[]];

/** The ledger: append-only signed movements. On-hand is their sum since the last posted count. */
export const stockMovements = defineTable({
  name: 'stock_movements',
  module: 'inventory',
  kind: 'fact',
  scope: { location: 'location_id' },
  priority: 4,
  retentionYears: 7,
  stays: { reckoned: true },
  expandedFrom: 'stock_acts',
  fields: {
    act_id: uuid({ phi: 'P0', merge: 'AO', references: 'stock_acts' }),
    line_no: int({ phi: 'P0', merge: 'AO' }),
    item_id: uuid({ phi: 'P0', merge: 'AO', references: 'inventory_items' }),
    lot_id: uuid({ phi: 'P0', merge: 'AO', nullable: true, references: 'inventory_lots' }),
    location_id: uuid({ phi: 'P0', merge: 'AO', references: 'locations' }),
    qty_base: quantity({ phi: 'P0', merge: 'AO' }),
    type: oneOf(TYPES, { phi: 'P0', merge: 'AO' }),
    reason_code: text({ phi: 'P0', merge: 'AO', max: 40, nullable: true }),
    occurred_at: instant({ phi: 'P0', merge: 'AO' }),
    local_date: date({ phi: 'P0', merge: 'AO' }),
    entered_unit: text({ phi: 'P0', merge: 'AO', min: 1, max: 40 }),
    entered_qty: text({ phi: 'P0', merge: 'AO', min: 1, max: 20 }),
    unit_cost_cents: cents({ phi: 'P0', merge: 'AO', nullable: true }),
    bin: text({ phi: 'P0', merge: 'AO', max: 40, nullable: true }),
    note: text({ phi: 'P0', merge: 'AO', max: 500, nullable: true }),
    /** What the movement belongs to: an order line, a transfer, an appointment, a sample. */
    ref_type: oneOf(['po_line', 'transfer', 'appointment', 'sample_log'], {
      phi: 'P0',
      merge: 'AO',
      nullable: true,
    }),
    ref_id: uuid({ phi: 'P0', merge: 'AO', nullable: true }),
    reverses_id: uuid({
      phi: 'P0',
      merge: 'AO',
      nullable: true,
      references: 'stock_movements',
    }),
    witnessed_by: uuid({ phi: 'P0', merge: 'AO', nullable: true, references: 'users' }),
    /** Always null since `patient_uses` says it: what stands here everybody who reads the ledger gets. */
    patient_ref: uuid({ phi: 'P2', merge: 'AO', nullable: true }),
    performed_by: uuid({ phi: 'P0', merge: 'AO', nullable: true, references: 'users' }),
  },
  unique: [['act_id', 'line_no']],
  /** A movement is taken back once. */
  uniqueWhere: [{ columns: ['reverses_id'], field: 'reverses_id', values: null }],
  indexes: [
    ['item_id', 'location_id'],
    ['location_id', 'occurred_at'],
  ],
});
