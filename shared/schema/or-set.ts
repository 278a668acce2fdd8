import { z } from 'zod';
import { isHlc } from '#shared/kernel/hlc.ts';
import type { Hlc } from '#shared/kernel/hlc.ts';

/**
 * A set that devices change without seeing each other. What somebody takes away is what they saw:
 * a member that another device added at the same time stays ("observed remove").
 *
 * Of each member we keep, for every device that ever added it, the stamp of that device's last
 * adding and the stamp up to which it has been taken away. A device's stamps only grow, so joining
 * takes the larger of each. Source: Shapiro et al., "A comprehensive study of CRDTs" (2011), with
 * one dot a device in place of a tombstone a dot.
 */
const Stamp = z.string().refine(isHlc, 'is not a clock stamp');

/** Device (the node part of its stamps) → [added at, taken away up to ('' = never)]. */
export const Dots = z.record(
  z.string().regex(/^[0-9a-f]{12}$/),
  z.tuple([Stamp, Stamp.or(z.literal(''))]),
);
export type Dots = Readonly<Record<string, readonly [Hlc, Hlc]>>;

/** Member → its dots. Members that were taken away stay, so that a late adding is told apart. */
export const OrSet = z.record(
  z
    .string()
    .min(1)
    .max(80)
    .refine((member) => member !== '__proto__', 'is no name'),
  Dots,
);
export type OrSet = Readonly<Record<string, Dots>>;

/** True when somebody's adding has not been taken away. */
export const isIn = (dots: Dots | undefined): boolean =>
  Object.values(dots ?? {}).some(([added, removed]) => added > removed);

/** The members, sorted. */
export const membersOf = (set: OrSet): string[] =>
  Object.keys(set)
    .filter((member) => isIn(set[member]))
    .toSorted();

/** The dots after an adding with this stamp. */
export function addDot(dots: Dots | undefined, hlc: Hlc): Dots {
  const node = hlc.slice(18);
  return { ...dots, [node]: [hlc, dots?.[node]?.[1] ?? ''] };
}

/** The dots after taking away all that is seen here. */
export const removeDots = (dots: Dots | undefined): Dots =>
  Object.fromEntries(Object.entries(dots ?? {}).map(([node, [added]]) => [node, [added, added]]));

export const addMember = (set: OrSet, member: string, hlc: Hlc): OrSet => ({
  ...set,
  [member]: addDot(set[member], hlc),
});

export const removeMember = (set: OrSet, member: string): OrSet =>
  set[member] === undefined ? set : { ...set, [member]: removeDots(set[member]) };

/** Both states of one member as one. */
export function joinDots(a: Dots, b: Dots): Dots {
  const out: Record<string, readonly [Hlc, Hlc]> = { ...a };
  for (const [node, [added, removed]] of Object.entries(b)) {
    const [otherAdded, otherRemoved] = out[node] ?? [added, removed];
    out[node] = [
      added > otherAdded ? added : otherAdded,
      removed > otherRemoved ? removed : otherRemoved,
    ];
  }
  return out;
}

/** Both states of a set as one. */
export function joinSets(a: OrSet, b: OrSet): OrSet {
  const out: Record<string, Dots> = { ...a };
  for (const [member, dots] of Object.entries(b)) out[member] = joinDots(out[member] ?? {}, dots);
  return out;
}
