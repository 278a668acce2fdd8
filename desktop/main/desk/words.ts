import type { DeskStatus } from '#shared/ipc/store-host.ts';
import type { Translate } from '#shared/i18n/format.ts';
import type { EN } from '#shared/i18n/messages.en.ts';

/** The state of the data in words, for where there is room for a few only. */
export function deskWords(t: Translate<typeof EN>, status: DeskStatus): string {
  if (!status.isSignedIn) return t('desk.signedOut');
  switch (status.state) {
    case 'synced':
      return t('sync.synced');
    case 'saved-here':
      return t('sync.savedHere');
    case 'queued':
      return t('sync.queued', { n: status.waiting });
    case 'syncing':
      return t('sync.syncing');
    case 'offline':
      return t('desk.offline');
    case 'needs-you':
      return t('sync.needsYou', { n: status.needsYou });
    case 'paused':
      return t('sync.paused');
    case 'failed':
      return t('desk.failed');
  }
}
