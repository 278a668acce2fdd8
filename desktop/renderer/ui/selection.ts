/** Rows that are selected: their ids, and the row from which a range is reckoned. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly anchor: string | null;
}

export const NOTHING: Selection = { ids: new Set(), anchor: null };

/** One row in or out; it becomes the anchor. */
export function toggled(selection: Selection, id: string): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id };
}

/**
 * The rows from the anchor to `to`, both included, in place of the range that was there before; rows
 * that were selected one by one elsewhere stay. Without an anchor in `order` only `to` is added.
 * @param order the ids of all rows as they are shown
 * @param from the end of the range until now
 */
export function extended(
  selection: Selection,
  order: readonly string[],
  from: string,
  to: string,
): Selection {
  const anchor =
    selection.anchor !== null && order.includes(selection.anchor) ? selection.anchor : from;
  const ids = new Set(selection.ids);
  if (selection.anchor !== null) for (const id of between(order, anchor, from)) ids.delete(id);
  for (const id of between(order, anchor, to)) ids.add(id);
  return { ids, anchor };
}

/** All rows, or none when all are selected already. */
export function allOrNone(selection: Selection, order: readonly string[]): Selection {
  const isAll = order.length > 0 && order.every((id) => selection.ids.has(id));
  return isAll ? NOTHING : { ids: new Set(order), anchor: selection.anchor };
}

/** Without the rows that are not shown any more: what is out of sight is not acted upon. */
export function among(selection: Selection, order: readonly string[]): Selection {
  const shown = new Set(order);
  if ([...selection.ids].every((id) => shown.has(id))) return selection;
  return { ...selection, ids: new Set([...selection.ids].filter((id) => shown.has(id))) };
}

function between(order: readonly string[], one: string, other: string): readonly string[] {
  const [a, b] = [order.indexOf(one), order.indexOf(other)];
  if (a < 0 || b < 0) return b < 0 ? [] : [other];
  return order.slice(Math.min(a, b), Math.max(a, b) + 1);
}
