import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PATIENT_VIEWS } from '#shared/ipc/patient-views.ts';
import { readSearch } from './search-text.ts';

const TODAY = '2026-11-30';
const shown = (text: string) =>
  readSearch(text, TODAY).map(({ text: word, digits, births }) =>
    [word, digits && `#${digits}`, ...births].filter((part) => part !== '').join(' '),
  );

describe('what is typed into the search', () => {
  test.each([
    ['', []],
    ['  ', []],
    ['Delgado, Rosa', ['delgado', 'rosa']],
    ["O'Brien-Smith", ['obrien', 'smith']],
    ['JOSÉ', ['jose']],
    ['DEMO0000012', ['demo0000012']],
    ['3/4/1961', ['1961-03-04']],
    ['3/4/61', ['1961-03-04']],
    ['3/4/26', ['2026-03-04']],
    ['3-4-1961', ['1961-03-04']],
    ['3.4.1961', ['1961-03-04']],
    ['3 4 1961', ['1961-03-04']],
    ['1961-03-04', ['1961-03-04']],
    ['03041961', ['#03041961 1961-03-04']],
    ['19610304', ['#19610304 1961-03-04']],
    ['3/4', ['-03-04']],
    ['2/29', ['-02-29']],
    ['13/40', ['#1340']],
    ['1961', ['#1961 1961-']],
    ['(734) 555-0142', ['#7345550142']],
    ['+1 734 555 0142', ['#7345550142']],
    ['734-555', ['#734555']],
    ['12', []],
    ['Rosa 3/', ['rosa']],
    ['rosa 3/4/61 555-0142', ['rosa', '1961-03-04', '#5550142']],
    ['2/30/1961', []],
  ])('%s', (text, terms) => {
    expect(shown(text)).toEqual(terms);
  });

  test('whatever it is, it is a question that the store takes', () => {
    const typed = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc
        .array(fc.constantFrom('3/4/61', 'Rosa', '(734)', '555-0142', '1961', ',', '+1', '7'))
        .map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(typed, (text) => {
        const terms = readSearch(text, TODAY);
        const { arg } = PATIENT_VIEWS['patients.search'];
        expect(arg.safeParse({ terms, today: TODAY, limit: 200 }).success).toBe(true);
        for (const { text: word, digits, births } of terms) {
          expect(word !== '' || digits !== '' || births.length > 0).toBe(true);
        }
      }),
    );
  });

  test('a name and a date are found in any order', () => {
    const words = ['rosa', 'delgado', '3/4/61'];
    fc.assert(
      fc.property(fc.shuffledSubarray(words, { minLength: 3, maxLength: 3 }), (order) => {
        expect(shown(order.join(' ')).toSorted()).toEqual(['1961-03-04', 'delgado', 'rosa']);
      }),
    );
  });
});
