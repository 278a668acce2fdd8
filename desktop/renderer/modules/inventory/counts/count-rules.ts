import type { CountSessionRow } from '#shared/ipc/views.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import { isWithinTolerance, judgeCounted, varianceCents } from '#shared/schema/count-guard.ts';
import type { GuardVerdict } from '#shared/schema/count-guard.ts';
import { MACHINES } from '#shared/schema/machines.ts';
import type { Machine } from '#shared/schema/machines/steps.ts';

export type CountLine = CountSessionRow['lines'][number];

/** Names a shelf within a count: one item, one lot of it, or what lies there without a lot. */
export const shelfKey = (itemId: string, lotId: string | null): string =>
  `${itemId} ${lotId ?? ''}`;
export const keyOfLine = (line: Pick<CountLine, 'item_id' | 'lot_id'>): string =>
  shelfKey(line.item_id, line.lot_id);

/** Counted minus expected, its worth, and whether it alone needs a second person. */
export interface Difference {
  readonly quantity: number;
  /** Signed; null where no price is known. */
  readonly cents: number | null;
  readonly large: boolean;
}

/** How a line differs from the books; null while these are not told. */
export function difference(
  line: Pick<CountLine, 'counted_qty' | 'expected_qty' | 'unit_cost_cents'>,
): Difference | null {
  if (line.expected_qty === null) return null;
  const guarded = {
    counted: line.counted_qty,
    expected: line.expected_qty,
    unitCostCents: line.unit_cost_cents,
  };
  return {
    quantity: guarded.counted - guarded.expected,
    cents: varianceCents(guarded),
    large: !isWithinTolerance(guarded),
  };
}

/**
 * How what was seen of one shelf stands together.
 * one: one person saw it (the latest of what they saw holds) · again: it was looked at once more, and
 * nobody said otherwise since · agree: two saw the same · contested: two saw something else.
 */
export type ShelfState = 'one' | 'again' | 'agree' | 'contested';

/** All that was seen of one shelf in a count. */
export interface Shelf {
  readonly key: string;
  /** The line that holds: the latest by its stamp, as in on-hand. Never a sum. */
  readonly holds: CountLine;
  /** What each person saw last since the shelf was last settled, the latest first. */
  readonly views: readonly CountLine[];
  readonly state: ShelfState;
}

/**
 * Puts the observations of everybody together by shelf. They are facts and merge by themselves: of
 * two about the same shelf the one with the later stamp holds, on every device and on the server, in
 * whatever order they come. What two people saw differently is said, and is settled by one more look
 * (pass 2 and up).
 * @param lines by stamp, the earliest first
 */
export function shelvesOf(lines: readonly CountLine[]): Shelf[] {
  return [...Map.groupBy(lines, keyOfLine)].flatMap(([key, all]) => {
    const holds = all.at(-1);
    if (!holds) return [];
    const settled = all.findLastIndex(({ pass }) => pass > 1);
    const open = settled === -1 ? all : all.slice(settled);
    // From the latest on, so that of each person the latest is met first.
    const views = [
      ...Map.groupBy(open.toReversed(), ({ counter_id }) => counter_id).values(),
    ].flatMap((own) => own.slice(0, 1));
    return [{ key, holds, views, state: stateOf(views, settled) }];
  });
}

function stateOf(views: readonly CountLine[], settled: number): ShelfState {
  if (views.length === 1) return settled === -1 ? 'one' : 'again';
  return new Set(views.map(({ counted_qty }) => counted_qty)).size === 1 ? 'agree' : 'contested';
}

/** Everybody who counted something of it, and who opened it. */
export const countersOf = (
  count: Pick<CountSessionRow, 'counted_by' | 'lines'>,
): ReadonlySet<string> =>
  new Set([count.counted_by, ...count.lines.map(({ counter_id }) => counter_id)]);

/** What the guard says about a count, or null while the books are not told. */
export function verdictOf(lines: readonly CountLine[]): GuardVerdict | null {
  const holding = shelvesOf(lines).map(({ holds }) => holds);
  if (holding.some(({ expected_qty }) => expected_qty === null)) return null;
  return judgeCounted(
    holding.map((line) => ({
      counted: line.counted_qty,
      expected: line.expected_qty ?? 0,
      unitCostCents: line.unit_cost_cents,
    })),
  );
}

/**
 * True when the books may be shown beside a count. A blind count shows them to nobody while it is
 * open, then to those who judge it and counted nothing of it, and to all once it is decided.
 */
export function seesBooks(
  count: Pick<CountSessionRow, 'blind' | 'status' | 'counted_by' | 'lines'>,
  viewer: { readonly userId: string; readonly mayApprove: boolean; readonly recounts: boolean },
): boolean {
  if (viewer.recounts) return false;
  if (!count.blind || count.status === 'posted' || count.status === 'voided') return true;
  if (count.status === 'open') return false;
  return viewer.mayApprove && !countersOf(count).has(viewer.userId);
}

/** The steps that this person can take from where the count stands. */
export function offeredSteps(
  count: Pick<CountSessionRow, 'status' | 'counted_by' | 'lines'>,
  userId: string,
  may: (operation: 'create' | 'update' | 'approve') => boolean,
): string[] {
  const { transitions } = MACHINES.count_session as Machine;
  return transitions
    .filter(({ from, needs }) => from === count.status && needs !== 'server' && may(needs))
    .filter(({ guard }) => guard === 'none' || !countersOf(count).has(userId))
    .map(({ to }) => to);
}

/**
 * The id of the count in which somebody counts the differences of another one again. It follows from
 * both, so that every device knows what belongs together.
 */
export const recountId = (countId: string, userId: string): string =>
  derivedId('count-recount', countId, userId);

/** The count whose differences this one counts again, or null. */
export function originalOf<C extends Pick<CountSessionRow, 'id' | 'sent_back'>>(
  counts: readonly C[],
  recount: Pick<CountSessionRow, 'id' | 'counted_by'>,
): C | null {
  return (
    counts.find(
      ({ id, sent_back }) => sent_back !== null && recountId(id, recount.counted_by) === recount.id,
    ) ?? null
  );
}

/** The counts in which the differences of this one are counted again, the latest first. */
export function recountsOf<C extends Pick<CountSessionRow, 'id' | 'counted_by'>>(
  counts: readonly C[],
  count: Pick<CountSessionRow, 'id' | 'sent_back'>,
): C[] {
  if (count.sent_back === null) return [];
  return counts.filter(({ id, counted_by }) => recountId(count.id, counted_by) === id);
}

/** What of a count is to be counted again: what is far off, or all that differs where nothing is. */
export function linesToRecount(lines: readonly CountLine[]): CountLine[] {
  const differing = shelvesOf(lines)
    .map(({ holds }) => ({ holds, off: difference(holds) }))
    .filter(({ off }) => off !== null && off.quantity !== 0);
  const far = differing.filter(({ off }) => off?.large);
  return (far.length > 0 ? far : differing).map(({ holds }) => holds);
}
