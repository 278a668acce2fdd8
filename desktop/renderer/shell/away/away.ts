/** So long without a sign of the person is an absence, milliseconds. */
export const AWAY_MS = 4 * 3_600_000;

/** The instant from which on somebody has missed something, or null when they were here. */
export function awaySince(lastSeen: number | null, now: number): number | null {
  return lastSeen !== null && now - lastSeen >= AWAY_MS ? lastSeen : null;
}

/** When somebody was last seen, as it was kept; what is no instant of the past is nothing. */
export function readSeen(kept: string | null, now: number): number | null {
  const seen = kept === null ? Number.NaN : Number(kept);
  return Number.isSafeInteger(seen) && seen > 0 && seen <= now ? seen : null;
}

/** Something that happened or waits: how much of it, and where to look. */
export interface AwayLine<Name extends string = string> {
  readonly name: Name;
  readonly n: number;
  readonly to: string;
}

/** What there is to say: what is not there is not mentioned. */
export const worthSaying = <L extends AwayLine>(lines: readonly L[]): L[] =>
  lines.filter(({ n }) => n > 0);
