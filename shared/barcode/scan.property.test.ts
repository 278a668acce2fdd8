import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gs1CheckDigit, hibcCheckCharacter } from './check-digits.ts';
import { SEPARATOR } from './gs1.ts';
import { readScan } from './scan.ts';

const YEAR = 2026;
const scan = (text: string) => readScan(text, { year: YEAR });

const digits = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((all) => all.join(''));
const gtin = digits(13).map((body) => `${body}${gs1CheckDigit(body)}`);
const text = (characters: string, max: number) =>
  fc
    .array(fc.constantFrom(...characters.split('')), { minLength: 1, maxLength: max })
    .map((all) => all.join(''));
const VALUE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef0123456789-./_';
const date = fc.date({
  min: new Date('2020-01-01T00:00:00Z'),
  max: new Date('2050-12-31T00:00:00Z'),
  noInvalidDate: true,
});
const iso = (of: Date): string => of.toISOString().slice(0, 10);
const yymmdd = (of: Date): string => iso(of).slice(2).replaceAll('-', '');

const label = fc.record({ gtin, lot: text(VALUE, 20), serial: text(VALUE, 20), expiry: date });

describe('GS1 labels', () => {
  test('in any order and with separators say what was put in', () => {
    fc.assert(
      fc.property(label, fc.boolean(), ({ gtin: product, lot, serial, expiry }, lotFirst) => {
        const variable = [`10${lot}`, `21${serial}`];
        const sent = `01${product}17${yymmdd(expiry)}${(lotFirst ? variable : variable.toReversed()).join(SEPARATOR)}`;
        expect(scan(sent)).toMatchObject({
          outcome: 'read',
          reading: {
            product: { gtin: product },
            lot,
            serial,
            expiry: { date: iso(expiry), precision: 'day' },
          },
        });
      }),
    );
  });

  test('whose separator was swallowed are never read as something that they are not', () => {
    let asked = 0;
    fc.assert(
      fc.property(label, ({ gtin: product, lot, serial, expiry }) => {
        const result = scan(`01${product}17${yymmdd(expiry)}10${lot}21${serial}`);
        expect(result.outcome).toBe('ask');
        if (result.outcome === 'ask') asked += 1;
      }),
    );
    expect(asked).toBeGreaterThan(0);
  });

  test('offer the truth among what can be meant, where lot and serial hide nothing themselves', () => {
    const safe = text('ABCDEFGHJKLMN', 9);
    fc.assert(
      fc.property(fc.record({ gtin, lot: safe, serial: safe, expiry: date }), (truth) => {
        const result = scan(
          `01${truth.gtin}17${yymmdd(truth.expiry)}10${truth.lot}21${truth.serial}`,
        );
        const readings = result.outcome === 'ask' ? result.readings : [];
        expect(
          readings.some(({ lot, serial }) => lot === truth.lot && serial === truth.serial),
        ).toBe(true);
      }),
    );
  });
});

const HIBC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const hibc = fc
  .record({
    labeler: fc
      .tuple(text('ABCDEFGHIJKLMNOPQRSTUVWXYZ', 1), digits(3))
      .map((parts) => parts.join('')),
    number: text(HIBC, 18),
    unit: digits(1),
    lot: text(HIBC, 18),
    expiry: date,
  })
  .map((fields) => {
    const { labeler, number, unit, lot, expiry } = fields;
    const body = `+${labeler}${number}${unit}/$$3${yymmdd(expiry)}${lot}`;
    return { ...fields, sent: `${body}${hibcCheckCharacter(body)}` };
  });

describe('HIBC labels', () => {
  test('say what was put in', () => {
    fc.assert(
      fc.property(hibc, ({ sent, labeler, number, unit, lot, expiry }) => {
        expect(scan(sent)).toMatchObject({
          outcome: 'read',
          reading: {
            product: { kind: 'hibc', labeler, number, unit: Number(unit) },
            lot,
            expiry: { date: iso(expiry) },
          },
        });
      }),
    );
  });

  test('with one wrong character are never read as another label', () => {
    fc.assert(
      fc.property(hibc, fc.nat(), fc.constantFrom(...HIBC.split('')), ({ sent }, where, other) => {
        const at = 1 + (where % (sent.length - 1));
        fc.pre(sent[at] !== other);
        const wrong = `${sent.slice(0, at)}${other}${sent.slice(at + 1)}`;
        expect(scan(wrong).outcome).not.toBe('read');
      }),
    );
  });
});

test('any text at all gets an answer', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (anything) => {
      expect(['read', 'ask', 'damaged', 'own', 'plain', 'empty']).toContain(scan(anything).outcome);
    }),
    { numRuns: 1_000 },
  );
});
