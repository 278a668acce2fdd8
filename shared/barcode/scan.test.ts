import { describe, expect, test } from 'vitest';
import { gs1CheckDigit, hasCheckDigit, hibcCheckCharacter } from './check-digits.ts';
import { dateOf } from './gs1.ts';
import { joinHibc, readHibc } from './hibc.ts';
import type { Reading } from './reading.ts';
import { readScan } from './scan.ts';

const GS = '\u001D';
const scan = (text: string, sendsSeparators?: boolean) =>
  readScan(text, { year: 2026, ...(sendsSeparators === undefined ? {} : { sendsSeparators }) });

function read(text: string, sendsSeparators?: boolean): Reading {
  const result = scan(text, sendsSeparators);
  if (result.outcome !== 'read') throw new Error(`${text}: ${JSON.stringify(result)}`);
  return result.reading;
}
const gtin = (digits: string) => ({ kind: 'gtin', gtin: digits });

describe('GS1 element strings', () => {
  test('the example of the General Specifications, with and without what scanners add', () => {
    const says = {
      product: gtin('09506000134352'),
      lot: 'ABC123',
      serial: '456',
      expiry: { date: '2020-12-25', precision: 'day' },
    };
    const text = `01095060001343521720122510ABC123${GS}21456`;
    for (const sent of [
      text,
      `]d2${text}\r\n`,
      `]C1${text}`,
      `${GS}${text}`,
      text.replace(GS, '<GS>'),
    ]) {
      expect(read(sent)).toMatchObject(says);
    }
    expect(read('(01)09506000134352(17)201225(10)ABC123(21)456')).toMatchObject(says);
  });

  test('day 00 is the last day of the month', () => {
    expect(read(`01095060001343521727020010L1${GS}211`).expiry).toEqual({
      date: '2027-02-28',
      precision: 'month',
    });
    expect(dateOf('280200', 2026)).toEqual({ date: '2028-02-29', precision: 'month' });
  });

  test('the century is the one within fifty years', () => {
    const years = ['990101', '760101', '770101', '260101'].map((said) => dateOf(said, 2026)?.date);
    expect(years).toEqual(['1999-01-01', '2076-01-01', '1977-01-01', '2026-01-01']);
  });

  test('a date that does not stand in the calendar is damage, and so is a wrong check digit', () => {
    expect(scan(`010950600013435217261301`)).toMatchObject({ outcome: 'damaged', why: 'date' });
    expect(scan('010950600013435317270101')).toMatchObject({
      outcome: 'damaged',
      why: 'check-character',
    });
  });

  test('contents and count of a case, weights and unknown further elements do not disturb', () => {
    const text = `0209506000134352372410A1${GS}3103000525${'91'}house`;
    expect(read(`]C102095060001343523724${GS}10A1${GS}310300052591house`)).toMatchObject({
      product: gtin('09506000134352'),
      quantity: 24,
      lot: 'A1',
    });
    expect(scan(text)).toMatchObject({ outcome: 'damaged', why: 'structure' });
  });
});

describe('a swallowed separator', () => {
  const text = '01095060001343521727010110ABC12321XYZ';

  test('is asked about, with what was read first and what it may have been', () => {
    const result = scan(text);
    if (result.outcome !== 'ask') throw new Error(result.outcome);
    expect(result.why).toBe('separator-lost');
    const said = result.readings.map(({ lot, serial }) => [lot, serial]);
    expect(said[0]).toEqual(['ABC12321XYZ', null]);
    expect(said).toContainEqual(['ABC123', 'XYZ']);
  });

  test('is not suspected of a scanner that is known to send it', () => {
    expect(read(text, true).lot).toBe('ABC12321XYZ');
  });

  test('is not suspected where nothing can be hidden', () => {
    expect(read('01095060001343521727010110LOT-A').lot).toBe('LOT-A');
  });

  test('is found where a lot would be longer than a lot can be', () => {
    const result = scan('010950600013435210ABCDEFGHIJKLMNOP21SERIAL-9');
    if (result.outcome !== 'ask') throw new Error(result.outcome);
    expect(result.readings.map(({ lot, serial }) => [lot, serial])).toContainEqual([
      'ABCDEFGHIJKLMNOP',
      'SERIAL-9',
    ]);
  });
});

