import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from '#shared/kernel/dates.ts';
import { leftKey, leftOver, proposeMoves } from './expiry-moves.ts';
import type { DailyUse, ShelfLot } from './expiry-moves.ts';

const TODAY = '2026-11-30';
const SITES = ['AA', 'PY', 'WX'];
const LOTS = 5;
const world = fc.record({
  lots: fc
    .tuple(
      // A lot expires on one day, wherever it lies.
      fc.array(fc.integer({ min: -5, max: 60 }), { minLength: LOTS, maxLength: LOTS }),
      fc.uniqueArray(
        fc.record({
          item_id: fc.constantFrom('gauze', 'tape'),
          location_id: fc.constantFrom(...SITES),
          lot: fc.nat({ max: LOTS - 1 }),
          units: fc.integer({ min: 1, max: 40 }),
        }),
        { selector: (lot) => `${lot.item_id} ${lot.lot} ${lot.location_id}`, maxLength: 10 },
      ),
    )
    .map(([days, all]) =>
      all.map(({ item_id, location_id, lot, units }): ShelfLot => ({
        item_id,
        location_id,
        lot_id: `${item_id}-${lot}`,
        last_day: addDays(TODAY, days[lot] ?? 0),
        on_hand: units * 10_000,
      })),
    ),
  rates: fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 6, maxLength: 6 }),
});
const useOf = (rates: readonly number[]): DailyUse[] =>
  ['gauze', 'tape'].flatMap((item_id, row) =>
    SITES.map((location_id, column) => ({
      item_id,
      location_id,
      per_day: rates[row * SITES.length + column] ?? 0,
    })),
  );
const total = (left: ReadonlyMap<string, number>): number =>
  [...left.values()].reduce((sum, quantity) => sum + quantity, 0);

/** The shelves after the proposals were followed. */
function moved(lots: readonly ShelfLot[], moves: ReturnType<typeof proposeMoves>): ShelfLot[] {
  const shelf = new Map(lots.map((lot) => [leftKey(lot.lot_id, lot.location_id), lot]));
  for (const { lot_id, from, to, quantity, item_id, last_day } of moves) {
    const source = shelf.get(leftKey(lot_id, from));
    if (!source) throw new Error('moved what is not there');
    shelf.set(leftKey(lot_id, from), { ...source, on_hand: source.on_hand - quantity });
    const target = shelf.get(leftKey(lot_id, to)) ?? {
      item_id,
      location_id: to,
      lot_id,
      last_day,
      on_hand: 0,
    };
    shelf.set(leftKey(lot_id, to), { ...target, on_hand: target.on_hand + quantity });
  }
  return [...shelf.values()];
}

describe('proposals to move what would expire', () => {
  test('save exactly what they move: nothing else expires because of them', () => {
    fc.assert(
      fc.property(world, ({ lots, rates }) => {
        const use = useOf(rates);
        const moves = proposeMoves(lots, use, TODAY);
        const before = total(leftOver(lots, use, TODAY));
        const after = total(leftOver(moved(lots, moves), use, TODAY));
        const quantity = moves.reduce((sum, move) => sum + move.quantity, 0);
        // Rounding to 1/10,000 base unit, once a lot.
        expect(Math.abs(before - after - quantity)).toBeLessThanOrEqual(2 * lots.length + 2);
      }),
      { numRuns: 300 },
    );
  });

  test('are whole base units of what is on that shelf, to another site, and of nothing that has expired', () => {
    fc.assert(
      fc.property(world, ({ lots, rates }) => {
        const moves = proposeMoves(lots, useOf(rates), TODAY);
        for (const { quantity, from, to, last_day: last } of moves) {
          expect(quantity).toBeGreaterThan(0);
          expect(quantity % 10_000).toBe(0);
          expect(to).not.toBe(from);
          expect(last >= TODAY).toBe(true);
        }
        for (const lot of moved(lots, moves)) expect(lot.on_hand).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 200 },
    );
  });

  test('go to the site that uses the item fastest', () => {
    const lot: ShelfLot = {
      item_id: 'gauze',
      location_id: 'AA',
      lot_id: 'L',
      last_day: addDays(TODAY, 9),
      on_hand: 100_000,
    };
    const use: DailyUse[] = [
      { item_id: 'gauze', location_id: 'AA', per_day: 2_000 },
      { item_id: 'gauze', location_id: 'PY', per_day: 4_000 },
      { item_id: 'gauze', location_id: 'WX', per_day: 9_000 },
    ];
    // AA uses 2 in ten days; of the 8 that are left WX could use 9.
    expect(proposeMoves([lot], use, TODAY)).toEqual([
      {
        item_id: 'gauze',
        lot_id: 'L',
        from: 'AA',
        to: 'WX',
        quantity: 80_000,
        last_day: lot.last_day,
      },
    ]);
  });
});
