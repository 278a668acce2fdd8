import { describe, expect, test } from 'vitest';
import type { HistoryRow } from '#shared/ipc/views.ts';
import { formatHlc } from '#shared/kernel/hlc.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import { expandAct } from '#shared/merge/expand.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TableRow } from '#shared/schema/tables.ts';
import { reversalOf, whyNotReverse } from './reversal.ts';

const id = (name: string): string => derivedId('test', name);
const line = (item: string, quantity: number) => ({
  item_id: id(item),
  qty_base: quantity,
  lot_no: 'L1',
  expiry_date: '2027-06-30',
  serial: '',
  entered_unit: 'vial',
  entered_qty: String(quantity / 10_000),
  unit_cost_cents: null,
});
const act = {
  id: id('act'),
  created_at: 1_790_000_000_000,
  created_by: id('ana'),
  device_id: id('device'),
  hlc: formatHlc({ ms: 1_790_000_000_000, counter: 0, node: '0123456789ab' }),
  origin_seq: 1,
  kind: 'issue',
  location_id: id('site'),
  occurred_at: 1_790_000_000_000,
  local_date: '2026-09-21',
  reason_code: null,
  note: null,
  witnessed_by: null,
  lines: [line('gauze', 30_000), line('tape', 10_000)],
} as unknown as TableRow<'stock_acts'> & Row;
const how = {
  now: 1_790_000_100_000,
  timeZone: 'UTC',
  reason: 'entered_twice',
  note: null,
} as const;
const movements = (of: object) =>
  expandAct('stock_acts', { ...act, ...of } as Row)
    .filter(({ table }) => table === 'stock_movements')
    .map(({ row }) => row);

describe('taking back', () => {
  test('is an act of its own whose movements are those of the other with the other sign', () => {
    const before = movements({});
    const after = movements(reversalOf(act, null, how));
    expect(after.map((row) => row['reverses_id'])).toEqual(before.map((row) => row.id));
    for (const [index, row] of after.entries()) {
      expect(Number(row['qty_base']) + Number(before[index]?.['qty_base'])).toBe(0);
      expect(row['lot_id']).toBe(before[index]?.['lot_id']);
    }
  });

  test('may take back one line and leave the others', () => {
    const [only, ...more] = movements(reversalOf(act, [1], how));
    expect(more).toEqual([]);
    expect(only).toMatchObject({
      item_id: id('tape'),
      qty_base: 10_000,
      reverses_id: derivedId('movement', act.id, '1'),
      reason_code: 'entered_twice',
    });
  });
});

describe('what can be taken back', () => {
  const row = (fields: Partial<HistoryRow> = {}): HistoryRow => ({
    id: 'm1',
    type: 'issue',
    occurred_at: 1_000,
    item_id: 'item',
    item_name: 'Gauze',
    lot_id: 'lot',
    lot_no: 'L1',
    location_id: 'site',
    location_code: 'AA',
    qty_base: -10_000,
    base_unit: 'each',
    entered_unit: 'each',
    entered_qty: '1',
    who: null,
    reason_code: null,
    reverses_id: null,
    waiting: false,
    ...fields,
  });
  const count = (fields: Partial<HistoryRow>) => row({ id: 'c1', type: 'count', ...fields });

  test('a movement, once, also while it waits to be sent', () => {
    expect(whyNotReverse(row({ waiting: true }), [row()])).toBeNull();
    const back = row({ id: 'm2', reverses_id: 'm1' });
    expect(whyNotReverse(row(), [back, row()])).toBe('reversed');
    expect(whyNotReverse(back, [back, row()])).toBe('reversal');
  });

  test('not a count, and nothing that a count of the same shelf has seen since', () => {
    expect(whyNotReverse(count({}), [])).toBe('count');
    expect(whyNotReverse(row(), [count({ occurred_at: 2_000 })])).toBe('counted-since');
    expect(whyNotReverse(row(), [count({ occurred_at: 500 })])).toBeNull();
    expect(whyNotReverse(row(), [count({ occurred_at: 2_000, lot_id: 'other' })])).toBeNull();
    expect(whyNotReverse(row(), [count({ occurred_at: 2_000, location_id: 'PY' })])).toBeNull();
  });
});
