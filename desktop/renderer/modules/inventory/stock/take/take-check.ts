import type { EN } from '#shared/i18n/messages.en.ts';
import type { LotAtSite } from '#shared/ipc/views.stock.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { newId } from '#shared/kernel/ids.ts';
import { formatQuantity } from '#shared/kernel/quantity.ts';
import { allocateFefo, followsFefo, standingOf } from '#shared/merge/derive/lot-choice.ts';
import type { LotOnHand } from '#shared/merge/derive/lot-choice.ts';
import type { StockActLine } from '#shared/schema/tables/stock-acts.ts';
import type { NewRow } from '#desktop/collections/tables.ts';
import { readQuantity } from '../../receive/receive-check.ts';
import type { EntryProblems, ReceivableItem } from '../../receive/receive-check.ts';

/** What takes stock away: used, thrown away, sent to another site. */
export type TakeKind = 'issue' | 'waste' | 'transfer_out';

/** What identifies a lot, as a line of an act says it. */
export type LotRef = Omit<LotAtSite, 'item_id' | 'location_id' | 'on_hand'>;

/** What stands in the fields of one line. */
export interface TakeEntry {
  readonly itemId: string | null;
  readonly quantity: string;
  readonly unit: string | null;
  /** The lot that somebody chose or scanned; null: the one that expires first. */
  readonly lot: LotRef | null;
}

/** A line that has been added. */
export interface TakenLine extends TakeEntry {
  readonly key: string;
}

export const EMPTY_TAKE: TakeEntry = { itemId: null, quantity: '', unit: null, lot: null };

export const isEmptyTake = (entry: TakeEntry): boolean =>
  entry.itemId === null && entry.quantity.trim() === '' && entry.lot === null;

export type TakeProblems = Partial<
  Record<
    'item' | 'quantity' | 'lot',
    Extract<keyof typeof EN, `receive.problem.${string}` | `take.problem.${string}`>
  >
>;

/** What one line takes of which lot. */
export interface Part {
  readonly lot: LotRef | null;
  /** 1/10,000 base units. */
  readonly quantity: number;
}

export type PlannedLine =
  | {
      readonly ok: true;
      readonly itemId: string;
      readonly parts: readonly Part[];
      readonly lines: readonly StockActLine[];
      /** What no lot on hand has: the books go below zero by so much. */
      readonly short: number;
    }
  | { readonly ok: false; readonly problems: TakeProblems };

interface Known {
  readonly kind: TakeKind;
  readonly itemOf: (itemId: string) => ReceivableItem | null;
  /** All lots of the item at the site. */
  readonly lotsOf: (itemId: string) => readonly LotAtSite[];
  /** The clinic's date at the site. */
  readonly today: IsoDate;
}

/**
 * What the lines take, one after the other: what one has taken of a lot the next finds gone. A line
 * without a chosen lot takes what expires first; of waste whatever state it is in.
 */
export function planTakes(entries: readonly TakeEntry[], known: Known): PlannedLine[] {
  const taken = new Map<string, number>();
  return entries.map((entry) => {
    const planned = planLine(entry, known, taken);
    if (planned.ok) {
      for (const { lot, quantity } of planned.parts) {
        const key = lot?.lot_id ?? '';
        taken.set(key, (taken.get(key) ?? 0) + quantity);
      }
    }
    return planned;
  });
}

function planLine(
  entry: TakeEntry,
  { kind, itemOf, lotsOf, today }: Known,
  taken: ReadonlyMap<string, number>,
): PlannedLine {
  const problems: TakeProblems = {};
  const ofQuantity: EntryProblems = {};
  const item = entry.itemId === null ? null : itemOf(entry.itemId);
  if (entry.itemId === null || !item) problems.item = 'receive.problem.itemMissing';
  const unit =
    entry.unit === null ? item?.units[0] : item?.units.find(({ name }) => name === entry.unit);
  if (item && !unit) ofQuantity.quantity = 'receive.problem.unitUnknown';
  const quantity = readQuantity(entry.quantity, unit, ofQuantity);
  if (ofQuantity.quantity) problems.quantity = ofQuantity.quantity;
  const standing = entry.lot && standingOf(entry.lot, today);
  if (kind === 'issue' && standing === 'expired') problems.lot = 'take.problem.expired';
  if (kind === 'issue' && standing === 'recalled') problems.lot = 'take.problem.recalled';
  const left = (entry.itemId === null ? [] : lotsOf(entry.itemId)).map((lot) => ({
    ...lot,
    on_hand: lot.on_hand - (taken.get(lot.lot_id) ?? 0),
  }));
  const { parts, short } = entry.lot
    ? chosen(entry.lot, quantity, left)
    : suggested(quantity, left, kind === 'waste' ? null : today, item?.lot_policy === 'required');
  if (parts.some(({ lot }) => lot === null) && item?.lot_policy === 'required') {
    problems.lot ??= 'take.problem.lotMissing';
  }
  if (Object.keys(problems).length > 0 || entry.itemId === null || !unit) {
    return { ok: false, problems };
  }
  const { itemId } = entry;
  const asTyped = { entered_unit: unit.name, entered_qty: entry.quantity.trim() };
  return {
    ok: true,
    itemId,
    parts,
    short,
    lines: parts.map(({ lot, quantity: part }) => ({
      item_id: itemId,
      qty_base: part,
      lot_no: lot?.lot_no ?? null,
      expiry_date: lot?.expiry_date ?? null,
      ...(lot?.expiry_precision ? { expiry_precision: lot.expiry_precision } : {}),
      serial: lot?.serial ?? '',
      unit_cost_cents: null,
      // Nobody typed the parts of a line that two lots share.
      ...(parts.length === 1
        ? asTyped
        : { entered_unit: item?.units[0]?.name ?? unit.name, entered_qty: formatQuantity(part) }),
    })),
  };
}

