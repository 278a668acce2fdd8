import fc from 'fast-check';
import { formatHlc } from '#shared/kernel/hlc.ts';
import type { Hlc } from '#shared/kernel/hlc.ts';
import type { Field, Row } from '#shared/schema/define.ts';
import { deviceFields } from '#shared/schema/rows.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';

const NODES = ['00000000000a', '00000000000b', '00000000000c'];

/**
 * Stamps out of a small set, so that equal stamps and ties are common: the laws have to hold for
 * them too.
 */
export const anyHlc: fc.Arbitrary<Hlc> = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 1 }), fc.constantFrom(...NODES))
  .map(([ms, counter, node]) => formatHlc({ ms, counter, node }));

/** A value that a field takes, out of a small set, so that equal values are common. */
export function anyValue(field: Field<unknown>): fc.Arbitrary<unknown> {
  const value = valueOf(field);
  return field.nullable ? fc.option(value, { nil: null }) : value;
}

function valueOf(field: Field<unknown>): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'uuid':
      return fc.constantFrom(
        '018f0000-0000-7000-8000-000000000001',
        '018f0000-0000-7000-8000-000000000002',
      );
    case 'text':
      return fc.constantFrom('alpha', 'beta', 'Ünïcode');
    case 'enum':
      return fc.constantFrom(...(field.values ?? []));
    case 'int':
    case 'quantity':
    case 'cents':
      return fc.integer({ min: 1, max: 3 });
    case 'instant':
      return fc.constantFrom(1_790_000_000_000, 1_790_000_000_001);
    case 'date':
      return fc.constantFrom('2026-02-28', '2028-02-29');
    case 'bool':
      return fc.boolean();
    case 'json':
      return fc.constant([]);
  }
}

/** Any state of one record: the same id, any values, any stamps. */
export function anyRecord(table: TableName): fc.Arbitrary<Row> {
  const fields = deviceFields(tableOf(table));
  const values = fc.record(Object.fromEntries(fields.map(([n, f]) => [n, anyValue(f)])));
  const stamps = fc.dictionary(fc.constantFrom(...fields.map(([n]) => n)), anyHlc);
  return fc.tuple(values, stamps).map(([own, field_hlc]) => ({
    ...own,
    id: '018f0000-0000-7000-8000-0000000000ff',
    created_at: 1_790_000_000_000,
    created_by: null,
    device_id: null,
    field_hlc: { ...field_hlc },
  }));
}
