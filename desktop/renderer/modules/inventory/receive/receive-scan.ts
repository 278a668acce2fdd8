import { formatQuantity, parseQuantity, QUANTITY_SCALE } from '#shared/kernel/quantity.ts';
import { normalizeLotNo } from '#shared/schema/lots.ts';
import type { Reading } from '#shared/barcode/reading.ts';
import { expiryText, readExpiry } from './expiry-text.ts';
import { checkEntry, EMPTY_ENTRY, isEmptyEntry } from './receive-check.ts';
import type { EntryField, EntryProblems, EntryText, ReceivableItem } from './receive-check.ts';
import type { DraftLine } from './receive-draft.ts';

/** What a scanned label brings to a receipt, as text of the fields. */
export interface Label {
  readonly itemId: string;
  /** The pack that was scanned; null where the code names the item only. */
  readonly unit: string | null;
  readonly lot: string;
  readonly expiry: string;
  readonly serial: string;
  /** Pieces that the label speaks of; null where it does not. */
  readonly pieces: number | null;
  /** The pieces are packs of the scanned unit in a larger one (GS1 02 with 37). */
  readonly isContent: boolean;
}

export function labelOf(
  match: { readonly itemId: string; readonly unit: string | null },
  reading: Reading | null,
): Label {
  return {
    ...match,
    ...factsOf(reading),
    pieces: reading?.quantity ?? null,
    isContent: reading?.elements.some(([name]) => name === '02') ?? false,
  };
}

/** Lot, date and serial of a label as text of the fields. */
export const factsOf = (reading: Reading | null): Pick<Label, 'lot' | 'expiry' | 'serial'> => ({
  lot: reading?.lot ?? '',
  expiry: reading?.expiry ? expiryText(reading.expiry) : '',
  serial: reading?.serial ?? '',
});

export interface ReceiptDraft {
  readonly lines: readonly DraftLine[];
  readonly entry: EntryText;
}

export type ReceivedScan =
  /** A line was added or its quantity raised. */
  | { readonly did: 'added' | 'raised'; readonly draft: ReceiptDraft; readonly line: DraftLine }
  /** It stands in the fields, and a person completes it. */
  | { readonly did: 'filled'; readonly draft: ReceiptDraft; readonly missing: EntryField }
  /** The piece with this serial number is on the receipt already. */
  | { readonly did: 'twice' }
  /** What stands in the fields has to be finished first; nothing was changed. */
  | { readonly did: 'busy'; readonly missing: EntryField };

export const FIELDS: readonly EntryField[] = ['item', 'quantity', 'lot', 'expiry'];
const firstOf = (problems: EntryProblems): EntryField =>
  FIELDS.find((field) => problems[field]) ?? 'quantity';

/**
 * What a scan does to a receipt. Nothing that somebody typed is overwritten.
 * @param itemOf what is known of an item, for checking a line
 * @param newKey of a line that is added
 */
export function scanIntoReceipt(
  draft: ReceiptDraft,
  label: Label,
  itemOf: (itemId: string) => ReceivableItem | null,
  newKey: string,
): ReceivedScan {
  const item = itemOf(label.itemId);
  const isOnReceipt = ({ itemId, serial }: EntryText): boolean =>
    itemId === label.itemId && serial === label.serial;
  if (label.serial !== '' && [...draft.lines, draft.entry].some(isOnReceipt)) {
    return { did: 'twice' };
  }
  const completed = completedEntry(draft.entry, label);
  if (completed) return settle({ ...draft, entry: completed }, item, newKey);
  let { lines } = draft;
  if (!isEmptyEntry(draft.entry)) {
    const other = draft.entry.itemId === null ? null : itemOf(draft.entry.itemId);
    const checked = checkEntry(draft.entry, other);
    if (!checked.ok) return { did: 'busy', missing: firstOf(checked.problems) };
    lines = [...lines, { ...draft.entry, key: `${newKey}-before` }];
  }
  const { quantity, isSure } = quantityOf(label, item);
  const { itemId, unit, lot, expiry, serial } = label;
  const entry: EntryText = { itemId, unit, lot, expiry, serial, quantity };
  if (!isSure) return { did: 'filled', draft: { lines, entry }, missing: 'quantity' };
  const same = lines.find((line) => isSameStock(line, entry, item));
  if (!same) return settle({ lines, entry }, item, newKey);
  const sum = (parseQuantity(same.quantity) ?? 0) + (parseQuantity(quantity) ?? 0);
  const raised = { ...same, quantity: formatQuantity(sum) };
  return {
    did: 'raised',
    draft: {
      lines: lines.map((line) => (line === same ? raised : line)),
      entry: EMPTY_ENTRY,
    },
    line: raised,
  };
}

