import type { FileTransfer } from '#shared/ipc/files.ts';
import type { SyncStatus } from '#shared/ipc/sync-status.ts';

/** States in which nothing is wrong: what files do is said in their place. */
const CALM: ReadonlySet<SyncStatus['state']> = new Set([
  'synced',
  'saved-here',
  'queued',
  'syncing',
]);

/**
 * The state of the data with the files: never "synced" while the bytes of one wait, and "needs you" for
 * one that will not be sent as it is.
 * @param refused files that the server said no to, beside their rows
 */
export function statusWithFiles(
  status: SyncStatus,
  transfers: readonly FileTransfer[],
  refused: number,
): SyncStatus {
  const up = transfers.filter(({ direction, state }) => direction === 'up' && state !== 'refused');
  const waiting = status.waiting + up.length;
  const needsYou = status.needsYou + refused;
  const whole = { ...status, waiting, needsYou };
  if (!CALM.has(status.state)) return whole;
  if (refused > 0) return { ...whole, state: 'needs-you' };
  if (up.length === 0) return whole;
  const isMoving = up.some(({ state }) => state === 'moving' || state === 'checking');
  return { ...whole, state: isMoving || status.state === 'syncing' ? 'syncing' : 'queued' };
}
