import { describe, expect, test } from 'vitest';
import type { TransferLine, TransferRow } from '#shared/ipc/views.stock.ts';
import { seenFrom } from './seen.ts';
import { stateOf } from './transfer-status.tsx';

const UNIT = 10_000;
const item = { item_id: 'gauze', item_name: 'Gauze', base_unit: 'each' };
const line = (sent: number, received: number): TransferLine => ({
  ...item,
  lot_id: 'lot',
  lot_no: 'L1',
  expiry_date: null,
  expiry_precision: null,
  serial: '',
  sent: sent * UNIT,
  received: received * UNIT,
});
const transfer = (status: string, lines: TransferLine[]): TransferRow => ({
  id: 'transfer',
  location_id: 'AA',
  location_code: 'AA',
  to_location_id: 'PY',
  to_location_code: 'PY',
  site_ids: ['AA', 'PY'],
  status,
  note: null,
  created_at: 0,
  created_by: null,
  who: null,
  shipped_at: null,
  received_at: null,
  waiting: false,
  wanted: [{ ...item, qty_base: 4 * UNIT }],
  lines,
});

describe('who has the movements of one end only', () => {
  const atReceiver = (status: string, ...lines: TransferLine[]) => {
    const seen = seenFrom(transfer(status, lines), { shipping: false, receiving: true });
    return [
      stateOf(seen),
      ...seen.lines.map(({ sent, received }) => [sent / UNIT, received / UNIT]),
    ];
  };

  test('sees at the receiving end what was announced, once it was shipped', () => {
    expect(atReceiver('draft')).toEqual(['draft']);
    expect(atReceiver('shipped')).toEqual(['in_transit', [4, 0]]);
    expect(atReceiver('shipped', line(0, 3))).toEqual(['differs', [4, 3]]);
    expect(atReceiver('shipped', line(0, 3), line(0, 1))).toEqual(['received', [4, 4]]);
    expect(atReceiver('draft', line(0, 4))).toEqual(['arrived_first', [0, 4]]);
    expect(atReceiver('short', line(0, 3))).toEqual(['short', [4, 3]]);
  });

  test('sees at the sending end that it came when the server says so', () => {
    const atSender = (status: string) =>
      stateOf(seenFrom(transfer(status, [line(4, 0)]), { shipping: true, receiving: false }));
    expect(atSender('draft')).toBe('in_transit');
    expect(atSender('shipped')).toBe('in_transit');
    expect(atSender('received')).toBe('received');
  });
});
