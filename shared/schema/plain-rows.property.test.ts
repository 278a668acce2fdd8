import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { anyHlc, anyValue } from '#shared/testing/arbitraries.ts';
import { deviceFields, fieldsOfIssues, parseRow, plainRow, rowIdOf, rowSchema } from './rows.ts';
import { TABLE_NAMES, tableOf } from './tables.ts';
import type { TableName } from './tables.ts';

/** What rows from outside say in the place of what they should. */
const ODD: readonly unknown[] = [
  undefined,
  null,
  '',
  '  ',
  'a',
  'a'.repeat(5_001),
  'line\nbreak',
  'a\u0000b',
  '\ud800',
  '018f0000-0000-7000-8000-000000000001',
  '018F0000-0000-7000-8000-00000000000A',
  '2026-02-28',
  '2026-02-30',
  '2026-1-1',
  0,
  -0,
  -1,
  1.5,
  2 ** 53,
  100_000_000_001,
  946_684_799_999,
  Number.NaN,
  true,
  [],
  {},
  new Date(0),
  { par: '0000000000aa-0000-00000000000a' },
  { constructor: 'x' },
  '0000000000aa-0000-00000000000a',
];

const anyRow = (table: TableName): fc.Arbitrary<Record<string, unknown>> => {
  const { kind } = tableOf(table);
  const fields = deviceFields(tableOf(table));
  const names = fields.map(([name]) => name);
  return fc.record({
    id: fc.constant(newId()),
    created_at: fc.constant(1_790_000_000_000),
    created_by: fc.constantFrom(null, newId()),
    device_id: fc.constantFrom(null, newId()),
    ...Object.fromEntries(fields.map(([name, field]) => [name, anyValue(field)])),
    ...(kind === 'record' && {
      field_hlc: fc.dictionary(fc.constantFrom(...names), anyHlc).map((stamps) => ({ ...stamps })),
    }),
    ...(kind === 'fact' && { hlc: anyHlc, origin_seq: fc.constantFrom(null, 0, 7) }),
  });
};

describe.each(TABLE_NAMES)('%s', (table) => {
  const good = anyRow(table).map((row) => ({ ...row, id: rowIdOf(table, row) ?? row['id'] }));

  test('the quick look takes what the schema takes, and never anything else', () => {
    const columns = Object.keys(fc.sample(good, { numRuns: 1, seed: 1 })[0] ?? {});
    const oddity = fc.record({
      at: fc.constantFrom(...columns, 'colour', '__proto__', 'constructor'),
      value: fc.constantFrom(...ODD),
      gone: fc.boolean(),
    });
    const judge = (row: Record<string, unknown>): void => {
      const bySchema = rowSchema(table).safeParse(row);
      const quick = plainRow(table, row);
      if (quick) expect([bySchema.success, bySchema.data]).toEqual([true, quick]);
      if (quick && bySchema.success) expect(Object.keys(quick)).toEqual(Object.keys(bySchema.data));
      const parsed = parseRow(table, row);
      if (bySchema.success) expect(parsed).toEqual({ ok: true, row: bySchema.data });
      else expect(parsed).toEqual({ ok: false, fields: fieldsOfIssues(bySchema.error) });
    };
    fc.assert(
      fc.property(good, fc.array(oddity, { maxLength: 2 }), (row, oddities) => {
        // A good row needs no second look.
        expect(plainRow(table, row)).not.toBeNull();
        judge(row);
        const odd = { ...row };
        for (const { at, value, gone } of oddities) {
          if (gone) Reflect.deleteProperty(odd, at);
          else Object.defineProperty(odd, at, { value, enumerable: true, configurable: true });
        }
        judge(odd);
      }),
      { numRuns: 25 },
    );
  });
});
