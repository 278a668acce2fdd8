import { expect, test } from 'vitest';
import { rawOf } from '../scan/raw.ts';
import { codeWords } from './code-words.ts';
import { packsWith } from './link-code.ts';

const GTIN = '09506000134352';
const box = { unit: 'box', qty_per_base: 200_000, gtin: null };

test('a trade number goes on the pack that it stands on, also on the base unit', () => {
  const item = { base_unit: 'each', packs: [box] };
  expect(packsWith(item, 'box', GTIN)).toEqual([{ ...box, gtin: GTIN }]);
  expect(packsWith(item, 'each', GTIN)).toEqual([
    box,
    { unit: 'each', qty_per_base: 10_000, gtin: GTIN },
  ]);
});

test('a number that stands there is never overwritten, and an unknown unit gets none', () => {
  const taken = { base_unit: 'each', packs: [{ ...box, gtin: '19506000134359' }] };
  expect(packsWith(taken, 'box', GTIN)).toBeNull();
  expect(packsWith(taken, 'case', GTIN)).toBeNull();
});

test('a kept scan says what it is', () => {
  const of = (text: string) => codeWords(rawOf(text), 2026);
  expect(of(`01${GTIN}10AB\u001D21X`)).toMatchObject({ kind: 'gtin', gtin: GTIN });
  expect(of(`01${GTIN}1727010110ABC12321XYZ`)).toMatchObject({ kind: 'gtin', gtin: GTIN });
  expect(of('+A123BJC5D6E71G')).toMatchObject({ kind: 'hibc', gtin: null });
  expect(of('MCK-12345')).toMatchObject({ kind: 'plain', text: 'MCK-12345', gtin: null });
  expect(of('010950600013435317270101')).toMatchObject({ kind: 'damaged' });
});
