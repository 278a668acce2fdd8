import type { Clock } from './clock.ts';

/**
 * A stamp of the hybrid logical clock: `<12 hex ms>-<4 hex counter>-<12 hex node>`. Fixed width, so
 * comparing the text compares time, then counter, then node.
 * Source: Kulkarni et al., "Logical Physical Clocks" (2014).
 */
export type Hlc = string;

const PATTERN = /^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MAX_COUNTER = 0xffff;

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
  /** Takes note of a stamp from elsewhere, so that the next own stamp is later. */
  observe(hlc: Hlc): void;
  /** The latest stamp known, to be stored and handed to `createHlc` at the next start. */
  last(): Hlc;
}

/**
 * A hybrid logical clock for one node. `last` is the latest stamp of an earlier run: with it the
 * clock never goes back over restarts or when the machine's clock is set back.
 * Stamps from elsewhere that lie more than `MAX_CLOCK_AHEAD_MS` ahead of this machine are not
 * followed, or one wrong clock would drag all others along.
 */
export function createHlc(options: { clock: Clock; node: string; last?: Hlc }): HybridClock {
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

  const observe = (hlc: Hlc): void => {
    const seen = parseHlc(hlc);
    if (seen.ms > clock.now() + MAX_CLOCK_AHEAD_MS) return;
    if (seen.ms > ms || (seen.ms === ms && seen.counter > counter)) {
      ms = seen.ms;
      counter = seen.counter;
    }
  };

  return { next, observe, last: () => formatHlc({ ms, counter, node }) };
}

/** A stamp too far ahead of the server, brought back to the server's time; others unchanged. */
export function clampHlc(hlc: Hlc, serverNow: number): Hlc {
  const parts = parseHlc(hlc);
  if (parts.ms <= serverNow + MAX_CLOCK_AHEAD_MS) return hlc;
  return formatHlc({ ...parts, ms: serverNow });
}

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, '0');
}
