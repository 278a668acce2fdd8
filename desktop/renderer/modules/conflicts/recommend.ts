import type { PhiClass } from '#shared/schema/define.ts';
import type { Choice } from './steps.ts';

/** Why a choice is recommended. */
export type Reason = 'same-site' | 'later';

export interface Recommendation {
  /** Place among the choices. */
  readonly index: number;
  readonly reason: Reason;
}

/** Two changes closer than this say nothing about which of them knew more, milliseconds. */
const CLOSE_MS = 60_000;

/**
 * Which choice there are grounds for, or null when there are none. What is said about a patient's
 * care, coverage or money is never recommended: whoever decides has to know it.
 * @param phi class of the field
 * @param siteId where the thing is, null when it belongs to no site
 */
export function recommend(
  choices: readonly Choice[],
  { phi, siteId }: { readonly phi: PhiClass; readonly siteId: string | null },
): Recommendation | null {
  if (phi === 'P2' || phi === 'P3') return null;
  const entered = choices.flatMap(({ sides }, index) =>
    sides.length > 0 ? [{ sides, index }] : [],
  );
  // A third value came since: whoever wrote it may have known more than both.
  if (entered.length < 2 || entered.length < choices.length) return null;
  const here = entered.filter(({ sides }) =>
    sides.some(({ site_id: site }) => siteId !== null && site === siteId),
  );
  const known = entered.every(({ sides }) => sides.every(({ site_id: site }) => site !== null));
  const [closest] = here;
  if (known && closest && here.length === 1) return { index: closest.index, reason: 'same-site' };
  const byTime = entered
    .map(({ sides, index }) => ({ index, at: Math.max(...sides.map(({ at }) => at)) }))
    .toSorted((a, b) => b.at - a.at);
  const [latest, second] = byTime;
  if (!latest || !second || latest.at - second.at < CLOSE_MS) return null;
  return { index: latest.index, reason: 'later' };
}
