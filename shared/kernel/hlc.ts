import type { Clock } from './clock.ts';

/**
 * A stamp of the hybrid logical clock: `<12 hex ms>-<4 hex counter>-<12 hex node>`. Fixed width, so
 * comparing the text compares time, then counter, then node.
 * Source: Kulkarni et al., "Logical Physical Clocks" (2014).
 */
export type Hlc = string;

const PATTERN = /^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const MAX_COUNTER = 0xffff;

/** How far a stamp may lie ahead of the server before it is clamped, in milliseconds. */
export const MAX_CLOCK_AHEAD_MS = 5 * 60_000;

/** Earlier than every real stamp. */
export const ZERO_HLC: Hlc = '000000000000-0000-000000000000';

export interface HlcParts {
  /** Milliseconds since the Unix epoch. */
  readonly ms: number;
  readonly counter: number;
  readonly node: string;
}

export const isHlc = (value: unknown): value is Hlc =>
  typeof value === 'string' && PATTERN.test(value);

export function formatHlc({ ms, counter, node }: HlcParts): Hlc {
  return `${hex(ms, 12)}-${hex(counter, 4)}-${node}`;
}

/** @throws RangeError when the text is not a stamp. */
export function parseHlc(hlc: Hlc): HlcParts {
  if (!isHlc(hlc)) throw new RangeError('not a hybrid logical clock stamp');
  return {
    ms: Number.parseInt(hlc.slice(0, 12), 16),
    counter: Number.parseInt(hlc.slice(13, 17), 16),
    node: hlc.slice(18),
  };
}

/** The later of two stamps; null counts as earlier than all. */
export function laterHlc(a: Hlc | null | undefined, b: Hlc | null | undefined): Hlc | null {
  if (!a) return b ?? null;
  if (!b) return a;
  return a > b ? a : b;
}

/** The node part that belongs to a device: the random tail of its UUID. */
export const hlcNodeOf = (deviceId: string): string => deviceId.slice(-12).toLowerCase();

export interface HybridClock {
  /** A stamp later than every stamp given out or observed before. */
  next(): Hlc;
  /**
   * Takes note of a stamp from elsewhere, so that the next own stamp is later. Stamps far ahead of
   * this machine are not followed, or one wrong clock would drag all others along.
   */
  observe(hlc: Hlc): void;
  /**
   * As `observe`, without that bound: for stamps that the server has let pass, and for those of a
   * record that is being edited. A machine whose clock is slow would lose every edit otherwise.
   */
  follow(hlc: Hlc): void;
  /** The latest stamp known, to be stored and handed to `createHlc` at the next start. */
  last(): Hlc;
}

/**
 * A hybrid logical clock for one node. `last` is the latest stamp of an earlier run: with it the
 * clock never goes back over restarts or when the machine's clock is set back.
 */
export function createHlc(options: {
  clock: Clock;
  node: string;
  last?: Hlc | undefined;
}): HybridClock {
  const { clock, node } = options;
  let { ms, counter } = parseHlc(options.last ?? ZERO_HLC);

  const next = (): Hlc => {
    const now = clock.now();
    if (now > ms) {
      ms = now;
      counter = 0;
    } else if (counter < MAX_COUNTER) {
      counter += 1;
    } else {
      ms += 1;
      counter = 0;
    }
    return formatHlc({ ms, counter, node });
  };

  const follow = (hlc: Hlc): void => {
    const seen = parseHlc(hlc);
    if (seen.ms > ms || (seen.ms === ms && seen.counter > counter)) {
      ms = seen.ms;
      counter = seen.counter;
    }
  };

  const observe = (hlc: Hlc): void => {
    if (parseHlc(hlc).ms <= clock.now() + MAX_CLOCK_AHEAD_MS) follow(hlc);
  };

  return { next, observe, follow, last: () => formatHlc({ ms, counter, node }) };
}

/**
 * New stamps for those that lie too far ahead of the server: brought back to the server's time, in
 * their own order and behind all others of the push, so that what came after something else still
 * comes after it. What an edit was made over may itself lie ahead, within what is allowed.
 * @param stamps all of a push, those of what it edited as well
 * @param serverNow milliseconds since the Unix epoch
 * @returns old stamp → new stamp, only for those that change
 */
export function clampStamps(stamps: Iterable<Hlc>, serverNow: number): ReadonlyMap<Hlc, Hlc> {
  // Later than every stamp that is let pass; of two stamps the text says which is later.
  const limit = formatHlc({ ms: serverNow + MAX_CLOCK_AHEAD_MS + 1, counter: 0, node: '' });
  const all = [...new Set(stamps)];
  if (all.every((stamp) => stamp < limit)) return new Map();
  const ordered = all.toSorted();
  const ahead = ordered.filter((stamp) => stamp >= limit);
  const last = ordered[ordered.length - ahead.length - 1];
  const back = createHlc({ clock: { now: () => serverNow }, node: '', last });
  return new Map(ahead.map((stamp) => [stamp, back.next() + stamp.slice(18)]));
}

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, '0');
}
