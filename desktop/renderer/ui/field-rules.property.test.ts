import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Field } from '#shared/schema/define.ts';
import { inventoryItems } from '#shared/schema/tables/inventory-items.ts';
import { itemLocations } from '#shared/schema/tables/item-locations.ts';
import { TABLES } from '#shared/schema/tables.ts';
import { limitsOf, problemOf } from './field-rules.ts';

const { name, sku, category, kind, expiry_alert_days: days } = inventoryItems.fields;

describe('rules of a field come from its table', () => {
  test('what must be there, and how long it may be', () => {
    expect(problemOf(name, '')).toEqual({ key: 'required' });
    expect(problemOf(name, '   ')).toEqual({ key: 'required' });
    expect(problemOf(name, 'x'.repeat(201))).toEqual({ key: 'longest', n: 200 });
    expect(problemOf(name, 'a\u0007')).toEqual({ key: 'unreadable' });
    expect(problemOf(name, 'Gauze')).toBeNull();
    expect(limitsOf(sku).required).toBe(true);
    expect(problemOf(category, null)).toBeNull();
  });

  test('one of its words, and numbers between its ends', () => {
    expect(problemOf(kind, 'supply')).toBeNull();
    expect(problemOf(kind, 'gift')).toEqual({ key: 'choose' });
    expect(problemOf(days, -1)).toEqual({ key: 'least', n: 0 });
    expect(problemOf(days, 401)).toEqual({ key: 'most', n: 400 });
    expect(problemOf(days, 1.5)).toEqual({ key: 'whole' });
    expect(problemOf(days, Number.NaN)).toEqual({ key: 'number' });
    expect(problemOf(itemLocations.fields.par, -10_000)).toEqual({ key: 'least', n: 0 });
    expect(problemOf(itemLocations.fields.par, null)).toBeNull();
  });

  test('of every field of every table: nothing is wrong exactly where the definition takes the value', () => {
    const fields = Object.values(TABLES).flatMap(({ fields: own }) =>
      Object.values(own as Record<string, Field<unknown>>).filter((field) => field.kind !== 'json'),
    );
    const value = fc.oneof(
      fc.constant(null),
      fc.string({ maxLength: 30 }),
      fc.integer({ min: -1_000, max: 1_000 }),
      fc.double(),
      fc.boolean(),
      fc.constantFrom('2026-11-30', '2026-02-30', 'supply', 'active', 'x'.repeat(300)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...fields), value, (field, given) => {
        // An empty field of a text that may be left out is kept as null.
        if (given === '') return;
        const taken = field.zod.safeParse(given).success;
        const isEmptyText = given === null && !limitsOf(field).required;
        expect(problemOf(field, given) === null).toBe(taken || isEmptyText);
      }),
      { numRuns: 2_000 },
    );
  });
});
