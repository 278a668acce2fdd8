import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allOrNone, among, extended, NOTHING, toggled } from './selection.ts';

const ORDER = ['a', 'b', 'c', 'd', 'e', 'f'];
const sorted = (ids: ReadonlySet<string>) => [...ids].toSorted().join('');

describe('selection of rows', () => {
  test('a row goes in and out', () => {
    const one = toggled(NOTHING, 'c');
    expect([sorted(one.ids), one.anchor]).toEqual(['c', 'c']);
    expect(sorted(toggled(one, 'c').ids)).toBe('');
  });

  test('a range grows, shrinks and turns around its anchor', () => {
    let now = toggled(NOTHING, 'c');
    now = extended(now, ORDER, 'c', 'd');
    now = extended(now, ORDER, 'd', 'e');
    expect(sorted(now.ids)).toBe('cde');
    now = extended(now, ORDER, 'e', 'd');
    expect(sorted(now.ids)).toBe('cd');
    now = extended(now, ORDER, 'd', 'a');
    expect(sorted(now.ids)).toBe('abc');
  });

  test('a range leaves rows alone that were selected elsewhere', () => {
    const now = extended(toggled(toggled(NOTHING, 'f'), 'b'), ORDER, 'b', 'c');
    expect(sorted(now.ids)).toBe('bcf');
  });

  test('without an anchor the range begins at the active row', () => {
    expect(sorted(extended(NOTHING, ORDER, 'b', 'c').ids)).toBe('bc');
  });

  test('all, then none', () => {
    const all = allOrNone(toggled(NOTHING, 'b'), ORDER);
    expect(sorted(all.ids)).toBe('abcdef');
    expect(allOrNone(all, ORDER)).toEqual(NOTHING);
  });

  test('what is not shown any more is not selected any more', () => {
    expect(sorted(among(allOrNone(NOTHING, ORDER), ['b', 'x', 'e']).ids)).toBe('be');
  });

  test('walking from an anchor always selects exactly the rows between both ends', () => {
    const at = fc.integer({ min: 0, max: ORDER.length - 1 });
    fc.assert(
      fc.property(at, fc.array(at, { minLength: 1 }), (start, walk) => {
        let from = ORDER[start] ?? '';
        let now = toggled(NOTHING, from);
        for (const step of walk) {
          const to = ORDER[step] ?? '';
          now = extended(now, ORDER, from, to);
          from = to;
        }
        const end = ORDER.indexOf(from);
        const range = ORDER.slice(Math.min(start, end), Math.max(start, end) + 1);
        expect(sorted(now.ids)).toBe(range.join(''));
      }),
    );
  });
});
