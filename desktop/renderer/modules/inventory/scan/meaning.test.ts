import { describe, expect, test } from 'vitest';
import { hibcCheckCharacter } from '#shared/barcode/check-digits.ts';
import { readScan } from '#shared/barcode/scan.ts';
import type { ScanCode } from '#shared/ipc/views.ts';
import { CodeIndex, meaningOf, scanKey } from './meaning.ts';
import { rawOf, readableScan, textOfRaw } from './raw.ts';

const GS = '\u001D';
const GAUZE = '0198c0de-0000-7000-8000-00000000aaaa';
const VIAL = '0198c0de-0000-7000-8000-00000000bbbb';
const EACH = '09506000134352';
const BOX = '19506000134359';
const HIBC = '+A123BJC5D6E71';
const hibc = `${HIBC}${hibcCheckCharacter(HIBC)}`;

const read = (text: string, sendsSeparators = false) =>
  readScan(text, { year: 2026, sendsSeparators });
const code = (kind: ScanCode['kind'], of: string, item_id: string, unit: string | null = null) => ({
  id: `${kind} ${of} ${item_id}`,
  item_id,
  kind,
  code: of,
  unit,
});
const index = (...codes: ScanCode[]) =>
  new CodeIndex(codes, (raw) => scanKey(read(textOfRaw(raw), true)));
const catalogue = index(
  code('gtin', EACH, GAUZE, 'each'),
  code('sku', 'GAU-44', GAUZE),
  code('sku', 'LID-1', VIAL),
  code('vendor', '112-4433', GAUZE),
);
const meaning = (text: string, codes = catalogue, sends = false) =>
  meaningOf(read(text, sends), codes);

describe('a scan means', () => {
  test('an item and its pack by the trade number, with all that the label says', () => {
    const scanned = meaning(`01${EACH}1727033110AB1${GS}21S9`);
    expect(scanned).toMatchObject({
      kind: 'item',
      found: { match: { itemId: GAUZE, unit: 'each' }, reading: { lot: 'AB1', serial: 'S9' } },
    });
    expect(meaning(EACH.slice(1))).toMatchObject({
      kind: 'item',
      found: { match: { unit: 'each' } },
    });
  });

  test('an item by our number, a vendor’s number or our own label, whatever the case', () => {
    for (const text of ['gau-44', '112-4433', `ganger://inventory/items/${GAUZE}`]) {
      expect(meaning(text)).toMatchObject({
        kind: 'item',
        found: { match: { itemId: GAUZE, unit: null }, reading: null },
      });
    }
  });

  test('what somebody linked by hand, also with another lot on the label', () => {
    const linked = index(
      code('sku', 'LID-1', VIAL),
      code('linked', rawOf(`01${BOX}10OLD`), VIAL),
      code('linked', rawOf(hibc), VIAL),
      code('linked', rawOf('ODD CODE'), VIAL),
    );
    for (const text of [`01${BOX}1727033110NEW${GS}211`, hibc, 'odd code']) {
      expect(meaning(text, linked)).toMatchObject({
        kind: 'item',
        found: { match: { itemId: VIAL } },
      });
    }
  });
});

describe('a person is asked', () => {
  test('when two items have the code', () => {
    const two = index(code('vendor', '77', GAUZE), code('sku', '77', VIAL));
    expect(meaning('77', two)).toMatchObject({ kind: 'ask', why: 'more-than-one' });
    expect(meaning('77', two)).toMatchObject({ options: { length: 2 } });
  });

  test('when the separator may be lost: every reading that there can be', () => {
    const asked = meaning(`01${EACH}1727010110ABC12321XYZ`);
    if (asked.kind !== 'ask') throw new Error(asked.kind);
    expect(asked.why).toBe('separator-lost');
    expect(asked.options.map(({ reading }) => [reading?.lot, reading?.serial])).toContainEqual([
      'ABC123',
      'XYZ',
    ]);
    expect(asked.options.every(({ match }) => match?.itemId === GAUZE)).toBe(true);
    expect(meaning(`01${EACH}1727010110ABC12321XYZ`, catalogue, true)).toMatchObject({
      kind: 'item',
    });
  });

  test('when only another pack of the same trade item is known: never taken for it', () => {
    expect(meaning(BOX)).toMatchObject({
      kind: 'ask',
      why: 'maybe',
      options: [{ match: { itemId: GAUZE, unit: null } }],
    });
  });

  test('when a maker’s number is the same as a number here, since the maker is not known', () => {
    const number = index(code('vendor', 'BJC-5D6E7', GAUZE));
    expect(meaning(hibc, number)).toMatchObject({
      kind: 'ask',
      why: 'maybe',
      options: [{ match: { itemId: GAUZE } }],
    });
  });
});

describe('nothing is guessed', () => {
  test('what no item has is unknown', () => {
    expect(meaning('96385074')).toMatchObject({ kind: 'unknown' });
    expect(meaning(hibc)).toMatchObject({ kind: 'unknown' });
    expect(meaning('NO-SUCH')).toEqual({ kind: 'unknown', reading: null });
    expect(meaning('ganger://inventory/items/0198c0de-0000-7000-8000-00000000cccc')).toEqual({
      kind: 'unknown',
      reading: null,
    });
  });

  test('a label without a product is a part of one; damage is damage; others are not ours', () => {
    expect(meaning(`1727033110AB1${GS}21S9`)).toMatchObject({
      kind: 'part',
      reading: { lot: 'AB1' },
    });
    expect(meaning('010950600013435317270101')).toEqual({
      kind: 'damaged',
      why: 'check-character',
    });
    expect(meaning(`ganger://pharma/visits/${GAUZE}`)).toEqual({ kind: 'other' });
    expect(meaning('\r\n')).toEqual({ kind: 'empty' });
  });
});

test('the bytes of a scan come back as they were, and a separator can be seen', () => {
  const text = `]d201${EACH}10AB${GS}21Ä`;
  expect(textOfRaw(rawOf(text))).toBe(text);
  expect(readableScan(text)).toContain('AB|21');
  expect(rawOf('x'.repeat(2000)).length).toBeLessThanOrEqual(1000);
});
