import { z } from 'zod';
import type { Field, TableDefinition } from '#shared/schema/define.ts';
import { systemColumns } from '#shared/schema/rows.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';

/**
 * The Postgres side of the table definitions. A new migration starts from this text; the catalogue
 * test builds these tables in a schema of its own and compares both catalogues.
 */

const SQL_TYPES: Record<Field<unknown>['kind'], string> = {
  uuid: 'uuid',
  uuids: 'uuid[]',
  text: 'text',
  enum: 'text',
  int: 'integer',
  quantity: 'bigint',
  cents: 'bigint',
  instant: 'timestamptz',
  date: 'date',
  bool: 'boolean',
  json: 'jsonb',
};

const SYSTEM_COLUMNS: Record<string, string> = {
  id: 'uuid primary key',
  created_at: 'timestamptz not null default now()',
  created_by: 'uuid',
  device_id: 'uuid',
  field_hlc: `jsonb not null default '{}'`,
  hlc: 'text collate "C" not null',
  origin_seq: 'bigint',
};

/** Columns that only the server knows: the place in the feed, and who wrote which field. */
export function serverColumns(table: TableDefinition): Record<string, string> {
  return {
    ...(table.kind === 'record'
      ? { field_by: `jsonb not null default '{}'`, deleted_at: 'timestamptz' }
      : {}),
    row_xid: 'xid8 not null default pg_current_xact_id()',
    row_version: 'bigint not null default 1',
    ...('recorded_at' in table.fields ? {} : { recorded_at: 'timestamptz not null default now()' }),
    schema_version: 'integer not null default 1',
  };
}

/** One `create table` for a definition, in a schema that holds all the tables it refers to. */
export const tableSql = (schema: string, name: TableName): string =>
  `create table ${schema}.${name} (\n  ${tableParts(schema, name).join(',\n  ')}\n);`;

/** The columns and constraints of a table, each as SQL. */
function tableParts(schema: string, name: TableName): string[] {
  const table = tableOf(name);
  const parts: string[] = [];
  for (const column of systemColumns(table)) parts.push(`${column} ${SYSTEM_COLUMNS[column]}`);
  for (const [column, field] of Object.entries(table.fields)) {
    parts.push(`${column} ${SQL_TYPES[field.kind]}${field.nullable ? '' : ' not null'}`);
  }
  for (const [column, type] of Object.entries(serverColumns(table)))
    parts.push(`${column} ${type}`);
  parts.push(...systemChecks(name, table));
  for (const [column, field] of Object.entries(table.fields)) {
    const check = fieldCheck(column, field);
    if (check) parts.push(`constraint ${name}_${column}_check check (${check})`);
    if (field.references) {
      parts.push(
        `constraint ${name}_${column}_fkey foreign key (${column}) ` +
          `references ${schema}.${field.references} (id) deferrable initially immediate`,
      );
    }
  }
  for (const [column, field] of Object.entries(table.fields)) {
    if (SHAPED_BY_HAND.has(`${name}.${column}`)) continue;
    const check = shapeCheck(column, jsonShape(field));
    if (check) parts.push(`constraint ${name}_${column}_shape_check check (${check})`);
  }
  for (const columns of table.unique) {
    const nullable = columns.some((column) => isNullable(table, column));
    const nulls = nullable ? ' nulls not distinct' : '';
    parts.push(
      `constraint ${name}_${columns.join('_')}_key unique${nulls} (${columns.join(', ')})`,
    );
  }
  return parts;
}

/** All tables, parents first. */
export const allTablesSql = (schema: string): string =>
  TABLE_NAMES.map((name) => tableSql(schema, name)).join('\n');

export const STAMP_PATTERN = '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$';

function systemChecks(name: TableName, table: TableDefinition): string[] {
  if (table.kind === 'record') {
    return ['field_hlc', 'field_by'].map(
      (column) => `constraint ${name}_${column}_check check (jsonb_typeof(${column}) = 'object')`,
    );
  }
  if (table.kind !== 'fact') return [];
  return [
    `constraint ${name}_hlc_check check (hlc ~ '${STAMP_PATTERN}')`,
    `constraint ${name}_origin_check check (origin_seq is null or device_id is not null)`,
  ];
}

