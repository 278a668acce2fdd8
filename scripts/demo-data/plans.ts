import type { Rng } from './rng.ts';

/** Five invented plans over three regimes, and what they ask of a patient at the desk. */
export interface DemoPlan {
  readonly payer: string;
  readonly plan: string;
  readonly regime: 'mi_commercial' | 'medicare' | 'medicaid';
  readonly prefix: string;
  readonly bin: string;
  readonly pcn: string;
  /** Usual copay in cents; 0: none. */
  readonly copay: number;
  /** Part of the requests that are approved at the first try. */
  readonly approves: number;
  /** Days until an answer, on average. */
  readonly answersIn: number;
}

export const PLANS: readonly DemoPlan[] = [
  plan(
    'Wolverine Meadow Health',
    'Open PPO',
    'mi_commercial',
    'WM',
    ['999101', 'WMRX'],
    4000,
    [0.72, 4],
  ),
  plan('Straits Mutual', 'Choice HMO', 'mi_commercial', 'SM', ['999102', 'STRX'], 3000, [0.64, 5]),
  plan(
    'Blue Heron Cooperative',
    'Silver',
    'mi_commercial',
    'BH',
    ['999103', 'BHRX'],
    5000,
    [0.58, 6],
  ),
  plan(
    'Lantern Senior Advantage',
    'Part D Plus',
    'medicare',
    'LS',
    ['999104', 'LSRX'],
    2000,
    [0.7, 2],
  ),
  plan(
    'Mitten Community Care',
    'Healthy Start',
    'medicaid',
    'MC',
    ['999105', 'MCRX'],
    0,
    [0.52, 3],
  ),
];

export interface DemoCoverage extends DemoPlan {
  readonly memberId: string;
  readonly groupNo: string;
  /** Payer of a second coverage. */
  readonly rank2: string | null;
}

/** Insurance as people of an age have it; null: none, about 4 in 100. */
export function coverageOf(rng: Rng, age: number): DemoCoverage | null {
  if (rng.chance(0.04)) return null;
  const [open, choice, heron, senior, community] = PLANS;
  if (!open || !choice || !heron || !senior || !community) return null;
  const chosen =
    age >= 65
      ? rng.weighted([
          [senior, 88],
          [open, 12],
        ])
      : rng.weighted([
          [open, 38],
          [choice, 27],
          [heron, 17],
          [community, 18],
        ]);
  return {
    ...chosen,
    memberId: `${chosen.prefix}X${String(rng.int(0, 9_999_999)).padStart(7, '0')}`,
    groupNo: `G${rng.int(1000, 9999)}`,
    rank2: age >= 65 && rng.chance(0.35) ? open.payer : null,
  };
}

function plan(
  payer: string,
  name: string,
  regime: DemoPlan['regime'],
  prefix: string,
  [bin, pcn]: readonly [string, string],
  copay: number,
  [approves, answersIn]: readonly [number, number],
): DemoPlan {
  return { payer, plan: name, regime, prefix, bin, pcn, copay, approves, answersIn };
}