function chosen(lot: LotRef, quantity: number, left: readonly LotOnHand[]) {
  const held = left.find(({ lot_id: id }) => id === lot.lot_id)?.on_hand ?? 0;
  return { parts: [{ lot, quantity }], short: Math.max(0, quantity - Math.max(0, held)) };
}

/** @param needsLot what no lot has goes to the last one, where the item has lots only */
function suggested(
  quantity: number,
  left: readonly LotAtSite[],
  today: IsoDate | null,
  needsLot: boolean,
): { parts: Part[]; short: number } {
  const { takes, missing } = allocateFefo(left, quantity, today);
  const parts: Part[] = takes.map(({ lot, quantity: part }) => ({
    lot: refOf(lot),
    quantity: part,
  }));
  const last = parts.at(-1);
  if (missing <= 0) return { parts, short: 0 };
  if (needsLot && last) {
    return {
      parts: [...parts.slice(0, -1), { ...last, quantity: last.quantity + missing }],
      short: missing,
    };
  }
  // How much lies there without a lot the lots do not say.
  return { parts: [...parts, { lot: null, quantity: missing }], short: 0 };
}

/** A lot as a line names it. */
export function refOf(lot: LotRef): LotRef {
  const { lot_id, lot_no, expiry_date, expiry_precision, serial, recall_status } = lot;
  return { lot_id, lot_no, expiry_date, expiry_precision, serial, recall_status };
}

/** Items of which something that expires earlier is left behind: using them asks for a reason. */
export function overriddenItems(
  planned: readonly PlannedLine[],
  { kind, lotsOf, today }: Omit<Known, 'itemOf'>,
): string[] {
  if (kind !== 'issue') return [];
  const parts = planned.flatMap((line) =>
    line.ok ? line.parts.map((part) => ({ ...part, itemId: line.itemId })) : [],
  );
  return [...Map.groupBy(parts, ({ itemId }) => itemId)].flatMap(([itemId, own]) => {
    const takes = own.flatMap(({ lot, quantity }) => (lot ? [{ lot, quantity }] : []));
    return followsFefo(takes, lotsOf(itemId), today) ? [] : [itemId];
  });
}

/** Why another lot is used than the one that expires first. */
export const FEFO_REASONS = [
  'fefo_reserved',
  'fefo_opened',
  'fefo_not_found',
  'fefo_damaged',
] as const;

/** Why stock is thrown away. */
export const WASTE_REASONS = [
  'expired',
  'damaged',
  'contaminated',
  'remainder',
  'recalled',
  'lost',
] as const;

/** The one document that finishing makes. */
export function takeAct(of: {
  readonly kind: TakeKind;
  readonly site: { readonly id: string; readonly time_zone: string };
  readonly lines: readonly StockActLine[];
  readonly now: number;
  readonly reason: string | null;
  readonly note: string | null;
  readonly witnessId: string | null;
  readonly transferId: string | null;
}): NewRow<'stock_acts'> {
  const { kind, site, now, transferId } = of;
  return {
    id: newId(),
    kind,
    location_id: site.id,
    occurred_at: now,
    local_date: clinicDate(now, site.time_zone),
    reason_code: of.reason,
    note: of.note,
    witnessed_by: of.witnessId,
    lines: of.lines.map((line) =>
      transferId === null ? line : { ...line, ref_type: 'transfer' as const, ref_id: transferId },
    ),
  };
}

/** How much of each item goes, of all its lots together. */
export function announced(
  lines: readonly StockActLine[],
): { readonly item_id: string; readonly qty_base: number }[] {
  const sums = new Map<string, number>();
  for (const { item_id: id, qty_base: quantity } of lines) {
    sums.set(id, (sums.get(id) ?? 0) + quantity);
  }
  return [...sums].map(([item_id, qty_base]) => ({ item_id, qty_base }));
}
