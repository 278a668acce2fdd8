import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StockActLine } from '#shared/schema/tables/stock-acts.ts';
import { belongToOrder } from './order-receipt.ts';
import type { ExpectedLine } from './order-receipt.ts';
import { openAs } from './packs.ts';

const came = (item: string, quantity: number, unit = 'each'): StockActLine => ({
  item_id: item,
  qty_base: quantity,
  lot_no: null,
  expiry_date: null,
  serial: '',
  entered_unit: unit,
  entered_qty: '1',
  unit_cost_cents: null,
});
const expected = (id: string, changes: Partial<ExpectedLine> = {}): ExpectedLine => ({
  id,
  item_id: 'item',
  unit: 'box',
  unit_price_cents: 900,
  orderedBase: 100,
  receivedBase: 0,
  ...changes,
});

describe('a delivery', () => {
  test('belongs to the order line of its item, and takes over the price of the same unit', () => {
    const { lines, over, unordered } = belongToOrder(
      [came('item', 40), came('item', 60, 'box'), came('other', 5)],
      [expected('a')],
    );
    expect(lines).toMatchObject([
      { ref_type: 'po_line', ref_id: 'a', unit_cost_cents: null },
      { ref_type: 'po_line', ref_id: 'a', unit_cost_cents: 900 },
      { item_id: 'other' },
    ]);
    expect(lines[2]).not.toHaveProperty('ref_id');
    expect(over).toEqual([]);
    expect(unordered).toEqual(['other']);
  });

  test('fills the first of two lines of one item, then the other', () => {
    const { lines } = belongToOrder(
      [came('item', 100), came('item', 20)],
      [expected('a'), expected('b')],
    );
    expect(lines.map(({ ref_id: id }) => id)).toEqual(['a', 'b']);
  });

  test('says where more has come than was ordered, earlier deliveries included', () => {
    expect(belongToOrder([came('item', 61)], [expected('a', { receivedBase: 40 })]).over).toEqual([
      'a',
    ]);
    expect(belongToOrder([came('item', 60)], [expected('a', { receivedBase: 40 })]).over).toEqual(
      [],
    );
    // What is over from before is nobody's reason now.
    expect(belongToOrder([], [expected('a', { receivedBase: 400 })]).over).toEqual([]);
  });

  test('loses no piece, and changes no quantity', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('x', 'y', 'z'), fc.integer({ min: 1, max: 300 }))),
        fc.array(fc.tuple(fc.constantFrom('x', 'y'), fc.nat({ max: 200 }))),
        (delivery, ordered) => {
          const given = delivery.map(([item, quantity]) => came(item, quantity));
          const lines = ordered.map(([item_id, orderedBase], at) =>
            expected(String(at), { item_id, orderedBase }),
          );
          const receipt = belongToOrder(given, lines);
          expect(receipt.lines.map(({ qty_base: quantity }) => quantity)).toEqual(
            given.map(({ qty_base: quantity }) => quantity),
          );
          for (const line of receipt.lines) {
            const own = lines.find(({ id }) => id === line.ref_id);
            if (own) expect(own.item_id).toBe(line.item_id);
            else expect(lines.some(({ item_id }) => item_id === line.item_id)).toBe(false);
          }
        },
      ),
    );
  });
});

test('what is open stands in the unit of the order, or in pieces where that is not whole', () => {
  const item = { base_unit: 'each', packs: [{ unit: 'box', qty_per_base: 200_000 }] };
  expect(openAs(400_000, 'box', item)).toEqual({ quantity: '2', unit: 'box' });
  expect(openAs(300_000, 'box', item)).toEqual({ quantity: '30', unit: 'each' });
  expect(openAs(300_000, 'each', item)).toEqual({ quantity: '30', unit: 'each' });
});
