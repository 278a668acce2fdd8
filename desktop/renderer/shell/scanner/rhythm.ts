/**
 * The rhythm of keys, in milliseconds from one to the next. A scanner keeps its own; a busy computer
 * makes some keys late, and those behind them come the faster for it: what was lost is made up for.
 */

/** What is usual between two keys, and how far off half of them are. */
export interface Rhythm {
  readonly pace: number;
  readonly spread: number;
}

/** How a key stands to those behind it: of their rhythm, apart from it, or nothing tells. */
export type Edge = 'joined' | 'unclear' | 'apart';

/** Keys that come so much faster than the scanner of this device may all have waited. */
const WAITING = 0.3;
/** A scanner that is this fast sends nothing faster. */
const QUICK_MS = 5;
const AT_ONCE_MS = 4;
/** So many keys at once are those of a computer that stood still, or of the fastest scanners. */
const WAIT = 1 / 3;
const HEARD = 1 / 4;
/** The pace of nobody's fingers, where three keys in a row keep it. */
export const FASTEST_MS = 35;
/** Two fingers are not as close to each other. */
const ROLLED_MS = 25;
/** From typing a key to the first one of a scan: nobody is sooner. */
const APART_MS = 200;
const APART_PACES = 2.2;
/** A computer does not stand still for so long, as a rule. */
export const LONG_MS = 600;
/** A key that is later by no more than this, or by so much of the pace, is of the same rhythm. */
const CLOCK_MS = 20;
const UNEVEN = 0.25;
/** How exactly a scanner comes back to its beat behind a late key. */
const BEAT_MS = 8;
const BEAT = 0.1;
/** So many keys of a scan tell its pace. */
const CLEAR = 0.6;
const TICK_MS = 2;
const MADE_LATE = 1.5;
/** So many keys on the beat, no hand has them. */
const EVEN = 0.8;
const JITTER = 0.15;
const MORE_KEYS = 2;
/** A busy computer has caught up by then; in a long code small differences from the pace would add up. */
const CAUGHT_UP_KEYS = 20;
/** What is left of the delay of a key when those behind it have made up for it. */
const MADE_UP = 0.2;
const STAYS_LATE = 0.7;

const mean = (gaps: readonly number[]): number =>
  gaps.reduce((sum, gap) => sum + gap, 0) / Math.max(1, gaps.length);

