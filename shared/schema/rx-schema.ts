import type { Field, TableDefinition } from './define.ts';
import { deviceFields } from './rows.ts';
import { tableOf } from './tables.ts';
import type { TableName } from './tables.ts';

/** A JSON schema as RxDB takes it (the subset that we use). */
export interface RxTableSchema {
  title: string;
  version: number;
  primaryKey: 'id';
  type: 'object';
  properties: Record<string, Record<string, unknown>>;
  required: string[];
  indexes: string[][];
}

const UUID = { type: 'string', maxLength: 36 };
const NULLABLE_UUID = { type: ['string', 'null'], maxLength: 36 };
const INSTANT = { type: 'integer', minimum: 0, maximum: 9_999_999_999_999, multipleOf: 1 };

/** The RxDB schema of a table, derived from its definition. */
export function rxSchemaOf(name: TableName): RxTableSchema {
  const table = tableOf(name);
  const properties: Record<string, Record<string, unknown>> = {
    id: UUID,
    created_at: INSTANT,
    created_by: NULLABLE_UUID,
    device_id: NULLABLE_UUID,
  };
  for (const [field, definition] of deviceFields(table)) properties[field] = property(definition);
  if (table.kind === 'record') {
    properties['field_hlc'] = { type: 'object', additionalProperties: { type: 'string' } };
  }
  if (table.kind === 'fact') {
    properties['hlc'] = { type: 'string', maxLength: 31 };
    properties['origin_seq'] = { type: ['integer', 'null'] };
  }
  return {
    title: name,
    version: 0,
    primaryKey: 'id',
    type: 'object',
    properties,
    required: requiredFields(table),
    indexes: table.indexes.map((index) => [...index]),
  };
}

function requiredFields(table: TableDefinition): string[] {
  return [
    'id',
    ...deviceFields(table)
      .filter(([, field]) => !field.nullable)
      .map(([name]) => name),
  ];
}

function property(field: Field<unknown>): Record<string, unknown> {
  const type = (base: string) => (field.nullable ? [base, 'null'] : base);
  switch (field.kind) {
    case 'uuid':
    case 'text':
    case 'enum':
    case 'date':
      return { type: type('string'), ...(field.maxLength ? { maxLength: field.maxLength } : {}) };
    case 'int':
      return { type: type('integer') };
    case 'quantity':
    case 'cents':
      return { type: type('integer') };
    case 'instant':
      return field.nullable ? { type: type('integer') } : INSTANT;
    case 'bool':
      return { type: type('boolean') };
    case 'uuids':
    case 'json':
      return {};
  }
}
