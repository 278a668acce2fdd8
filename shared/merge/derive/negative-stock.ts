/** A movement as far as it can explain why there is less than nothing. */
export interface ExplainedMovement {
  readonly id: string;
  readonly type: string;
  readonly lot_id: string | null;
  /** Signed, 1/10,000 base units. */
  readonly qty_base: number;
  readonly entered_unit: string;
  readonly entered_qty: string;
  /** Milliseconds since the Unix epoch. */
  readonly occurred_at: number;
  readonly performed_by: string | null;
  readonly device_id: string | null;
  readonly reverses_id: string | null;
}

/**
 * double_issue: the same was taken twice, by two people or on two devices · transfer_waiting: what
 * another site has sent was not received · never_received: this lot never came in here ·
 * unit_mixup: one entry in another unit would explain it · other_lot: another lot has what is missing.
 */
export type NegativeCause =
  | { readonly kind: 'double_issue'; readonly movements: readonly [string, string] }
  | { readonly kind: 'transfer_waiting'; readonly quantity: number }
  | { readonly kind: 'never_received' }
  | { readonly kind: 'unit_mixup'; readonly movement: string; readonly unit: string }
  | { readonly kind: 'other_lot'; readonly lot_id: string | null; readonly quantity: number };

/** Two entries that far apart may be one thing entered twice. */
export const DOUBLE_WITHIN_MS = 24 * 3_600_000;

/**
 * Why a lot may have gone below zero at a site, the likeliest first. Says only what the ledger shows;
 * which of it is true a person finds out.
 */
export function likelyCauses(of: {
  readonly lotId: string | null;
  /** Below zero, 1/10,000 base units. */
  readonly onHand: number;
  /** Of the item at the site, all lots. */
  readonly movements: readonly ExplainedMovement[];
  /** True when a posted count has seen the lot there. */
  readonly counted: boolean;
  readonly baseUnit: string;
  /** Packs of the item: 1/10,000 base units that make one. */
  readonly packs: readonly { readonly unit: string; readonly qty_per_base: number }[];
  /** On hand of the other lots at the site. */
  readonly others: readonly { readonly lot_id: string | null; readonly on_hand: number }[];
  /** On its way to this site, 1/10,000 base units. */
  readonly onItsWay: number;
}): NegativeCause[] {
  const missing = -of.onHand;
  if (missing <= 0) return [];
  const reversed = new Set(of.movements.map(({ reverses_id: id }) => id));
  const own = of.movements
    .filter(({ id, lot_id, reverses_id: undoes }) => {
      return lot_id === of.lotId && undoes === null && !reversed.has(id);
    })
    .toSorted((a, b) => b.occurred_at - a.occurred_at || (a.id < b.id ? -1 : 1));
  const causes: NegativeCause[] = [];
  const twice = takenTwice(own, missing);
  if (twice) causes.push({ kind: 'double_issue', movements: twice });
  if (of.onItsWay > 0) causes.push({ kind: 'transfer_waiting', quantity: of.onItsWay });
  if (of.lotId !== null && !of.counted && !own.some(({ qty_base: qty }) => qty > 0)) {
    causes.push({ kind: 'never_received' });
  }
  const mixup = unitMixup(own, of, missing);
  if (mixup) causes.push(mixup);
  const other = of.others
    .filter(({ on_hand: held }) => held >= missing)
    .toSorted((a, b) => b.on_hand - a.on_hand)[0];
  if (other) causes.push({ kind: 'other_lot', lot_id: other.lot_id, quantity: other.on_hand });
  return causes;
}

/** Two takings of the same quantity within a day, by two people or devices, one of which is enough. */
function takenTwice(
  own: readonly ExplainedMovement[],
  missing: number,
): readonly [string, string] | null {
  const taken = own.filter(({ qty_base: qty }) => qty < 0 && -qty >= missing);
  for (const [at, later] of taken.entries()) {
    const earlier = taken
      .slice(at + 1)
      .find(
        (other) =>
          other.qty_base === later.qty_base &&
          later.occurred_at - other.occurred_at <= DOUBLE_WITHIN_MS &&
          (other.device_id !== later.device_id || other.performed_by !== later.performed_by),
      );
    if (earlier) return [earlier.id, later.id];
  }
  return null;
}

/** A mix-up that would leave many times more than is missing explains nothing in particular. */
const MIXUP_WITHIN = 10;

/** An entry that would leave enough if it had been meant in another unit of the item. */
function unitMixup(
  own: readonly ExplainedMovement[],
  of: Pick<Parameters<typeof likelyCauses>[0], 'baseUnit' | 'packs'>,
  missing: number,
): NegativeCause | null {
  const units = new Map(of.packs.map(({ unit, qty_per_base: size }) => [unit, size]));
  units.set(of.baseUnit, 10_000);
  for (const movement of own) {
    const size = units.get(movement.entered_unit);
    if (size === undefined) continue;
    for (const [unit, otherSize] of units) {
      if (unit === movement.entered_unit) continue;
      const meant = (movement.qty_base / size) * otherSize;
      // Less taken, or more received, by at least what is missing, and not out of all proportion to it.
      const more = meant - movement.qty_base;
      if (more >= missing && more <= missing * MIXUP_WITHIN) {
        return { kind: 'unit_mixup', movement: movement.id, unit };
      }
    }
  }
  return null;
}
