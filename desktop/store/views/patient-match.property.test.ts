import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nameWords } from '#shared/kernel/fold.ts';
import type { Described } from '#shared/ipc/patient-views.ts';
import { similarity } from './patient-match.ts';
import { patientMatches } from './patients.ts';
import { described, patientRow } from './patients.suite.ts';
import { TestStore } from './store.suite.ts';

let store: TestStore;
beforeAll(async () => {
  store = await TestStore.open();
  await store.put(
    'patients',
    PEOPLE.map(({ name, ...more }) => patientRow(name, more)),
  );
});
afterAll(() => store.close());

const PEOPLE = [
  { name: 'Rosa Delgado', birth_date: '1961-03-04', mrn: 'M1', phones: ['734-555-0101'] },
  { name: 'Rita Delgado', birth_date: '1961-03-04', mrn: 'M2', phones: ['734-555-0101'] },
  { name: 'José Núñez', birth_date: '2019-12-11', mrn: null, phones: [] },
  { name: 'Chloë O’Brien-Smith', birth_date: '1999-01-31', mrn: 'M4', phones: ['248-555-0150'] },
];
const match = (person: Described) => {
  const [found] = patientMatches.compute(store.database.read.bind(store.database), {
    people: [person],
  });
  if (!found) throw new Error('no answer');
  return found;
};

const word = fc.string({ unit: 'grapheme', maxLength: 12 });
const names = fc.constantFrom(
  'Rosa',
  'Rita',
  'Delgado',
  'José',
  'Nunez',
  'Chloë',
  'O’Brien',
  'Ives',
);
const person = fc.record({
  given_name: names,
  family_name: names,
  birth_date: fc.constantFrom('1961-03-04', '1961-04-03', '2019-12-11', '1999-01-31', '1970-07-07'),
  mrn: fc.option(fc.constantFrom('M1', 'M2', 'M4', 'M9')),
  phones: fc.subarray(['734-555-0101', '248-555-0150', '248-555-0199']),
});

test('how alike two words are lies between 0 and 1; a word is like itself', () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      const alike = similarity(a, b);
      expect(alike).toBeGreaterThanOrEqual(0);
      expect(alike).toBeLessThanOrEqual(1);
      expect(similarity(a, a)).toBe(1);
      if (a !== b) expect(alike).toBeLessThan(1);
    }),
  );
});

test('a match agrees in all that both sides know; nothing that differs is taken for sure', () => {
  fc.assert(
    fc.property(person, (more) => {
      const { verdict, candidates } = match(described(more));
      expect(candidates.map(({ score }) => score)).toEqual(
        candidates.map(({ score }) => score).toSorted((a, b) => b - a),
      );
      for (const { score } of candidates) expect(score >= 55 && score <= 100).toBe(true);
      if (verdict !== 'match') return;
      const [first] = candidates;
      if (first?.why.includes('mrn')) {
        expect(first.why).not.toContain('birth_other');
        expect(first.why).not.toContain('name_other');
        return;
      }
      expect(first?.birth_date).toBe(more.birth_date);
      expect(nameWords(`${first?.given_name} ${first?.family_name}`)).toEqual(
        nameWords(`${more.given_name} ${more.family_name}`),
      );
      expect(first?.why).not.toContain('mrn_other');
      expect(first?.why).not.toContain('phone_other');
    }),
    { numRuns: 500 },
  );
});

test('how a name is written does not matter: case, accents, blanks around it, a hyphen', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...PEOPLE),
      fc.constantFrom(
        (text: string) => text.toUpperCase(),
        (text: string) => text.normalize('NFD'),
        (text: string) => ` ${text} `,
        (text: string) => text.replaceAll('-', ' '),
        (text: string) => text.replaceAll('’', "'"),
      ),
      ({ name, birth_date }, write) => {
        const [given = '', family = ''] = name.split(' ');
        const found = match(
          described({ given_name: write(given), family_name: write(family), birth_date }),
        );
        expect(found.verdict).toBe('match');
        expect(found.candidates[0]?.family_name).toBe(family);
      },
    ),
  );
});
