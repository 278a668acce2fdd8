import { isStockTable, itemsOf, wrongInAct } from '#shared/access/stock-rules.ts';
import type { JudgedItem } from '#shared/access/stock-rules.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { expandAct } from '#shared/merge/expand.ts';
import type { Row } from '#shared/schema/define.ts';
import { lacksLot } from '#shared/schema/lots.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';

type ItemRow = JudgedItem & {
  readonly id: string;
  readonly lot_policy: string;
  readonly expiry_policy: string;
} & Readonly<Record<string, unknown>>;

/**
 * Judges an act with stock as the server will: a lot and its date stand where the item asks for them, and
 * what it says holds together. An item that is not here is the server's to judge.
 * @throws AppError ROW_INVALID
 */
export function checkAct(
  table: TableName,
  act: Row,
  database: Pick<EncryptedDatabase, 'read'>,
): void {
  if (!isStockTable(table)) return;
  const rows = expandAct(table, act);
  const ids = [...new Set(itemsOf(table, act))];
  const items = new Map(
    database
      .read<ItemRow>(
        `select i.id, i.lot_policy, i.expiry_policy, i.base_unit, i.controlled_schedule,
                i.vial_units, i.vial_unit, i.open_days, i.open_hours
         from json_each(?) wanted cross join live_inventory_items i on i.id = wanted.value`,
        [JSON.stringify(ids)],
      )
      .map((item) => [item.id, item]),
  );
  const hasNoLot = rows.some(({ table: made, row }) => {
    const item = items.get(String(row['item_id']));
    return item !== undefined && lacksLot(made, row, item);
  });
  const fields = wrongInAct(table, act, (id) => items.get(id));
  if (hasNoLot) fields.push('lines');
  if (fields.length > 0) throw new AppError('ROW_INVALID', { table, fields });
}
