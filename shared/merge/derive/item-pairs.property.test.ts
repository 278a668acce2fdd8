import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differentPairs, pairKey } from './item-pairs.ts';

const Answer = fc.record({
  id: fc.uuid(),
  item_id: fc.constantFrom('a', 'b', 'c'),
  other_id: fc.constantFrom('a', 'b', 'c'),
  differs: fc.boolean(),
  hlc: fc.constantFrom('1', '2', '3'),
});

test('of answers about two items the latest counts, in any order and however often they come', () => {
  fc.assert(
    fc.property(fc.uniqueArray(Answer, { selector: ({ id }) => id }), fc.nat(), (answers, turn) => {
      const at = answers.length === 0 ? 0 : turn % answers.length;
      const turned = [...answers.slice(at), ...answers.slice(0, at), ...answers.slice(0, 2)];
      expect(differentPairs(turned)).toEqual(differentPairs(answers));
      expect(differentPairs(answers.toReversed())).toEqual(differentPairs(answers));
      for (const { item_id: a, other_id: b, differs } of answers) {
        const later = { id: 'z', item_id: b, other_id: a, differs: !differs, hlc: '4' };
        expect(differentPairs([...answers, later]).has(pairKey(a, b))).toBe(!differs);
      }
    }),
  );
});

test('two items are one pair, whichever is named first', () => {
  const said = { id: '1', item_id: 'b', other_id: 'a', differs: true, hlc: '1' };
  expect([...differentPairs([said])]).toEqual([pairKey('a', 'b')]);
});
