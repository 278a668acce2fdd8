import type { Hlc } from '#shared/kernel/hlc.ts';
import { addTo, countOf } from '#shared/schema/counter.ts';
import type { Counter } from '#shared/schema/counter.ts';
import {
  addDot,
  addMember,
  isIn,
  membersOf,
  removeDots,
  removeMember,
} from '#shared/schema/or-set.ts';
import type { Dots, OrSet } from '#shared/schema/or-set.ts';
import { emptyText, joinTexts } from './shared-text.ts';
import type { JoinedShape } from './join-field.ts';

/**
 * The set that a window wants, made out of the one that the store holds: what the window says
 * beside the bare members (dots, stamps, other people's) counts for nothing.
 * @param hlc the store's stamp of this edit
 */
export function restampSet(before: OrSet, wanted: OrSet, hlc: Hlc): OrSet {
  const had = new Set(membersOf(before));
  const wants = new Set(membersOf(wanted));
  let set = before;
  for (const member of wants) if (!had.has(member)) set = addMember(set, member, hlc);
  for (const member of had) if (!wants.has(member)) set = removeMember(set, member);
  return set;
}

/** As `restampSet`, for a membership. */
export function restampDots(before: Dots, wanted: Dots, hlc: Hlc): Dots {
  if (isIn(before) === isIn(wanted)) return before;
  return isIn(wanted) ? addDot(before, hlc) : removeDots(before);
}

/**
 * The counter after what a window wants to add. Only the own device's share grows, and nothing
 * shrinks; who asks for a smaller number changes nothing.
 * @throws TypeError when something is to be added and nobody said by which device
 */
export function restampCounter(
  before: Counter,
  wanted: Counter,
  deviceId: string | undefined,
): Counter {
  const by = countOf(wanted) - countOf(before);
  if (by <= 0) return before;
  if (deviceId === undefined) throw new TypeError('restampCounter: whose share grows?');
  return addTo(before, deviceId, by);
}

/** The value that the store writes for an edited field that carries its own history. */
export function restampValue(
  shape: JoinedShape,
  before: unknown,
  wanted: unknown,
  hlc: Hlc,
  deviceId: string | undefined,
): unknown {
  switch (shape) {
    case 'set':
      return restampSet((before ?? {}) as OrSet, (wanted ?? {}) as OrSet, hlc);
    case 'dots':
      return restampDots((before ?? {}) as Dots, (wanted ?? {}) as Dots, hlc);
    case 'counter':
      return restampCounter((before ?? {}) as Counter, (wanted ?? {}) as Counter, deviceId);
    case 'text':
      // What a window has not seen of the text is not taken away by it.
      return joinTexts((before ?? emptyText()) as string, (wanted ?? emptyText()) as string);
  }
}