/**
 * The second of two codes of one pack: what it says belongs to what was scanned before it, and fills
 * what is empty there.
 * @param last key of the line that the scan before has made, if it made one
 * @returns null when there is nothing that it can belong to
 */
export function partIntoReceipt(
  draft: ReceiptDraft,
  facts: Pick<Label, 'lot' | 'expiry' | 'serial'>,
  last: string | null,
  itemOf: (itemId: string) => ReceivableItem | null,
  newKey: string,
): ReceivedScan | null {
  const { entry } = draft;
  if (entry.itemId !== null) {
    const completed = completedEntry(entry, { ...facts, itemId: entry.itemId });
    return completed && settle({ ...draft, entry: completed }, itemOf(entry.itemId), newKey);
  }
  const line = draft.lines.find(({ key }) => key === last);
  // A line of several pieces was not all of this lot.
  if (!line || line.itemId === null || parseQuantity(line.quantity) !== QUANTITY_SCALE) return null;
  const completed = completedEntry(line, { ...facts, itemId: line.itemId });
  if (!completed) return null;
  const lines = draft.lines.filter((other) => other !== line);
  return settle({ lines, entry: completed }, itemOf(line.itemId), line.key);
}

/** The fields with what the label adds, when it is about the same pack; else null. */
function completedEntry(
  entry: EntryText,
  facts: Pick<Label, 'itemId' | 'lot' | 'expiry' | 'serial'>,
): EntryText | null {
  const { itemId, lot, expiry, serial } = facts;
  const adds =
    (lot !== '' && entry.lot === '') ||
    (expiry !== '' && entry.expiry === '') ||
    (serial !== '' && entry.serial === '');
  const fits = (typed: string, said: string): boolean =>
    typed === '' || said === '' || typed === said;
  const isSame =
    entry.itemId === itemId &&
    fits(normalizeLotNo(entry.lot), normalizeLotNo(lot)) &&
    fits(dateOf(entry.expiry), dateOf(expiry)) &&
    fits(entry.serial, serial);
  if (!adds || !isSame) return null;
  return {
    ...entry,
    lot: entry.lot || lot,
    expiry: entry.expiry || expiry,
    serial: entry.serial || serial,
  };
}

/** A complete entry becomes a line, another stays in the fields. */
function settle(draft: ReceiptDraft, item: ReceivableItem | null, newKey: string): ReceivedScan {
  const checked = checkEntry(draft.entry, item);
  if (!checked.ok) return { did: 'filled', draft, missing: firstOf(checked.problems) };
  const line = { ...draft.entry, key: newKey };
  return { did: 'added', draft: { lines: [...draft.lines, line], entry: EMPTY_ENTRY }, line };
}

/** How many of the scanned pack came; not sure where the label speaks of another number. */
export function quantityOf(
  { unit, pieces, isContent }: Label,
  item: ReceivableItem | null,
): { quantity: string; isSure: boolean } {
  const [base, ...packs] = item?.units ?? [];
  // The code says the item, not the pack: a box is not an each.
  if (unit === null)
    return packs.length === 0 ? { quantity: '1', isSure: true } : { quantity: '', isSure: false };
  if (pieces === null || pieces === 1) return { quantity: '1', isSure: true };
  if (isContent) return { quantity: String(pieces), isSure: true };
  const perUnit = item?.units.find(({ name }) => name === unit)?.perUnit;
  const isPack = perUnit === pieces * (base?.perUnit ?? QUANTITY_SCALE);
  return { quantity: '1', isSure: isPack };
}

function isSameStock(line: EntryText, entry: EntryText, item: ReceivableItem | null): boolean {
  const [base] = item?.units ?? [];
  const unitOf = ({ unit }: EntryText): string | undefined => unit ?? base?.name;
  return (
    line.serial === '' &&
    entry.serial === '' &&
    line.itemId === entry.itemId &&
    unitOf(line) === unitOf(entry) &&
    normalizeLotNo(line.lot) === normalizeLotNo(entry.lot) &&
    dateOf(line.expiry) === dateOf(entry.expiry)
  );
}

const dateOf = (text: string): string => {
  const read = readExpiry(text);
  return read.ok ? read.date : text.trim();
};
