/** A stretch of time in a room. Times in milliseconds since the Unix epoch. */
export interface Slot {
  readonly room: string;
  readonly startsAt: number;
  /** The first moment that is not of it any more. */
  readonly endsAt: number;
}

/**
 * True when two slots of one room cannot both be held: they share a moment, or less than the buffer
 * lies between them.
 * @param bufferMs time that a room needs between two uses; 0 lets one end as the other begins
 */
export function overlaps(a: Slot, b: Slot, bufferMs = 0): boolean {
  if (a.room !== b.room) return false;
  return a.startsAt < b.endsAt + bufferMs && a.endsAt + bufferMs > b.startsAt;
}

/**
 * The free slots nearest to the one that was lost, nearest first; of two equally near ones the
 * earlier, then by room.
 * @param taken slots with no seat left
 * @param n how many to offer at most
 */
export function freeAlternatives<S extends Slot>(
  wanted: Slot,
  taken: readonly Slot[],
  candidates: readonly S[],
  n: number,
  bufferMs = 0,
): S[] {
  const distance = (slot: Slot): number => Math.abs(slot.startsAt - wanted.startsAt);
  return candidates
    .filter((slot) => !taken.some((other) => overlaps(slot, other, bufferMs)))
    .toSorted(
      (a, b) =>
        distance(a) - distance(b) ||
        a.startsAt - b.startsAt ||
        (a.room < b.room ? -1 : a.room > b.room ? 1 : 0) ||
        a.endsAt - b.endsAt,
    )
    .slice(0, Math.max(0, n));
}
