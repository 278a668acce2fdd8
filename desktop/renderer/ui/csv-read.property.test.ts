import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toCsv } from './csv.ts';
import { decodeText, guessSeparator, plainCell, readCsv, SEPARATORS } from './csv-read.ts';

const cell = fc.string({
  unit: fc.constantFrom('a', 'é', '"', ',', ';', '\t', '\n', '\r\n', ' ', "'", '0', '=', 'ß'),
  maxLength: 12,
});
/** A row of nothing is no row. */
const rows = fc
  .array(fc.array(cell, { minLength: 2, maxLength: 5 }), { maxLength: 12 })
  .map((all) => all.map(([first, ...rest]) => [`x${first}`, ...rest]));

test('what our own export writes is read back as it was', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const read = readCsv(toCsv(all), ',');
      expect(read.map(({ cells }) => cells.map(plainCell))).toEqual(
        all.map((row) => row.map(plainCell)),
      );
    }),
  );
});

test('any separator, quoted throughout, any line end: the same fields and the right lines', () => {
  fc.assert(
    fc.property(
      rows,
      fc.constantFrom(...SEPARATORS),
      fc.constantFrom('\r\n', '\n', '\r'),
      fc.boolean(),
      (all, separator, end, last) => {
        const lines = all.map((row) =>
          row.map((text) => `"${text.replaceAll('"', '""')}"`).join(separator),
        );
        const text = lines.join(end) + (last && lines.length > 0 ? end : '');
        const read = readCsv(text, separator);
        expect(read.map(({ cells }) => cells)).toEqual(all);
        let line = 1;
        for (const [n, record] of read.entries()) {
          expect(record.line).toBe(line);
          line += (lines[n] ?? '').split(/\r\n|\r|\n/).length;
        }
      },
    ),
  );
});

test('no text is lost, however broken, and reading never fails', () => {
  fc.assert(
    fc.property(cell, fc.constantFrom(...SEPARATORS), (text, separator) => {
      const kept = readCsv(text, separator).flatMap(({ cells }) => cells);
      const letters = (of: string): string => of.replaceAll(/[^aéß0=']/g, '');
      expect(letters(kept.join(''))).toBe(letters(text));
    }),
  );
});

describe('how a file is written', () => {
  test('a quote that is never closed is said, with the line on which it was opened', () => {
    const read = readCsv('a,b\n1,"two\n3,4\n', ',');
    expect(read).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1', 'two\n3,4\n'], unclosed: true },
    ]);
  });

  test('the separator is found, also where texts are full of another', () => {
    expect(guessSeparator('sku;name\nA;Gauze, sterile, 4 × 4\nB;Tape, paper')).toBe(';');
    expect(guessSeparator('sku\tname\nA\tGauze, sterile\n')).toBe('\t');
    expect(guessSeparator('sku,name\n"A","Gauze; sterile"\n')).toBe(',');
    expect(guessSeparator('only one column')).toBe(',');
  });

  test('UTF-8 with and without its mark, Windows-1252 and UTF-16 are found', () => {
    const text = 'Pinzón ½ µl';
    const utf8 = new TextEncoder().encode(text);
    expect(decodeText(utf8)).toEqual({ text, encoding: 'utf-8' });
    expect(decodeText(new Uint8Array([0xef, 0xbb, 0xbf, ...utf8])).text).toBe(text);
    const latin = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    expect(decodeText(latin)).toEqual({ text, encoding: 'windows-1252' });
    expect(decodeText(new Uint8Array([0x80, 0x20, 0x96])).text).toBe('€ –');
    const wide = new Uint8Array([0xff, 0xfe, 0x50, 0x00, 0xbd, 0x00]);
    expect(decodeText(wide)).toEqual({ text: 'P½', encoding: 'utf-16le' });
  });
});
