import { describe, expect, test } from 'vitest';
import { CODES } from '#shared/errors/codes.ts';
import type { Code } from '#shared/errors/codes.ts';
import { createTranslate } from '#shared/i18n/format.ts';
import { ERRORS_ES } from '#shared/i18n/errors.es.ts';
import { EN } from '#shared/i18n/messages.en.ts';
import { ES } from '#shared/i18n/messages.es.ts';
import { WayBack } from '#shared/ipc/store-contract.ts';
import { problemWords, reloadWords, savedWords, wayWords } from './stuck-words.ts';

const LANGUAGES = [
  { t: createTranslate<typeof EN>('en', EN), say: (code: Code) => CODES[code].say as string },
  { t: createTranslate<typeof EN>('es', ES), say: (code: Code) => ERRORS_ES[code] as string },
];
const OPENING: readonly Code[] = [
  'STORE_KEY_MISSING',
  'STORE_KEY_WRONG',
  'STORE_DAMAGED',
  'STORE_NEWER',
  'STORE_UPGRADE_FAILED',
  'STORE_DISK_FULL',
  'STORE_IN_USE',
  'STORE_READ_ONLY',
  'STORE_IO',
  'STORE_TIMEOUT',
  'KEYCHAIN_UNAVAILABLE',
];

describe('words for a profile that does not open', () => {
  test('every problem of opening has a title of its own in both languages', () => {
    for (const { t, say } of LANGUAGES) {
      const titles = OPENING.map((code) => problemWords(t, say, code).title);
      expect(new Set(titles).size).toBe(OPENING.length);
      expect(titles).not.toContain(t('stuck.title.other'));
    }
  });

  test('any other code still has a title and the words of the catalogue', () => {
    for (const { t, say } of LANGUAGES) {
      for (const code of (Object.keys(CODES) as Code[]).filter((one) => !OPENING.includes(one))) {
        expect(problemWords(t, say, code)).toEqual({
          title: t('stuck.title.other'),
          help: say(code),
        });
      }
    }
  });

  test('every way has a name and help', () => {
    for (const { t } of LANGUAGES) {
      for (const way of WayBack.options) {
        const { title, help } = wayWords(t, way);
        expect(title).not.toContain('stuck.');
        expect(help.length).toBeGreaterThan(title.length);
      }
    }
  });

  test('changes are called safe only where that is known', () => {
    const { t } = LANGUAGES[0] as (typeof LANGUAGES)[number];
    expect(savedWords(t, 3)).toContain('3 changes');
    expect(savedWords(t, 1)).toContain('1 change that');
    expect(savedWords(t, 0)).toBe(EN['stuck.savedNone']);
    expect(savedWords(t, null)).not.toContain('safe');
    expect(reloadWords(t, null)).not.toContain('put back');
    expect(reloadWords(t, 2)).toContain('2 changes');
  });
});
