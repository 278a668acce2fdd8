import { isStockTable } from '#shared/access/stock-rules.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import { parseHlc } from '#shared/kernel/hlc.ts';
import { differencesOf, nextTransferStatus, sumLegs } from '#shared/merge/derive/transfer-legs.ts';
import type { TransferLeg, TransferSum } from '#shared/merge/derive/transfer-legs.ts';
import { stampsOf } from '#shared/merge/join.ts';
import { expandAct } from '#shared/merge/expand.ts';
import type { Expansion } from '#shared/merge/expand.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { StockActKind, StockActLine } from '#shared/schema/tables/stock-acts.ts';
import { STOCK_ACT_SIGNS } from '#shared/schema/tables/stock-acts.ts';
import { noteWrite } from './batch.ts';
import type { Batch } from './batch.ts';
import type { Incoming } from './incoming.ts';
import { transitionRow, writeNotes } from './notes.ts';
import type { CountedLine, ShelfStock } from './ports.ts';

/** What follows from movements: stock below zero opens a review, the legs of a transfer move it on. */

const linesOf = (act: Row): readonly StockActLine[] => act['lines'] as readonly StockActLine[];

/**
 * Keys under which pushes that take from the same shelf, or tell of the same transfer, go one after the
 * other: of two that take at once the second sees what the first has left.
 */
export function stockKeys(rows: readonly Incoming[]): string[] {
  const keysOf = (table: TableName, row: Row): string[] => {
    switch (table) {
      case 'stock_acts':
        return linesOf(row).flatMap((line) => [
          ...(takes(row, line) ? [`stock/${line.item_id}/${String(row['location_id'])}`] : []),
          ...(line.ref_type === 'transfer' ? [`transfer/${line.ref_id}`] : []),
        ]);
      case 'transfers':
        return [`transfer/${row.id}`];
      case 'vial_acts':
        return vialsOf(row).map((id) => `vial/${id}`);
      default:
        return [];
    }
  };
  return [
    ...new Set(
      rows.flatMap(({ table, row }) => [
        ...keysOf(table, row),
        ...madeOf(table, row).flatMap((made) => keysOf(made.table, made.row)),
      ]),
    ),
  ];
}

/** The opened container that an act is about; none for an opening. */
export function vialsOf(act: Row): string[] {
  const vial = act['vial_id'] as string | null;
  return vial === null ? [] : [vial];
}

/** What an act stands for; of one that cannot be expanded, nothing: it is refused later. */
function madeOf(table: TableName, row: Row): readonly Expansion[] {
  if (!isStockTable(table)) return [];
  try {
    return expandAct(table, row);
  } catch {
    return [];
  }
}

/** True for a line that leaves less than there was. */
const takes = (act: Row, line: StockActLine): boolean => {
  const sign = STOCK_ACT_SIGNS[act['kind'] as StockActKind];
  return sign === 0 || sign > 0 === (line.reverses_id !== undefined);
};

/** Remembers what a written movement may have changed, to be judged when all rows of the push are in. */
export function noteMovement(batch: Batch, movement: Row): void {
  const shelf = {
    itemId: String(movement['item_id']),
    locationId: String(movement['location_id']),
  };
  const key = `${shelf.itemId} ${shelf.locationId}`;
  const known = batch.movedShelves.get(key);
  const took = Number(movement['qty_base']) < 0;
  batch.movedShelves.set(key, {
    ...shelf,
    causeId: took ? movement.id : (known?.causeId ?? null),
    gave: !took || (known?.gave ?? false),
  });
  if (movement['ref_type'] === 'transfer') {
    batch.transfersToJudge.add(String(movement['ref_id']));
  }
}

/** A count that was posted has set shelves right: their open question may have answered itself. */
export function noteCounted(batch: Batch, session: Row, lines: readonly CountedLine[]): void {
  const locationId = String(session['location_id']);
  for (const { itemId } of lines) {
    const key = `${itemId} ${locationId}`;
    if (!batch.movedShelves.has(key)) {
      batch.movedShelves.set(key, { itemId, locationId, causeId: null, gave: true });
    }
  }
}

/**
 * Opens a review for every shelf (an item at a site) that this push has taken below zero, and closes the
 * open one of a shelf that has enough again. Stock below zero is not refused: somebody has the thing
 * in hand, so the books are wrong, not the act.
 */
export async function judgeShelves(batch: Batch): Promise<void> {
  const shelves = [...batch.movedShelves.values()];
  if (shelves.length === 0) return;
  const stock = await batch.store.onHand(shelves);
  const asked = shelves
    .map((shelf) => ({
      ...shelf,
      below: stock.filter(
        ({ itemId, locationId, onHand }) =>
          itemId === shelf.itemId && locationId === shelf.locationId && onHand < 0,
      ),
    }))
    .filter(({ below, gave }) => below.length > 0 || gave);
  if (asked.length === 0) return;
  const places = await placesOf(batch, asked);
  const subjects = asked.map((shelf) => ({ ...shelf, ...subjectOf(shelf, places) }));
  const reviews = await batch.store.find('review_items', {
    fields: {
      row_id: subjects.map(({ rowId }) => rowId),
      kind: ['negative_stock'],
      status: ['open'],
    },
  });
  const opened: Expansion[] = [];
  for (const subject of subjects) {
    const { locationId, rowId, causeId, below } = subject;
    const open = reviews.find(
      (row) => row['row_id'] === rowId && row['location_id'] === locationId,
    );
    // The question has answered itself: what was missing has come, or a count has set it right.
    if (below.length === 0 && open) await takeStep(batch, 'review_items', open, 'void');
    else if (below.length > 0 && !open && causeId !== null) {
      opened.push(negativeReview(batch, { ...subject, causeId }, below));
    }
  }
  await writeNotes(batch, opened);
}

