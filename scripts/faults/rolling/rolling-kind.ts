import { percentile } from '../../bench/sync/figures.ts';
import type { FaultKind } from '../fault-kind.ts';
import { FULL_SIZE, SMALL_SIZE, linesOf, runRolling } from './rolling.ts';

/** Most that a write may take until another device has it, while replicas restart, milliseconds. */
const MOST_P99_MS = 2_000;

/** Every replica is restarted in turn under load: nothing is lost, nothing is there twice. */
export const ROLLING: FaultKind = {
  name: 'restarts',
  mustCheck: ['acts', 'changes', 'restarts', 'seen'],
  start: ({ sizes, print }) =>
    Promise.resolve({
      cases: [
        {
          name: 'one-by-one',
          async run() {
            const size = sizes.small ? SMALL_SIZE : FULL_SIZE;
            const result = await runRolling(size);
            for (const line of linesOf(size, result)) print(`  ${line}`);
            const { acknowledged, lost, doubled, refused, lags, unseen, restarts } = result;
            const p99 = percentile(lags, 0.99);
            const problems = [
              ...lost.map((words) => `lost: ${words}`),
              ...doubled.map((words) => `doubled: ${words}`),
              ...refused.map((words) => `not taken: ${words}`),
              ...(unseen > 0 ? [`${unseen} writes were not seen on another device`] : []),
              // At the small size the machine is shared with other tests: its times say nothing.
              ...(!sizes.small && !(p99 < MOST_P99_MS) ? [`p99 is ${Math.round(p99)} ms`] : []),
            ];
            return {
              lost: lost.length,
              checked: { ...acknowledged, restarts, seen: lags.length },
              problems,
            };
          },
        },
      ],
    }),
};
