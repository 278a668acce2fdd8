import { describe, expect, test } from 'vitest';
import { createTranslate } from '#shared/i18n/format.ts';
import { EN } from '#shared/i18n/messages.en.ts';
import type { AuthState, StoreWork } from '#shared/ipc/store-contract.ts';
import { loadedAgainWords, NOTHING_WATCHED, watchLoadedAgain } from './loaded-again.ts';
import type { Watched } from './loaded-again.ts';

const t = createTranslate<typeof EN>('en', EN);
const starting: AuthState = { state: 'starting' };
const stuck = (userId: string): AuthState => ({
  state: 'stuck',
  person: { userId, displayName: 'Ana' },
  problem: 'STORE_DAMAGED',
  savedChanges: 3,
  ways: ['retry', 'reload'],
});
const at = (userId: string, broughtBack = 0): AuthState => ({
  state: 'signed-in',
  who: {
    userId,
    displayName: 'Ana',
    email: 'ana@example.com',
    deviceId: 'd',
    grants: [],
    broughtBack,
  },
});
const reapply: StoreWork = { kind: 'reapply', done: 1, total: 3 };

/** What is known after the states, one second each. */
function after(
  begin: Watched,
  ...states: readonly (readonly [AuthState, StoreWork | null])[]
): Watched {
  let now = 0;
  return states.reduce((former, [auth, work]) => {
    now += 1000;
    return watchLoadedAgain(former, { auth, work, now });
  }, begin);
}
const asked: Watched = { ...NOTHING_WATCHED, asked: { userId: 'ana', saved: 3 } };

describe('the notice after a reload', () => {
  test('says that data is loading again, and that the changes are safe', () => {
    const { notice } = after(asked, [stuck('ana'), null], [starting, null], [at('ana'), null]);
    expect(notice).toEqual({ kind: 'loading', userId: 'ana', changes: 3, at: 3000 });
    expect(notice && loadedAgainWords(t, notice)).toContain(
      '3 changes that were not sent yet are safe',
    );
  });

  test('says when the changes have been put back', () => {
    const { notice } = after(asked, [at('ana'), null], [at('ana'), reapply], [at('ana'), null]);
    expect(notice).toEqual({ kind: 'reapplied', userId: 'ana', changes: 3, at: 3000 });
    expect(notice && loadedAgainWords(t, notice)).toBe(
      'Your data was loaded again. 3 changes that were not sent yet are safe and wait.',
    );
  });

  test('says at the opening how many changes came back, once', () => {
    const told = after(asked, [at('ana', 4), reapply]);
    expect(told.notice).toEqual({ kind: 'reapplied', userId: 'ana', changes: 4, at: 1000 });
    expect(after(told, [at('ana', 4), null]).notice).toBe(told.notice);
  });

  test('waits while the profile still wants its PIN', () => {
    const locked: AuthState = {
      state: 'locked',
      person: { userId: 'ana', displayName: 'Ana' },
      waitUntil: null,
      triesLeft: 5,
      hasRecovery: true,
    };
    expect(after(asked, [starting, null], [locked, null]).notice).toBeNull();
    expect(after(asked, [starting, null], [locked, null], [at('ana'), null]).notice?.changes).toBe(
      3,
    );
  });

  test('knows changes that were put back before the person was in', () => {
    const { notice } = after(asked, [starting, reapply], [starting, null], [at('ana'), null]);
    expect(notice?.kind).toBe('reapplied');
  });

  test('a retry that works, and an ordinary start, say nothing', () => {
    expect(
      after(NOTHING_WATCHED, [starting, null], [stuck('ana'), null], [at('ana'), null]).notice,
    ).toBeNull();
    expect(after(NOTHING_WATCHED, [starting, null], [at('ana'), null]).notice).toBeNull();
  });

  test('nothing of it is shown to another person', () => {
    expect(after(asked, [at('ben'), null]).notice).toBeNull();
    expect(after(asked, [stuck('ben'), null], [at('ben'), null]).notice).toBeNull();
    const told = after(asked, [at('ana'), null]);
    expect(after(told, [{ state: 'signed-out', because: null }, null]).notice).toBeNull();
    expect(after(told, [at('ben'), null]).notice).toBeNull();
  });

  test('stays the same object while nothing happens', () => {
    const told = after(asked, [at('ana'), null]);
    expect(after(told, [at('ana'), null])).toBe(told);
  });
});
