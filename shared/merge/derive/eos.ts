import type { Hlc } from '#shared/kernel/hlc.ts';
import { distinctFacts } from '../facts.ts';

export interface RockCheckIn<S extends string = string> {
  readonly id: string;
  /** First day of the week that it is about (YYYY-MM-DD). */
  readonly week_start: string;
  readonly by_owner: boolean;
  readonly status: S;
  /** Stamp of the moment when it was said. */
  readonly hlc: Hlc;
}

/**
 * Where a rock stands: what was said of its latest week. When several people said something about
 * that week, the owner's word counts; otherwise the last. The same for any order and repetition.
 * @returns null when nobody has said anything
 */
export function rockStatus<S extends string>(checkIns: readonly RockCheckIn<S>[]): S | null {
  let current: RockCheckIn<S> | null = null;
  for (const checkIn of distinctFacts(checkIns)) {
    if (!current || outweighs(checkIn, current)) current = checkIn;
  }
  return current?.status ?? null;
}

function outweighs(a: RockCheckIn, b: RockCheckIn): boolean {
  if (a.week_start !== b.week_start) return a.week_start > b.week_start;
  if (a.by_owner !== b.by_owner) return a.by_owner;
  return a.hlc === b.hlc ? a.id > b.id : a.hlc > b.hlc;
}

export interface MeetingRating {
  readonly id: string;
  readonly user_id: string;
  /** 1 to 10. */
  readonly rating: number;
}

/**
 * The rating of a meeting: the average over those who were there; who was absent does not count. Of
 * two ratings of one person (they have one row each, so this should not be) the lower id counts.
 * @returns null while nobody who was there has rated
 */
export function meetingRating(
  ratings: readonly MeetingRating[],
  presentUserIds: Iterable<string>,
): number | null {
  const byUser = ratingOf(ratings);
  const given = [...new Set(presentUserIds)].flatMap((userId) => byUser.get(userId) ?? []);
  if (given.length === 0) return null;
  return given.reduce((sum, { rating }) => sum + rating, 0) / given.length;
}

/** Ratings stay hidden until all who were there have given theirs, or the meeting is closed. */
export function areRatingsRevealed(
  ratings: readonly MeetingRating[],
  presentUserIds: Iterable<string>,
  isClosed: boolean,
): boolean {
  const byUser = ratingOf(ratings);
  return isClosed || [...presentUserIds].every((userId) => byUser.has(userId));
}

function ratingOf(ratings: readonly MeetingRating[]): ReadonlyMap<string, MeetingRating> {
  const byUser = new Map<string, MeetingRating>();
  for (const rating of distinctFacts(ratings)) {
    const known = byUser.get(rating.user_id);
    if (!known || rating.id < known.id) byUser.set(rating.user_id, rating);
  }
  return byUser;
}
