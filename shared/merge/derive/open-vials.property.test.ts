import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocateDraw, drawOrder, openUntil, vialStates } from './open-vials.ts';
import type { OpenVial, VialFact } from './open-vials.ts';

const DETROIT = 'America/Detroit';
const fact = (id: string, over: Partial<VialFact> = {}): VialFact => ({
  id,
  step: 'draw',
  vial_id: 'v',
  units: 10,
  reverses_id: null,
  ...over,
});
const opened = (id: string, units: number): VialFact =>
  fact(id, { step: 'open', vial_id: null, units });

const anyFacts = fc
  .uniqueArray(
    fc.record({
      id: fc.constantFrom('f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7'),
      step: fc.constantFrom('draw' as const, 'discard' as const),
      vial_id: fc.constantFrom('v', 'w', 'nobody'),
      units: fc.nat(60),
      reverses_id: fc.option(fc.constantFrom('f1', 'f2', 'f3'), { nil: null }),
    }),
    { selector: ({ id }) => id, maxLength: 7 },
  )
  .map((some): VialFact[] => [opened('v', 100), opened('w', 50), ...some]);

describe('what is left in an open container', () => {
  test('is the same in any order, however often facts come', () => {
    fc.assert(
      fc.property(anyFacts, fc.infiniteStream(fc.nat()), (facts, order) => {
        const told = [...facts, ...facts].toSorted(() => ((order.next().value as number) % 3) - 1);
        expect(vialStates(structuredClone(told))).toEqual(vialStates(facts));
      }),
    );
  });

  test('adds up: what was in it is what was taken and what is left, or more was taken', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        for (const { content, drawn, discarded, rest, over } of vialStates(facts).values()) {
          expect(drawn + discarded + rest - over).toBe(content);
          expect(Math.min(rest, over)).toBe(0);
        }
      }),
    );
  });

  test('of one device and then another is what both together say: nothing is lost on the way', () => {
    const mine = [opened('v', 100), fact('a', { units: 60 })];
    const theirs = [opened('v', 100), fact('b', { units: 60 })];
    expect(vialStates([...mine, ...theirs]).get('v')).toEqual({
      vial_id: 'v',
      content: 100,
      drawn: 120,
      discarded: 0,
      rest: 0,
      over: 20,
      isClosed: true,
    });
  });

  test('throwing the rest away closes it, also where somebody drew meanwhile', () => {
    const facts = [opened('v', 100), fact('d', { step: 'discard', units: 40 })];
    expect(vialStates(facts).get('v')).toMatchObject({ rest: 60, isClosed: true, over: 0 });
  });

  test('what was taken back counts no more, and only within the same container', () => {
    const facts = [
      opened('v', 100),
      fact('a', { units: 30 }),
      fact('r', { units: 30, reverses_id: 'a' }),
    ];
    expect(vialStates(facts).get('v')).toMatchObject({ rest: 100, isClosed: false });
    const other = [...facts.slice(0, 2), fact('r', { vial_id: 'w', reverses_id: 'a' })];
    expect(vialStates(other).get('v')).toMatchObject({ rest: 70 });
  });
});

describe('how long it may stand open', () => {
  const openedAt = Date.parse('2026-11-30T15:00:00Z');
  const base = { openedAt, hours: null, days: null, lot: null, timeZone: DETROIT };

  test('by hours to the minute, by days through the end of the last one at the site', () => {
    expect(openUntil({ ...base, hours: 4 })).toBe(Date.parse('2026-11-30T19:00:00Z'));
    expect(openUntil({ ...base, days: 0 })).toBe(Date.parse('2026-12-01T05:00:00Z'));
    expect(openUntil({ ...base, days: 28 })).toBe(Date.parse('2026-12-29T05:00:00Z'));
  });

  test('never longer than its lot', () => {
    const lot = { expiry_date: '2026-12-02', expiry_precision: 'day' as const };
    expect(openUntil({ ...base, days: 28, lot })).toBe(Date.parse('2026-12-03T05:00:00Z'));
    expect(openUntil({ ...base, hours: 1, lot })).toBe(Date.parse('2026-11-30T16:00:00Z'));
    expect(openUntil(base)).toBe(null);
  });

  test('days and hours that cross the change of the clocks', () => {
    const before = Date.parse('2026-10-31T15:00:00Z');
    expect(openUntil({ ...base, openedAt: before, days: 1 })).toBe(
      Date.parse('2026-11-02T05:00:00Z'),
    );
    expect(openUntil({ ...base, openedAt: before, hours: 48 })).toBe(before + 48 * 3_600_000);
  });
});

describe('from which one is drawn', () => {
  const anyVials = fc.uniqueArray(
    fc.record({
      vial_id: fc.constantFrom('a', 'b', 'c', 'd'),
      rest: fc.nat(50),
      use_by: fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }),
      opened_at: fc.nat(3),
      isUsable: fc.boolean(),
    }),
    { selector: ({ vial_id: id }) => id },
  );

  test('never more than is in it, never one that is over, and nothing is lost between', () => {
    fc.assert(
      fc.property(anyVials, fc.integer({ min: 1, max: 120 }), (vials, wanted) => {
        const { draws, missing } = allocateDraw(vials, wanted, 3);
        expect(draws.reduce((sum, { units }) => sum + units, missing)).toBe(wanted);
        for (const { vial, units } of draws) {
          expect(units).toBeGreaterThan(0);
          expect(units).toBeLessThanOrEqual(vial.rest);
          expect(vial.isUsable && (vial.use_by ?? 9) > 3).toBe(true);
        }
      }),
    );
  });

  test('one that is over sooner is empty before the next is touched', () => {
    fc.assert(
      fc.property(anyVials, fc.integer({ min: 1, max: 120 }), (vials, wanted) => {
        const { draws } = allocateDraw(vials, wanted, 3);
        const order = drawOrder(vials as OpenVial[], 3).map(({ vial_id: id }) => id);
        expect(draws.map(({ vial }) => vial.vial_id)).toEqual(order.slice(0, draws.length));
        for (const { vial, units } of draws.slice(0, -1)) expect(units).toBe(vial.rest);
      }),
    );
  });
});
