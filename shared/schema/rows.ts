import { z } from 'zod';
import { isHlc } from '#shared/kernel/hlc.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import { INSTANT, isPlainId } from './define.ts';
import type { Field, Row, TableDefinition } from './define.ts';
import { tableOf } from './tables.ts';
import type { TableName, TableRow } from './tables.ts';

const Hlc = z.string().refine(isHlc, 'is not a clock stamp');
const Id = z.guid().toLowerCase();

/** Fields that devices and the wire carry: all but those that stay on the server. */
export function deviceFields(
  table: TableDefinition,
): readonly (readonly [string, Field<unknown>])[] {
  const known = carried.get(table);
  if (known) return known;
  const fields = Object.entries(table.fields).filter(([, field]) => field.onDevice);
  carried.set(table, fields);
  return fields;
}
const carried = new WeakMap<TableDefinition, readonly (readonly [string, Field<unknown>])[]>();

/** Names of the columns that every row of a table carries beside its own fields. */
export function systemColumns(table: TableDefinition): readonly string[] {
  const common = ['id', 'created_at', 'created_by', 'device_id'];
  if (table.kind === 'record') return [...common, 'field_hlc'];
  if (table.kind === 'fact') return [...common, 'hlc', 'origin_seq'];
  return common;
}

/**
 * The schema of a whole row as devices and the wire carry it. Unknown fields are refused; an absent
 * nullable field is null.
 */
export function rowSchema(name: TableName): z.ZodType<Row> {
  return rowSchemaOf(tableOf(name));
}

/** As `rowSchema`, of any definition: for a table as it was. */
export function rowSchemaOf(table: TableDefinition): z.ZodType<Row> {
  const known = schemas.get(table);
  if (known) return known;
  const schema = makeSchema(table);
  schemas.set(table, schema);
  return schema;
}
const schemas = new WeakMap<TableDefinition, z.ZodType<Row>>();

function makeSchema(table: TableDefinition): z.ZodType<Row> {
  const shape: Record<string, z.ZodType> = {
    id: Id,
    created_at: INSTANT.zod,
    created_by: Id.nullable().default(null),
    device_id: Id.nullable().default(null),
  };
  for (const [field, { zod, nullable }] of deviceFields(table)) {
    shape[field] = nullable ? zod.default(null) : zod;
  }
  if (table.kind === 'record') {
    shape['field_hlc'] = stampsSchema(table);
  }
  if (table.kind === 'fact') {
    shape['hlc'] = Hlc;
    shape['origin_seq'] = z.int().min(0).nullable().default(null);
  }
  const whole = z.strictObject(shape) as unknown as z.ZodType<Row>;
  if (!table.identity) return whole;
  return whole.superRefine((row, context) => {
    if (isItself(table.name as TableName, row)) return;
    context.addIssue({ code: 'custom', path: ['id'], message: 'is not what the row is' });
  });
}

/**
 * The id of a row that is what some of its fields say: the same wherever it is made.
 * @returns null for tables whose rows have an id of their own
 */
export function rowIdOf(name: TableName, row: Readonly<Record<string, unknown>>): string | null {
  const { identity } = tableOf(name);
  return identity ? derivedId(name, ...identity.map((field) => String(row[field]))) : null;
}

/** True for a row whose id is what it says, where that is told by some of its fields. */
function isItself(name: TableName, row: Row): boolean {
  try {
    return row.id === (rowIdOf(name, row) ?? row.id);
  } catch {
    // Of broken text no id is made; this is asked of rows whose fields are wrong as well.
    return false;
  }
}

function stampsSchema(table: TableDefinition): z.ZodType {
  const stampable = Object.keys(table.fields);
  return z.partialRecord(z.enum(stampable as [string, ...string[]]), Hlc);
}

/**
 * Parses a row from outside.
 * @returns the row with absent nullable fields set to null, or the names of the fields that are wrong
 */
