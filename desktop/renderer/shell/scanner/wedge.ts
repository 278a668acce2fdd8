import { SEPARATOR } from '#shared/barcode/gs1.ts';
import { readScan } from '#shared/barcode/scan.ts';
import { clearPace, edgeOf, FASTEST_MS, isEven, LONG_MS, meanOf, median } from './rhythm.ts';
import type { Edge } from './rhythm.ts';

/**
 * Tells what a scanner types from what a person types. A scanner in keyboard mode ("wedge") sends its
 * characters at an even pace and then mostly Enter or Tab. Three things speak for a scan: a pace that
 * nobody keeps up for a whole code, the pace that the scanner of this device is known by, and a code
 * that is whole in itself (check digit, label). Where it begins is told by the same: keys that were typed
 * before it stand apart from its rhythm, and do not make the code whole. Where neither tells, all
 * beginnings that there may be are given, and somebody is asked.
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
  /** Milliseconds a key of its last scans, the latest last. */
  readonly paces: readonly number[];
  /** True once a scan held a separator: what comes without one then has none. */
  readonly sendsSeparators: boolean;
  /** True when its last scan ended with Enter or Tab: then a silence in the middle is a late key. */
  readonly sendsEnd: boolean;
}

export const UNKNOWN_SCANNER: KnownScanner = {
  paces: [],
  sendsSeparators: false,
  sendsEnd: false,
};

/** Its usual pace: the median, since a busy computer disturbs a scan now and then; null until the first. */
export const paceOf = ({ paces }: KnownScanner): number | null =>
  paces.length === 0 ? null : median(paces);
/** So many scans are remembered: a new scanner is known after a few. */
export const MOST_PACES = 5;