export interface Shelf {
  readonly itemId: string;
  readonly locationId: string;
}

export const placesOf = (batch: Batch, shelves: readonly Shelf[]): Promise<readonly Row[]> =>
  batch.store.find('item_locations', {
    fields: {
      item_id: shelves.map(({ itemId }) => itemId),
      location_id: shelves.map(({ locationId }) => locationId),
    },
  });

/** A review is about what the site keeps of the item; where it keeps none, about the item. */
export function subjectOf({ itemId, locationId }: Shelf, places: readonly Row[]) {
  const place = places.find(
    (row) => row['item_id'] === itemId && row['location_id'] === locationId,
  );
  const table = place ? ('item_locations' as const) : ('inventory_items' as const);
  return { table, rowId: place?.id ?? itemId };
}

function negativeReview(
  batch: Batch,
  of: {
    readonly table: string;
    readonly rowId: string;
    readonly itemId: string;
    readonly locationId: string;
    readonly causeId: string;
  },
  below: readonly ShelfStock[],
): Expansion {
  return reviewRow(batch, {
    // By what took it below zero: the same movement opens one review, however often it comes.
    id: derivedId('negative-stock', of.itemId, of.locationId, of.causeId),
    location_id: of.locationId,
    kind: 'negative_stock',
    table_name: of.table,
    row_id: of.rowId,
    facts: {
      item_id: of.itemId,
      movement_id: of.causeId,
      lots: below.map(({ lotId, onHand }) => ({ lot_id: lotId, on_hand: onHand })),
    },
  });
}

export const reviewRow = (
  batch: Batch,
  fields: { readonly id: string } & Record<string, unknown>,
) => ({
  table: 'review_items' as const,
  row: {
    created_at: batch.now,
    created_by: null,
    device_id: null,
    field: null,
    status: 'open',
    decision: null,
    decided_by: null,
    field_hlc: { status: batch.hlc.next() },
    ...fields,
  },
});

/** The server's own step of a record. @returns the record as it is then */
export async function takeStep(
  batch: Batch,
  table: 'review_items' | 'transfers',
  row: Row,
  to: string,
): Promise<Row> {
  const before = stampsOf(row)['status'] ?? null;
  if (before) batch.hlc.observe(before);
  const hlc = batch.hlc.next();
  const stepped: Row = {
    ...row,
    status: to,
    field_hlc: { ...stampsOf(row), status: hlc },
  };
  await batch.store.stepAsEngine(table, 'status', [stepped]);
  const step = { from: String(row['status']), to, hlc };
  await writeNotes(batch, [transitionRow(batch, table, stepped, step, before, null)]);
  noteWrite(batch, 'update', table, stepped, { outcome: to, fields: ['status'] });
  return stepped;
}

/**
 * Moves transfers on by what their legs say. The receiving site's leg may come first: then the transfer
 * goes its whole way when the other comes.
 * @returns how many of them moved on
 */
export async function judgeTransfers(batch: Batch): Promise<number> {
  const ids = [...batch.transfersToJudge];
  if (ids.length === 0) return 0;
  const [transfers, legs] = await Promise.all([
    batch.store.masters('transfers', ids),
    batch.store.find('stock_movements', { fields: { ref_type: ['transfer'], ref_id: ids } }),
  ]);
  let moved = 0;
  for (const { row } of transfers.values()) {
    const sums = sumLegs(legsOf(row, legs));
    let stands = row;
    for (let to = nextOf(batch, stands, sums); to; to = nextOf(batch, stands, sums)) {
      stands = await takeStep(batch, 'transfers', stands, to);
      if (to === 'short') await writeNotes(batch, [shortReview(batch, stands, sums)]);
    }
    if (stands !== row) moved += 1;
  }
  return moved;
}

/** Each leg counts only at its own site. */
const legsOf = (transfer: Row, legs: readonly Row[]): TransferLeg[] =>
  legs
    .filter(
      (leg) =>
        leg['ref_id'] === transfer.id &&
        leg['location_id'] ===
          transfer[leg['type'] === 'transfer_out' ? 'location_id' : 'to_location_id'],
    )
    .map((leg) => leg as Row & TransferLeg);

function nextOf(batch: Batch, transfer: Row, sums: readonly TransferSum[]) {
  const stamp = stampsOf(transfer)['status'];
  const since = transfer['status'] === 'shipped' && stamp ? parseHlc(stamp).ms : null;
  return nextTransferStatus({ status: String(transfer['status']), sums, since, now: batch.now });
}

const shortReview = (batch: Batch, transfer: Row, sums: readonly TransferSum[]): Expansion =>
  reviewRow(batch, {
    id: derivedId('transfer-short', transfer.id),
    // Whoever received it can say what came.
    location_id: transfer['to_location_id'],
    kind: 'transfer_short',
    table_name: 'transfers',
    row_id: transfer.id,
    facts: { lines: differencesOf(sums) },
  });
