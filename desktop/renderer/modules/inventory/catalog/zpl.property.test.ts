import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readScan } from '#shared/barcode/scan.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import { LABEL_SIZES, LABEL_SIZE_NAMES } from './label-sizes.ts';
import { DENSITIES, toZpl, zplText } from './zpl.ts';
import type { Density } from './zpl.ts';

const nasty = fc.string({
  unit: fc.oneof(
    fc.constantFrom('^', '~', '_', '\\', '^XZ', '~JA', '^FS', '\n', '\u0000', '"', 'ñ', '½', ' '),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 30,
});
const density = fc.constantFrom(...(Object.keys(DENSITIES).map(Number) as Density[]));
const label = fc.record({
  item_id: fc.constant(derivedId('label')),
  name: nasty.map((text) => `A${text}`),
  sku: nasty.map((text) => `S${text}`),
  shelf: fc.record({ place: nasty, par: fc.option(nasty) }),
});

/** What a printer makes of a field: `_xx` is the character with that number. */
const printed = (data: string): string =>
  data.replaceAll(/_([0-9a-f]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
const fieldsOf = (zpl: string): string[] =>
  [...zpl.matchAll(/\^FD(.*?)\^FS/gs)].map(([, data]) => printed(data ?? ''));

test('no text becomes a command, and what is printed is what was meant', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const written = zplText(text);
      expect(written).not.toMatch(/[\^~\\]|\p{Cc}/u);
      expect(printed(written)).toBe(text.toWellFormed().replaceAll(/\p{Cc}/gu, ' '));
    }),
  );
});

test('as many labels as asked for, each whole, each within its paper', () => {
  fc.assert(
    fc.property(
      fc.array(label, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(...LABEL_SIZE_NAMES),
      density,
      fc.integer({ min: 1, max: 200 }),
      (labels, size, dpi, copies) => {
        const zpl = toZpl(labels, size, dpi, copies);
        const parts = zpl.split('^XA\n').slice(1);
        expect(parts).toHaveLength(labels.length);
        const perMm = DENSITIES[dpi];
        for (const part of parts) {
          expect(part.match(/\^XZ\n/g)).toHaveLength(1);
          expect(part).toContain(`^PQ${copies}\n`);
          // Commands are those that are meant, and no others.
          const commands = [...part.matchAll(/\^([A-Z][A-Z0-9])/g)].map(([, name]) => name);
          expect(new Set(commands)).toEqual(
            new Set(['CI', 'PW', 'LL', 'LH', 'FO', 'BQ', 'FH', 'FD', 'FS', 'A0', 'PQ', 'XZ']),
          );
          const ends = [...part.matchAll(/\^FO\d+,(\d+)\^A0N,(\d+)/g)].map(
            ([, y, height]) => Number(y) + Number(height),
          );
          for (const end of ends) expect(end).toBeLessThanOrEqual(LABEL_SIZES[size].height * perMm);
        }
      },
    ),
  );
});

test('the code on the label opens the item', () => {
  const item_id = derivedId('label');
  const zpl = toZpl([{ item_id, name: 'Gauze ^ 4_4', sku: 'GAU-44' }], '62x29', 203, 2);
  expect(zpl).toMatchInlineSnapshot(`
    "^XA
    ^CI28
    ^PW496
    ^LL232
    ^LH0,0
    ^FO16,16^BQN,2,6^FH^FDMA,ganger://inventory/items/8e07c0fb-6faa-5742-adbc-31e0db3bd4d4^FS
    ^FO230,16^A0N,40,40^FH^FDGauze _5e 4_5f4^FS
    ^FO230,62^A0N,29,29^FH^FDGAU-44^FS
    ^PQ2
    ^XZ
    "
  `);
  const [code, ...texts] = fieldsOf(zpl);
  expect(texts).toEqual(['Gauze ^ 4_4', 'GAU-44']);
  // M: level of correction, A: the printer finds out the kind of the characters.
  expect(code?.slice(0, 3)).toBe('MA,');
  expect(readScan(code?.slice(3) ?? '', { year: 2026 })).toEqual({
    outcome: 'own',
    names: 'inventory/items',
    id: item_id,
  });
});
