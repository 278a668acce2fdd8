import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_CLOCK_AHEAD_MS, clampStamps, formatHlc, parseHlc } from '#shared/kernel/hlc.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import { countOf, joinCounters } from '#shared/schema/counter.ts';
import type { Counter } from '#shared/schema/counter.ts';
import type { Row } from '#shared/schema/define.ts';
import {
  addDot,
  addMember,
  isIn,
  joinDots,
  joinSets,
  membersOf,
  removeMember,
} from '#shared/schema/or-set.ts';
import type { OrSet } from '#shared/schema/or-set.ts';
import { anyCounter, anyDots, anyOrSet } from '#shared/testing/arbitraries.ts';
import { clampRow, stampEdit, stampsIn } from './join.ts';
import { restampCounter, restampDots, restampSet } from './restamp.ts';

const DEVICES = 3;
const node = (device: number): string => `00000000000${device}`;
const device = fc.nat({ max: DEVICES - 1 });
const anyStep = fc.oneof(
  fc.record({
    do: fc.constant('want' as const),
    device,
    members: fc.subarray(['ann', 'bo', 'cy']),
  }),
  fc.record({ do: fc.constant('hear' as const), device, from: device }),
);

/** A set as a person thinks of it: every adding is a thing of its own, taken away by who saw it. */
interface Model {
  readonly added: Set<string>;
  readonly removed: Set<string>;
}
const modelMembers = ({ added, removed }: Model): string[] =>
  [
    ...new Set([...added].filter((tag) => !removed.has(tag)).map((tag) => tag.split('/')[0] ?? '')),
  ].toSorted();

describe('a set that three devices change', () => {
  test('has, after any steps, whom the ideal set would have', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
        const sets: OrSet[] = Array.from({ length: DEVICES }, () => ({}));
        const models: Model[] = Array.from({ length: DEVICES }, () => ({
          added: new Set<string>(),
          removed: new Set<string>(),
        }));
        steps.forEach((step, at) => {
          const set = sets[step.device] as OrSet;
          const model = models[step.device] as Model;
          if (step.do === 'hear') {
            sets[step.device] = joinSets(set, sets[step.from] as OrSet);
            const other = models[step.from] as Model;
            for (const tag of other.added) model.added.add(tag);
            for (const tag of other.removed) model.removed.add(tag);
          } else {
            const had = new Set(modelMembers(model));
            for (const member of step.members) {
              if (!had.has(member)) model.added.add(`${member}/${at}`);
            }
            for (const tag of model.added) {
              if (!step.members.includes(tag.split('/')[0] ?? '')) model.removed.add(tag);
            }
            const hlc = formatHlc({ ms: at + 1, counter: 0, node: node(step.device) });
            // A window says whom it wants and nothing else.
            const wanted = Object.fromEntries(step.members.map((m) => [m, addDot({}, hlc)]));
            sets[step.device] = restampSet(set, wanted, hlc);
          }
          expect(membersOf(sets[step.device] as OrSet)).toEqual(modelMembers(model));
        });
      }),
      { numRuns: 300 },
    );
  });

  test('joins in any order, grouping and repetition', () => {
    fc.assert(
      fc.property(anyOrSet, anyOrSet, anyOrSet, (a, b, c) => {
        const text = canonicalJson;
        expect(text(joinSets(a, b))).toBe(text(joinSets(b, a)));
        expect(text(joinSets(joinSets(a, b), c))).toBe(text(joinSets(a, joinSets(b, c))));
        expect(text(joinSets(joinSets(a, b), a))).toBe(text(joinSets(a, b)));
      }),
    );
    fc.assert(
      fc.property(anyDots, anyDots, anyDots, (a, b, c) => {
        const text = canonicalJson;
        expect(text(joinDots(a, b))).toBe(text(joinDots(b, a)));
        expect(text(joinDots(joinDots(a, b), c))).toBe(text(joinDots(a, joinDots(b, c))));
        expect(text(joinDots(joinDots(a, b), a))).toBe(text(joinDots(a, b)));
      }),
    );
  });

  test('keeps a member that one added while another took it away', () => {
    const first = formatHlc({ ms: 1, counter: 0, node: node(0) });
    const again = formatHlc({ ms: 2, counter: 0, node: node(1) });
    const start = addMember({}, 'ann', first);
    const gone = removeMember(start, 'ann');
    expect(membersOf(gone)).toEqual([]);
    expect(membersOf(joinSets(gone, start))).toEqual([]);
    expect(membersOf(joinSets(gone, addMember(start, 'ann', again)))).toEqual(['ann']);
  });
});

