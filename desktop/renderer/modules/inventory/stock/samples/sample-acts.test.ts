import { describe, expect, test } from 'vitest';
import { expandAct } from '#shared/merge/expand.ts';
import type { Row } from '#shared/schema/define.ts';
import { lotId } from '#shared/schema/lots.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import { closetOf, monthToClose, reconcile, sampleOut } from './sample-acts.ts';
import type { ClosetLine } from './sample-acts.ts';

const id = (name: string): string => derivedId('samples', name);
const UNIT = 10_000;
const line = (over: Partial<ClosetLine> = {}): ClosetLine => ({
  key: 'a',
  item_id: id('cream'),
  name: 'Cream',
  unit: 'tube',
  lot_id: id('lot'),
  lot_no: 'L1',
  expiry_date: '2027-01-31',
  book: 3 * UNIT,
  controlled: false,
  ...over,
});

describe('the closet compared with its log', () => {
  const typed = (counted: string, why = '') => new Map([['a', { counted, why }]]);

  test('agrees, or says why not', () => {
    expect(reconcile([line()], typed('3'))).toMatchObject({ ok: true, differences: 0 });
    const off = reconcile([line()], typed('2', ' one tube was broken '));
    expect(off).toMatchObject({ ok: true, differences: 1 });
    expect(off.ok && off.lines[0]).toMatchObject({
      book: 3 * UNIT,
      counted: 2 * UNIT,
      why: 'one tube was broken',
    });
  });

  test.each([
    ['nothing was typed', '', '', 'counted'],
    ['it is no number', 'many', '', 'counted'],
    ['it is below nothing', '-1', '', 'counted'],
    ['it differs and nobody says why', '2', ' ', 'why'],
  ] as const)('is not finished where %s', (_what, counted, why, problem) => {
    const result = reconcile([line()], typed(counted, why));
    expect(result.ok ? null : result.problems.get('a')).toBe(problem);
  });

  test('is of the month before until the tenth', () => {
    expect(monthToClose('2026-11-30')).toBe('2026-11-01');
    expect(monthToClose('2026-12-10')).toBe('2026-11-01');
    expect(monthToClose('2027-01-02')).toBe('2026-12-01');
  });

  test('lists samples alone, lot by lot, and what has no lot', () => {
    const level = {
      item_id: id('cream'),
      name: 'Cream',
      sku: 'C',
      base_unit: 'tube',
      status: 'active',
      expiry_alert_days: null,
      sites: [
        {
          location_id: 'AA',
          item_location_id: null,
          on_hand: 5 * UNIT,
          par: null,
          min: null,
          max: null,
          is_stocked: true,
          used: 0,
          vials: [],
          lots: [
            {
              lot_id: id('lot'),
              lot_no: 'L1',
              expiry_date: null,
              expiry_precision: null,
              serial: '',
              recall_status: 'none',
              on_hand: 3 * UNIT,
              open: null,
            },
          ],
        },
      ],
    };
    const closet = closetOf([level], 'AA', new Map([[id('cream'), true]]));
    expect(closet.map(({ lot_no: lot, book, controlled }) => [lot, book, controlled])).toEqual([
      ['L1', 3 * UNIT, true],
      [null, 2 * UNIT, true],
    ]);
    expect(closetOf([level], 'AA', new Map())).toEqual([]);
    expect(closetOf([level], 'PY', new Map([[id('cream'), true]]))).toEqual([]);
  });
});

test('a sample that is given takes its lot from the closet, by one document', () => {
  const lot = {
    lot_id: lotId({ itemId: id('cream'), lotNo: 'L1', expiryDate: '2027-01-31', serial: '' }),
    lot_no: 'L1',
    expiry_date: '2027-01-31',
    expiry_precision: 'day' as const,
    serial: '',
    recall_status: 'none',
  };
  const entry = sampleOut({
    item: { id: id('cream'), base_unit: 'tube' },
    lot,
    quantity: 2 * UNIT,
    patientId: id('patient'),
    prescriberId: id('doctor'),
    userId: id('nurse'),
    witnessId: null,
    signature: '{}',
    site: { id: id('site'), time_zone: 'America/Detroit' },
    now: Date.parse('2026-11-30T15:00:00Z'),
  });
  const made = expandAct('sample_log', {
    ...entry,
    created_at: 1_790_000_000_000,
    created_by: id('nurse'),
    device_id: id('device'),
    hlc: '019300000000-0000-0123456789ab',
    origin_seq: 1,
  } as unknown as Row);
  expect(made.map(({ table }) => table)).toEqual([
    'stock_acts',
    'inventory_lots',
    'stock_movements',
  ]);
  expect(made[0]?.row.id).toBe(entry.act_id);
  expect(made[1]?.row.id).toBe(entry.lot_id);
  expect(made[2]?.row).toMatchObject({
    type: 'sample_out',
    qty_base: -2 * UNIT,
    ref_type: 'sample_log',
    ref_id: null,
  });
  expect(JSON.stringify(made)).not.toContain(id('patient'));
});
