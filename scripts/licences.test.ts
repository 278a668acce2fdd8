import { describe, expect, test } from 'vitest';
import { licences, licencesFile, licencesText } from './licences.ts';

describe('the list of licences that the app shows', () => {
  test('is that of the lockfile (node scripts/licences.ts writes it)', () => {
    expect(JSON.parse(licencesFile())).toEqual(JSON.parse(licencesText()));
  });

  test('names what is built in, with what that needs, and no tool', () => {
    const names = licences().map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['react', 'rxdb', 'electron', 'zod', 'scheduler']),
    );
    for (const tool of ['vitest', 'typescript', '@electron/get']) expect(names).not.toContain(tool);
  });

  test('knows the licence of every package', () => {
    expect(licences().filter(({ licence }) => licence === '')).toEqual([]);
  });
});
