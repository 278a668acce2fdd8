import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  approvalStands,
  backOrderBase,
  decisionOf,
  lineTotalCents,
  orderBasis,
  orderStep,
  orderTotalCents,
  overReceiptBase,
  receiptOf,
  toBaseUnits,
} from './purchase-order.ts';
import type { OrderDecision, OrderHead, OrderLine } from './purchase-order.ts';

const stamp = (at: number): string => `${String(at).padStart(12, '0')}-0000-0123456789ab`;
const HEAD: OrderHead = {
  id: 'order',
  vendor_id: 'vendor',
  urgency: 'routine',
  need_by: null,
  field_hlc: { vendor_id: stamp(1), status: stamp(10), note: stamp(99) },
};
const line = (changes: Partial<OrderLine> = {}): OrderLine => ({
  id: 'line',
  item_id: 'item',
  unit: 'box',
  qty_ordered: 30_000,
  unit_price_cents: 1250,
  removed: false,
  field_hlc: {},
  ...changes,
});
const approval = (changes: Partial<OrderDecision> = {}): OrderDecision => ({
  id: 'approval',
  decision: 'approved',
  basis_version: orderBasis(HEAD, [line()]),
  hlc: stamp(20),
  ...changes,
});

const lines = fc.array(
  fc.record({
    id: fc.uuid(),
    item_id: fc.uuid(),
    unit: fc.constantFrom('each', 'box'),
    // A million units at a million dollars: beyond any order, and still to the cent.
    qty_ordered: fc.integer({ min: 0, max: 10_000_000_000 }),
    unit_price_cents: fc.option(fc.integer({ min: 0, max: 100_000_000 })),
    removed: fc.boolean(),
  }),
  { maxLength: 8 },
);

describe('money', () => {
  test('a quantity times its price, to the cent, halves up', () => {
    expect(lineTotalCents(line())).toBe(3750);
    expect(lineTotalCents({ qty_ordered: 5_000, unit_price_cents: 1 })).toBe(1);
    expect(lineTotalCents({ qty_ordered: 4_999, unit_price_cents: 1 })).toBe(0);
    expect(lineTotalCents({ qty_ordered: 30_000, unit_price_cents: null })).toBe(0);
  });

  test('a total is the sum of its lines in any order, without those that were taken out', () => {
    fc.assert(
      fc.property(lines, (all) => {
        const sum = all.reduce((cents, one) => cents + (one.removed ? 0 : lineTotalCents(one)), 0);
        expect(orderTotalCents(all)).toBe(sum);
        expect(orderTotalCents(all.toReversed())).toBe(sum);
      }),
    );
  });

  test('is off by at most half a cent a line', () => {
    fc.assert(
      fc.property(lines, (all) => {
        for (const { qty_ordered: quantity, unit_price_cents: price } of all) {
          const cents = lineTotalCents({ qty_ordered: quantity, unit_price_cents: price });
          const off = BigInt(cents) * 10_000n - BigInt(quantity) * BigInt(price ?? 0);
          expect(off <= 5_000n && off > -5_000n).toBe(true);
        }
      }),
    );
  });
});

describe('an approval', () => {
  test('counts for the order that was seen', () => {
    expect(approvalStands(HEAD, [line()], approval())).toBe(true);
    expect(approvalStands(HEAD, [line()], approval({ decision: 'returned' }))).toBe(false);
  });

  test('is void after an edit of a line, even one that was taken back', () => {
    const touched = line({ field_hlc: { qty_ordered: stamp(30) } });
    expect(approvalStands(HEAD, [touched], approval())).toBe(false);
  });

  test('is void for an edit that was made before it and came after it', () => {
    const unseen = line({ qty_ordered: 90_000, field_hlc: { qty_ordered: stamp(15) } });
    expect(approvalStands(HEAD, [unseen], approval())).toBe(false);
  });

  test('is void when a line comes in or goes out, and stays for a note', () => {
    expect(approvalStands(HEAD, [line(), line({ id: 'other' })], approval())).toBe(false);
    expect(approvalStands(HEAD, [line({ removed: true })], approval())).toBe(false);
    const noted = { ...HEAD, field_hlc: { ...HEAD.field_hlc, note: stamp(80) } };
    expect(approvalStands(noted, [line()], approval())).toBe(true);
  });

  test('names the same order by the same words, in whatever order its lines come', () => {
    fc.assert(
      fc.property(lines, (all) => {
        expect(orderBasis(HEAD, all.toReversed())).toBe(orderBasis(HEAD, all));
        expect(orderBasis({ ...HEAD, urgency: 'urgent' }, all)).not.toBe(orderBasis(HEAD, all));
      }),
    );
  });
});

