import type { Origin } from './storage-types.ts';

/** Start of the context of what RxDB's replication writes from the server (17.6). */
export const DOWNSTREAM_CONTEXT = 'replication-downstream-';
/** Context in which RxDB's replication writes the server's answer to a conflict (17.6). */
export const CONFLICT_CONTEXT = 'replication-up-write-conflict';
/** Start of the context of rows expanded from an act on this device. */
export const DERIVED_CONTEXT = 'store-derived';
/** Context of the events that tell windows of a purge. */
export const PURGE_CONTEXT = 'store-purge';

/** Who stands behind a write, told from the context that `bulkWrite` was given. */
export function originOfContext(context: string): Origin {
  if (context === CONFLICT_CONTEXT || context === PURGE_CONTEXT) return 'server';
  if (context.startsWith(DOWNSTREAM_CONTEXT)) return 'server';
  if (context.startsWith(DERIVED_CONTEXT)) return 'derived';
  return 'local';
}

/** Contexts of what RxDB notes beside rows that it has just pulled (17.6). */
const PULL_NOTES: ReadonlySet<string> = new Set([
  'replication-down-write-meta',
  'replication-set-checkpoint',
]);

/**
 * True for what a pull writes. The server has it all, and a place in its feed never reaches the disk
 * before the rows that led there: what a power cut takes is asked for again.
 */
export const isPulled = (context: string): boolean =>
  context.startsWith(DOWNSTREAM_CONTEXT) || PULL_NOTES.has(context);

/**
 * True for tables that are never pushed: RxDB's own and the replication's meta tables. Their rows
 * carry origin `server`, so that nothing in them counts as waiting.
 */
export const isDeviceOnly = (collection: string): boolean =>
  collection.startsWith('_') || collection.startsWith('rx-');
