import { clinicDate } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';

/** A grant as far as its state follows from it. */
export interface Dated {
  readonly valid_from: number;
  readonly valid_to: number | null;
}

export type GrantState = 'now' | 'later' | 'ended' | 'void';

/**
 * Whether a grant counts at an instant; of an account that is not active none does.
 * As `activeGrants` of shared/access has it: the end itself is no longer part of it.
 */
export function grantState(grant: Dated, isActive: boolean, now: number): GrantState {
  if (grant.valid_to !== null && grant.valid_to <= now) return 'ended';
  if (!isActive) return 'void';
  return grant.valid_from > now ? 'later' : 'now';
}

const ORDER: Readonly<Record<GrantState, number>> = { now: 0, void: 1, later: 2, ended: 3 };

/** Those that count first, and of the same state the latest first. */
export const byState =
  (isActive: boolean, now: number) =>
  (a: Dated, b: Dated): number =>
    ORDER[grantState(a, isActive, now)] - ORDER[grantState(b, isActive, now)] ||
    b.valid_from - a.valid_from;

/**
 * The first or the last day of a grant at its site. The end is no longer part of it: a grant that ends
 * at a midnight had its last day before that.
 */
export const dayOfBound = (instant: number, bound: 'first' | 'last', timeZone: string): IsoDate =>
  clinicDate(bound === 'first' ? instant : instant - 1, timeZone);
