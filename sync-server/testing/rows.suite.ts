import { formatHlc, hlcNodeOf } from '#shared/kernel/hlc.ts';
import type { Hlc } from '#shared/kernel/hlc.ts';
import { newId } from '#shared/kernel/ids.ts';
import { stampedFields } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { deviceFields, rowIdOf } from '#shared/schema/rows.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';

/** Who writes a row, and where. */
export interface Author {
  readonly userId: string;
  readonly deviceId: string;
}

let ticks = 0;
/** A stamp of a device; later than all given out before, unless `at` says another time. */
export function stampOf({ deviceId }: Author, at = Date.now()): Hlc {
  ticks = (ticks + 1) % 0xffff;
  return formatHlc({ ms: at, counter: ticks, node: hlcNodeOf(deviceId) });
}

/** Null where nothing is said: a device sends every field of a row. */
const unsaid = (table: TableName): Record<string, null> =>
  Object.fromEntries(
    deviceFields(tableOf(table)).flatMap(([name, { nullable }]) =>
      nullable ? [[name, null]] : [],
    ),
  );

/** A record as a device makes it; its id follows from its fields where it has to. */
export function record(table: TableName, author: Author, fields: Record<string, unknown>): Row {
  const hlc = stampOf(author);
  return {
    id: rowIdOf(table, fields) ?? newId(),
    created_at: Date.now(),
    created_by: author.userId,
    device_id: author.deviceId,
    field_hlc: Object.fromEntries(stampedFields(table).map((name) => [name, hlc])),
    ...unsaid(table),
    ...fields,
  };
}

/** A fact as a device makes it; its id follows from its fields where it has to. */
export function fact(table: TableName, author: Author, fields: Record<string, unknown>): Row {
  return {
    id: rowIdOf(table, fields) ?? newId(),
    created_at: Date.now(),
    created_by: author.userId,
    device_id: author.deviceId,
    hlc: stampOf(author),
    origin_seq: null,
    ...unsaid(table),
    ...fields,
  };
}

/** The row with some fields changed by somebody, stamped as a device does. */
export function edited(
  row: Row,
  author: Author,
  changes: Record<string, unknown>,
  at?: number,
): Row {
  const hlc = stampOf(author, at);
  return {
    ...row,
    ...changes,
    field_hlc: {
      ...row.field_hlc,
      ...Object.fromEntries(Object.keys(changes).map((name) => [name, hlc])),
    },
  };
}

export const item = (author: Author, fields: Record<string, unknown> = {}): Row =>
  record('inventory_items', author, {
    name: 'Lidocaine 1 %',
    description: null,
    category: 'anaesthetics',
    manufacturer: null,
    kind: 'supply',
    sku: `SKU-${newId()}`,
    base_unit: 'vial',
    packs: [],
    lot_policy: 'optional',
    expiry_policy: 'none',
    controlled_schedule: 'none',
    hazardous: false,
    status: 'active',
    merged_into_id: null,
    ...fields,
  });

export const itemLocation = (
  author: Author,
  itemId: string,
  locationId: string,
  fields: Record<string, unknown> = {},
): Row =>
  record('item_locations', author, {
    item_id: itemId,
    location_id: locationId,
    par: 50_000,
    min: null,
    max: null,
    reorder_qty: null,
    bin: 'A1',
    is_stocked: true,
    ...fields,
  });

export const line = (itemId: string, fields: Record<string, unknown> = {}) => ({
  item_id: itemId,
  qty_base: 50_000,
  lot_no: null,
  expiry_date: null,
  serial: '',
  entered_unit: 'vial',
  entered_qty: '5',
  unit_cost_cents: null,
  ...fields,
});

export const act = (
  author: Author,
  locationId: string,
  lines: readonly Record<string, unknown>[],
  fields: Record<string, unknown> = {},
): Row =>
  fact('stock_acts', author, {
    kind: 'receive',
    location_id: locationId,
    occurred_at: Date.now(),
    local_date: '2026-11-22',
    reason_code: null,
    note: null,
    lines,
    ...fields,
  });

export const countSession = (
  author: Author,
  locationId: string,
  fields: Record<string, unknown> = {},
): Row =>
  record('count_sessions', author, {
    location_id: locationId,
    kind: 'spot',
    zone: null,
    blind: false,
    status: 'open',
    counted_by: author.userId,
    started_at: Date.now(),
    line_count: null,
    note: null,
    ...fields,
  });

export const countLine = (
  author: Author,
  session: Row,
  itemId: string,
  counted: number,
  fields: Record<string, unknown> = {},
): Row =>
  fact('count_lines', author, {
    session_id: session.id,
    location_id: session['location_id'],
    item_id: itemId,
    lot_id: null,
    counted_qty: counted,
    counted_at: Date.now(),
    counter_id: author.userId,
    pass: 1,
    ...fields,
  });
