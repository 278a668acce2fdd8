import { SEPARATOR } from '#shared/barcode/gs1.ts';
import { readScan } from '#shared/barcode/scan.ts';

/**
 * Tells what a scanner types from what a person types. A scanner in keyboard mode ("wedge") sends its
 * characters at an even pace and then mostly Enter or Tab. Nobody types six keys at 60 ms each, so
 * that pace alone is enough; a slower one (up to 112 ms on average) needs more: a code that is whole in
 * itself, or the pace that the scanner of this device is known by.
 */

/** A key as it was pressed: one character, or what ends a scan; milliseconds of any steady clock. */
export interface Stroke {
  readonly key: string;
  readonly at: number;
}

/** The keys since the last silence, Enter or Tab. */
export type Run = readonly Stroke[];

/** What this device knows of its scanner. */
export interface KnownScanner {
  /** Milliseconds a key; null until the first scan. */
  readonly pace: number | null;
  /** True once a scan held a separator: what comes without one then has none. */
  readonly sendsSeparators: boolean;
  /** True when its last scan ended with Enter or Tab: then a silence in the middle is a late key. */
  readonly sendsEnd: boolean;
}

export const UNKNOWN_SCANNER: KnownScanner = {
  pace: null,
  sendsSeparators: false,
  sendsEnd: false,
};

export interface Scan {
  readonly text: string;
  /** The key of the run with which it begins; those before it were typed. */
  readonly from: number;
  /** Milliseconds a key, on average. */
  readonly pace: number;
  /** Whether Enter or Tab ended it, or silence. */
  readonly ended: boolean;
}

export interface Heard {
  readonly run: Run;
  readonly scan: Scan | null;
  /** The key belongs to the scan: nothing else may act on it. */
  readonly taken: boolean;
}

/** After so long without a key a scan that sends no Enter has ended (milliseconds). */
export const SILENCE_MS = 300;
const LONG_SILENCE_MS = 1500;
/** Of a scanner that sends Enter half a code is waited for longer: a computer may be busy. */
export const silenceOf = ({ sendsEnd }: KnownScanner): number =>
  sendsEnd ? LONG_SILENCE_MS : SILENCE_MS;
/** No person goes on from key to key as fast as this for a whole code. */
const FAST_MS = 60;
const FASTEST_MS = 35;
/** A longer gap separates what was typed from what was scanned after it. */
const GAP_MS = 115;
/** On average; a single late key does not matter. */
const SLOWEST_MS = 112;
const SHORTEST = 4;
const SHORT = 6;
/** A structured code as long as this is no coincidence. */
const SURE_LENGTH = 12;
/** Longer than any symbol in use. */
const LONGEST = 600;
const HOW_MANY_FAST = 0.8;
const NEAR_PACE = 0.35;
const ENDS = new Set(['Enter', 'Tab']);
const SIGNS = new RegExp(`^\\][A-Za-z]\\d|${SEPARATOR}`);
const WRITTEN_SEPARATOR = /␝|<GS>|\{GS\}/;

/** The next key. Where a scan has ended with it or before it, `scan` says which. */
export function hear(run: Run, stroke: Stroke, known: KnownScanner): Heard {
  const last = run.at(-1);
  const gap = last ? stroke.at - last.at : 0;
  if (last && gap > silenceOf(known)) {
    const { scan } = rest(run, stroke.at, known);
    return { run: ENDS.has(stroke.key) ? [] : [stroke], scan, taken: false };
  }
  if (!ENDS.has(stroke.key)) {
    const next = [...run, stroke];
    return { run: next.length > LONGEST ? [] : next, scan: null, taken: false };
  }
  const scan = gap <= GAP_MS || !last ? scanIn(run, gap, known) : null;
  if (scan) return { run: [], scan, taken: true };
  // Somebody pressed Enter after a scanner that sends none.
  return { run: [], scan: scanIn(run, null, known), taken: false };
}

/** Nothing came since the last key: what has been heard is judged. */
export function rest(run: Run, now: number, known: KnownScanner): Heard {
  const last = run.at(-1);
  if (!last || now - last.at < silenceOf(known)) return { run, scan: null, taken: false };
  return { run: [], scan: scanIn(run, null, known), taken: false };
}

