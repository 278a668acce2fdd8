import { expect, test } from 'vitest';
import type { SafetySheet } from '#shared/ipc/catalogue-views.ts';
import { findSheets, isCasNumber, soughtSheet } from './safety-text.ts';

const sheet = (product_name: string, over: Partial<SafetySheet> = {}) =>
  soughtSheet({
    id: product_name,
    status: 'current',
    item_id: null,
    item_name: null,
    sku: null,
    product_name,
    cas_no: null,
    hazard_class: null,
    first_aid: 'Rinse.',
    spill: null,
    language: 'en',
    revised_on: null,
    file: null,
    ...over,
  });
const SHEETS = [
  sheet('Buffered formalin', { cas_no: '50-00-0', hazard_class: 'Acute toxicity 3', sku: 'FOR-1' }),
  sheet('Phénol 88 %', { cas_no: '108-95-2', hazard_class: 'Corrosive' }),
  sheet('Acetone', { status: 'missing' }),
  sheet('Formic acid', { status: 'draft' }),
  sheet('Formaldehyde strips'),
];
const found = (text: string) => findSheets(SHEETS, text).map(({ product_name }) => product_name);

test('sheets are found by name, number and hazard, without accents, the most useful first', () => {
  expect(found('form')).toEqual(['Formaldehyde strips', 'Buffered formalin', 'Formic acid']);
  expect(found('50-00-0')).toEqual(['Buffered formalin']);
  expect(found('corros')).toEqual(['Phénol 88 %']);
  expect(found('PHENOL')).toEqual(['Phénol 88 %']);
  expect(found('for-1')).toEqual(['Buffered formalin']);
  expect(found('')).toHaveLength(5);
  expect(found('')[4]).toBe('Acetone');
});

test('a CAS number has its own check digit', () => {
  for (const right of ['50-00-0', '108-95-2', '7732-18-5', '67-64-1', '7727-37-9']) {
    expect(isCasNumber(right)).toBe(true);
  }
  for (const wrong of ['50-00-1', '108-59-2', '50000', '', '7732-18-55']) {
    expect(isCasNumber(wrong)).toBe(false);
  }
});
