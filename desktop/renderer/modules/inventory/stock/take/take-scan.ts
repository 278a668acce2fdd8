import { formatQuantity, parseQuantity } from '#shared/kernel/quantity.ts';
import { lotId, normalizeLotNo } from '#shared/schema/lots.ts';
import { readExpiry } from '../../receive/expiry-text.ts';
import type { ReceivableItem } from '../../receive/receive-check.ts';
import { quantityOf } from '../../receive/receive-scan.ts';
import type { Label } from '../../receive/receive-scan.ts';
import { EMPTY_TAKE, isEmptyTake, refOf } from './take-check.ts';
import type { LotRef, TakeEntry, TakenLine, TakeProblems } from './take-check.ts';

/**
 * The lot that a label names: the one that is known by its number, else a new one from what the label
 * says. Null: it says none; `unclear`: it is known with another date, and a person chooses.
 */
export function lotOfLabel(
  label: Pick<Label, 'itemId' | 'lot' | 'expiry' | 'serial'>,
  known: readonly LotRef[],
): LotRef | null | 'unclear' {
  if (label.lot === '') return null;
  const lotNo = normalizeLotNo(label.lot);
  const said = readExpiry(label.expiry);
  const serial = label.serial.trim();
  const same = known.filter((lot) => lot.lot_no === lotNo);
  const exact = same.filter(
    (lot) =>
      (!said.ok || lot.expiry_date === said.date) && (serial === '' || lot.serial === serial),
  );
  const [only, ...more] = exact;
  if (only && more.length === 0) return refOf(only);
  if (same.length > 0 && (only !== undefined || serial === '')) return 'unclear';
  const expiryDate = said.ok ? said.date : null;
  return {
    lot_id: lotId({ itemId: label.itemId, lotNo, expiryDate, serial }),
    lot_no: lotNo,
    expiry_date: expiryDate,
    expiry_precision: said.ok ? said.precision : null,
    serial,
    recall_status: 'none',
  };
}

export interface TakeLines {
  readonly lines: readonly TakenLine[];
  readonly entry: TakeEntry;
}

export type TakenScan =
  | { readonly did: 'added' | 'raised'; readonly draft: TakeLines; readonly line: TakenLine }
  | { readonly did: 'filled'; readonly draft: TakeLines; readonly missing: keyof TakeProblems }
  /** The fields hold a line that is not complete. */
  | { readonly did: 'busy'; readonly missing: keyof TakeProblems }
  /** That very piece stands in the form already. */
  | { readonly did: 'twice' }
  /** The lot must not be used. */
  | { readonly did: 'blocked'; readonly why: NonNullable<TakeProblems['lot']> };

/**
 * What a scan does to the form. Nothing that somebody typed is overwritten, and what must not be used is
 * never added.
 * @param check what is wrong with a line, null when nothing is
 */
export function scanIntoTake(
  draft: TakeLines,
  label: Label,
  lot: LotRef | null | 'unclear',
  item: ReceivableItem | null,
  check: (entry: TakeEntry) => TakeProblems | null,
  newKey: string,
): TakenScan {
  const ref = lot === 'unclear' ? null : lot;
  const isHere = (entry: TakeEntry): boolean =>
    entry.itemId === label.itemId && entry.lot?.serial === label.serial;
  if (label.serial !== '' && [...draft.lines, draft.entry].some(isHere)) return { did: 'twice' };
  let { lines } = draft;
  if (!isEmptyTake(draft.entry)) {
    const problems = check(draft.entry);
    if (problems) return { did: 'busy', missing: firstOf(problems) };
    lines = [...lines, { ...draft.entry, key: `${newKey}-before` }];
  }
  const { quantity, isSure } = quantityOf(label, item);
  const entry: TakeEntry = { itemId: label.itemId, unit: label.unit, lot: ref, quantity };
  const blocked = check({ ...entry, quantity: '1' })?.lot;
  if (ref !== null && blocked) return { did: 'blocked', why: blocked };
  if (lot === 'unclear') return { did: 'filled', draft: { lines, entry }, missing: 'lot' };
  if (!isSure) return { did: 'filled', draft: { lines, entry }, missing: 'quantity' };
  const same = lines.find(
    (line) =>
      line.itemId === entry.itemId &&
      line.unit === entry.unit &&
      (line.lot?.lot_id ?? null) === (ref?.lot_id ?? null) &&
      label.serial === '',
  );
  if (same) {
    const sum = (parseQuantity(same.quantity) ?? 0) + (parseQuantity(quantity) ?? 0);
    const line = { ...same, quantity: formatQuantity(sum) };
    return {
      did: 'raised',
      line,
      draft: { lines: lines.map((one) => (one === same ? line : one)), entry: EMPTY_TAKE },
    };
  }
  const problems = check(entry);
  if (problems) return { did: 'filled', draft: { lines, entry }, missing: firstOf(problems) };
  const line = { ...entry, key: newKey };
  return { did: 'added', line, draft: { lines: [...lines, line], entry: EMPTY_TAKE } };
}

export const TAKE_FIELDS = ['item', 'quantity', 'lot'] as const;
export type TakeField = (typeof TAKE_FIELDS)[number];

export const firstOf = (problems: TakeProblems): TakeField =>
  TAKE_FIELDS.find((field) => problems[field]) ?? 'quantity';
