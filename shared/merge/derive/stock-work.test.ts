import { describe, expect, test } from 'vitest';
import { whyNotWaste } from '#shared/access/duties.ts';
import { likelyCauses } from './negative-stock.ts';
import type { ExplainedMovement } from './negative-stock.ts';
import { openContainer } from './open-container.ts';
import type { LotMovement } from './open-container.ts';
import { alertsOf } from './stock-alerts.ts';
import type { AlertedLot, StockLevel } from './stock-alerts.ts';

const TODAY = '2026-11-30';
const UNIT = 10_000;
const lot = (fields: Partial<AlertedLot> = {}): AlertedLot => ({
  lot_id: 'lot',
  lot_no: 'L1',
  expiry_date: '2027-12-31',
  expiry_precision: 'day',
  recall_status: 'none',
  on_hand: 5 * UNIT,
  ...fields,
});
const level = (fields: Partial<StockLevel> = {}): StockLevel => ({
  item_id: 'item',
  location_id: 'site',
  on_hand: 5 * UNIT,
  par: null,
  min: null,
  max: null,
  is_stocked: true,
  expiry_alert_days: null,
  lots: [],
  vials: [],
  ...fields,
});
const vial = (useBy: number | null) => ({
  vial_id: 'v',
  lot_id: 'lot',
  rest: 40,
  unit: 'U',
  use_by: useBy,
});
const NOW = Date.parse(`${TODAY}T15:00:00Z`);
const kinds = (of: StockLevel): string[] => alertsOf(of, TODAY, NOW).map(({ kind }) => kind);

describe('alerts', () => {
  test.each([
    ['enough', level({ par: 5 * UNIT, max: 5 * UNIT }), []],
    ['below par', level({ par: 6 * UNIT }), ['low']],
    ['below par and above min', level({ par: 6 * UNIT, min: 4 * UNIT }), []],
    ['below min', level({ par: 9 * UNIT, min: 6 * UNIT }), ['low']],
    ['not kept here', level({ par: 6 * UNIT, is_stocked: false }), []],
    ['more than max', level({ max: 4 * UNIT }), ['overstock']],
    ['expired since today', level({ lots: [lot({ expiry_date: '2026-11-29' })] }), ['expired']],
    ['good through today', level({ lots: [lot({ expiry_date: TODAY })] }), ['expiring']],
    ['sixty days ahead', level({ lots: [lot({ expiry_date: '2027-01-29' })] }), ['expiring']],
    ['sixty-one days ahead', level({ lots: [lot({ expiry_date: '2027-01-30' })] }), []],
    [
      'ninety days where the item says so',
      level({ expiry_alert_days: 90, lots: [lot({ expiry_date: '2027-02-28' })] }),
      ['expiring'],
    ],
    [
      'an expired lot that is used up',
      level({ lots: [lot({ expiry_date: TODAY, on_hand: 0 })] }),
      [],
    ],
    [
      'one lot below zero',
      level({ lots: [lot({ on_hand: -UNIT }), lot({ lot_id: 'b' })] }),
      ['negative'],
    ],
    ['all below zero', level({ on_hand: -UNIT }), ['negative']],
    [
      'open too long',
      level({ lots: [lot({ open: { rest: 3_000, last_day: '2026-11-29' } })] }),
      ['beyond_use'],
    ],
    ['an opened vial that is still good', level({ vials: [vial(NOW + 1)] }), []],
    ['an opened vial that is over, to the minute', level({ vials: [vial(NOW)] }), ['beyond_use']],
    ['an opened vial without a limit', level({ vials: [vial(null)] }), []],
  ])('%s', (_name, of, expected) => {
    expect(kinds(of)).toEqual(expected);
  });

  test('say of an opened vial how much is left of it, in its own unit', () => {
    const [alert] = alertsOf(level({ vials: [vial(NOW)] }), TODAY, NOW);
    expect(alert).toMatchObject({ vial_id: 'v', lot_id: 'lot', quantity: 40, unit: 'U' });
    expect(alert?.key).toBe('beyond_use/item/site//v');
  });
});

