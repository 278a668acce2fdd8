import { formatQuantity, QUANTITY_SCALE } from '#shared/kernel/quantity.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Pack } from '#shared/schema/tables/inventory-items.ts';
import { toBase } from '../receive/packs.ts';
import type { Unit } from '../receive/packs.ts';
import { readGtin } from './gtin-text.ts';
import type { GtinProblem } from './gtin-text.ts';

/** One pack as it stands in the fields of a form. */
export interface PackText {
  readonly key: string;
  readonly unit: string;
  /** So many … */
  readonly count: string;
  /** … of this unit make one: the base unit (null) or a pack above it. */
  readonly of: string | null;
  readonly gtin: string;
}

export interface PacksText {
  /** Trade number of a single piece. */
  readonly baseGtin: string;
  readonly rows: readonly PackText[];
}

export type PackProblem =
  | GtinProblem
  | { readonly key: 'unitMissing' | 'unitLong' | 'unitTwice' | 'unitIsBase' }
  | { readonly key: 'countWrong' | 'ofUnknown' | 'gtinTwice' | 'packsMany' }
  /** Another item has the number: said, never taken from it. */
  | { readonly key: 'gtinTaken'; readonly item: string };

/** Problems by field: `gtin` is that of the base unit, `<key> unit` that of a row. */
export type PackProblems = ReadonlyMap<string, PackProblem>;

/** Most packs that an item has, the base unit's own among them. */
export const MOST_PACKS = 20;
const LONGEST_UNIT = 40;

export const emptyPack = (): PackText => ({
  key: newId(),
  unit: '',
  count: '',
  of: null,
  gtin: '',
});

/** The packs of an item as text; each says how many base units it holds. */
export function packTexts(packs: readonly Pack[], baseUnit: string): PacksText {
  return {
    baseGtin: packs.find(({ unit }) => unit === baseUnit)?.gtin ?? '',
    rows: packs
      .filter(({ unit }) => unit !== baseUnit)
      .map(({ unit, qty_per_base, gtin }) => ({
        key: unit,
        unit,
        count: formatQuantity(qty_per_base),
        of: null,
        gtin: gtin ?? '',
      })),
  };
}

const isBlank = ({ unit, count, gtin }: PackText): boolean =>
  unit.trim() === '' && count.trim() === '' && gtin.trim() === '';

/**
 * Packs out of the fields. Rows that are empty as a whole are left out.
 * @param ownerOf the other item that has a trade number, or null
 */
export function readPacks(
  text: PacksText,
  baseUnit: string,
  ownerOf: (gtin: string) => string | null,
): { ok: true; packs: Pack[] } | { ok: false; problems: PackProblems } {
  const problems = new Map<string, PackProblem>();
  const units: Unit[] = [{ name: baseUnit, perUnit: QUANTITY_SCALE }];
  const seen = new Set<string>();
  const gtinOf = (field: string, typed: string): string | null => {
    const read = readGtin(typed);
    if (!read.ok) problems.set(field, read.problem);
    if (!read.ok || read.gtin === null) return null;
    const owner = ownerOf(read.gtin);
    if (owner !== null) problems.set(field, { key: 'gtinTaken', item: owner });
    else if (seen.has(read.gtin)) problems.set(field, { key: 'gtinTwice' });
    seen.add(read.gtin);
    return read.gtin;
  };

  const packs: Pack[] = [];
  const base = gtinOf('gtin', text.baseGtin);
  if (base !== null) packs.push({ unit: baseUnit, qty_per_base: QUANTITY_SCALE, gtin: base });
  for (const row of text.rows) {
    if (isBlank(row)) continue;
    const unit = row.unit.trim();
    const wrong = unitProblem(unit, units);
    if (wrong) problems.set(`${row.key} unit`, { key: wrong });
    const of = units.find(({ name }) => name === (row.of ?? baseUnit));
    const quantity = of ? toBase(row.count, of) : null;
    if (!of) problems.set(`${row.key} count`, { key: 'ofUnknown' });
    else if (!quantity?.ok) problems.set(`${row.key} count`, { key: 'countWrong' });
    const gtin = gtinOf(`${row.key} gtin`, row.gtin);
    const perUnit = quantity?.ok ? quantity.quantity : QUANTITY_SCALE;
    units.push({ name: unit, perUnit });
    packs.push({ unit, qty_per_base: perUnit, gtin });
  }
  const last = text.rows.at(-1);
  if (packs.length > MOST_PACKS && last) problems.set(`${last.key} unit`, { key: 'packsMany' });
  return problems.size > 0 ? { ok: false, problems } : { ok: true, packs };
}

function unitProblem(
  unit: string,
  before: readonly Unit[],
): 'unitMissing' | 'unitLong' | 'unitIsBase' | 'unitTwice' | null {
  if (unit === '') return 'unitMissing';
  if (unit.length > LONGEST_UNIT) return 'unitLong';
  const at = before.findIndex(({ name }) => name === unit);
  if (at === 0) return 'unitIsBase';
  return at > 0 ? 'unitTwice' : null;
}
