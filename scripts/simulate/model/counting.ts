import { rootsOf } from '#shared/merge/item-merge.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TableRow } from '#shared/schema/tables.ts';
import type { CountedLine, ShelfStock } from '#server/sync/ports.ts';
import type { Reading } from './rights.ts';

const linesOf = (reading: Reading, sessionIds: readonly string[]): Row[] =>
  reading
    .all('count_lines')
    .map(({ row }) => row)
    .filter((row) => sessionIds.includes(String(row['session_id'])));

const postedIn = (reading: Reading): ReadonlySet<string> =>
  new Set(
    reading
      .all('count_sessions')
      .flatMap(({ row }) => (row['status'] === 'posted' ? [row.id] : [])),
  );

/** People who counted lines of these sessions. */
export function countersOf(
  reading: Reading,
  sessionIds: readonly string[],
): Map<string, ReadonlySet<string>> {
  const bySession = Map.groupBy(linesOf(reading, sessionIds), (row) => String(row['session_id']));
  return new Map(
    [...bySession].map(([id, rows]) => [id, new Set(rows.map((row) => String(row['counter_id'])))]),
  );
}

export function lineTotals(reading: Reading, sessionIds: readonly string[]): Map<string, number> {
  const bySession = Map.groupBy(linesOf(reading, sessionIds), (row) => String(row['session_id']));
  return new Map([...bySession].map(([id, rows]) => [id, rows.length]));
}

/** Counted lines beside what the ledger makes expect, as `EXPECTED_SQL` reckons it. */
export function countedLines(reading: Reading, sessionIds: readonly string[]): CountedLine[] {
  const latest = [
    ...Map.groupBy(linesOf(reading, sessionIds), (row) =>
      joined([row['session_id'], shelfOf(row)]),
    ),
  ].flatMap(([, rows]) => rows.toSorted(byStamp).slice(-1));
  const posted = postedIn(reading);
  const counts = reading.all('count_lines').map(({ row }) => row);
  const movements = reading.all('stock_movements').map(({ row }) => row);
  return latest
    .map((line) => {
      const shelf = shelfOf(line);
      const before = counts
        .filter((row) => posted.has(String(row['session_id'])) && shelfOf(row) === shelf)
        .filter((row) => (row.hlc ?? '') < (line.hlc ?? ''))
        .toSorted(byStamp)
        .at(-1);
      const moved = movements
        .filter((row) => shelfOf(row) === shelf && (row.hlc ?? '') <= (line.hlc ?? ''))
        .filter((row) => !before || (row.hlc ?? '') > (before.hlc ?? ''))
        .reduce((sum, row) => sum + Number(row['qty_base']), 0);
      const priced = movements
        .filter((row) => placeOf(row) === placeOf(line) && row['unit_cost_cents'] !== null)
        .filter((row) => (row.hlc ?? '') <= (line.hlc ?? ''))
        .toSorted(byStamp)
        .at(-1);
      return {
        sessionId: String(line['session_id']),
        lineId: line.id,
        itemId: String(line['item_id']),
        lotId: (line['lot_id'] ?? null) as string | null,
        counted: Number(line['counted_qty']),
        expected: Number(before?.['counted_qty'] ?? 0) + moved,
        unitCostCents: priced ? Number(priced['unit_cost_cents']) : null,
      };
    })
    .toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

/** What there is of items at sites, lot by lot, as the view `on_hand` reckons it. */
export function onHand(
  reading: Reading,
  shelves: readonly Pick<ShelfStock, 'itemId' | 'locationId'>[],
): ShelfStock[] {
  const asked = new Set(shelves.map(({ itemId, locationId }) => joined([itemId, locationId])));
  const isAsked = (row: Row): boolean => asked.has(joined([row['item_id'], row['location_id']]));
  const posted = postedIn(reading);
  const counts = reading
    .all('count_lines')
    .map(({ row }) => row)
    .filter((row) => isAsked(row) && posted.has(String(row['session_id'])));
  const movements = reading
    .all('stock_movements')
    .flatMap(({ row }) => (isAsked(row) ? [row] : []));
  return [...Map.groupBy([...counts, ...movements], shelfOf)].flatMap(([shelf, [first]]) => {
    if (!first) return [];
    const seen = counts
      .filter((row) => shelfOf(row) === shelf)
      .toSorted(byStamp)
      .at(-1);
    const moved = movements
      .filter((row) => shelfOf(row) === shelf && (!seen || (row.hlc ?? '') > (seen.hlc ?? '')))
      .reduce((sum, row) => sum + Number(row['qty_base']), 0);
    return [
      {
        itemId: String(first['item_id']),
        locationId: String(first['location_id']),
        lotId: (first['lot_id'] ?? null) as string | null,
        onHand: Number(seen?.['counted_qty'] ?? 0) + moved,
      },
    ];
  });
}

/** Each of some items with those that were merged with it. */
export function sameItems(
  reading: Reading,
  itemIds: readonly string[],
): Map<string, ReadonlySet<string>> {
  const items = reading
    .all('inventory_items')
    .map(({ row }) => row as Row & TableRow<'inventory_items'>);
  const roots = rootsOf(items);
  const rootOf = (id: string): string => roots.get(id) ?? id;
  return new Map(
    itemIds.map((id) => [
      id,
      new Set([id, ...items.flatMap((item) => (rootOf(item.id) === rootOf(id) ? item.id : []))]),
    ]),
  );
}

const joined = (parts: readonly unknown[]): string => parts.map(String).join('/');
const placeOf = (row: Row): string => joined([row['item_id'], row['location_id']]);
const shelfOf = (row: Row): string => joined([row['item_id'], row['location_id'], row['lot_id']]);
/** Lines without a lot come last, as nulls do. */
const orderOf = ({ sessionId, itemId, lotId }: CountedLine): string =>
  `${sessionId}/${itemId}/${lotId ?? '~'}`;
const byStamp = (a: Row, b: Row): number => (`${a.hlc}/${a.id}` < `${b.hlc}/${b.id}` ? -1 : 1);

/** The highest number among orders of a year. */
export function lastOrderNumber(reading: Reading, year: string): number {
  const numbers = reading
    .all('purchase_orders')
    .map(({ row }) => new RegExp(`^PO-${year}-(\\d{5,9})$`).exec(String(row['po_no']))?.[1] ?? '0');
  return Math.max(0, ...numbers.map(Number));
}
