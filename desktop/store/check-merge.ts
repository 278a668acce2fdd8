import { mayDo } from '#shared/access/rights.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { judgeMerge } from '#shared/merge/item-merge.ts';
import type { Row } from '#shared/schema/define.ts';
import { metaCollectionOf, metaIdOf } from '#desktop/replication/tables.ts';
import { quoted } from '#desktop/storage/table-layout.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { Writer } from './local-write.ts';

/**
 * Judges a merge of two items by what is on this device, as the server will by what it has. Both must have
 * been sent: an item travels as it is, and one that is new here would bring the merge along unjudged.
 * @throws AppError NOT_FOUND, SYNC_ROW_REFUSED, SYNC_ROW_INVALID, ITEM_MERGED, ITEM_NOT_SENT, REVIEW_UNDO_MOVED
 */
export function checkMerge(
  merge: Row,
  database: Pick<EncryptedDatabase, 'read'>,
  writer: Pick<Writer, 'grants' | 'userId'>,
): void {
  const find = (table: 'inventory_items' | 'item_merges', id: unknown): Row => {
    const [found] = database.read<{ doc: string }>(`select doc from live_${table} where id = ?`, [
      String(id),
    ]);
    if (!found) throw new AppError('NOT_FOUND', { table });
    return JSON.parse(found.doc) as Row;
  };
  const survivor = find('inventory_items', merge['survivor_id']);
  const merged = find('inventory_items', merge['merged_id']);
  const reverses = merge['reverses_id'] ?? null;
  const original = reverses === null ? null : find('item_merges', reverses);
  const grants = writer.grants();
  for (const item of [survivor, merged]) {
    if (!mayDo(grants, writer.userId, 'inventory_items', 'update', item)) {
      throw new AppError('SYNC_ROW_REFUSED', { table: 'item_merges' });
    }
    if (!isKnownToServer(database, item.id)) throw new AppError('ITEM_NOT_SENT');
  }
  const fault = judgeMerge({ merge, survivor, merged, original });
  if (fault) throw new AppError(fault, { table: 'item_merges' });
}

/** True when the server has the item, in whatever state: the replication keeps a note of it. */
function isKnownToServer(database: Pick<EncryptedDatabase, 'read'>, itemId: string): boolean {
  const notes = quoted(metaCollectionOf('inventory_items'));
  return (
    database.read(`select 1 as found from ${notes} where id = ? and deleted = 0`, [
      metaIdOf(itemId),
    ]).length > 0
  );
}
