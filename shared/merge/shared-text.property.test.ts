import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { fromBase64, toBase64 } from './base64.ts';
import { editText, emptyText, isSharedText, joinTexts, textOf } from './shared-text.ts';

type Step =
  | { readonly do: 'insert'; readonly who: number; readonly at: number; readonly what: string }
  | { readonly do: 'delete'; readonly who: number; readonly at: number; readonly count: number }
  | { readonly do: 'hear'; readonly who: number; readonly from: number };

const PEOPLE = 3;
const who = fc.nat({ max: PEOPLE - 1 });
const what = fc.constantFrom('a', 'bc', ' to-do', '🧴', 'Ä', '\n', 'numbers ');
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('insert' as const), who, at: fc.nat({ max: 30 }), what }),
  fc.record({
    do: fc.constant('delete' as const),
    who,
    at: fc.nat({ max: 30 }),
    count: fc.integer({ min: 1, max: 6 }),
  }),
  fc.record({ do: fc.constant('hear' as const), who, from: who }),
);

/**
 * Three people write at once and hear of each other now and then. Every state that any of them ever
 * had is returned, as all of them may be on their way.
 */
function write(steps: readonly Step[]): { states: string[]; last: string[] } {
  const last = Array.from({ length: PEOPLE }, emptyText);
  const states: string[] = [];
  for (const step of steps) {
    const mine = last[step.who] ?? emptyText();
    const next =
      step.do === 'hear'
        ? joinTexts(mine, last[step.from] ?? emptyText())
        : editText(mine, (text) => apply(text, step), step.who + 1);
    last[step.who] = next;
    states.push(next);
  }
  return { states, last };
}

function apply(text: Y.Text, step: Exclude<Step, { do: 'hear' }>): void {
  // Anywhere, also in the middle of a pair of surrogates, where no editor would put a caret.
  const at = step.at % (text.length + 1);
  if (step.do === 'insert') text.insert(at, step.what);
  else text.delete(at, Math.min(step.count, text.length - at));
}

const anyWriting = fc.array(anyStep, { minLength: 1, maxLength: 14 }).map(write);
const joinAll = (states: readonly string[]): string => states.reduce(joinTexts, emptyText());

/** The whole as Yjs itself tells it, from the same states in their order. */
function yjsOf(states: readonly string[]): string {
  const doc = new Y.Doc();
  for (const state of states) Y.applyUpdate(doc, fromBase64(state));
  return doc.getText('text').toJSON();
}