/** The one in the middle; 0 of nothing. */
export function median(all: readonly number[]): number {
  const sorted = all.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

/**
 * The pace of keys. A late key that is made up for leaves the mean as it is, a pause that is not leaves
 * the median: so it is the one in the middle of these and of the mean without the longest gap.
 */
export function rhythmOf(gaps: readonly number[]): Rhythm {
  const pace = median([mean(gaps), median(gaps), meanOf(gaps)]);
  return { pace, spread: median(gaps.map((gap) => Math.abs(gap - pace))) };
}

/** The mean of gaps without the longest one: that one may be a pause of the computer. */
export function meanOf(gaps: readonly number[]): number {
  const longest = gaps.indexOf(Math.max(...gaps));
  return mean(gaps.length < 2 ? gaps : gaps.toSpliced(longest, 1));
}

/** The pace of keys most of which keep it, within what a clock can tell; else null. */
export function clearPace(gaps: readonly number[]): number | null {
  const pace = median(gaps);
  const near = gaps.filter((gap) => Math.abs(gap - pace) <= Math.max(TICK_MS, pace * UNEVEN));
  // Keys that waited come at once, which no scanner has to do.
  const isOwn = mean(gaps) <= Math.max(TICK_MS, pace) * MADE_LATE;
  return isOwn && near.length >= gaps.length * CLEAR ? mean(near) : null;
}

/** True when no hand is as even. */
export function isEven(gaps: readonly number[]): boolean {
  const pace = median(gaps);
  const near = gaps.filter((gap) => Math.abs(gap - pace) <= pace * BEAT);
  return near.length >= gaps.length * EVEN;
}

/**
 * Whether the key before a gap belongs to those behind it.
 * @param before the gaps up to that key
 * @param after the gaps behind
 * @param known the pace of this device's scanner
 */
export function edgeOf(
  before: readonly number[],
  gap: number,
  after: readonly number[],
  known: number | null,
): Edge {
  if (gap <= CLOCK_MS) return 'joined';
  const heard = rhythmOf(after);
  // Where the scanner of the device is heard, its own pace tells more than keys that were late; even ones
  // tell theirs by themselves.
  const isSteady = isEven(after);
  const isKnown =
    known !== null && !isEven(after) && isHeard(known, [...before.slice(-3), ...after], heard.pace);
  const pace = isKnown ? known : isSteady ? median(after) : heard.pace;
  const late = gap - pace;
  if (late <= Math.max(CLOCK_MS, pace * UNEVEN, isKnown ? 0 : 2 * heard.spread)) return 'joined';
  const beat = Math.max(BEAT_MS, pace * BEAT);
  const isBeat = (one: number): boolean => Math.abs(one - pace) <= beat;
  const last = before.at(-1) ?? Infinity;
  const isSent =
    last <= ROLLED_MS ||
    areAll(before.slice(-2), 2, (one) => one <= FASTEST_MS) ||
    areAll(before.slice(-3), 3, isBeat);
  if (isSent && gap < LONG_MS) return 'joined';
  // Keys at once have waited, and nobody types one so shortly before what was sent meanwhile.
  const atOnce = after.filter((one) => one <= AT_ONCE_MS).length;
  const isWaiting = (known ?? Infinity) >= QUICK_MS && atOnce >= after.length * WAIT;
  const whole = gap + after.reduce((sum, one) => sum + one, 0);
  if (isWaiting && whole < APART_MS + after.length * (known ?? 0)) return 'joined';
  // Where nobody stands still any more, those that waited come at once.
  const most = isKnown ? CAUGHT_UP_KEYS : Math.ceil(late / Math.max(1, pace)) + MORE_KEYS;
  const least = leastLate(late, pace, after.slice(0, most));
  if (least <= Math.max(BEAT_MS, pace * MADE_UP)) return 'joined';
  const isTyped = gap >= LONG_MS || (last > FASTEST_MS && !isBeat(last));
  // Keys that are faster than this scanner ever is may all have waited.
  const isUsual = heard.pace > (known === null ? AT_ONCE_MS : known * WAITING);
  const isApart = gap >= Math.max(APART_MS, pace * APART_PACES) && least >= late * STAYS_LATE;
  return isApart && isTyped && isUsual ? 'apart' : 'unclear';
}

/** Whether keys are those of a scanner of this pace, some of which a computer made wait. */
function isHeard(known: number, gaps: readonly number[], pace: number): boolean {
  const near = gaps.filter((gap) => Math.abs(gap - known) <= known * UNEVEN).length;
  const atOnce = known < QUICK_MS ? 0 : gaps.filter((gap) => gap <= AT_ONCE_MS).length;
  const isAllAtOnce = known >= QUICK_MS && pace <= AT_ONCE_MS;
  return isAllAtOnce || (near > 0 && near + atOnce >= gaps.length * HEARD);
}

const areAll = (gaps: readonly number[], n: number, are: (gap: number) => boolean): boolean =>
  gaps.length === n && gaps.every(are);

/**
 * How late the most punctual of the keys behind a pause is, by the beat of the one before it. Only keys
 * that are clearly too soon make up for something: what is uneven by a little must not add up.
 */
function leastLate(late: number, pace: number, after: readonly number[]): number {
  let now = late;
  let least = late;
  for (const gap of after) {
    if (Math.abs(gap - pace) > pace * JITTER) now += gap - pace;
    least = Math.min(least, now);
  }
  return least;
}
