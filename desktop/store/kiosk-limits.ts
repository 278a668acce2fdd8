import { MATRIX } from '#shared/access/matrix.ts';
import type { StoreCall, StoreTopic } from '#shared/ipc/store-contract.ts';
import type { ViewName } from '#shared/ipc/views.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { StorageMethod } from './ports/storage-request.ts';

/** What a patient's screen has a use for; who unlocks it is a person of the staff. */
const CALLS: ReadonlySet<StoreCall | StoreTopic | ViewName> = new Set([
  'auth.signInWithPassword',
  'auth.signInWithGoogle',
  'auth.cancelGoogle',
  // Set up is a second factor on a machine of one's own.
  'auth.confirmFactor',
  'auth.signOut',
  'auth.state',
  'sync.status',
  'store.work',
  'keys.lock',
  'keys.unlock',
  'keys.recoveryRequest',
  'keys.recover',
  'profile.retry',
  'profile.reload',
]);

/** True when a window of a kiosk may make this call, or watch this. */
export const kioskMayCall = (name: StoreCall | StoreTopic | ViewName): boolean => CALLS.has(name);

/**
 * True when a window of a kiosk may use a table like this: no more than the kiosk's own role has,
 * whoever is signed in. Everything else stays behind the port, whatever the page asks for.
 */
export function kioskMayUse(table: TableName, method: StorageMethod): boolean {
  const cell = MATRIX[table].KD;
  if (!cell) return false;
  return method === 'bulkWrite' ? Boolean(cell.create ?? cell.update) : true;
}