/** True while the keys come so fast that they are a scanner's: no shortcut may act on them. */
export function isBurst(run: Run, known: KnownScanner): boolean {
  const limit =
    known.pace === null ? FAST_MS : Math.min(GAP_MS, Math.max(FAST_MS, known.pace * 1.2));
  const [a, b, c] = run.slice(-3);
  return Boolean(a && b && c && b.at - a.at <= limit && c.at - b.at <= limit);
}

/** What a scan tells about the scanner. */
export function learn(known: KnownScanner, scan: Scan): KnownScanner {
  const { pace, text } = scan;
  return {
    pace: known.pace === null ? pace : (known.pace + pace) / 2,
    sendsSeparators:
      known.sendsSeparators || text.includes(SEPARATOR) || WRITTEN_SEPARATOR.test(text),
    sendsEnd: scan.ended,
  };
}

/** @param end milliseconds from the last character to the key that ended it; null: it was silence */
function scanIn(run: Run, end: number | null, known: KnownScanner): Scan | null {
  const parts = run.flatMap(({ at }, from): Part[] => {
    const before = run[from - 1];
    // What was typed before a scan stands apart from it.
    if (run.length - from < SHORTEST || (before && at - before.at <= GAP_MS)) return [];
    return [partOf(run, from, end)];
  });
  const found = parts.find((part) => isScan(part, end !== null, known));
  if (!found || isWhole(found.text)) return found ? scanOf(found, end) : null;
  // Its first keys may have been delivered late: with them it is whole.
  const whole = parts.find(
    (part) => part.from < found.from && mean(part.gaps) <= SLOWEST_MS && isWhole(part.text),
  );
  return scanOf(whole ?? found, end);
}

/** A run from one of its keys on, with the milliseconds from key to key. */
interface Part {
  readonly from: number;
  readonly text: string;
  readonly gaps: readonly number[];
}

function partOf(run: Run, from: number, end: number | null): Part {
  const keys = run.slice(from);
  const gaps = keys.slice(1).map(({ at }, index) => at - (keys[index]?.at ?? at));
  if (end !== null) gaps.push(end);
  return { from, text: keys.map(({ key }) => key).join(''), gaps };
}

const scanOf = ({ text, from, gaps }: Part, end: number | null): Scan => ({
  text,
  from,
  pace: mean(gaps),
  ended: end !== null,
});

function isScan({ text, gaps }: Part, ended: boolean, known: KnownScanner): boolean {
  if ((gaps[0] ?? Infinity) > GAP_MS) return false;
  // Dictation and text modules type as fast: words are theirs, a code has a digit and no blank.
  if (!isSure(text) && !/^\S*\d\S*$/.test(text)) return false;
  const fast = text.length < SHORT ? FASTEST_MS : FAST_MS;
  // A computer that is busy delivers some keys late.
  if (gaps.filter((gap) => gap <= fast).length >= gaps.length * HOW_MANY_FAST) return true;
  const pace = mean(gaps);
  if (pace > SLOWEST_MS || text.length < SHORT) return false;
  if (isSure(text)) return true;
  if (!ended || known.pace === null || gaps.some((gap) => gap > GAP_MS)) return false;
  return Math.abs(pace - known.pace) <= known.pace * NEAR_PACE;
}

/** What no person types by chance: signs of a scanner, or a long code that is whole in itself. */
const isSure = (text: string): boolean =>
  SIGNS.test(text) || (text.length >= SURE_LENGTH && isLabel(text));

/** Digits with the right check digit, a label, a code of this suite, also when it is damaged. */
const isLabel = (text: string): boolean => isWhole(text) || outcomeOf(text) === 'damaged';

const isWhole = (text: string): boolean => ['read', 'ask', 'own'].includes(outcomeOf(text));

const outcomeOf = (text: string): string => readScan(text, { year: 2000 }).outcome;

const mean = (gaps: readonly number[]): number =>
  gaps.reduce((sum, gap) => sum + gap, 0) / Math.max(1, gaps.length);
