import { describe, expect, test } from 'vitest';
import type { HistoryRow } from '#shared/ipc/views.ts';
import { likelyCauses } from './likely-causes.ts';
import { aLine } from './lines.suite.ts';

const units = [
  { name: 'piece', perUnit: 10_000 },
  { name: 'box', perUnit: 200_000 },
];
const movement = (qty_base: number, fields: Partial<HistoryRow> = {}): HistoryRow => ({
  id: 'm',
  type: 'receive',
  occurred_at: 50_000,
  item_id: 'item',
  item_name: 'Gauze',
  lot_id: null,
  lot_no: null,
  reason_code: null,
  reverses_id: null,
  location_id: 'AA',
  location_code: 'AA',
  qty_base,
  base_unit: 'piece',
  entered_unit: 'piece',
  entered_qty: '1',
  who: 'ana',
  waiting: false,
  ...fields,
});
const causes = (
  line: Parameters<typeof aLine>[0],
  history: HistoryRow[] = [],
  others: ReturnType<typeof aLine>[] = [],
) => {
  const one = aLine(line);
  return likelyCauses(one, [one, ...others], history, units).map(({ kind }) => kind);
};

describe('likely causes of a difference', () => {
  test('none without a difference, and none while the books are not told', () => {
    expect(causes({ counted_qty: 100_000 }, [movement(100_000)])).toEqual([]);
    expect(causes({ expected_qty: null }, [movement(20_000)])).toEqual([]);
  });

  test('books below zero', () => {
    expect(causes({ counted_qty: 0, expected_qty: -30_000 })).toEqual(['books-negative']);
  });

  test('packs counted as pieces, and pieces booked as packs', () => {
    expect(causes({ counted_qty: 30_000, expected_qty: 600_000 })).toEqual(['unit']);
    expect(causes({ counted_qty: 600_000, expected_qty: 30_000 })).toEqual(['unit']);
  });

  test('another lot of the item that differs as much the other way', () => {
    const other = aLine({ lot_id: 'b', lot_no: 'B', counted_qty: 80_000 });
    expect(causes({ lot_id: 'a', lot_no: 'A' }, [], [other])).toEqual(['other-lot']);
  });

  test('one movement before the count that is as large, of the same lot and not long ago', () => {
    expect(causes({}, [movement(-20_000)])).toEqual(['movement']);
    expect(causes({}, [movement(20_000, { occurred_at: 70_000 })])).toEqual([]);
    expect(causes({}, [movement(20_000, { lot_no: 'A' })])).toEqual([]);
    expect(causes({}, [movement(20_000, { type: 'count' })])).toEqual([]);
    const long = aLine({ counted_at: 90 * 24 * 3_600_000 });
    expect(likelyCauses(long, [long], [movement(20_000)], units)).toEqual([]);
  });
});