function fieldCheck(column: string, field: Field<unknown>): string | null {
  switch (field.kind) {
    case 'uuids':
      return `private.is_sorted(${column}) and cardinality(${column}) <= ${longest(field)}`;
    case 'enum':
      return `${column} in (${(field.values ?? []).map((v) => `'${v}'`).join(', ')})`;
    case 'text': {
      const least = shortestText(field);
      const most = `char_length(${column}) <= ${field.maxLength}`;
      return least > 0 ? `char_length(btrim(${column})) >= ${least} and ${most}` : most;
    }
    case 'int':
    case 'quantity':
    case 'cents': {
      const { minimum, maximum } = boundsOf(field);
      return `${column} between ${minimum} and ${maximum}`;
    }
    default:
      return null;
  }
}

/** Length of the shortest text that the definition takes. */
export function shortestText(field: Field<unknown>): number {
  const most = field.maxLength ?? 0;
  for (let length = 0; length <= most; length += 1) {
    if (field.zod.safeParse('x'.repeat(length)).success) return length;
  }
  throw new Error('a text field takes no text at all');
}

/** JSON whose check says more than this; see EXTRA_CHECKS of the tests. */
const SHAPED_BY_HAND = new Set([
  'inventory_items.packs',
  'stock_acts.lines',
  'audit_logs.field_names',
]);

/** What a JSON field holds at its top: a list of so many items, an object, or (null) anything. */
export function jsonShape(field: Field<unknown>): JsonShape | null {
  if (field.kind !== 'json') return null;
  const schema = z.toJSONSchema(field.zod, { unrepresentable: 'any' }) as TypedSchema;
  const arms = [schema, ...(schema.anyOf ?? [])].filter(({ type }) => type && type !== 'null');
  const [only] = arms;
  if (arms.length !== 1 || !only) return null;
  if (only.type === 'object') return { type: 'object' };
  if (only.type !== 'array' || only.maxItems === undefined) return null;
  return { type: 'array', least: only.minItems ?? 0, most: only.maxItems };
}
type JsonShape =
  | { readonly type: 'object' }
  | { readonly type: 'array'; readonly least: number; readonly most: number };

function shapeCheck(column: string, shape: JsonShape | null): string | null {
  if (shape === null) return null;
  if (shape.type === 'object') return `jsonb_typeof(${column}) = 'object'`;
  return (
    `case jsonb_typeof(${column}) when 'array' ` +
    `then jsonb_array_length(${column}) between ${shape.least} and ${shape.most} ` +
    `else ${column} is null end`
  );
}

interface TypedSchema {
  readonly type?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly anyOf?: readonly TypedSchema[];
}

/** Most items that a list takes. */
function longest(field: Field<unknown>): number {
  const schema = z.toJSONSchema(field.zod) as {
    maxItems?: number;
    anyOf?: { maxItems?: number }[];
  };
  const most = schema.maxItems ?? schema.anyOf?.find((arm) => arm.maxItems)?.maxItems;
  if (most === undefined) throw new Error('a list has no bound');
  return most;
}

/** Smallest and largest number that the definition takes. */
export function boundsOf(field: Field<unknown>): { minimum: number; maximum: number } {
  const schema = z.toJSONSchema(field.zod) as NumberSchema;
  const arm = schema.anyOf?.find(({ type }) => type === 'integer') ?? schema;
  if (arm.minimum === undefined || arm.maximum === undefined) {
    throw new Error('a number field has no bounds');
  }
  return { minimum: arm.minimum, maximum: arm.maximum };
}

interface NumberSchema {
  readonly type?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly NumberSchema[];
}

function isNullable(table: TableDefinition, column: string): boolean {
  return table.fields[column]?.nullable ?? column === 'device_id';
}
