import { derivedId } from '#shared/kernel/ids.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import { QUANTITY_SCALE } from '#shared/kernel/quantity.ts';

/**
 * What follows from an order, its lines, the decisions about it and what came of it: on the screen, and
 * on the server, which takes the steps that follow (domain §2.5). Money is cents; what is ordered is
 * 1/10,000 of the line's unit, what is received 1/10,000 base unit.
 */

export interface OrderLine {
  readonly id: string;
  readonly item_id: string;
  readonly unit: string;
  readonly qty_ordered: number;
  readonly unit_price_cents: number | null;
  readonly removed: boolean;
  /** Field → stamp of its last change. */
  readonly field_hlc?: Readonly<Record<string, string>>;
}

export interface OrderHead {
  readonly id: string;
  readonly vendor_id: string;
  readonly urgency: string;
  readonly need_by: string | null;
  readonly field_hlc?: Readonly<Record<string, string>>;
}

export interface OrderDecision {
  readonly id: string;
  readonly decision: string;
  readonly basis_version: string;
  readonly hlc: string;
}

/** Fields whose change is no change of what was ordered: the state itself, and the note, open always. */
const NOT_CONTENT: ReadonlySet<string> = new Set(['status', 'note']);

/** A quantity of a unit times its price, rounded to the cent, halves up, as the database does. */
export function lineTotalCents(line: Pick<OrderLine, 'qty_ordered' | 'unit_price_cents'>): number {
  const product = BigInt(line.qty_ordered) * BigInt(line.unit_price_cents ?? 0);
  const scale = BigInt(QUANTITY_SCALE);
  return Number((product * 2n + scale) / (scale * 2n));
}

export const standingLines = <L extends Pick<OrderLine, 'removed'>>(lines: readonly L[]): L[] =>
  lines.filter(({ removed }) => !removed);

/** What an order comes to: its lines that were not taken out, each rounded to the cent. */
export const orderTotalCents = (
  lines: readonly Pick<OrderLine, 'qty_ordered' | 'unit_price_cents' | 'removed'>[],
): number => standingLines(lines).reduce((sum, line) => sum + lineTotalCents(line), 0);

/** Names what a decision is about: the same for the same order and lines, whoever looks. */
export function orderBasis(order: OrderHead, lines: readonly OrderLine[]): string {
  const seen = standingLines(lines)
    .map((line) => [line.id, line.item_id, line.unit, line.qty_ordered, line.unit_price_cents])
    .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  const { id, vendor_id, urgency, need_by } = order;
  return derivedId('order-basis', canonicalJson([id, vendor_id, urgency, need_by, seen]));
}

/**
 * True while an approval counts: nothing was edited after it (as the database asks for the step to
 * `approved`), and the order is what the approver saw, also where an earlier edit came later.
 */
export function approvalStands(
  order: OrderHead,
  lines: readonly OrderLine[],
  approval: OrderDecision,
): boolean {
  if (approval.decision !== 'approved') return false;
  const written = Object.entries(order.field_hlc ?? {}).flatMap(([field, stamp]) =>
    NOT_CONTENT.has(field) ? [] : [stamp],
  );
  const edited = lines.flatMap(({ field_hlc }) => Object.values(field_hlc ?? {}));
  const isLater = (stamp: string): boolean => stamp > approval.hlc;
  if (written.some(isLater) || edited.some(isLater)) return false;
  return approval.basis_version === orderBasis(order, lines);
}

/** The latest decision that says how the order, as it was handed in last, is to go on. */
export function decisionOf<D extends OrderDecision>(
  order: OrderHead,
  lines: readonly OrderLine[],
  decisions: readonly D[],
): D | null {
  const submitted = order.field_hlc?.['status'] ?? '';
  const latest = decisions
    .filter(({ hlc }) => hlc > submitted)
    .toSorted((a, b) => (a.hlc < b.hlc || (a.hlc === b.hlc && a.id < b.id) ? 1 : -1));
  return (
    latest.find((one) => one.decision === 'returned' || approvalStands(order, lines, one)) ?? null
  );
}

/** One line with what came of it, both in 1/10,000 base unit. */
export interface LineReceipt {
  /** Null where nobody knows any more how much the line's unit holds. */
  readonly orderedBase: number | null;
  readonly receivedBase: number;
}

/** What a quantity of a unit is in base units; null for a unit that the item does not have. */
export function toBaseUnits(
  line: Pick<OrderLine, 'unit' | 'qty_ordered'>,
  item: {
    readonly base_unit: string;
    readonly packs: readonly { readonly unit: string; readonly qty_per_base: number }[];
  },
): number | null {
  const perUnit =
    line.unit === item.base_unit
      ? QUANTITY_SCALE
      : item.packs.find(({ unit }) => unit === line.unit)?.qty_per_base;
  if (perUnit === undefined) return null;
  // A part of a pack that makes no whole base unit is rounded up: it counts as come when it is there.
  const product = BigInt(line.qty_ordered) * BigInt(perUnit);
  const scale = BigInt(QUANTITY_SCALE);
  return Number((product + scale - 1n) / scale);
}

export const backOrderBase = ({ orderedBase, receivedBase }: LineReceipt): number =>
  Math.max(0, (orderedBase ?? receivedBase) - receivedBase);
export const overReceiptBase = ({ orderedBase, receivedBase }: LineReceipt): number =>
  Math.max(0, receivedBase - (orderedBase ?? receivedBase));

/** How much of an order has come. A line of an unknown unit counts as come once anything of it has. */
export function receiptOf(lines: readonly LineReceipt[]): 'none' | 'part' | 'all' {
  const isWhole = ({ orderedBase, receivedBase }: LineReceipt): boolean =>
    orderedBase === null ? receivedBase > 0 : receivedBase >= orderedBase;
  if (lines.length > 0 && lines.every(isWhole)) return 'all';
  return lines.some(({ receivedBase }) => receivedBase > 0) ? 'part' : 'none';
}

/** The step that the server takes with an order, as an effect of facts; null for none. */
export function orderStep(
  status: string,
  facts: { readonly decision: string | null; readonly receipt: 'none' | 'part' | 'all' },
): string | null {
  const { decision, receipt } = facts;
  if (status === 'submitted') return decision;
  if (status === 'ordered' || status === 'partially_received') {
    if (receipt === 'all') return 'received';
    return receipt === 'part' && status === 'ordered' ? 'partially_received' : null;
  }
  return status === 'received' && receipt !== 'all' ? 'partially_received' : null;
}