describe('texts that three people write at once', () => {
  test('have the same bytes in any order and with any repetition', () => {
    fc.assert(
      fc.property(
        anyWriting.chain(({ states }) =>
          fc.tuple(
            fc.constant(states),
            fc.shuffledSubarray(states, { minLength: states.length }),
            fc.array(fc.constantFrom(...states), { maxLength: 5 }),
          ),
        ),
        ([states, shuffled, again]) => {
          const whole = joinAll(states);
          expect(joinAll(shuffled)).toBe(whole);
          expect(joinAll([...again, ...shuffled, ...again])).toBe(whole);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('have the same bytes in any grouping', () => {
    fc.assert(
      fc.property(
        anyWriting.chain(({ states }) =>
          fc.tuple(
            fc.constantFrom(...states),
            fc.constantFrom(...states),
            fc.constantFrom(...states),
          ),
        ),
        ([a, b, c]) => {
          expect(joinTexts(joinTexts(a, b), c)).toBe(joinTexts(a, joinTexts(b, c)));
          expect(joinTexts(a, b)).toBe(joinTexts(b, a));
          expect(joinTexts(joinTexts(a, b), b)).toBe(joinTexts(a, b));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('read the same for all, and as Yjs itself would have it', () => {
    fc.assert(
      fc.property(anyWriting, ({ states, last }) => {
        const whole = joinAll(last);
        const everyone = last.map((mine) => textOf(joinTexts(mine, whole)));
        expect(new Set(everyone).size).toBe(1);
        expect(textOf(whole)).toBe(yjsOf(states));
        expect(yjsOf(states.toReversed())).toBe(yjsOf(states));
      }),
      { numRuns: 150 },
    );
  });

  test('are in canonical form after every step, and joining with oneself keeps it', () => {
    fc.assert(
      fc.property(anyWriting, ({ states }) => {
        for (const state of states) {
          expect(isSharedText(state)).toBe(true);
          // As a window would send it, from a document of its own.
          const window = new Y.Doc({ gc: false });
          Y.applyUpdate(window, fromBase64(state));
          const sent = toBase64(Y.encodeStateAsUpdate(window));
          expect(isSharedText(sent)).toBe(true);
          expect(joinTexts(emptyText(), sent)).toBe(state);
          expect(joinTexts(state, emptyText())).toBe(state);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('keep every word that nobody deleted', () => {
    const words = fc.uniqueArray(fc.stringMatching(/^[a-z]{3,6}$/), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(
        words,
        fc.array(fc.nat({ max: 50 }), { minLength: 6, maxLength: 6 }),
        (all, at) => {
          const start = editText(emptyText(), (text) => text.insert(0, '--------'), 9);
          const sides = all.map((word, n) =>
            editText(start, (text) => text.insert((at[n] ?? 0) % 9, `<${word}>`), n + 1),
          );
          const whole = textOf(joinAll(sides));
          for (const word of all) expect(whole).toContain(`<${word}>`);
          expect(whole.replaceAll(/<[a-z]+>/g, '')).toBe('--------');
        },
      ),
      { numRuns: 60 },
    );
  });

  test('keep what is deleted deleted, also when an old state comes again', () => {
    const old = editText(emptyText(), (text) => text.insert(0, 'keep this, not that'), 1);
    const cut = editText(old, (text) => text.delete(9, 10), 2);
    expect(textOf(cut)).toBe('keep this');
    expect(joinTexts(cut, old)).toBe(cut);
    expect(joinTexts(old, cut)).toBe(cut);
  });
});

test('a document that kept what was deleted and one that let it go have the same bytes', () => {
  const keeping = new Y.Doc({ gc: false });
  keeping.clientID = 5;
  keeping.getText('text').insert(0, 'some words');
  keeping.getText('text').delete(2, 4);
  const letting = new Y.Doc({ gc: true });
  letting.clientID = 5;
  letting.getText('text').insert(0, 'some words');
  letting.getText('text').delete(2, 4);
  const [kept, let_] = [keeping, letting].map((doc) => toBase64(Y.encodeStateAsUpdate(doc)));
  expect(kept).not.toBe(let_);
  expect(joinTexts(kept ?? '', emptyText())).toBe(joinTexts(let_ ?? '', emptyText()));
});

test('marks of formatting join without a decision of the replica that joins them', () => {
  const start = editText(emptyText(), (text) => text.insert(0, 'Rocks and numbers'), 1);
  const a = editText(start, (text) => text.format(0, 9, { bold: true }), 2);
  const b = editText(start, (text) => text.format(4, 9, { bold: true }), 3);
  const c = editText(start, (text) => text.format(0, 17, { bold: null }), 4);
  const whole = joinAll([a, b, c]);
  for (const order of [
    [a, c, b],
    [b, a, c],
    [b, c, a],
    [c, a, b],
    [c, b, a],
  ]) {
    expect(joinAll(order)).toBe(whole);
  }
  expect(joinTexts(joinTexts(a, b), joinTexts(b, c))).toBe(whole);
  expect(textOf(whole)).toBe('Rocks and numbers');
});

test('what is no shared text is refused', () => {
  const good = editText(emptyText(), (text) => text.insert(0, 'words'), 1);
  for (const bad of [
    '',
    'no base64!',
    'AAA',
    'AQEB',
    good.slice(0, -4),
    toBase64(new Uint8Array(9).fill(255)),
  ]) {
    expect(isSharedText(bad), bad).toBe(false);
  }
  expect(() => textOf('AQEB')).toThrow(RangeError);
  expect(() => joinTexts(good, 'not base64')).toThrow(RangeError);
});

test('a part that waits for something that is not there is no whole text', () => {
  const doc = new Y.Doc();
  doc.clientID = 1;
  doc.getText('text').insert(0, 'first');
  const known = Y.encodeStateVector(doc);
  doc.getText('text').insert(5, ' second');
  expect(isSharedText(toBase64(Y.encodeStateAsUpdate(doc, known)))).toBe(false);
});

test('nothing can be stowed away beside the text', () => {
  const doc = new Y.Doc();
  doc.getText('text').insert(0, 'words');
  doc.getMap('other').set('hidden', 'things');
  const whole = joinTexts(toBase64(Y.encodeStateAsUpdate(doc)), emptyText());
  expect(isSharedText(whole)).toBe(false);
});

test('base64 comes back as it was, and is what everybody else makes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    }),
  );
  for (const bad of ['A', 'AA', 'AAA', 'A===', 'AB==', 'AAB=', 'AA=A', 'AA\n=', '-_==']) {
    expect(() => fromBase64(bad), bad).toThrow(RangeError);
  }
});
