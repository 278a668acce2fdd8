import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shelvesOf } from './count-rules.ts';
import type { CountLine } from './count-rules.ts';
import { aLine } from './lines.suite.ts';
import { countersHere, planOf, progressOf } from './plan.ts';

/** Lines with their stamp, as two or three people make them on devices of their own. */
interface Stamped {
  readonly hlc: number;
  readonly line: CountLine;
}
const stamped: fc.Arbitrary<Stamped> = fc
  .record({
    hlc: fc.nat({ max: 10_000 }),
    counter: fc.constantFrom('ana', 'ben', 'cleo'),
    item: fc.constantFrom('gauze', 'tape', 'vial'),
    lot: fc.option(fc.constantFrom('L1', 'L2')),
    quantity: fc.nat({ max: 4 }),
    pass: fc.constantFrom(1, 1, 1, 2, 3),
  })
  .map(({ hlc, counter, item, lot, quantity, pass }) => ({
    hlc,
    line: aLine({
      counter_id: counter,
      item_id: item,
      lot_id: lot,
      counted_qty: quantity * 10_000,
      counted_at: hlc,
      pass,
    }),
  }));
const many = fc.uniqueArray(stamped, { selector: ({ hlc }) => hlc, maxLength: 30 });
const merged = (...devices: (readonly Stamped[])[]): CountLine[] =>
  devices
    .flat()
    .toSorted((a, b) => a.hlc - b.hlc)
    .map(({ line }) => line);

test('zones that are counted on two devices come together whole: nothing lost, nothing added up', () => {
  fc.assert(
    fc.property(many, (lines) => {
      const mine = lines.filter(({ line }) => line.item_id === 'gauze');
      const yours = lines.filter(({ line }) => line.item_id !== 'gauze');
      const both = shelvesOf(merged(mine, yours));
      // No shelf is in both zones: together it is what each has by itself.
      const apart = [...shelvesOf(merged(mine)), ...shelvesOf(merged(yours))];
      expect(new Map(both.map((shelf) => [shelf.key, shelf]))).toEqual(
        new Map(apart.map((shelf) => [shelf.key, shelf])),
      );
      expect(shelvesOf(merged(yours, mine))).toEqual(both);
    }),
  );
});

test('of one shelf the later observation holds, whoever made it and in whatever order they come', () => {
  fc.assert(
    fc.property(many, (lines) => {
      for (const { key, holds, views } of shelvesOf(merged(lines))) {
        const own = lines
          .filter(({ line }) => `${line.item_id} ${line.lot_id ?? ''}` === key)
          .toSorted((a, b) => a.hlc - b.hlc);
        expect(holds).toBe(own.at(-1)?.line);
        expect(views[0]).toBe(holds);
        // One view of each person, and what holds is something that somebody saw.
        expect(new Set(views.map(({ counter_id }) => counter_id)).size).toBe(views.length);
        expect(own.map(({ line }) => line.counted_qty)).toContain(holds.counted_qty);
      }
    }),
  );
});

test('what two people saw differently is said, until somebody has looked once more', () => {
  fc.assert(
    fc.property(many, stamped, (lines, { line }) => {
      for (const { state, views } of shelvesOf(merged(lines))) {
        const quantities = new Set(views.map(({ counted_qty }) => counted_qty));
        expect(state === 'contested').toBe(quantities.size > 1);
      }
      const look: Stamped = { hlc: 20_000, line: { ...line, pass: 2 } };
      const settled = shelvesOf(merged(lines, [look])).find(({ holds }) => holds === look.line);
      expect(settled).toMatchObject({ state: 'again', views: [look.line] });
      // Somebody who did not know of it and saw something else: it is said again.
      const late: Stamped = {
        hlc: 20_001,
        line: { ...line, counter_id: 'dora', counted_qty: line.counted_qty + 10_000, pass: 1 },
      };
      const again = shelvesOf(merged(lines, [look, late])).find(({ holds }) => holds === late.line);
      expect(again?.state).toBe('contested');
    }),
  );
});

test('a list is ticked off by whoever counts, and everybody has their own lines', () => {
  const rows = ['gauze', 'tape', 'vial'].map((item_id, at) => ({
    item_id,
    item_name: item_id,
    sku: item_id,
    base_unit: 'piece',
    bin: `A${at}`,
    lots: [],
  }));
  const plan = planOf(rows, { zone: null, startedAt: 0 });
  fc.assert(
    fc.property(many, (lines) => {
      const all = merged(lines);
      const { open, done, extra, shelves, aisles } = progressOf(plan, all);
      expect(open.length + done).toBe(plan.length);
      expect(done + extra.length).toBe(shelves.size);
      expect(aisles.reduce((sum, aisle) => sum + aisle.done, 0)).toBe(done);
      expect(new Set(countersHere(all).map(({ id }) => id))).toEqual(
        new Set(all.map(({ counter_id }) => counter_id)),
      );
    }),
  );
});
