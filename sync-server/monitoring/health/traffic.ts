import type { Clock } from '#shared/kernel/clock.ts';

/** What is judged is what was in this time, milliseconds. */
export const WINDOW_MS = 5 * 60_000;
const SLOT_MS = 15_000;
/** Upper bounds of durations, milliseconds; what is above the last one counts in a place of its own. */
export const BOUNDS = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_000, 5_000, 10_000] as const;

/** What a replica had to do in the window. */
export interface TrafficFigures {
  readonly requests: number;
  /** Answered with a fault of ours. */
  readonly errors: number;
  /** Requests by duration, see `BOUNDS`. */
  readonly durations: readonly number[];
  /** Sign-ins and machines that were turned away. */
  readonly refusals: number;
  readonly slowStatements: number;
  /** Text of the latest slow statement, without its values. */
  readonly slowest: string | null;
  readonly cacheHits: number;
  readonly cacheLookups: number;
  /** Connections to the database that were lost or could not be made. */
  readonly connectionFailures: number;
}

export interface Traffic {
  request(status: number, ms: number): void;
  slowStatement(text: string): void;
  cacheLookup(isHit: boolean): void;
  connectionFailed(): void;
  figures(): TrafficFigures;
}

type Counts = { -readonly [K in keyof Omit<TrafficFigures, 'durations' | 'slowest'>]: number } & {
  readonly durations: number[];
};

interface Slot {
  readonly at: number;
  readonly counts: Counts;
  slowest: string | null;
}

const none = (): Counts => ({
  requests: 0,
  errors: 0,
  refusals: 0,
  slowStatements: 0,
  cacheHits: 0,
  cacheLookups: 0,
  connectionFailures: 0,
  durations: Array.from({ length: BOUNDS.length + 1 }, () => 0),
});

/** Counts what this process does, for as long as it is judged; a few kilobytes, whatever the load. */
export function createTraffic(clock: Clock): Traffic {
  const slots: Slot[] = [];
  const slot = (): Slot => {
    const at = Math.floor(clock.now() / SLOT_MS) * SLOT_MS;
    const last = slots.at(-1);
    if (last && last.at >= at) return last;
    while (slots[0] && slots[0].at <= at - WINDOW_MS) slots.shift();
    const next = { at, counts: none(), slowest: null };
    slots.push(next);
    return next;
  };
  return {
    request(status, ms) {
      const { counts } = slot();
      counts.requests += 1;
      if (status >= 500) counts.errors += 1;
      if (status === 401 || status === 403) counts.refusals += 1;
      const place = BOUNDS.findIndex((bound) => ms <= bound);
      const at = place === -1 ? BOUNDS.length : place;
      counts.durations[at] = (counts.durations[at] ?? 0) + 1;
    },
    slowStatement(text) {
      const now = slot();
      now.counts.slowStatements += 1;
      now.slowest = text;
    },
    cacheLookup(isHit) {
      const { counts } = slot();
      counts.cacheLookups += 1;
      if (isHit) counts.cacheHits += 1;
    },
    connectionFailed() {
      slot().counts.connectionFailures += 1;
    },
    figures() {
      slot();
      const sum = addTraffic(slots.map(({ counts }) => ({ ...counts, slowest: null })));
      return {
        ...sum,
        slowest: slots.findLast(({ slowest }) => slowest !== null)?.slowest ?? null,
      };
    },
  };
}

/** What several had to do together. */
export function addTraffic(all: readonly TrafficFigures[]): TrafficFigures {
  const sum = none();
  for (const { slowest: _, durations, ...counts } of all) {
    for (const [name, n] of Object.entries(counts)) sum[name as keyof typeof counts] += n;
    for (const [at, n] of durations.entries()) sum.durations[at] = (sum.durations[at] ?? 0) + n;
  }
  return { ...sum, slowest: all.findLast(({ slowest }) => slowest !== null)?.slowest ?? null };
}

/** The duration that so many of the requests did not exceed: an upper bound of `BOUNDS`, milliseconds. */
export function quantileOf({ durations, requests }: TrafficFigures, share: number): number {
  let seen = 0;
  for (const [at, n] of durations.entries()) {
    seen += n;
    if (n > 0 && seen >= requests * share) return BOUNDS[at] ?? 2 * (BOUNDS.at(-1) ?? 0);
  }
  return 0;
}
