import { percentile } from '../../bench/sync/figures.ts';
import type { CaseResult, FaultKind } from '../fault-kind.ts';
import { FULL_SIZE, SMALL_SIZE, linesOf, runOutage, runRolling } from './rolling.ts';
import type { RollingResult } from './rolling.ts';

/** Most that a write may take until another device has it, while replicas restart, milliseconds. */
const MOST_P99_MS = 2_000;
/** How long all replicas are away. */
const AWAY_MS = 6_000;
/** After an outage there come no more requests in a second than so many times the usual. */
const MOST_OF_USUAL = 2;

/** What a run says, whatever was done to the replicas. */
function caseOf(result: RollingResult, more: readonly string[]): CaseResult {
  const { acknowledged, lost, doubled, refused, lags, unseen, restarts } = result;
  return {
    lost: lost.length,
    checked: { ...acknowledged, restarts, seen: lags.length },
    problems: [
      ...lost.map((words) => `lost: ${words}`),
      ...doubled.map((words) => `doubled: ${words}`),
      ...refused.map((words) => `not taken: ${words}`),
      ...(unseen > 0 ? [`${unseen} writes were not seen on another device`] : []),
      ...more,
    ],
  };
}

/** Replicas are restarted, or die, under load: nothing is lost, nothing is there twice. */
export const ROLLING: FaultKind = {
  name: 'replicas',
  mustCheck: ['acts', 'changes', 'restarts', 'seen'],
  start: ({ sizes, print }) => {
    const size = sizes.small ? SMALL_SIZE : FULL_SIZE;
    const oneByOne = {
      name: 'one-by-one',
      async run() {
        const result = await runRolling(size);
        for (const line of linesOf(size, result)) print(`  ${line}`);
        const p99 = percentile(result.lags, 0.99);
        // At the small size the machine is shared with other tests: its times say nothing.
        const isSlow = !sizes.small && !(p99 < MOST_P99_MS);
        return caseOf(result, isSlow ? [`p99 is ${Math.round(p99)} ms`] : []);
      },
    };
    const allAtOnce = {
      name: 'all-at-once',
      async run() {
        const result = await runOutage(size, AWAY_MS);
        const { usual, usualPeak, peak } = result;
        for (const line of linesOf(size, result)) print(`  ${line}`);
        print(
          `  requests and connections a second: usual ${usual.toFixed(0)} (busiest ${usualPeak}), ` +
            `busiest after ${AWAY_MS / 1_000} s without a server ${peak}`,
        );
        const isStampede = !sizes.small && peak > MOST_OF_USUAL * usualPeak;
        return caseOf(result, isStampede ? [`${peak} requests in a second, usual ${usual}`] : []);
      },
    };
    return Promise.resolve({ cases: [oneByOne, allAtOnce] });
  },
};
