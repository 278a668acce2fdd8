import pg from 'pg';
import { newId } from '#shared/kernel/ids.ts';
import type { Field, Row } from '#shared/schema/define.ts';
import { MACHINES } from '#shared/schema/machines.ts';
import type { MachineName } from '#shared/schema/machines.ts';
import { rowIdOf, systemColumns } from '#shared/schema/rows.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { boundsOf, jsonShape, shortestText } from './table-sql.ts';

/** Ids of rows that others refer to, by table. */
export type References = Partial<Record<TableName, string>>;

export const HLC = '0199aaaaaaaa-0000-0000000000aa';
export const NOON = Date.parse('2026-11-20T17:00:00.000Z');

/** Values that a definition takes but its field kinds do not tell. */
const SPECIAL: Partial<Record<TableName, (refs: References) => Record<string, unknown>>> = {
  // Who needs a second factor has no right without it: those of samples sign in by a password.
  users: () => ({ mfa_required: false }),
  locations: () => ({ time_zone: 'America/New_York' }),
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
  review_decisions: () => ({
    table_name: 'inventory_items',
    lines: [
      {
        about: 'conflict_log',
        about_id: newId(),
        field: 'name',
        choice: 'lost',
        value: 'one',
        before: 'another',
        seen: HLC,
      },
    ],
  }),
  stock_movements: () => ({ qty_base: 10_000 }),
  audit_logs: () => ({ field_names: [], device_id: newId() }),
  // The order of these has no lines with a price.
  po_approvals: () => ({ amount_cents: 0 }),
  // Card events are the server's.
  payment_transactions: () => ({ method: 'cash' }),
  patients: ({ locations: site }) => ({ site_ids: [site] }),
  transfers: ({ locations: site }) => ({ site_ids: [site] }),
  open_payments_thresholds: () => ({ program_year: nextYear() }),
};

/** Years that are told apart, away from the bounds. */
let lastYear = 2020;
const nextYear = (): number => (lastYear = lastYear >= 2190 ? 2021 : lastYear + 1);

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
  if (definition.machine) {
    row[definition.machine.field] = MACHINES[definition.machine.name as MachineName].initial;
  }
  const whole = { ...row, ...SPECIAL[table]?.(refs), ...values, id };
  return { ...whole, id: rowIdOf(table, whole) ?? id };
}

/**
 * One row of every table, each referring to the ones before, as they may lie at one place.
 * @param known rows that are there already, by table
 * @param values of single tables
 * @param without tables of which no row is made
 */
export function sampleWorld(
  known: References,
  values: Partial<Record<TableName, Record<string, unknown>>> = {},
  without: ReadonlySet<TableName> = new Set(),
): { table: TableName; row: Row }[] {
  const refs: References = { ...known };
  return TABLE_NAMES.filter((table) => !(table in known) && !without.has(table)).map((table) => {
    const row = sampleRow(table, refs, { ...placeOf(table, refs), ...values[table] });
    refs[table] = row.id;
    return { table, row };
  });
}

/** The site of a row where its table wants to know one, also where it may be left out. */
function placeOf(table: TableName, refs: References): Record<string, unknown> {
  const { location } = tableOf(table).scope;
  return location === undefined ? {} : { [location]: refs.locations };
}

const DAY = 86_400_000;

function sample(field: Field<unknown>, id: string, refs: References): unknown {
  const tail = id.replaceAll('-', '').slice(-24);
  switch (field.kind) {
    case 'uuid':
      return field.references ? refs[field.references as TableName] : id;
    case 'uuids':
      return [];
    case 'text': {
      // The tail of the id: unique where it has to be, as short as the field wants it.
      const most = field.maxLength ?? 24;
      return tail.slice(-Math.min(most, 24)).padStart(shortestText(field), '0');
    }
    case 'enum':
      return field.values?.[0];
    case 'int':
    case 'quantity':
    case 'cents':
      return Math.max(1, boundsOf(field).minimum);
    case 'instant':
      return NOON;
    case 'date': {
      // Rows that are told apart by their day lie on different ones.
      const days = Number.parseInt(tail.slice(-6), 16) % 60_000;
      return new Date(Date.UTC(2010, 0, 1) + days * DAY).toISOString().slice(0, 10);
    }
    case 'bool':
      return true;
    case 'json': {
      const shape = jsonShape(field);
      return shape?.type === 'array' ? Array.from({ length: shape.least }, () => ({})) : {};
    }
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
  if (kind === 'uuids') return pg.escapeLiteral(`{${(value as string[]).join(',')}}`);
  if (typeof value === 'string') return pg.escapeLiteral(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`${table}.${column}: no literal for this value`);
}
