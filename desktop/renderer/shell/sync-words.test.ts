import { describe, expect, test } from 'vitest';
import { SYNC_STATES } from '#shared/ipc/sync-status.ts';
import type { SyncStatus } from '#shared/ipc/sync-status.ts';
import { createTranslate } from '#shared/i18n/format.ts';
import { CODES } from '#shared/errors/codes.ts';
import { ERRORS_ES } from '#shared/i18n/errors.es.ts';
import { EN } from '#shared/i18n/messages.en.ts';
import { ES } from '#shared/i18n/messages.es.ts';
import { agedWords, offlineWords, syncWords, updateWords } from './sync-words.ts';

const help = {
  t: createTranslate<typeof EN>('en', EN),
  when: () => '09:41',
  say: () => 'The server is busy.',
  burst: 0,
};
const status = (changes: Partial<SyncStatus>): SyncStatus => ({
  state: 'synced',
  online: true,
  waiting: 0,
  needsYou: 0,
  lastSyncedAt: 1,
  firstSync: null,
  problem: null,
  ...changes,
});

describe('syncWords', () => {
  test.each([
    [{ state: 'synced' }, 'All saved'],
    [{ state: 'saved-here' }, 'Saved on this device'],
    [{ state: 'queued', waiting: 3 }, '3 changes wait'],
    [{ state: 'syncing', firstSync: { done: 4, total: 15 } }, 'Syncing 4 of 15'],
    [{ state: 'syncing' }, 'Syncing'],
    [{ state: 'offline' }, 'Offline, data from 09:41'],
    [{ state: 'offline', lastSyncedAt: null }, 'Offline, no data yet'],
    [{ state: 'needs-you', needsYou: 1 }, '1 change needs you'],
    [{ state: 'paused' }, 'Paused'],
    [{ state: 'paused', problem: 'SYNC_CLIENT_TOO_OLD' }, 'Update needed'],
    [{ state: 'failed', problem: 'SERVER_BUSY' }, 'Failed: The server is busy.'],
  ] as const)('%j', (changes, words) => {
    expect(syncWords(status(changes), help)).toBe(words);
  });

  test('counts within a burst of changes', () => {
    const syncing = status({ state: 'syncing', waiting: 2 });
    expect(syncWords(syncing, { ...help, burst: 3 })).toBe('Syncing 2 of 3');
  });

  test('has words for each of the eight states', () => {
    for (const state of SYNC_STATES) {
      expect(syncWords(status({ state }), help)).not.toBe('');
      expect(EN[`sync.means.${state}`]).not.toBe(ES[`sync.means.${state}`]);
    }
  });
});

describe('offlineWords', () => {
  test('says how old the data is and what becomes of the changes', () => {
    expect(offlineWords(status({ state: 'offline', waiting: 3 }), help)).toBe(
      'Offline, data from 09:41. Your 3 changes are saved on this device and will be sent.',
    );
    expect(offlineWords(status({ state: 'offline', waiting: 1 }), help)).toContain(
      'Your 1 change is saved',
    );
  });
});

describe('agedWords', () => {
  const HOUR = 3_600_000;

  test('say how old the data is while nothing moves for another reason than the network', () => {
    expect(agedWords(status({ state: 'paused' }), help, HOUR)).toBe('Paused. Data from 09:41.');
    expect(agedWords(status({ state: 'failed', problem: 'SERVER_BUSY' }), help, HOUR)).toBe(
      'Failed: The server is busy. Data from 09:41.',
    );
  });

  test('say nothing while the data is of now, moves, or another sentence says it', () => {
    expect(agedWords(status({ state: 'paused' }), help, 60_000)).toBeNull();
    expect(agedWords(status({ state: 'paused', lastSyncedAt: null }), help, HOUR)).toBeNull();
    for (const state of ['synced', 'queued', 'offline', 'needs-you'] as const) {
      expect(agedWords(status({ state }), help, HOUR)).toBeNull();
    }
    const tooOld = status({ state: 'paused', problem: 'SYNC_CLIENT_TOO_OLD' });
    expect(agedWords(tooOld, help, HOUR)).toBeNull();
  });
});

describe('updateWords', () => {
  const tooOld = (waiting: number) =>
    status({ state: 'paused', problem: 'SYNC_CLIENT_TOO_OLD', waiting });
  const english = { ...help, say: (code: keyof typeof CODES) => CODES[code].say as string };

  test('say that an update is needed, that work goes on, and what becomes of the changes', () => {
    const words = 'This app is too old to sync. You can keep working; please update it.';
    expect(updateWords(tooOld(0), english)).toBe(words);
    expect(updateWords(tooOld(1), english)).toBe(
      `${words} Your 1 change is saved on this device and will be sent after the update.`,
    );
    const spanish = {
      ...help,
      t: createTranslate<typeof EN>('es', ES),
      say: (code: keyof typeof ERRORS_ES) => ERRORS_ES[code],
    };
    expect(updateWords(tooOld(2), spanish)).toBe(
      `${ERRORS_ES.SYNC_CLIENT_TOO_OLD} Sus 2 cambios están guardados en este equipo y se enviarán después de actualizar.`,
    );
  });

  test('say nothing while the app is paused for another reason, or not paused', () => {
    expect(
      updateWords(status({ state: 'paused', problem: 'AUTH_SESSION_ENDED' }), english),
    ).toBeNull();
    expect(updateWords(status({ state: 'offline', waiting: 1 }), english)).toBeNull();
  });
});
