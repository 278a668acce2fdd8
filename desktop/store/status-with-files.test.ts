import { expect, test } from 'vitest';
import type { FileTransfer } from '#shared/ipc/files.ts';
import { SYNC_STATES } from '#shared/ipc/sync-status.ts';
import type { SyncState, SyncStatus } from '#shared/ipc/sync-status.ts';
import { statusWithFiles } from './status-with-files.ts';

const status = (state: SyncState): SyncStatus => ({
  state,
  online: true,
  waiting: 0,
  needsYou: 0,
  lastSyncedAt: 1,
  firstSync: null,
  problem: null,
});
const transfer = (
  state: FileTransfer['state'],
  direction: FileTransfer['direction'] = 'up',
): FileTransfer => ({ fileId: state, direction, done: 0, size: 1, state, code: null });

test('it is never synced while the bytes of a file wait or were refused', () => {
  for (const state of SYNC_STATES) {
    for (const file of ['held', 'offline', 'moving', 'checking'] as const) {
      const shown = statusWithFiles(status(state), [transfer(file)], 0);
      expect(shown.state).not.toBe('synced');
      expect(shown.waiting).toBe(1);
    }
    const refused = statusWithFiles(status(state), [transfer('refused')], 1);
    expect(refused.state).not.toBe('synced');
    expect(refused).toMatchObject({ waiting: 0, needsYou: 1 });
  }
});

test('what is worse than a file that waits stays what is said; what is fetched is no matter of it', () => {
  for (const state of ['offline', 'failed', 'paused', 'needs-you'] as const) {
    expect(statusWithFiles(status(state), [transfer('moving')], 1).state).toBe(state);
  }
  expect(statusWithFiles(status('synced'), [transfer('moving', 'down')], 0)).toEqual(
    status('synced'),
  );
  expect(statusWithFiles(status('synced'), [transfer('moving')], 0).state).toBe('syncing');
  expect(statusWithFiles(status('synced'), [transfer('held')], 0).state).toBe('queued');
});
