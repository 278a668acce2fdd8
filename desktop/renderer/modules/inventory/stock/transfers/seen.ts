import type { TransferRow } from '#shared/ipc/views.stock.ts';

/**
 * A transfer as somebody sees it who has the movements of one of its sites only. What the other one sent
 * is then what was announced, as soon as the server says that it was shipped; what the other one received
 * is not known before the server says that all has come.
 */
export function seenFrom(
  transfer: TransferRow,
  sees: { readonly shipping: boolean; readonly receiving: boolean },
): TransferRow {
  const { status, wanted, lines } = transfer;
  if (!sees.shipping) {
    const isShipped = status !== 'draft' && status !== 'cancelled';
    const items = new Map(
      [...lines, ...wanted].map(({ item_id, item_name, base_unit }) => [
        item_id,
        { item_id, item_name, base_unit },
      ]),
    );
    const announced = [...items.values()].map((item) => ({
      ...item,
      lot_id: null,
      lot_no: null,
      expiry_date: null,
      expiry_precision: null,
      serial: '',
      sent: isShipped ? sum(wanted.filter(isOf(item)), ({ qty_base: quantity }) => quantity) : 0,
      received: sum(lines.filter(isOf(item)), ({ received }) => received),
    }));
    return {
      ...transfer,
      lines: announced.filter(({ sent, received }) => sent !== 0 || received !== 0),
    };
  }
  if (sees.receiving || status !== 'received') return transfer;
  return { ...transfer, lines: lines.map((line) => ({ ...line, received: line.sent })) };
}

const isOf =
  (item: { readonly item_id: string }) =>
  ({ item_id: id }: { readonly item_id: string }): boolean =>
    id === item.item_id;

function sum<T>(rows: readonly T[], of: (row: T) => number): number {
  return rows.reduce((all, row) => all + of(row), 0);
}
