import { describe, expect, test } from 'vitest';
import type { LotAtSite } from '#shared/ipc/views.stock.ts';
import { EMPTY_TAKE, overriddenItems, planTakes, refOf, takeAct } from './take-check.ts';
import type { TakeEntry, TakeKind } from './take-check.ts';

const TODAY = '2026-11-30';
const UNIT = 10_000;
const ITEM = '5c000000-0000-4000-8000-000000000001';
const lot = (lotNo: string, expiry: string, onHand: number, recall = 'none'): LotAtSite => ({
  lot_id: `lot-${lotNo}`,
  item_id: ITEM,
  location_id: 'site',
  lot_no: lotNo,
  expiry_date: expiry,
  expiry_precision: 'day',
  serial: '',
  recall_status: recall,
  on_hand: onHand * UNIT,
});
const OLD = lot('OLD', '2026-11-29', 9);
const FIRST = lot('FIRST', '2026-12-31', 5);
const SECOND = lot('SECOND', '2027-06-30', 8);
const LOTS = [SECOND, OLD, FIRST];

const known = (kind: TakeKind = 'issue', lots: readonly LotAtSite[] = LOTS) => ({
  kind,
  today: TODAY,
  itemOf: (id: string) =>
    id === ITEM
      ? {
          lot_policy: 'required',
          expiry_policy: 'required',
          units: [
            { name: 'vial', perUnit: UNIT },
            { name: 'box', perUnit: 5 * UNIT },
          ],
        }
      : null,
  lotsOf: () => lots,
});
const entry = (fields: Partial<TakeEntry> = {}): TakeEntry => ({
  ...EMPTY_TAKE,
  itemId: ITEM,
  quantity: '3',
  ...fields,
});
const parts = (entries: readonly TakeEntry[], of = known()) =>
  planTakes(entries, of).map((line) =>
    line.ok
      ? line.parts.map(({ lot: from, quantity }) => [from?.lot_no ?? null, quantity / UNIT])
      : line.problems,
  );

describe('what is taken', () => {
  test('comes from the lot that expires first, never from an expired one', () => {
    expect(parts([entry()])).toEqual([[['FIRST', 3]]]);
    expect(parts([entry()], known('issue', [OLD]))).toEqual([{ lot: 'take.problem.lotMissing' }]);
  });

  test('goes on in the next lot, and a second line finds gone what the first has taken', () => {
    expect(parts([entry({ quantity: '7' })])).toEqual([
      [
        ['FIRST', 5],
        ['SECOND', 2],
      ],
    ]);
    expect(parts([entry({ quantity: '4' }), entry({ quantity: '2' })])).toEqual([
      [['FIRST', 4]],
      [
        ['FIRST', 1],
        ['SECOND', 1],
      ],
    ]);
  });

  test('may be more than the books have: the last lot goes below zero, and that is said', () => {
    const [line] = planTakes([entry({ quantity: '20' })], known());
    expect(line).toMatchObject({ ok: true, short: 7 * UNIT });
    expect(parts([entry({ quantity: '20' })])).toEqual([
      [
        ['FIRST', 5],
        ['SECOND', 15],
      ],
    ]);
  });

  test('keeps what was typed where one lot is enough, and says base units where two share it', () => {
    const [box] = planTakes([entry({ quantity: '1', unit: 'box' })], known());
    expect(box?.ok && box.lines).toEqual([
      expect.objectContaining({ entered_unit: 'box', entered_qty: '1', qty_base: 5 * UNIT }),
    ]);
    const [two] = planTakes([entry({ quantity: '2', unit: 'box' })], known());
    expect(two?.ok && two.lines.map((l) => [l.entered_unit, l.entered_qty])).toEqual([
      ['vial', '5'],
      ['vial', '5'],
    ]);
  });

  test.each([
    ['expired', OLD, 'take.problem.expired'],
    ['recalled', lot('R', '2027-06-30', 4, 'recalled'), 'take.problem.recalled'],
  ])('an %s lot cannot be used, and can be thrown away', (_name, bad, problem) => {
    const chosen = entry({ lot: refOf(bad) });
    expect(parts([chosen], known('issue', [bad]))).toEqual([{ lot: problem }]);
    expect(parts([chosen], known('waste', [bad]))).toEqual([[[bad.lot_no, 3]]]);
  });

  test('of waste what expired first goes first', () => {
    expect(parts([entry()], known('waste'))).toEqual([[['OLD', 3]]]);
  });

  test('a lot that expires on the day itself can be used', () => {
    const last = lot('LAST', TODAY, 4);
    expect(parts([entry({ lot: refOf(last) })], known('issue', [last]))).toEqual([[['LAST', 3]]]);
  });

  test('what has no lots is taken without one', () => {
    const plain = {
      ...known('issue', []),
      itemOf: () => ({
        lot_policy: 'none',
        expiry_policy: 'none',
        units: [{ name: 'each', perUnit: UNIT }],
      }),
    };
    expect(parts([entry()], plain)).toEqual([[[null, 3]]]);
  });

  test('says what is missing, field by field', () => {
    expect(parts([EMPTY_TAKE])).toEqual([
      { item: 'receive.problem.itemMissing', quantity: 'receive.problem.quantityMissing' },
    ]);
    expect(parts([entry({ unit: 'crate' })])).toEqual([
      { quantity: 'receive.problem.unitUnknown' },
    ]);
  });
});

describe('a reason is asked', () => {
  const overridden = (entries: readonly TakeEntry[], kind: TakeKind = 'issue') =>
    overriddenItems(planTakes(entries, known(kind)), known(kind));

  test('for a later lot while an earlier one has some, and for nothing else', () => {
    expect(overridden([entry()])).toEqual([]);
    expect(overridden([entry({ lot: refOf(SECOND) })])).toEqual([ITEM]);
    // Both lines together leave nothing of the earlier one.
    expect(
      overridden([entry({ lot: refOf(SECOND) }), entry({ quantity: '5', lot: refOf(FIRST) })]),
    ).toEqual([]);
    expect(overridden([entry({ lot: refOf(SECOND) })], 'waste')).toEqual([]);
  });
});

test('finishing makes one document with all lines, and the legs of a transfer name it', () => {
  const [line] = planTakes([entry({ quantity: '7' })], known());
  const lines = line?.ok ? line.lines : [];
  const act = takeAct({
    kind: 'transfer_out',
    // 23:30 in New York: the next day in UTC.
    site: { id: 'site', time_zone: 'America/New_York' },
    now: Date.parse('2026-12-01T04:30:00Z'),
    lines,
    reason: null,
    note: null,
    witnessId: null,
    transferId: 'transfer',
  });
  expect(act).toMatchObject({ kind: 'transfer_out', local_date: '2026-11-30' });
  expect(act.lines.map((l) => [l.lot_no, l.ref_type, l.ref_id])).toEqual([
    ['FIRST', 'transfer', 'transfer'],
    ['SECOND', 'transfer', 'transfer'],
  ]);
});
