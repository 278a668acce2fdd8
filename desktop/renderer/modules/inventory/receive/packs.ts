import {
  formatQuantity,
  MAX_QUANTITY,
  parseQuantity,
  QUANTITY_SCALE,
} from '#shared/kernel/quantity.ts';
import type { Pack } from '#shared/schema/tables/inventory-items.ts';

/** A unit in which a quantity can be given: `perUnit` 1/10,000 base units make one of it. */
export interface Unit {
  readonly name: string;
  readonly perUnit: number;
}

/** The units of an item: the base unit first, then its packs. */
export function unitsOf(item: { base_unit: string; packs: readonly Pack[] }): readonly Unit[] {
  const base = { name: item.base_unit, perUnit: QUANTITY_SCALE };
  const packs = item.packs
    .filter(({ unit }) => unit !== item.base_unit)
    .map(({ unit, qty_per_base }) => ({ name: unit, perUnit: qty_per_base }));
  return [base, ...packs];
}

export type QuantityProblem = 'not-a-number' | 'not-positive' | 'too-large' | 'not-exact';

/**
 * What somebody typed, in 1/10,000 base unit. Refuses what is not exact: a third of a box of 20.
 * @param lowest 'positive' for acts, 'zero' for counts, where an empty shelf is an answer
 */
export function toBase(
  text: string,
  unit: Unit,
  lowest: 'positive' | 'zero' = 'positive',
): { ok: true; quantity: number } | { ok: false; problem: QuantityProblem } {
  const typed = parseQuantity(text);
  if (typed === null) return { ok: false, problem: 'not-a-number' };
  if (typed < 0 || (typed === 0 && lowest === 'positive')) {
    return { ok: false, problem: 'not-positive' };
  }
  // Both factors may reach 10^11, so their product needs more than a double holds.
  const product = BigInt(typed) * BigInt(unit.perUnit);
  const scale = BigInt(QUANTITY_SCALE);
  if (product % scale !== 0n) return { ok: false, problem: 'not-exact' };
  const quantity = product / scale;
  if (quantity > BigInt(MAX_QUANTITY)) return { ok: false, problem: 'too-large' };
  return { ok: true, quantity: Number(quantity) };
}

/** "box of 20 each". @param quantity writes a quantity of 1/10,000 base unit */
export function unitWords(
  pack: Pick<Pack, 'unit' | 'qty_per_base'>,
  baseUnit: string,
  quantity: (value: number) => string,
): string {
  return `${pack.unit} = ${quantity(pack.qty_per_base)} ${baseUnit}`;
}

/**
 * A quantity of base units as text of a quantity field: in a unit that it fills exactly, else in the
 * base unit. @param base 1/10,000 base unit
 */
export function openAs(
  base: number,
  unit: string,
  item: { base_unit: string; packs: readonly Pick<Pack, 'unit' | 'qty_per_base'>[] },
): { quantity: string; unit: string } {
  const perUnit = item.packs.find((pack) => pack.unit === unit)?.qty_per_base;
  if (unit === item.base_unit || perUnit === undefined || base % perUnit !== 0) {
    return { quantity: formatQuantity(base), unit: item.base_unit };
  }
  return { quantity: String(base / perUnit), unit };
}
