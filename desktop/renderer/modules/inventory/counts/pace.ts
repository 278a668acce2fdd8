import { difference, shelvesOf } from './count-rules.ts';
import type { CountLine } from './count-rules.ts';

/** A longer break between two lines is a pause, and no time of counting. */
export const PAUSE_MS = 120_000;

/** How somebody counted. */
export interface Pace {
  readonly id: string;
  readonly who: string | null;
  readonly lines: number;
  /** Median from one line to the next, without pauses; null for a single line. */
  readonly secondsPerLine: number | null;
  readonly linesPerMinute: number | null;
}

/** The pace of everybody who counted, who counted most first. */
export function pacesOf(lines: readonly CountLine[]): Pace[] {
  return [...Map.groupBy(lines, ({ counter_id }) => counter_id)]
    .map(([id, own]) => {
      const gaps = gapsOf(own);
      const active = gaps.reduce((sum, gap) => sum + gap, 0);
      return {
        id,
        who: own[0]?.who ?? null,
        lines: own.length,
        secondsPerLine: gaps.length === 0 ? null : median(gaps) / 1000,
        linesPerMinute: active === 0 ? null : (gaps.length * 60_000) / active,
      };
    })
    .toSorted((a, b) => b.lines - a.lines || (a.id < b.id ? -1 : 1));
}

/** From line to line of one person, without pauses, the shortest first. */
function gapsOf(own: readonly CountLine[]): number[] {
  const times = own.map(({ counted_at }) => counted_at).toSorted((a, b) => a - b);
  return times
    .slice(1)
    .map((time, index) => time - (times[index] ?? time))
    .filter((gap) => gap <= PAUSE_MS)
    .toSorted((a, b) => a - b);
}

/** A count in a few figures, for the list of counts. */
export interface PaceSummary {
  /** Median of all who counted, each from line to line; null for single lines. */
  readonly secondsPerLine: number | null;
  /** Lines by stretch of time; null where all was counted at one moment. */
  readonly linesOverTime: readonly number[] | null;
}

/** @see PaceSummary */
export function summaryOf(lines: readonly CountLine[]): PaceSummary {
  const people = Map.groupBy(lines, ({ counter_id }) => counter_id);
  const gaps = [...people.values()].flatMap(gapsOf).toSorted((a, b) => a - b);
  const stretches = stretchesOf(lines);
  return {
    secondsPerLine: gaps.length === 0 ? null : median(gaps) / 1000,
    linesOverTime:
      stretches &&
      stretches.starts.map((_, at) =>
        [...stretches.byCounter.values()].reduce((sum, own) => sum + (own[at] ?? 0), 0),
      ),
  };
}

function median(sorted: readonly number[]): number {
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

/** Share of what was counted that lies within what counting may miss; null while nobody may know. */
export function accuracyOf(lines: readonly CountLine[]): number | null {
  const all = shelvesOf(lines).map(({ holds }) => difference(holds));
  if (all.length === 0 || all.includes(null)) return null;
  return all.filter((one) => one?.large === false).length / all.length;
}

/** Lines by stretch of time, for a small picture. */
export interface Stretches {
  /** Beginnings, milliseconds. */
  readonly starts: readonly number[];
  readonly byCounter: ReadonlyMap<string, readonly number[]>;
}

const MOST_STRETCHES = 12;
const LENGTHS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440].map((minutes) => minutes * 60_000);

/** At most twelve stretches of whole minutes; null where all was counted at one moment. */
export function stretchesOf(lines: readonly CountLine[]): Stretches | null {
  const times = lines.map(({ counted_at }) => counted_at);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  if (lines.length < 2 || first === last) return null;
  const fits = (one: number): boolean =>
    Math.floor(last / one) - Math.floor(first / one) < MOST_STRETCHES;
  const length = LENGTHS.find(fits) ?? Math.ceil((last - first) / (MOST_STRETCHES - 1));
  const from = Math.floor(first / length);
  const n = Math.floor(last / length) - from + 1;
  const byCounter = new Map(
    [...Map.groupBy(lines, ({ counter_id }) => counter_id)].map(([id, own]) => {
      const sums = Array<number>(n).fill(0);
      for (const { counted_at } of own) {
        const at = Math.floor(counted_at / length) - from;
        sums[at] = (sums[at] ?? 0) + 1;
      }
      return [id, sums];
    }),
  );
  return { starts: Array.from({ length: n }, (_, at) => (from + at) * length), byCounter };
}
