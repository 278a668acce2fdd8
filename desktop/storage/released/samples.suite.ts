import { z } from 'zod';
import { derivedId } from '#shared/kernel/ids.ts';
import type { Field } from '#shared/schema/define.ts';
import { deviceFields, rowIdOf } from '#shared/schema/rows.ts';
import { isTableName, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';

const inventedId = (what: string, n: number): string => derivedId('kept sample', what, String(n));

/** Id of the n-th sample row of a table, as its definition wants it. */
export function sampleId(table: TableName, n: number): string {
  const { identity, fields } = tableOf(table);
  if (!identity) return inventedId(table, n);
  const values = identity.map((name) => [name, valueIn(table, name, fields[name], n)] as const);
  return rowIdOf(table, Object.fromEntries(values)) ?? inventedId(table, n);
}

const FIRST_DAY = Date.UTC(2026, 10, 2, 13);
const DAY_MS = 86_400_000;
/** A shared text with nothing in it. */
const NO_TEXT = 'AAA=';

/**
 * The own fields of the n-th sample row of a table: invented, and such as the definition takes. Every
 * third row has null where it may.
 * @throws when nothing fits a field
 */
export function sampleValues(table: TableName, n: number): Record<string, unknown> {
  return Object.fromEntries(
    deviceFields(tableOf(table)).map(([name, field]) => [name, valueIn(table, name, field, n)]),
  );
}

function valueIn(
  table: TableName,
  name: string,
  field: Field<unknown> | undefined,
  n: number,
): unknown {
  if (!field) throw new Error(`no field ${table}.${name}`);
  // Rows that are what they refer to have to differ in that.
  const isIdentity = tableOf(table).identity?.includes(name) ?? false;
  if (isIdentity && field.kind === 'uuid') return inventedId(name, n);
  if (field.nullable && n % 3 === 0) return null;
  const value = candidates(name, field, n).find((one) => field.zod.safeParse(one).success);
  if (value === undefined) throw new Error(`no sample for ${table}.${name}`);
  return value;
}

function candidates(name: string, field: Field<unknown>, n: number): unknown[] {
  switch (field.kind) {
    case 'uuid':
      return [
        isTableName(field.references)
          ? sampleId(field.references, n % 3)
          : inventedId(field.references ?? name, n % 3),
      ];
    case 'uuids':
      return [[sampleId('locations', 0), sampleId('locations', 1)].toSorted(), []];
    case 'text':
      return field.merge === 'TXT' ? [NO_TEXT] : texts(name, n);
    case 'enum':
      return [field.values?.[0]];
    case 'int':
    case 'quantity':
    case 'cents':
      return [10_000 * (n + 1), n + 1, n, 1, -1, 100, 2026];
    case 'instant':
      return [FIRST_DAY + n * DAY_MS];
    case 'date':
      return [new Date(FIRST_DAY + n * DAY_MS).toISOString().slice(0, 10)];
    case 'bool':
      return [n % 2 === 0, true, false];
    case 'json':
      return jsons(field, n);
  }
}

const texts = (name: string, n: number): string[] => [
  ['Sample', 'Pröbchen \u{1f9ea}', 'Muster, 2 %', 'Échantillon'][n % 4] + ` ${name} ${n}`,
  `${name.slice(0, 8)}-${n}`,
  `s${n}`,
  'America/New_York',
  '555-0100',
  `kim.sample${n}@example.com`,
  `5550100${n}`,
  'AA',
  'A',
  '1',
  '00000000000017',
  '2026-11-02',
  '12:00',
  '5a'.repeat(32),
  '2026-Q4',
  '',
];

function jsons(field: Field<unknown>, n: number): unknown[] {
  const schema = z.toJSONSchema(field.zod, { io: 'input', unrepresentable: 'any' });
  const attempts = [0, 1, 2, 3].map((attempt) => valueOf(schema as JsonSchema, n, attempt));
  return [...attempts, [], {}];
}

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

/**
 * A value for a schema. Refinements are not in it, so some fields need another attempt; from the
 * third on only with what is required.
 */
function valueOf(schema: JsonSchema, n: number, attempt: number, name = 'value'): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) {
    const choice = choices[(n + attempt) % choices.length];
    return choice && valueOf(choice, n, attempt, name);
  }
  switch (schema.type) {
    case 'string':
      return textFor(schema, n, name);
    case 'integer':
    case 'number':
      return Math.min(Math.max(n + 1, schema.minimum ?? 0), schema.maximum ?? 1e9);
    case 'boolean':
      return n % 2 === 0;
    case 'array':
      return schema.items ? [valueOf(schema.items, n, attempt, name)] : [];
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([key]) => attempt < 2 || schema.required?.includes(key))
          .map(([key, property]) => [key, valueOf(property, n, attempt, key)]),
      );
    default:
      return null;
  }
}

function textFor({ pattern, maxLength = 100 }: JsonSchema, n: number, name: string): string {
  const fitting = [
    ...(/_(id|ref)$/.test(name) ? [inventedId(name, n % 3)] : []),
    ...(name.endsWith('_date') ? ['2027-01-31'] : []),
    ...texts(name, n),
    inventedId(name, n % 3),
  ].find((text) => text.length <= maxLength && (!pattern || new RegExp(pattern).test(text)));
  return fitting ?? '';
}
