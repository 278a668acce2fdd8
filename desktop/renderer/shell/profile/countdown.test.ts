import { describe, expect, test } from 'vitest';
import { createTranslate } from '#shared/i18n/format.ts';
import { EN } from '#shared/i18n/messages.en.ts';
import { announcedSeconds, clockWords, secondsUntil, waitWords } from './countdown.ts';

const t = createTranslate<typeof EN>('en', EN);

describe('the countdown of the lock screen', () => {
  test('runs in whole seconds and ends', () => {
    expect(secondsUntil(null, 5)).toBeNull();
    expect(secondsUntil(10_000, 9_001)).toBe(1);
    expect(secondsUntil(10_000, 10_000)).toBeNull();
    expect(secondsUntil(70_500, 10_000)).toBe(61);
  });

  test('is written like a clock', () => {
    expect([5, 65, 600, 3600, 86_399].map(clockWords)).toEqual([
      '0:05',
      '1:05',
      '10:00',
      '1:00:00',
      '23:59:59',
    ]);
  });

  test('is announced at most once a minute, then at 30 and 10 seconds', () => {
    const said = Array.from({ length: 180 }, (_, gone) => announcedSeconds(180 - gone));
    expect([...new Set(said)]).toEqual([180, 120, 60, 30, 10]);
  });

  test('never promises less than is left', () => {
    for (let seconds = 1; seconds < 4000; seconds += 7) {
      expect(announcedSeconds(seconds)).toBeGreaterThanOrEqual(seconds);
    }
  });

  test('speaks in seconds, then in minutes', () => {
    expect(waitWords(t, 24)).toBe('You can try again in 30 seconds.');
    expect(waitWords(t, 45)).toBe('You can try again in about 1 minute.');
    expect(waitWords(t, 290)).toBe('You can try again in about 5 minutes.');
  });
});
