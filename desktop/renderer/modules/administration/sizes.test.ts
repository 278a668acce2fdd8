import { describe, expect, test } from 'vitest';
import { createTranslate } from '#shared/i18n/format.ts';
import { EN } from '#shared/i18n/messages.en.ts';
import { bytesWords, everyWords } from './sizes.ts';

const t = createTranslate<typeof EN>('en', EN);

describe('figures in words', () => {
  test.each([
    [0, '0 kB'],
    [1, '1 kB'],
    [999_999, '1,000 kB'],
    [1_000_000, '1 MB'],
    [12_340_000, '12.3 MB'],
    [2_500_000_000, '2.5 GB'],
  ])('%d bytes are %s', (bytes, words) => {
    expect(bytesWords(t, bytes)).toBe(words);
  });
  test.each([
    [5_000, '5 seconds'],
    [60_000, '1 minute'],
    [900_000, '15 minutes'],
    [3_600_000, '1 hour'],
  ])('every %d ms is every %s', (ms, words) => {
    expect(everyWords(t, ms)).toBe(words);
  });
});
