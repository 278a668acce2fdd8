import { QUANTITY_SCALE } from '#shared/kernel/quantity.ts';
import { countTolerance } from './on-hand.ts';

/**
 * The guard of counts: which of them post themselves, and which a second person has to look at. The
 * server judges by it, the screen explains by it, so that both say the same.
 */

/** What all differences of a count may be worth together to be posted without a second person. */
export const COUNT_VALUE_LIMIT_CENTS = 2_500;

/** What somebody saw of one lot of one item beside what the books said at that moment. */
export interface GuardedLine {
  /** 1/10,000 base units, as is `expected`. */
  readonly counted: number;
  readonly expected: number;
  /** What one base unit cost when it was last bought for this site; null where nobody knows. */
  readonly unitCostCents: number | null;
}

/** True when a line is no further from the books than counting may miss: one unit or two per cent. */
export const isWithinTolerance = ({
  counted,
  expected,
}: Pick<GuardedLine, 'counted' | 'expected'>): boolean =>
  Math.abs(counted - expected) <= countTolerance(expected);

/** What the difference of a line is worth, signed, in cents; null where no price is known. */
export function varianceCents({ counted, expected, unitCostCents }: GuardedLine): number | null {
  if (unitCostCents === null) return null;
  const cents = Math.round(((counted - expected) * unitCostCents) / QUANTITY_SCALE);
  return cents === 0 ? 0 : cents;
}

/** What the guard says about a whole count. */
export interface GuardVerdict {
  /** True when it posts itself. */
  readonly fits: boolean;
  /** How many lines are further off than counting may miss. */
  readonly far: number;
  /** What all differences are worth together, each without its sign, in cents. */
  readonly valueCents: number;
  readonly isAboveValue: boolean;
  /** Lines that differ and have no price: judged by their quantity alone. */
  readonly unpriced: number;
}

/**
 * Judges a count by the lines that hold (of what was counted twice the later one). Too much and too
 * little do not make up for each other.
 */
export function judgeCounted(lines: readonly GuardedLine[]): GuardVerdict {
  const values = lines.map(varianceCents);
  const valueCents = values.reduce<number>((sum, cents) => sum + Math.abs(cents ?? 0), 0);
  const far = lines.filter((line) => !isWithinTolerance(line)).length;
  const isAboveValue = valueCents > COUNT_VALUE_LIMIT_CENTS;
  return {
    fits: far === 0 && !isAboveValue,
    far,
    valueCents,
    isAboveValue,
    unpriced: lines.filter(
      ({ counted, expected }, at) => values[at] === null && counted !== expected,
    ).length,
  };
}
