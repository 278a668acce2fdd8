import { describe, expect, test } from 'vitest';
import type { TransferLine } from '#shared/ipc/views.stock.ts';
import { arrivedLines, expectedOf } from './arrival.ts';
import { inTransitOf, stateOf } from './transfer-status.tsx';

const line = (fields: Partial<TransferLine> = {}): TransferLine => ({
  item_id: 'gauze',
  item_name: 'Gauze',
  base_unit: 'each',
  lot_id: 'lot',
  lot_no: 'L1',
  expiry_date: '2027-06-30',
  expiry_precision: 'month',
  serial: '',
  sent: 50_000,
  received: 0,
  ...fields,
});

describe('receiving a transfer', () => {
  test('what nobody changed came as it was sent, with lot and date of the other site', () => {
    const expected = expectedOf({ lines: [line()] });
    expect(arrivedLines(expected, {})).toEqual([
      expect.objectContaining({
        qty_base: 50_000,
        lot_no: 'L1',
        expiry_date: '2027-06-30',
        expiry_precision: 'month',
      }),
    ]);
  });

  test('expects only what is still open', () => {
    const lines = [line({ received: 20_000 }), line({ lot_id: 'b', received: 50_000 })];
    const expected = expectedOf({ lines });
    expect(expected.map(({ open }) => open)).toEqual([30_000]);
    const [first] = expected;
    if (!first) throw new Error('nothing expected');
    expect(arrivedLines(expected, { [first.key]: '1.5' })).toMatchObject([{ qty_base: 15_000 }]);
    expect(arrivedLines(expected, { [first.key]: '' })).toEqual([]);
    expect(arrivedLines(expected, { [first.key]: 'two' })).toBeNull();
    expect(arrivedLines(expected, { [first.key]: '-1' })).toBeNull();
  });
});

describe('the state of a transfer', () => {
  test.each([
    ['draft', [], 'draft', 0],
    ['draft', [line()], 'in_transit', 50_000],
    ['shipped', [line()], 'in_transit', 50_000],
    ['draft', [line({ sent: 0, received: 50_000 })], 'arrived_first', 0],
    ['shipped', [line({ received: 20_000 })], 'differs', 30_000],
    ['shipped', [line({ received: 50_000 })], 'received', 0],
    ['short', [line({ received: 20_000 })], 'short', 30_000],
    ['received', [line({ received: 20_000 })], 'received', 0],
    ['cancelled', [], 'cancelled', 0],
  ] as const)('%s with its legs', (status, lines, state, onItsWay) => {
    expect(stateOf({ status, lines: [...lines] })).toBe(state);
    expect(inTransitOf({ status, lines: [...lines] })).toBe(onItsWay);
  });
});
