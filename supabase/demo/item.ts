import type { SiteCode } from './people.ts';

/** A lot that the demo sites hold: number and last day of use. */
export interface DemoLot {
  readonly lotNo: string;
  readonly expiry: string | null;
}

export interface DemoItem {
  readonly sku: string;
  readonly name: string;
  readonly kind: 'supply' | 'treatment' | 'retail' | 'sample' | 'device';
  readonly category: string;
  readonly maker: string;
  readonly unit: string;
  /** Larger packs: unit and how many base units it holds. */
  readonly packs: readonly (readonly [unit: string, count: number])[];
  readonly lot: 'none' | 'optional' | 'required';
  readonly expiry: 'none' | 'optional' | 'required';
  readonly hazardous: boolean;
  readonly status: 'active' | 'discontinued';
  /** Cents a base unit. */
  readonly cost: number;
  readonly bin: string;
  /** What each site wants to hold, in base units. */
  readonly par: Readonly<Record<SiteCode, number>>;
  /** What each site opens with, in base units; less than par is short. */
  readonly stock: Readonly<Record<SiteCode, number>>;
  readonly lots: readonly DemoLot[];
  /** Of containers that are used up bit by bit: what is in one, and for how many days it is good. */
  readonly vial: DemoVial | null;
}

export interface DemoVial {
  readonly units: number;
  readonly unit: string;
  readonly days: number;
}

type Triple = readonly [AA: number, WX: number, PY: number];
type Extra = Partial<
  Pick<DemoItem, 'packs' | 'lot' | 'expiry' | 'hazardous' | 'status' | 'lots' | 'vial'>
>;

const bySite = ([AA, WX, PY]: Triple): Record<SiteCode, number> => ({ AA, WX, PY });

/**
 * One item. Columns: identity; base unit with cents and bin; par and opening stock at AA, WX, PY.
 */
export function item(
  kind: DemoItem['kind'],
  [sku, name, category, maker]: readonly [string, string, string, string],
  [unit, cost, bin]: readonly [string, number, string],
  par: Triple,
  stock: Triple,
  extra: Extra = {},
): DemoItem {
  const dated = extra.lots !== undefined;
  return {
    sku,
    name,
    kind,
    category,
    maker,
    unit,
    cost,
    bin,
    packs: extra.packs ?? [],
    lot: extra.lot ?? (dated ? 'required' : 'none'),
    expiry: extra.expiry ?? (dated ? 'required' : 'none'),
    hazardous: extra.hazardous ?? false,
    status: extra.status ?? 'active',
    par: bySite(par),
    stock: bySite(stock),
    lots: extra.lots ?? [],
    vial: extra.vial ?? null,
  };
}

/** A lot for `item`. */
export const lot = (lotNo: string, expiry: string | null): DemoLot => ({ lotNo, expiry });
/** Packs: boxes of so many. */
export const box = (count: number): DemoItem['packs'] => [['box', count]];
/** Packs: boxes, and cases of so many boxes. */
export const cases = (inBox: number, boxes: number): DemoItem['packs'] => [
  ['box', inBox],
  ['case', inBox * boxes],
];