describe('what a window says of a set', () => {
  const later = formatHlc({ ms: 9, counter: 0, node: '00000000000f' });

  test('counts as far as it names members', () => {
    fc.assert(
      fc.property(anyOrSet, anyOrSet, (before, wanted) => {
        const after = restampSet(before, wanted, later);
        expect(membersOf(after)).toEqual(membersOf(wanted));
        expect(membersOf(joinSets(after, before))).toEqual(membersOf(wanted));
      }),
    );
    fc.assert(
      fc.property(anyDots, anyDots, (before, wanted) => {
        const after = restampDots(before, wanted, later);
        expect(isIn(after)).toBe(isIn(wanted));
        if (isIn(before) === isIn(wanted)) expect(after).toEqual(before);
      }),
    );
  });
});

describe('a counter that three devices add to', () => {
  const ids = [0, 1, 2].map((n) => `018f0000-0000-7000-8000-00000000000${n}`);

  test('stands, once all have heard of all, at the sum of what was added', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('add' as const), device, by: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ do: fc.constant('hear' as const), device, from: device }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const counters: Counter[] = ids.map(() => ({}));
        let sum = 0;
        for (const one of steps) {
          const own = counters[one.device] as Counter;
          if (one.do === 'hear') {
            counters[one.device] = joinCounters(own, counters[one.from] as Counter);
          } else {
            sum += one.by;
            // A window that sees 5 and wants 7 may say it in whatever shares it likes.
            const wanted = { [ids[0] ?? '']: countOf(own) + one.by };
            counters[one.device] = restampCounter(own, wanted, ids[one.device]);
          }
        }
        expect(countOf(counters.reduce(joinCounters))).toBe(sum);
      }),
      { numRuns: 200 },
    );
  });

  test('never goes down, and grows by nobody but the device that adds', () => {
    fc.assert(
      fc.property(anyCounter, anyCounter, (before, wanted) => {
        const after = restampCounter(before, wanted, ids[0]);
        expect(countOf(after)).toBe(Math.max(countOf(before), countOf(wanted)));
        for (const [id, own] of Object.entries(before)) {
          if (id !== ids[0]) expect(after[id]).toBe(own);
        }
      }),
    );
  });

  test('does not grow without anybody', () => {
    expect(() => restampCounter({}, { [ids[0] ?? '']: 1 }, undefined)).toThrow(TypeError);
    expect(restampCounter({}, {}, undefined)).toEqual({});
  });
});

describe('stamps within a set', () => {
  const now = 1_790_000_000_000;
  const future = formatHlc({ ms: now + 86_400_000, counter: 0, node: '00000000000a' });
  const row: Row = {
    id: 'x',
    created_at: now,
    created_by: null,
    device_id: null,
    field_hlc: {},
    shared_with: { ann: { '00000000000a': [future, future] }, bo: addDot({}, future) },
  };

  test('are found and brought back like all others', () => {
    expect(stampsIn(row)).toEqual([]);
    expect(new Set(stampsIn(row, 'rocks'))).toEqual(new Set([future]));
    const clamped = clampRow(row, clampStamps(stampsIn(row, 'rocks'), now), 'rocks');
    for (const stamp of stampsIn(clamped, 'rocks')) {
      expect(parseHlc(stamp).ms).toBeLessThanOrEqual(now + MAX_CLOCK_AHEAD_MS);
    }
    expect(membersOf(clamped['shared_with'] as OrSet)).toEqual(['bo']);
    expect(row['shared_with']).toHaveProperty('bo', addDot({}, future));
  });

  test('are made by the store for a new row as well', () => {
    const hlc = formatHlc({ ms: 5, counter: 0, node: '00000000000f' });
    const made = stampEdit('rocks', null, row, hlc);
    expect(made['shared_with']).toEqual({ bo: { '00000000000f': [hlc, ''] } });
  });
});
