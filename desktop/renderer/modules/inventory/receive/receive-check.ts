import { newId } from '#shared/kernel/ids.ts';
import { clinicDate, isExpired } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import type { EN } from '#shared/i18n/messages.en.ts';
import type { StockActLine } from '#shared/schema/tables/stock-acts.ts';
import type { NewRow } from '#desktop/collections/tables.ts';
import { readExpiry } from './expiry-text.ts';
import type { ReadExpiry } from './expiry-text.ts';
import { toBase } from './packs.ts';
import type { QuantityProblem, Unit } from './packs.ts';

/** What stands in the fields of one line, as text. */
export interface EntryText {
  readonly itemId: string | null;
  readonly quantity: string;
  readonly unit: string | null;
  readonly lot: string;
  readonly expiry: string;
  /** Of one piece, from its label. */
  readonly serial: string;
}

export const EMPTY_ENTRY: EntryText = {
  itemId: null,
  quantity: '',
  unit: null,
  lot: '',
  expiry: '',
  serial: '',
};

export const isEmptyEntry = (entry: EntryText): boolean =>
  entry.itemId === null &&
  entry.quantity.trim() === '' &&
  entry.lot.trim() === '' &&
  entry.expiry.trim() === '' &&
  entry.serial.trim() === '';

/** What the checks need to know of an item. */
export interface ReceivableItem {
  readonly lot_policy: string;
  readonly expiry_policy: string;
  readonly units: readonly Unit[];
  /** Absent until the record of the item has been read. */
  readonly controlled_schedule?: string;
  /** Null: no papers of a trade are kept with its lots. */
  readonly document_policy?: string | null;
}

type Policies = Pick<ReceivableItem, 'lot_policy' | 'expiry_policy'>;

/** A date stands with a lot: where the date must be given, the lot must be, too. */
export const lotAsked = ({ lot_policy, expiry_policy }: Policies): string =>
  expiry_policy === 'required' ? 'required' : lot_policy;

/** A date that need not be given has no place where there are no lots. */
export const expiryAsked = ({ lot_policy, expiry_policy }: Policies): string =>
  expiry_policy === 'optional' && lot_policy === 'none' ? 'none' : expiry_policy;

export type EntryField = 'item' | 'quantity' | 'lot' | 'expiry';
type Problem = Extract<keyof typeof EN, `receive.problem.${string}`>;
export type EntryProblems = Partial<Record<EntryField, Problem>>;

const QUANTITY_PROBLEMS: Readonly<Record<QuantityProblem, Problem>> = {
  'not-a-number': 'receive.problem.quantityNumber',
  'not-positive': 'receive.problem.quantityPositive',
  'too-large': 'receive.problem.quantityLarge',
  'not-exact': 'receive.problem.quantityExact',
};

/**
 * Checks one line.
 * @param item null while no item is chosen or its record has not been read
 * @returns the line of the act, or what is wrong with which field
 */
export function checkEntry(
  entry: EntryText,
  item: ReceivableItem | null,
): { ok: true; line: StockActLine } | { ok: false; problems: EntryProblems } {
  const problems: EntryProblems = {};
  if (entry.itemId === null || !item) problems.item = 'receive.problem.itemMissing';
  const unit =
    entry.unit === null ? item?.units[0] : item?.units.find(({ name }) => name === entry.unit);
  // Never another unit than the one that was chosen: a box is not an each.
  if (item && !unit) problems.quantity = 'receive.problem.unitUnknown';
  const quantity = readQuantity(entry.quantity, unit, problems);
  const lot = readLot(entry, item, problems);
  const expiry = readDate(entry, item, problems);
  if (Object.keys(problems).length > 0 || entry.itemId === null || !unit) {
    return { ok: false, problems };
  }
  return {
    ok: true,
    line: {
      item_id: entry.itemId,
      qty_base: quantity,
      lot_no: lot,
      expiry_date: expiry?.date ?? null,
      ...(expiry ? { expiry_precision: expiry.precision } : {}),
      // A serial number belongs to a lot, as the date does.
      serial: lot === null ? '' : entry.serial.trim(),
      entered_unit: unit.name,
      entered_qty: entry.quantity.trim(),
      unit_cost_cents: null,
    },
  };
}

/** Reads a quantity of a line; what is wrong with it is added to the problems. */
export function readQuantity(
  text: string,
  unit: Unit | undefined,
  problems: EntryProblems,
): number {
  if (problems.quantity) return 0;
  if (text.trim() === '') {
    problems.quantity = 'receive.problem.quantityMissing';
    return 0;
  }
  const read = toBase(text, unit ?? { name: '', perUnit: 10_000 });
  if (read.ok) return read.quantity;
  problems.quantity = QUANTITY_PROBLEMS[read.problem];
  return 0;
}

function readLot(
  { lot }: EntryText,
  item: ReceivableItem | null,
  problems: EntryProblems,
): string | null {
  const typed = lot.trim();
  const asked = item ? lotAsked(item) : null;
  if (asked === 'none') return null;
  if (typed === '') {
    if (asked === 'required') problems.lot = 'receive.problem.lotMissing';
    return null;
  }
  if (typed.length > 40) problems.lot = 'receive.problem.lotLong';
  return typed;
}

function readDate(
  { expiry, lot }: EntryText,
  item: ReceivableItem | null,
  problems: EntryProblems,
): Extract<ReadExpiry, { ok: true }> | null {
  const asked = item ? expiryAsked(item) : null;
  if (asked === 'none') return null;
  if (expiry.trim() === '') {
    if (asked === 'required') problems.expiry = 'receive.problem.expiryMissing';
    return null;
  }
  const read = readExpiry(expiry);
  if (!read.ok) {
    problems.expiry =
      read.why === 'no-such-date'
        ? 'receive.problem.expiryNoSuchDate'
        : 'receive.problem.expiryUnreadable';
    return null;
  }
  // A date without a lot would belong to nothing: the expiry is the lot's.
  if (lot.trim() === '') {
    problems.lot ??= 'receive.problem.lotForExpiry';
  }
  return read;
}

/** Why stock that has expired is received all the same. */
export const EXPIRED_REASONS = [
  'expired_to_return',
  'expired_to_discard',
  'expired_training',
] as const;
export type ExpiredReason = (typeof EXPIRED_REASONS)[number];

/** Lines whose date has passed on the day of the receipt: they need a reason. */
export const expiredLines = (lines: readonly StockActLine[], today: IsoDate): StockActLine[] =>
  lines.filter(({ expiry_date }) => expiry_date !== null && isExpired(expiry_date, today));

/**
 * The one document that finishing makes: the receipt with all its lines.
 * @param reason why something expired is received; null when nothing is
 * @param note why more came than was ordered; null when it did not
 */
export function receiveAct(
  site: { id: string; time_zone: string },
  lines: readonly StockActLine[],
  now: number,
  reason: ExpiredReason | null = null,
  note: string | null = null,
): NewRow<'stock_acts'> {
  return {
    id: newId(),
    kind: 'receive',
    location_id: site.id,
    occurred_at: now,
    local_date: clinicDate(now, site.time_zone),
    reason_code: reason,
    note,
    witnessed_by: null,
    lines: [...lines],
  };
}
