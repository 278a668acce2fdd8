import { AppError } from '#shared/errors/app-error.ts';
import { expandAct } from '#shared/merge/expand.ts';
import type { Row } from '#shared/schema/define.ts';
import { lacksLot } from '#shared/schema/lots.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';

/**
 * Judges an act with stock as the server will: a lot and its date stand where the item asks for them. An
 * item that is not here is the server's to judge.
 * @throws AppError ROW_INVALID
 */
export function checkAct(act: Row, database: Pick<EncryptedDatabase, 'read'>): void {
  const rows = expandAct('stock_acts', act);
  const ids = [...new Set(rows.map(({ row }) => String(row['item_id'])))];
  const items = new Map(
    database
      .read<{ id: string; lot_policy: string; expiry_policy: string }>(
        `select i.id, i.lot_policy, i.expiry_policy from json_each(?) wanted
         cross join live_inventory_items i on i.id = wanted.value`,
        [JSON.stringify(ids)],
      )
      .map((item) => [item.id, item]),
  );
  const isWrong = rows.some(({ table, row }) => {
    const item = items.get(String(row['item_id']));
    return item !== undefined && lacksLot(table, row, item);
  });
  if (isWrong) throw new AppError('ROW_INVALID', { table: 'stock_acts', fields: ['lines'] });
}
