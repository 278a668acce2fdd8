import { describe, expect, test } from 'vitest';
import { SYNC_STATES } from '#shared/ipc/sync-status.ts';
import type { DeskStatus } from '#shared/ipc/store-host.ts';
import { createTranslate } from '#shared/i18n/format.ts';
import { EN } from '#shared/i18n/messages.en.ts';
import { ES } from '#shared/i18n/messages.es.ts';
import { badgeOf, noticeOf } from './notices.ts';
import { deskWords } from './words.ts';

const en = createTranslate<typeof EN>('en', EN);
const es = createTranslate<typeof EN>('es', ES);
const status = (changes: Partial<DeskStatus> = {}): DeskStatus => ({
  isSignedIn: true,
  state: 'synced',
  waiting: 0,
  needsYou: 0,
  isFirstSync: false,
  ...changes,
});

describe('a notification', () => {
  test('comes when one more change needs the person, and when the first sync is done', () => {
    expect(noticeOf(status(), status({ needsYou: 1 }))).toEqual({ about: 'needs-you', n: 1 });
    expect(noticeOf(status({ isFirstSync: true }), status())).toEqual({ about: 'first-sync' });
  });

  test('does not come for anything else', () => {
    expect(noticeOf(null, status({ needsYou: 2 }))).toBeNull();
    expect(noticeOf(status({ isSignedIn: false }), status({ needsYou: 2 }))).toBeNull();
    expect(noticeOf(status({ needsYou: 2 }), status({ needsYou: 1 }))).toBeNull();
    expect(noticeOf(status(), status({ state: 'offline', waiting: 4 }))).toBeNull();
    expect(noticeOf(status({ isFirstSync: true }), status({ isSignedIn: false }))).toBeNull();
  });
});

test('the number on the icon is what needs the person who is signed in, and nothing else', () => {
  expect(badgeOf(status({ needsYou: 3, waiting: 9 }))).toBe(3);
  expect(badgeOf(status({ state: 'offline', waiting: 9 }))).toBe(0);
  expect(badgeOf(status({ isSignedIn: false, needsYou: 3 }))).toBe(0);
});

describe('the words beside the clock', () => {
  test('say the state in both languages', () => {
    for (const state of SYNC_STATES) {
      const now = status({ state, waiting: 3, needsYou: 2 });
      expect(deskWords(en, now)).not.toBe(deskWords(es, now));
    }
    expect(deskWords(en, status({ state: 'queued', waiting: 3 }))).toBe('3 changes wait');
    expect(deskWords(en, status({ state: 'needs-you', needsYou: 1 }))).toBe('1 change needs you');
    expect(deskWords(en, status({ isSignedIn: false }))).toBe('Nobody is signed in');
  });
});