export function parseRow<N extends TableName>(
  name: N,
  input: unknown,
): { ok: true; row: TableRow<N> & Row } | { ok: false; fields: string[] } {
  const plain = plainRow(name, input);
  if (plain) return { ok: true, row: plain as TableRow<N> & Row };
  const parsed = rowSchema(name).safeParse(input);
  if (parsed.success) return { ok: true, row: parsed.data as TableRow<N> & Row };
  return { ok: false, fields: fieldsOfIssues(parsed.error) };
}

/** A column of a row: what is absent is null where it may be. */
interface Column {
  readonly name: string;
  readonly nullable: boolean;
  /** The value as the row carries it; undefined for one that the schema has to judge. */
  readonly take: (value: unknown) => unknown;
}

const columnsOf = new Map<TableName, readonly Column[]>();

function plainColumns(name: TableName): readonly Column[] {
  const known = columnsOf.get(name);
  if (known) return known;
  const table = tableOf(name);
  const as = (fits: (value: unknown) => boolean) => (value: unknown) =>
    fits(value) ? value : undefined;
  const columns: Column[] = [
    { name: 'id', nullable: false, take: as(isPlainId) },
    { name: 'created_at', nullable: false, take: as(INSTANT.extra.fits) },
    { name: 'created_by', nullable: true, take: as(isPlainId) },
    { name: 'device_id', nullable: true, take: as(isPlainId) },
    ...deviceFields(table).map(([field, { fits, zod, nullable }]): Column => ({
      name: field,
      nullable,
      take: fits ? as(fits) : (value) => zod.safeParse(value).data,
    })),
  ];
  if (table.kind === 'record') {
    const take = (value: unknown): unknown => plainStamps(table, value);
    columns.push({ name: 'field_hlc', nullable: false, take });
  }
  if (table.kind === 'fact') {
    const isNumber = (value: unknown): boolean =>
      Number.isSafeInteger(value) && (value as number) >= 0;
    columns.push({ name: 'hlc', nullable: false, take: as(isHlc) });
    columns.push({ name: 'origin_seq', nullable: true, take: as(isNumber) });
  }
  columnsOf.set(name, columns);
  return columns;
}

function plainStamps(table: TableDefinition, value: unknown): unknown {
  if (!isPlainObject(value)) return undefined;
  const names = Object.keys(value);
  const isStamp = (name: string): boolean =>
    Object.hasOwn(table.fields, name) && isHlc(value[name]);
  return names.every(isStamp) ? { ...value } : undefined;
}

const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/**
 * A row as its schema reads it, found in a quarter of the time: nearly all rows that come are as they
 * should be. @returns null when the schema has to judge: the row may still be good
 */
export function plainRow(name: TableName, input: unknown): Row | null {
  if (!isPlainObject(input)) return null;
  let left = Object.keys(input).length;
  const row: Record<string, unknown> = {};
  for (const { name: column, nullable, take } of plainColumns(name)) {
    const value = input[column];
    if (Object.hasOwn(input, column)) left -= 1;
    if (nullable && (value === null || value === undefined)) row[column] = null;
    else {
      const taken = take(value);
      if (taken === undefined) return null;
      row[column] = taken;
    }
  }
  // What is left over no column has.
  if (left > 0) return null;
  return isItself(name, row as Row) ? (row as Row) : null;
}

/** As `parseRow`, of any definition: for a table as it was. */
export function parseRowOf(
  definition: TableDefinition,
  input: unknown,
): { ok: true; row: Row } | { ok: false; fields: string[] } {
  const parsed = rowSchemaOf(definition).safeParse(input);
  if (parsed.success) return { ok: true, row: parsed.data };
  return { ok: false, fields: fieldsOfIssues(parsed.error) };
}

/** Names (never values) of the fields that an issue list complains about. */
export function fieldsOfIssues(error: z.ZodError): string[] {
  const names = new Set<string>();
  for (const issue of error.issues) {
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys) names.add(key.slice(0, 60));
    else names.add(issue.path.map(String).join('.').slice(0, 60) || '(row)');
  }
  return [...names];
}
