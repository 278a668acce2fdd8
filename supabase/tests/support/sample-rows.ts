import pg from 'pg';
import { newId } from '#shared/kernel/ids.ts';
import type { Field, Row } from '#shared/schema/define.ts';
import { systemColumns } from '#shared/schema/rows.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';

/** Ids of rows that others refer to, by table. */
export type References = Partial<Record<TableName, string>>;

export const HLC = '0199aaaaaaaa-0000-0000000000aa';
export const NOON = Date.parse('2026-11-20T17:00:00.000Z');

/** Values that a definition takes but its field kinds do not tell. */
const SPECIAL: Partial<Record<TableName, (refs: References) => Record<string, unknown>>> = {
  inventory_items: () => ({ packs: [] }),
  stock_acts: ({ inventory_items: item }) => ({
    lines: [
      {
        item_id: item,
        qty_base: 10_000,
        lot_no: null,
        expiry_date: null,
        serial: '',
        entered_unit: 'each',
        entered_qty: '1',
        unit_cost_cents: null,
      },
    ],
  }),
  stock_movements: () => ({ qty_base: 10_000 }),
  audit_logs: () => ({ field_names: [], device_id: newId() }),
};

/** A row that its table takes: every field filled from its definition, with the given values. */
export function sampleRow(
  table: TableName,
  refs: References,
  values: Readonly<Record<string, unknown>> = {},
): Row {
  const id = typeof values['id'] === 'string' ? values['id'] : newId();
  const definition = tableOf(table);
  const row: Row = { id, created_at: NOON, created_by: null, device_id: null };
  if (definition.kind === 'record') row.field_hlc = {};
  if (definition.kind === 'fact') Object.assign(row, { hlc: HLC, origin_seq: null });
  for (const [name, field] of Object.entries(definition.fields)) {
    row[name] = field.nullable ? null : sample(field, id, refs);
  }
  return { ...row, ...SPECIAL[table]?.(refs), ...values, id };
}

function sample(field: Field<unknown>, id: string, refs: References): unknown {
  switch (field.kind) {
    case 'uuid':
      return field.references ? refs[field.references as TableName] : id;
    case 'text':
      // The tail of the id: unique where it has to be, as short as the field wants it.
      return id.slice(-Math.min(field.maxLength ?? 36, 36));
    case 'enum':
      return field.values?.[0];
    case 'int':
    case 'quantity':
    case 'cents':
      return 1;
    case 'instant':
      return NOON;
    case 'date':
      return '2026-11-20';
    case 'bool':
      return true;
    case 'json':
      return {};
  }
}

/** The insert of a row as one statement. By default all columns that the row has. */
export function insertStatement(
  table: TableName,
  row: Row,
  columns: readonly string[] = [
    ...systemColumns(tableOf(table)),
    ...Object.keys(tableOf(table).fields),
  ],
): string {
  const values = columns.map((column) => literal(table, column, row[column]));
  return `insert into public.${table} (${columns.join(', ')}) values (${values.join(', ')})`;
}

/** A value as it stands in a statement, by the kind of its column. */
export function literal(table: TableName, column: string, value: unknown): string {
  if (value === null || value === undefined) return 'null';
  const kind = tableOf(table).fields[column]?.kind;
  if (kind === 'instant' || column === 'created_at') {
    return pg.escapeLiteral(new Date(value as number).toISOString());
  }
  if (kind === 'json' || column === 'field_hlc') return pg.escapeLiteral(JSON.stringify(value));
  if (typeof value === 'string') return pg.escapeLiteral(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`${table}.${column}: no literal for this value`);
}