describe('HIBC labels of the standard and of its makers', () => {
  const product = { kind: 'hibc', labeler: 'A999', number: '1234', unit: 5 };
  test.each([
    [
      '+A123BJC5D6E71G',
      { product: { kind: 'hibc', labeler: 'A123', number: 'BJC5D6E7', unit: 1 } },
    ],
    [
      '+A99912349/$10X3/16D20111231/14D20200131/Q500Z',
      {
        lot: '10X3',
        quantity: 500,
        expiry: { date: '2020-01-31', precision: 'day' },
        produced: { date: '2011-12-31', precision: 'day' },
      },
    ],
    [
      '+A99912345/$$52001510X3/16D20111212/S77DE1G45-',
      { product, lot: '10X3', serial: '77DE1G45' },
    ],
    ['+A99912345/$$812710X3/16D20111212/14D20200906/S77DEFG453', { quantity: 12, lot: '10X3' }],
    [
      '+A99912345/$$902345710X3/16D20111212/14D20200906/S77DEFG45F',
      { quantity: 2345, lot: '10X3' },
    ],
    ['+E203PB414109/$$8243280112R00089525J', { quantity: 24, lot: 'R00089525' }],
    ['+EHWD3551419/$$900100F', { quantity: 100, lot: null }],
    ['+J123AQ3451/25330BC34567/S4012X', { lot: 'BC34567', serial: '4012' }],
    [
      '+A123ABCDEFGHI1234567891/$$420020216LOT123456789012345/SXYZ456789012345678/16D20130202$',
      { lot: 'LOT123456789012345', serial: 'XYZ456789012345678' },
    ],
    [']d1+EFOR78712011/$26485266/16D20240626/Q10S', { lot: '26485266', quantity: 10 }],
    [
      '*+A123BJC5D6E71G*',
      { product: { kind: 'hibc', labeler: 'A123', number: 'BJC5D6E7', unit: 1 } },
    ],
  ])('%s', (text, says) => {
    expect(read(text)).toMatchObject({ symbology: 'hibc', ...says });
  });

  test.each([
    ['05271', '2005-09-28', 'day', null],
    ['$$09053C001', '2005-09-30', 'month', null],
    ['$$20928053C001', '2005-09-28', 'day', null],
    ['$$30509283C001', '2005-09-28', 'day', null],
    ['$$4050928223C001', '2005-09-28', 'day', null],
    ['$$5052713C001', '2005-09-28', 'day', null],
    ['$$605271223C001', '2005-09-28', 'day', null],
    ['$$82409053C001', '2005-09-30', 'month', 24],
    ['$$82420928053C001', '2005-09-28', 'day', 24],
    ['$$824605271223C001', '2005-09-28', 'day', 24],
    ['$$90010009053C001', '2005-09-30', 'month', 100],
    ['$$9001004050928223C001', '2005-09-28', 'day', 100],
  ])('the second part %s of the standard’s table', (body, date, precision, quantity) => {
    const text = `+${body}L`;
    const result = read(`${text}${hibcCheckCharacter(text)}`);
    expect(result).toMatchObject({
      expiry: { date, precision },
      quantity,
      link: 'L',
      product: null,
    });
    expect(result.lot).toBe(body === '05271' ? null : '3C001');
  });

  test('in two parts belongs together by its link, scanned one after the other or at once', () => {
    const [primary, secondary] = [read('+A123BJC5D6E71G'), read('+$$52001510X3GD')];
    const says = { product: primary.product, lot: '10X3', expiry: { date: '2020-01-15' } };
    expect(joinHibc(primary, secondary)).toMatchObject(says);
    expect(
      joinHibc(read('+E203PB41410V'.replace('V', hibcCheckCharacter('+E203PB41410'))), secondary),
    ).toBeNull();
    expect(joinHibc(secondary, primary)).toBeNull();
    expect(read('+A123BJC5D6E71G+$$52001510X3GD')).toMatchObject(says);
    expect(read('+A123BJCMD6E79++$$52001510X3+ ')).toMatchObject({ lot: '10X3' });
  });

  test('whose check character is a blank need it: without it nothing says that they are whole', () => {
    const text = '+A123BJCMD6E79++$$52001510X3+';
    expect(readHibc(`${text} `)).toMatchObject({ outcome: 'read' });
    expect(readHibc(text)).toMatchObject({ outcome: 'damaged' });
  });

  test('whose check character is a slash are no message in two parts', () => {
    const body = Array.from({ length: 900 }, (_, n) =>
      `+H124${(n + 36).toString(36)}1`.toUpperCase(),
    ).find((text) => hibcCheckCharacter(text) === '/');
    expect(read(`${body}/`)).toMatchObject({ product: { labeler: 'H124' }, link: '/' });
  });

  test('that was misread is damage', () => {
    expect(scan('+A123BJC5D6E71H')).toEqual({
      outcome: 'damaged',
      symbology: 'hibc',
      why: 'check-character',
    });
  });
});

describe('everything else', () => {
  test('a bare GTIN of 8, 12, 13 or 14 digits is the product, as fourteen digits', () => {
    for (const code of ['96385074', '614141999996', '9506000134352', '19506000134359']) {
      expect(hasCheckDigit(code)).toBe(true);
      expect(read(code).product).toEqual(gtin(code.padStart(14, '0')));
    }
    expect(gs1CheckDigit('950600013435')).toBe('2');
  });

  test('digits that are a GTIN and an element string too are asked about', () => {
    const digits = '1727010110123';
    const code = `${digits}${gs1CheckDigit(digits)}`;
    expect(scan(code)).toMatchObject({ outcome: 'ask', why: 'more-than-one' });
  });

  test('numbers of vendors are plain codes, also where they look like a serial number', () => {
    for (const code of ['2145', '10ABC', 'MCK-12345', '961', '+1 555 0100']) {
      expect(scan(code)).toEqual({ outcome: 'plain', code });
    }
  });

  test('a code of this suite names what it is', () => {
    expect(scan('ganger://inventory/items/0198c0de-0000-7000-8000-00000000ABCD')).toEqual({
      outcome: 'own',
      names: 'inventory/items',
      id: '0198c0de-0000-7000-8000-00000000abcd',
    });
  });

  test('nothing is nothing, and what is far too long is cut', () => {
    expect(scan(']d2\r\n')).toEqual({ outcome: 'empty' });
    expect(scan('A'.repeat(10_000))).toEqual({ outcome: 'plain', code: 'A'.repeat(500) });
  });
});
