import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toCsv } from './csv.ts';

/** A reader of RFC 4180, written from its grammar. */
function read(file: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = file.startsWith('\uFEFF') ? 1 : 0;
  while (at < file.length) {
    let field = '';
    if (file[at] === '"') {
      for (at += 1; file[at] !== '"' || file[at + 1] === '"'; at += 1) {
        if (file[at] === '"') at += 1;
        field += file[at];
      }
      at += 1;
    } else while (at < file.length && !',\r\n'.includes(file[at] ?? '')) field += file[at++];
    row.push(field);
    if (file[at] === ',') at += 1;
    else {
      expect(file.slice(at, at + 2)).toBe('\r\n');
      at += 2;
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', ' ', '=', '-', '@', 'ñ', '\t') }),
  fc.string(),
);

describe('CSV', () => {
  test('any text comes back as it was, but for the apostrophe before a formula', () => {
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 });
    fc.assert(
      fc.property(table, (rows) => {
        const back = read(toCsv(rows));
        const plain = back.map((row, r) =>
          row.map((text, c) => (text === rows[r]?.[c] ? text : text.replace(/^'/, ''))),
        );
        expect(plain).toEqual(rows);
      }),
      { numRuns: 500 },
    );
  });

  test('no text begins as a formula does', () => {
    fc.assert(
      fc.property(cell, (text) => {
        expect(read(toCsv([[text, 'x']]))[0]?.[0]).not.toMatch(/^\s*[=+\-@\t\r]/);
      }),
      { numRuns: 500 },
    );
  });

  test('numbers stay numbers, nothing stays nothing', () => {
    expect(
      toCsv([
        ['Lot', 'On hand'],
        ['4F"2', -20],
        [null, 1.5],
      ]),
    ).toBe('\uFEFFLot,On hand\r\n"4F""2",-20\r\n,1.5\r\n');
    expect(toCsv([['=1+1', '-5', Number.NaN]])).toBe("\uFEFF'=1+1,'-5,\r\n");
  });
});
