import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toCsv } from '../../../ui/csv.ts';
import { readCsv, separatorOf } from './csv-read.ts';

/** A cell that a writer leaves as it is: what looks like a formula gets an apostrophe. */
const cell = fc
  .string({ unit: fc.constantFrom('a', 'Ñ', '"', ',', ';', '\n', '\r\n', ' ', '9', '𝒳') })
  .filter((text) => !/^\s*[=+\-@\t\r]/.test(text));

test('reads back what our own writer writes', () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 2, max: 5 })
        .chain((width) =>
          fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1 }),
        ),
      (rows) => {
        const read = readCsv(toCsv(rows), ',');
        expect(read.map(({ cells }) => cells)).toEqual(rows);
        expect(read.every(({ isWhole }) => isWhole)).toBe(true);
      },
    ),
  );
});

test('whatever the text is, it is read, and no letter outside of separators and quotes gets lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'b') }), (text) => {
      const letters = (of: string) => of.replaceAll(/[",\n\r]/g, '');
      expect(
        letters(
          readCsv(text, ',')
            .flatMap(({ cells }) => cells)
            .join(''),
        ),
      ).toBe(letters(text));
    }),
  );
});

test.each([
  ['a,b;c', ','],
  ['a;b;c,d', ';'],
  ['a\tb\tc', '\t'],
  ['"a;b;c;d",e', ','],
  ['alone', ','],
])('%s is parted by %s', (text, separator) => {
  expect(separatorOf(text)).toBe(separator);
});

test('lines are counted, also over breaks inside quotes and blank lines', () => {
  const read = readCsv('\uFEFFname,note\r\n\r\nA,"two\r\nlines"\r\nB,x\r\n');
  expect(read).toEqual([
    { line: 1, cells: ['name', 'note'], isWhole: true },
    { line: 3, cells: ['A', 'two\r\nlines'], isWhole: true },
    { line: 5, cells: ['B', 'x'], isWhole: true },
  ]);
});

test('a quote that is never closed is said', () => {
  expect(readCsv('a,b\n"c,d\ne,f').at(-1)).toEqual({
    line: 2,
    cells: ['c,d\ne,f'],
    isWhole: false,
  });
});
