import type { CountPlanRow } from '#shared/ipc/views.ts';
import { compareValues } from '../../../ui/table-columns.ts';
import { keyOfLine, shelfKey, shelvesOf } from './count-rules.ts';
import type { CountLine, Shelf } from './count-rules.ts';
import { aisleOf, isInZone } from './zone.ts';

/** Something that a count should find: one lot of one item in its bin. */
export interface PlanEntry {
  readonly key: string;
  readonly itemId: string;
  readonly itemName: string;
  readonly sku: string;
  readonly unit: string;
  readonly bin: string | null;
  readonly lotId: string | null;
  readonly lotNo: string | null;
  readonly expiry: string | null;
  /** Its number on the list, from 1; the same on paper and on every screen. */
  readonly no: number;
  /** True when it came to the site after the count was started: it stands at the end. */
  readonly isLate: boolean;
}

/**
 * What a count should find, in the order in which one walks: by bin, name, expiry. The list is that
 * of the moment at which the count was started, and what came later is added behind it, so that a
 * printed list and the screen agree for as long as the count is open.
 */
export function planOf(
  rows: readonly CountPlanRow[],
  of: { readonly zone: string | null; readonly startedAt: number },
): PlanEntry[] {
  const entries = rows
    .filter(({ bin }) => isInZone(bin, of.zone))
    .flatMap((row) => {
      const lots = row.lots.filter(
        ({ is_here, last_at }) => is_here || (last_at !== null && last_at >= of.startedAt),
      );
      const nothing = { lot_id: null, lot_no: null, expiry_date: null, first_at: null };
      return (lots.length === 0 ? [nothing] : lots).map((lot) => ({
        key: shelfKey(row.item_id, lot.lot_id),
        itemId: row.item_id,
        itemName: row.item_name,
        sku: row.sku,
        unit: row.base_unit,
        bin: row.bin,
        lotId: lot.lot_id,
        lotNo: lot.lot_no,
        expiry: lot.expiry_date,
        isLate: lot.first_at !== null && lot.first_at > of.startedAt,
      }));
    });
  return entries.toSorted(inOrder).map((entry, index) => ({ ...entry, no: index + 1 }));
}

type Unnumbered = Omit<PlanEntry, 'no'>;

function inOrder(a: Unnumbered, b: Unnumbered): number {
  return (
    Number(a.isLate) - Number(b.isLate) ||
    Number(a.bin === null) - Number(b.bin === null) ||
    compareValues(a.bin ?? '', b.bin ?? '') ||
    compareValues(a.itemName, b.itemName) ||
    byText(a.itemId, b.itemId) ||
    Number(a.expiry === null) - Number(b.expiry === null) ||
    byText(a.expiry ?? '', b.expiry ?? '') ||
    compareValues(a.lotNo ?? '', b.lotNo ?? '') ||
    byText(a.lotId ?? '', b.lotId ?? '')
  );
}

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** How far a count is. */
export interface Progress {
  readonly shelves: ReadonlyMap<string, Shelf>;
  readonly open: readonly PlanEntry[];
  readonly done: number;
  /** Shelves that were found and are not on the list. */
  readonly extra: readonly Shelf[];
  /** Aisle by aisle: how many are to be counted, how many are. */
  readonly aisles: readonly { readonly name: string; readonly n: number; readonly done: number }[];
}

/** Ticks off what has been counted, by whomever. */
export function progressOf(plan: readonly PlanEntry[], lines: readonly CountLine[]): Progress {
  const shelves = new Map(shelvesOf(lines).map((shelf) => [shelf.key, shelf]));
  const planned = new Set(plan.map(({ key }) => key));
  const byAisle = Map.groupBy(plan, ({ bin }) => aisleOf(bin));
  return {
    shelves,
    open: plan.filter(({ key }) => !shelves.has(key)),
    done: plan.filter(({ key }) => shelves.has(key)).length,
    extra: [...shelves.values()].filter(({ key }) => !planned.has(key)),
    aisles: [...byAisle].map(([name, entries]) => ({
      name,
      n: entries.length,
      done: entries.filter(({ key }) => shelves.has(key)).length,
    })),
  };
}

/** Somebody who counts, as far as their lines have come. */
export interface Counter {
  readonly id: string;
  readonly who: string | null;
  readonly lines: number;
  readonly last: CountLine;
  readonly aisles: readonly string[];
}

/** Who has counted what so far, the latest first. */
export function countersHere(lines: readonly CountLine[]): Counter[] {
  return [...Map.groupBy(lines, ({ counter_id }) => counter_id)]
    .flatMap(([id, own]) => {
      const last = own.toSorted((a, b) => a.counted_at - b.counted_at).at(-1);
      if (!last) return [];
      const aisles = [...new Set(own.map(({ bin }) => aisleOf(bin)))].toSorted(compareValues);
      return [{ id, who: last.who, lines: new Set(own.map(keyOfLine)).size, last, aisles }];
    })
    .toSorted((a, b) => b.last.counted_at - a.last.counted_at);
}
