import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold } from '../../ui/fold.ts';
import { byRecent, readRecent, withRecent } from './recent.ts';
import { best, ranker } from './search.ts';

const items = [
  { title: 'Sterile gauze', code: 'STG-1' },
  { title: 'Gauze sponge 4 × 4 in', code: 'GAU-44' },
  { title: 'Lidocaine 1 % with epinephrine', code: 'LID-1-EPI' },
  { title: 'Épilation wax', code: 'WAX-9' },
];
const of = ({ title, code }: { title: string; code: string }) => ({
  text: fold(`${title} ${code}`),
  code: fold(code),
});
const titles = (search: string, most = 9) => best(items, of, search, most).map((i) => i.title);

describe('search', () => {
  test('what begins with it comes before a word that does, and that before the middle of one', () => {
    expect(titles('gauze')).toEqual(['Gauze sponge 4 × 4 in', 'Sterile gauze']);
    expect(titles('epi')).toEqual(['Épilation wax', 'Lidocaine 1 % with epinephrine']);
    expect(titles('ponge')).toEqual(['Gauze sponge 4 × 4 in']);
  });

  test('a code leads to its item, whole or begun', () => {
    expect(titles('gau-44')[0]).toBe('Gauze sponge 4 × 4 in');
    expect(titles('LID-1')).toEqual(['Lidocaine 1 % with epinephrine']);
  });

  test('words may stand in any order; one that is not there ends it', () => {
    expect(titles('epinephrine lido')).toEqual(['Lidocaine 1 % with epinephrine']);
    expect(titles('gauze wax')).toEqual([]);
  });

  test('never gives more than asked for, and only what fits', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 6 }), fc.nat({ max: 5 }), (search, most) => {
        const found = best(items, of, search, most);
        expect(found.length).toBeLessThanOrEqual(most);
        for (const item of found) expect(ranker(search)(of(item))).toBeGreaterThan(0);
      }),
    );
  });
});

describe('what was chosen lately', () => {
  test('goes first, stands there once and is forgotten after eight others', () => {
    let recent: readonly string[] = [];
    for (const id of ['a', 'b', 'a']) recent = withRecent(recent, id);
    expect(recent).toEqual(['a', 'b']);
    for (let n = 0; n < 8; n += 1) recent = withRecent(recent, `n${n}`);
    expect(recent).toHaveLength(8);
    expect(recent).not.toContain('a');
  });

  test('is shown before the others as long as it is there', () => {
    const commands = [{ id: 'x' }, { id: 'y' }, { id: 'z' }];
    expect(byRecent(commands, ['z', 'gone', 'x'])).toEqual({
      recent: [{ id: 'z' }, { id: 'x' }],
      others: [{ id: 'y' }],
    });
  });

  test('what cannot be read is nothing', () => {
    expect(readRecent(null)).toEqual([]);
    expect(readRecent('{')).toEqual([]);
    expect(readRecent('[1]')).toEqual([]);
    expect(readRecent('["a"]')).toEqual(['a']);
  });
});
