import { z } from 'zod';

/**
 * A counter that devices add to without seeing each other: device → how much it has added so far.
 * The sum is the value; joining takes the larger number of each device, since a device's own number
 * only grows. Source: Shapiro et al., "A comprehensive study of CRDTs" (2011), G-counter.
 */
export const Counter = z.record(z.guid(), z.int().min(0).max(2_000_000_000));
export type Counter = Readonly<z.infer<typeof Counter>>;

/** What the counter stands at. */
export const countOf = (counter: Counter): number =>
  Object.values(counter).reduce((sum, own) => sum + own, 0);

/** The counter after a device has added to it. @throws RangeError for less than one */
export function addTo(counter: Counter, deviceId: string, by = 1): Counter {
  if (!Number.isInteger(by) || by < 1) throw new RangeError('a counter only grows');
  return { ...counter, [deviceId]: (counter[deviceId] ?? 0) + by };
}

/** Both counters as one. */
export function joinCounters(a: Counter, b: Counter): Counter {
  const out: Record<string, number> = { ...a };
  for (const [device, own] of Object.entries(b)) out[device] = Math.max(own, out[device] ?? 0);
  return out;
}