export interface Scan {
  readonly text: string;
  /** The key of the run with which it begins; those before it were typed. */
  readonly from: number;
  /** Later keys with which it may begin as well, since nothing tells; mostly none. */
  readonly orFrom: readonly number[];
  /** Milliseconds a key; null where a busy computer made too many of them late to tell. */
  readonly pace: number | null;
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
/** What is no scan yet may be the beginning of one for so long. */
const KEPT_MS = 3000;
/** No person goes on from key to key as fast as this for a whole code. */
const FAST_MS = 60;
/** No shortcut acts on keys that come as fast as the scanner's, or faster than this. */
const BURST_MS = 115;
/** On average, its longest pause left out; nobody types a whole label as fast. */
const SLOW_MS = 112;
/** A slower scanner is told by a whole label at a pace that no hand keeps so evenly. */
const SLOWEST_MS = 250;
const SHORTEST = 4;
const SHORT = 6;
/** A structured code as long as this is no coincidence. */
const SURE_LENGTH = 12;
/** Longer than any symbol in use. */
const LONGEST = 600;
/** Keys of what is no scan yet that may belong to one. */
const MOST_KEPT = 160;
/** With more of them it is no scan, wherever it begins. */
const MOST_PAUSES = 5;
const HOW_MANY_FAST = 0.8;
const NEAR_PACE = 0.2;
const HOW_MANY_NEAR = 0.7;
const ENDS = new Set(['Enter', 'Tab']);
const SIGNS = new RegExp(`^\\][A-Za-z]\\d|${SEPARATOR}`);
const WRITTEN_SEPARATOR = /␝|<GS>|\{GS\}/;

/** The next key. Where a scan has ended with it or before it, `scan` says which. */
export function hear(run: Run, stroke: Stroke, known: KnownScanner): Heard {
  const last = run.at(-1);
  const gap = last ? stroke.at - last.at : 0;
  const isEnd = ENDS.has(stroke.key);
  if (last && gap > silenceOf(known)) {
    const { run: kept, scan } = rest(run, stroke.at, known);
    return { run: isEnd ? [] : [...kept, stroke], scan, taken: false };
  }
  if (!isEnd) {
    const next = [...run, stroke];
    return { run: next.length > LONGEST ? [] : next, scan: null, taken: false };
  }
  // Somebody who presses Enter after a scanner that sends none has to see first that it has scanned.
  const scan = scanIn(run, gap, known);
  return { run: [], scan, taken: scan !== null };
}

/** Nothing came since the last key: what has been heard is judged. */
export function rest(run: Run, now: number, known: KnownScanner): Heard {
  const last = run.at(-1);
  const silence = last ? now - last.at : 0;
  if (!last || silence < silenceOf(known)) return { run, scan: null, taken: false };
  const scan = scanIn(run, null, known);
  // The first keys of a scan may stand alone for a while, where the computer is busy.
  const kept = scan || silence > KEPT_MS ? [] : run.slice(-MOST_KEPT);
  return { run: kept, scan, taken: false };
}

/** True while the keys come so fast that they are a scanner's: no shortcut may act on them. */
export function isBurst(run: Run, known: KnownScanner): boolean {
  const pace = paceOf(known) ?? 0;
  const limit = Math.min(BURST_MS, Math.max(FAST_MS, pace * 1.2));
  const [a, b, c] = run.slice(-3);
  return Boolean(a && b && c && b.at - a.at <= limit && c.at - b.at <= limit);
}

/** What a scan tells about the scanner. */
export function learn(known: KnownScanner, scan: Scan): KnownScanner {
  const { pace, text } = scan;
  return {
    paces: pace === null ? known.paces : [...known.paces, pace].slice(-MOST_PACES),
    sendsSeparators:
      known.sendsSeparators || text.includes(SEPARATOR) || WRITTEN_SEPARATOR.test(text),
    sendsEnd: scan.ended,
  };
}

/** The keys of a run from one of them on, which may be a scan. */
interface Part {
  readonly from: number;
  readonly text: string;
  readonly gaps: readonly number[];
  /** How the key before stands to it. */
  readonly edge: Edge;
  /** Milliseconds from that key. */
  readonly gap: number;
  /** Keys inside of it that do not follow its rhythm. */
  readonly pauses: number;
}

/** @param end milliseconds from the last character to the key that ended it; null: it was silence */
function scanIn(run: Run, end: number | null, known: KnownScanner): Scan | null {
  const found = partsOf(run, end, known).filter((part) => isScan(part, end !== null, known));
  const [first, ...others] = likely(found);
  if (!first) return null;
  return {
    text: first.text,
    from: first.from,
    orFrom: others.map(({ from }) => from),
    pace: clearPace(first.gaps),
    ended: end !== null,
  };
}

/** Of the beginnings that there may be those that neither rhythm nor content rules out. */
function likely(found: readonly Part[]): readonly Part[] {
  const whole = found.filter(({ text }) => isWhole(text));
  const sound = whole.length > 0 ? whole : found;
  // Where a code is whole with the key before it, too, a pause says little: a computer may have stood
  // still, and the key would be taken for a quantity that nobody has typed.
  const leastGap = whole.length > 1 ? LONG_MS : 0;
  const clear = sound.findLast(({ edge, gap }) => edge === 'apart' && gap >= leastGap);
  const rest = found.filter(
    (part) =>
      part.from >= (clear?.from ?? 0) &&
      // What is cut off from a whole code may look like a shorter one.
      (whole.includes(part) || !whole.some(({ from }) => from < part.from)),
  );
  // One pause of a computer is likelier than two.
  const steady = rest.filter((part) => part.pauses <= 1 || whole.includes(part));
  return steady.length > 0 ? steady : rest;
}

/** Where a scan may begin in a run: not at keys that follow the rhythm of those before them. */
function partsOf(run: Run, end: number | null, known: KnownScanner): Part[] {
  const gaps = run.slice(1).map(({ at }, index) => at - (run[index]?.at ?? at));
  const all = end === null ? gaps : [...gaps, end];
  const parts: Part[] = [];
  const pace = paceOf(known);
  let pauses = 0;
  // Nobody looks through a long text for a scan: a slow scanner's are short.
  const first = meanOf(all.slice(-SHORT)) <= FAST_MS ? 0 : Math.max(0, run.length - MOST_KEPT);
  for (let from = run.length - SHORTEST; from >= first && pauses <= MOST_PAUSES; from -= 1) {
    const gap = gaps[from - 1];
    const after = all.slice(from);
    const edge =
      gap === undefined
        ? 'apart'
        : edgeOf(gaps.slice(Math.max(0, from - 4), from - 1), gap, after, pace);
    if (edge === 'joined') continue;
    const text = run.slice(from).map(({ key }) => key);
    parts.unshift({ from, text: text.join(''), gaps: after, edge, gap: gap ?? Infinity, pauses });
    pauses += 1;
  }
  return parts;
}

function isScan({ text, gaps }: Part, ended: boolean, known: KnownScanner): boolean {
  const isLong = text.length >= SHORT;
  // Dictation and text modules type as fast: words are theirs, a code has a digit and no blank.
  const isCode = /^\S*\d\S*$/.test(text);
  // A computer that is busy delivers some keys late.
  if (share(gaps, (gap) => gap <= (isLong ? FAST_MS : FASTEST_MS)) >= HOW_MANY_FAST) {
    return isCode || isSure(text);
  }
  const mean = meanOf(gaps);
  const isSteady = mean <= SLOW_MS || (ended && mean <= SLOWEST_MS && isEven(gaps));
  if (isLong && isSteady && isSure(text)) return true;
  const pace = paceOf(known);
  if (!isLong || !isCode || !ended || pace === null) return false;
  const isNear = (ms: number): boolean => Math.abs(ms - pace) <= pace * NEAR_PACE;
  return isNear(mean) && share(gaps, isNear) >= HOW_MANY_NEAR;
}

const share = (gaps: readonly number[], is: (gap: number) => boolean): number =>
  gaps.filter(is).length / Math.max(1, gaps.length);

/** What no person types by chance: signs of a scanner, or a long code that is whole in itself. */
const isSure = (text: string): boolean =>
  SIGNS.test(text) || (text.length >= SURE_LENGTH && isLabel(text));

/** Digits with the right check digit, a label, a code of this suite, also when it is damaged. */
const isLabel = (text: string): boolean => isWhole(text) || outcomeOf(text) === 'damaged';

/** A blank in front is a key of somebody: what reads a code leaves it out. */
const isWhole = (text: string): boolean =>
  /^\S/.test(text) && ['read', 'ask', 'own'].includes(outcomeOf(text));

const outcomeOf = (text: string): string => readScan(text, { year: 2000 }).outcome;