describe('the decision that counts', () => {
  test('is the latest after the order was handed in', () => {
    const back = approval({ id: 'back', decision: 'returned', hlc: stamp(25) });
    expect(decisionOf(HEAD, [line()], [approval(), back])?.id).toBe('back');
    expect(decisionOf(HEAD, [line()], [back, approval({ hlc: stamp(30) })])?.id).toBe('approval');
  });

  test('is none of a former round, and none that is void', () => {
    const again = { ...HEAD, field_hlc: { ...HEAD.field_hlc, status: stamp(40) } };
    expect(decisionOf(again, [line()], [approval()])).toBeNull();
    expect(decisionOf(HEAD, [line({ qty_ordered: 1 })], [approval()])).toBeNull();
  });
});

describe('what came', () => {
  const item = { base_unit: 'each', packs: [{ unit: 'box', qty_per_base: 200_000 }] };

  test('is compared in base units', () => {
    expect(toBaseUnits(line(), item)).toBe(600_000);
    expect(toBaseUnits(line({ unit: 'each' }), item)).toBe(30_000);
    expect(toBaseUnits(line({ unit: 'pallet' }), item)).toBeNull();
  });

  test('is nothing, part or all', () => {
    const of = (orderedBase: number | null, receivedBase: number) => ({
      orderedBase,
      receivedBase,
    });
    expect(receiptOf([])).toBe('none');
    expect(receiptOf([of(10, 0)])).toBe('none');
    expect(receiptOf([of(10, 4)])).toBe('part');
    expect(receiptOf([of(10, 10), of(5, 0)])).toBe('part');
    expect(receiptOf([of(10, 12), of(5, 5)])).toBe('all');
    expect(receiptOf([of(null, 1)])).toBe('all');
  });

  test('back order and too many never go together, and make up the difference', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (orderedBase, receivedBase) => {
        const receipt = { orderedBase, receivedBase };
        expect(Math.min(backOrderBase(receipt), overReceiptBase(receipt))).toBe(0);
        expect(receivedBase + backOrderBase(receipt) - overReceiptBase(receipt)).toBe(orderedBase);
      }),
    );
  });
});

test('the server steps on only where a fact says so', () => {
  expect(orderStep('submitted', { decision: 'approved', receipt: 'none' })).toBe('approved');
  expect(orderStep('submitted', { decision: 'returned', receipt: 'none' })).toBe('returned');
  expect(orderStep('submitted', { decision: null, receipt: 'all' })).toBeNull();
  expect(orderStep('draft', { decision: 'approved', receipt: 'none' })).toBeNull();
  expect(orderStep('ordered', { decision: null, receipt: 'none' })).toBeNull();
  expect(orderStep('ordered', { decision: null, receipt: 'part' })).toBe('partially_received');
  expect(orderStep('ordered', { decision: null, receipt: 'all' })).toBe('received');
  expect(orderStep('partially_received', { decision: null, receipt: 'part' })).toBeNull();
  expect(orderStep('partially_received', { decision: null, receipt: 'all' })).toBe('received');
  expect(orderStep('received', { decision: null, receipt: 'part' })).toBe('partially_received');
  expect(orderStep('cancelled', { decision: null, receipt: 'all' })).toBeNull();
});
