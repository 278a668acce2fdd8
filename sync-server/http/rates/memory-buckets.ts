import { createLru } from '../../realtime/lru.ts';
import { allowanceOf, sizesOf } from './bucket.ts';
import type { Buckets } from './bucket.ts';

/** More subjects than this are not told apart in time: who was forgotten begins with a whole burst. */
const MOST_SUBJECTS = 50_000;

/** Counts in this process. @param now milliseconds of any clock that does not jump */
export function createMemoryBuckets(now: () => number): Buckets {
  /** Subject → when it will have used nothing. */
  const free = createLru<string, number>(MOST_SUBJECTS);
  return {
    async take(subject, rate) {
      const { step, most } = sizesOf(rate);
      const at = now();
      const debt = Math.max(0, (free.get(subject) ?? 0) - at);
      if (debt + step > most + 1e-6) return allowanceOf(rate, false, debt);
      free.set(subject, at + debt + step);
      return allowanceOf(rate, true, debt + step);
    },
  };
}
