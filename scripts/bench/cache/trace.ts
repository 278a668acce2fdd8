import { Rng } from '../../demo-data/rng.ts';

/** What somebody reads or writes in the course of a day. */
export interface TraceEvent {
  /** Milliseconds since the day began. */
  readonly at: number;
  readonly device: number;
  readonly kind: 'patient' | 'schedule' | 'inventory' | 'medication';
  readonly write: boolean;
  /** Which one, by rank: the one that is asked for most is 0. */
  readonly rank: number;
}

export interface TraceOptions {
  readonly seed: number;
  readonly devices: number;
  readonly events: number;
  readonly patients: number;
  readonly items: number;
}

/** One request of each device every so often, as the bench `server` has it of people. */
export const EVERY_MS = 5_000;
export const ZIPF = 1.1;
export const WRITES = 0.05;
/** Shares of what is read. Of the catalogue nothing is written: that happens a few times a month. */
export const MIX = { patient: 0.45, schedule: 0.25, inventory: 0.15, medication: 0.15 } as const;
type Kind = keyof typeof MIX;

/** A day in the order of its events; the same seed gives the same. */
export function* traceOf({
  seed,
  devices,
  events,
  patients,
  items,
}: TraceOptions): Generator<TraceEvent> {
  const rng = new Rng(seed, 'a day of reads');
  const random = (): number => rng.float();
  const patient = zipf(patients, random);
  const item = zipf(items, random);
  const gap = EVERY_MS / devices;
  for (let nth = 0; nth < events; nth += 1) {
    const write = random() < WRITES;
    const kind = kindOf(random());
    yield {
      at: (nth + random()) * gap,
      device: Math.floor(random() * devices),
      kind: write && kind === 'medication' ? 'inventory' : kind,
      write,
      rank: kind === 'patient' ? patient() : kind === 'schedule' ? 0 : item(),
    };
  }
}

function kindOf(share: number): Kind {
  let left = share;
  for (const [kind, of] of Object.entries(MIX) as [Kind, number][]) {
    if ((left -= of) < 0) return kind;
  }
  return 'patient';
}

/** Ranks from 0, each so often as Zipf's law says. */
export function zipf(count: number, random: () => number): () => number {
  let sum = 0;
  const sums = Array.from({ length: count }, (_, rank) => (sum += (rank + 1) ** -ZIPF));
  return () => {
    const wanted = random() * sum;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
