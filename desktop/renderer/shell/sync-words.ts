import type { SyncState, SyncStatus } from '#shared/ipc/sync-status.ts';
import type { T } from '../ui/i18n.tsx';
import type { Tone } from '../ui/status-pill.tsx';

/** Colour of each state; the chip always carries words and an icon beside it. */
export const SYNC_TONES: Readonly<Record<SyncState, Tone>> = {
  synced: 'green',
  'saved-here': 'green',
  queued: 'amber',
  syncing: 'blue',
  offline: 'amber',
  'needs-you': 'violet',
  paused: 'grey',
  failed: 'red',
};

/** What the words need beside the status itself. */
export interface SyncWordsHelp {
  readonly t: T;
  /** Time of day, or the date where that was not today. */
  readonly when: (instant: number) => string;
  readonly say: (code: NonNullable<SyncStatus['problem']>) => string;
  /** The most changes that waited since the device began to sync. */
  readonly burst: number;
}

/** The words of the sync chip. */
export function syncWords(status: SyncStatus, help: SyncWordsHelp): string {
  const { t, when, say, burst } = help;
  switch (status.state) {
    case 'synced':
      return t('sync.synced');
    case 'saved-here':
      return t('sync.savedHere');
    case 'queued':
      return t('sync.queued', { n: status.waiting });
    case 'syncing': {
      if (status.firstSync) return t('sync.syncingOf', status.firstSync);
      const total = Math.max(burst, status.waiting);
      if (total === 0) return t('sync.syncing');
      const done = Math.min(total, total - status.waiting + 1);
      return t('sync.syncingOf', { done, total });
    }
    case 'offline':
      return status.lastSyncedAt === null
        ? t('sync.offlineNever')
        : t('sync.offline', { time: when(status.lastSyncedAt) });
    case 'needs-you':
      return t('sync.needsYou', { n: status.needsYou });
    case 'paused':
      return status.problem === 'SYNC_CLIENT_TOO_OLD' ? t('sync.update') : t('sync.paused');
    case 'failed':
      return t('sync.failed', { problem: status.problem ? say(status.problem) : '' });
  }
}

/** The sentence under the top bar while the server is out of reach. */
export function offlineWords(status: SyncStatus, help: SyncWordsHelp): string {
  const { t, when } = help;
  const age =
    status.lastSyncedAt === null
      ? t('offline.never')
      : t('offline.age', { time: when(status.lastSyncedAt) });
  const kept = status.waiting > 0 ? t('offline.kept', { n: status.waiting }) : t('offline.work');
  return `${age} ${kept}`;
}

/** Data older than this is said to be so wherever nothing brings it up to date. */
const OLD_MS = 5 * 60_000;

/**
 * The sentence under the top bar while nothing moves for another reason than the network: how old what
 * is on the screen is.
 * @returns null while the data is of now, or another sentence says it
 */
export function agedWords(status: SyncStatus, help: SyncWordsHelp, now: number): string | null {
  const { state, lastSyncedAt: at, problem } = status;
  if (state !== 'paused' && state !== 'failed') return null;
  if (problem === 'SYNC_CLIENT_TOO_OLD') return null;
  if (at === null || now - at < OLD_MS) return null;
  // What failed is a sentence of its own already.
  const words = syncWords(status, help).replace(/\.$/, '');
  return help.t('offline.aged', { words, time: help.when(at) });
}

/**
 * The sentence under the top bar while this app is too old for its server: nobody has to open anything
 * to learn that an update is needed, and that work goes on until then.
 * @returns null while it is not
 */
export function updateWords(status: SyncStatus, help: SyncWordsHelp): string | null {
  if (status.state !== 'paused' || status.problem !== 'SYNC_CLIENT_TOO_OLD') return null;
  const words = help.say(status.problem);
  const { waiting } = status;
  return waiting > 0 ? `${words} ${help.t('update.kept', { n: waiting })}` : words;
}