describe('an open container', () => {
  const move = (hour: number, quantity: number): LotMovement => ({
    id: `m${hour}`,
    hlc: String(hour).padStart(4, '0'),
    qty_base: quantity,
    occurred_at: Date.parse('2026-11-20T12:00:00Z') + hour * 3_600_000,
  });
  const open = (...movements: LotMovement[]) =>
    openContainer({ movements, openDays: 28, lotLastDay: null, timeZone: 'America/New_York' });

  test('is there once less than a whole one was taken, and good for so many days', () => {
    expect(open(move(0, 5 * UNIT), move(1, -2_000))).toEqual({
      rest: 8_000,
      opened_at: move(1, 0).occurred_at,
      last_day: '2026-12-18',
    });
  });

  test('is never good for longer than its lot', () => {
    const found = openContainer({
      movements: [move(0, 5 * UNIT), move(1, -2_000)],
      openDays: 28,
      lotLastDay: '2026-11-25',
      timeZone: 'America/New_York',
    });
    expect(found?.last_day).toBe('2026-11-25');
  });

  test('is gone when its rest was used, and is another one when more is left than it held', () => {
    expect(open(move(0, 5 * UNIT), move(1, -2_000), move(2, -8_000))).toBeNull();
    const second = open(move(0, 5 * UNIT), move(1, -8_000), move(30, -5_000));
    expect(second).toMatchObject({ rest: 7_000, opened_at: move(30, 0).occurred_at });
  });

  test('stays the same one while its rest shrinks, in whatever order the movements are listed', () => {
    const all = [move(0, 5 * UNIT), move(1, -2_000), move(40, -3_000)];
    expect(open(...all)).toMatchObject({ rest: 5_000, opened_at: move(1, 0).occurred_at });
    expect(open(...all.toReversed())).toEqual(open(...all));
  });
});

describe('why there is less than nothing', () => {
  const HOUR = 3_600_000;
  let next = 0;
  const movement = (fields: Partial<ExplainedMovement>): ExplainedMovement => {
    next += 1;
    return {
      id: `m${next}`,
      type: 'issue',
      lot_id: 'lot',
      qty_base: -3 * UNIT,
      entered_unit: 'each',
      entered_qty: '3',
      occurred_at: next * HOUR,
      performed_by: 'ana',
      device_id: 'one',
      reverses_id: null,
      ...fields,
    };
  };
  const received = movement({ type: 'receive', qty_base: 5 * UNIT, entered_qty: '5' });
  const causes = (
    movements: readonly ExplainedMovement[],
    over: Partial<Parameters<typeof likelyCauses>[0]> = {},
  ) =>
    likelyCauses({
      lotId: 'lot',
      onHand: -UNIT,
      movements,
      counted: false,
      baseUnit: 'each',
      packs: [{ unit: 'box', qty_per_base: 20 * UNIT }],
      others: [],
      onItsWay: 0,
      ...over,
    });

  test('the same taken on two devices within a day may be one thing entered twice', () => {
    const first = movement({});
    const second = movement({ device_id: 'two' });
    expect(causes([received, first, second])[0]).toEqual({
      kind: 'double_issue',
      movements: [first.id, second.id],
    });
    expect(causes([received, first, movement({})])).toEqual([]);
    const late = movement({ device_id: 'two', occurred_at: first.occurred_at + 25 * HOUR });
    expect(causes([received, first, late])).toEqual([]);
  });

  test('what was taken back explains nothing', () => {
    const first = movement({});
    const second = movement({ device_id: 'two' });
    const back = movement({ qty_base: 3 * UNIT, reverses_id: second.id });
    expect(causes([received, first, second, back]).map(({ kind }) => kind)).not.toContain(
      'double_issue',
    );
  });

  test('a lot that never came in, a transfer on its way, another lot that has what is missing', () => {
    const found = causes([movement({})], {
      onItsWay: 4 * UNIT,
      others: [{ lot_id: 'other', on_hand: 2 * UNIT }],
    });
    expect(found.map(({ kind }) => kind)).toEqual([
      'transfer_waiting',
      'never_received',
      'other_lot',
    ]);
    expect(causes([movement({})], { counted: true })).toEqual([]);
  });

  test('a box that was meant as one piece, and pieces that were meant as boxes', () => {
    const box = movement({ qty_base: -20 * UNIT, entered_unit: 'box', entered_qty: '1' });
    expect(causes([received, box], { onHand: -15 * UNIT })).toEqual([
      { kind: 'unit_mixup', movement: box.id, unit: 'each' },
    ]);
    const few = movement({ type: 'receive', qty_base: 2 * UNIT, entered_qty: '2' });
    const used = movement({ qty_base: -9 * UNIT });
    expect(causes([few, used], { onHand: -7 * UNIT })).toEqual([
      { kind: 'unit_mixup', movement: few.id, unit: 'box' },
    ]);
  });

  test('nothing is said of what has enough', () => {
    expect(causes([received], { onHand: 0 })).toEqual([]);
  });
});

test('a waste has a reason, and of controlled items a second person', () => {
  const waste = { reason: 'expired', controlled: true, userId: 'ana', witnessId: 'ben' };
  expect(whyNotWaste(waste)).toBeNull();
  expect(whyNotWaste({ ...waste, reason: null })).toBe('reason-missing');
  expect(whyNotWaste({ ...waste, witnessId: null })).toBe('witness-missing');
  expect(whyNotWaste({ ...waste, witnessId: 'ana' })).toBe('own-witness');
  expect(whyNotWaste({ ...waste, controlled: false, witnessId: null })).toBeNull();
});
