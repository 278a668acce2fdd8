import { describe, expect, test } from 'vitest';
import { createTranslate } from '#shared/i18n/format.ts';
import { EN } from '#shared/i18n/messages.en.ts';
import { ES } from '#shared/i18n/messages.es.ts';
import { StoreWork } from '#shared/ipc/store-contract.ts';
import { leftWords, timeLeft, workAmount, workStart, workTitle } from './work-words.ts';

const t = createTranslate<typeof EN>('en', EN);
const backup = (done: number, total = 100) => ({ kind: 'backup', done, total }) as const;

describe('long work of the store in words', () => {
  test('every kind has a title in both languages', () => {
    for (const [messages, language] of [
      [EN, 'en'],
      [ES, 'es'],
    ] as const) {
      const words = createTranslate<typeof EN>(language, messages);
      const titles = StoreWork.shape.kind.options.map((kind) =>
        workTitle(words, { kind, done: 0, total: 1 }),
      );
      expect(new Set(titles).size).toBe(StoreWork.shape.kind.options.length);
    }
  });

  test('small totals are counted, large ones are a share, an unknown one is neither', () => {
    expect(workAmount(t, backup(3, 12))).toBe('3 of 12');
    expect(workAmount(t, backup(12_345, 50_000))).toBe('24 %');
    expect(workAmount(t, backup(60_000, 50_000))).toBe('100 %');
    expect(workAmount(t, backup(0, 0))).toBe('');
  });

  test('no estimate in the first five seconds, then one from the pace so far', () => {
    const start = workStart(null, backup(10), 1000);
    if (!start) throw new Error('work has begun');
    expect(timeLeft(start, backup(30), 5_999)).toBeNull();
    expect(timeLeft(start, backup(30), 6_000)).toBe(17_500);
    expect(timeLeft(start, backup(10), 9_000)).toBeNull();
    expect(timeLeft(start, backup(100), 9_000)).toBeNull();
  });

  test('measures anew for other work and for the same from the front', () => {
    const start = workStart(null, backup(10), 1000);
    expect(workStart(start, backup(20), 2000)).toBe(start);
    expect(workStart(start, backup(0), 2000)?.at).toBe(2000);
    expect(workStart(start, { ...backup(20), kind: 'rotate' }, 2000)?.at).toBe(2000);
    expect(workStart(start, null, 2000)).toBeNull();
  });

  test('says what is left in steps', () => {
    expect(leftWords(t, 800)).toBe('about 5 seconds left');
    expect(leftWords(t, 17_500)).toBe('about 20 seconds left');
    expect(leftWords(t, 56_000)).toBe('about 1 minute left');
    expect(leftWords(t, 130_000)).toBe('about 3 minutes left');
    expect(leftWords(t, 2 * 3_600_000)).toBe('about 2 hours left');
  });
});
