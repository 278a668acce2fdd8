import { expect, test } from 'vitest';
import { createTranslate } from '#shared/i18n/format.ts';
import { EN } from '#shared/i18n/messages.en.ts';
import { ES } from '#shared/i18n/messages.es.ts';
import { PUSHABLE, TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import { fieldWord, tableWord } from './domain-words.ts';

const en = createTranslate<typeof EN>('en', EN);
const es = createTranslate<typeof EN>('es', ES);
/** Of these modules there are screens. */
const SHOWN = ['inventory', 'shared'];

test('every table has a word in both languages', () => {
  for (const table of TABLE_NAMES) {
    expect(tableWord(en, table)).toMatch(/^[A-Z]/);
    expect(tableWord(es, table)).toMatch(/^\p{Lu}/u);
  }
});

test('every field that people change has a word: the list of what waits names it', () => {
  const without = PUSHABLE.flatMap((table) => {
    const { module, kind, fields } = tableOf(table);
    if (!SHOWN.includes(module) || kind !== 'record') return [];
    return Object.entries(fields)
      .filter(([, { merge }]) => merge !== 'CEN' && merge !== 'AO')
      .filter(([field]) => !/^\p{Lu}/u.test(fieldWord(es, field)))
      .map(([field]) => `${table}.${field}`);
  });
  expect(without).toEqual([]);
});

test('a name that a newer server sends is said as well as can be', () => {
  expect(tableWord(en, 'lunar_phases')).toBe('lunar phases');
  expect(fieldWord(en, 'next_full_moon')).toBe('next full moon');
});
