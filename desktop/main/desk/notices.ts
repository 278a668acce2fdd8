import type { DeskStatus } from '#shared/ipc/store-host.ts';

/** Something that is worth a notification: a number and no word about anybody. */
export type Notice =
  | { readonly about: 'needs-you'; readonly n: number }
  | { readonly about: 'first-sync' };

/** The number on the icon of the app: what needs the person who is signed in. */
export const badgeOf = ({ isSignedIn, needsYou }: DeskStatus): number =>
  isSignedIn ? needsYou : 0;

/**
 * What is new since the last status, if it is worth telling somebody who looks elsewhere. Only two things
 * are: a change that needs them, and the end of a first sync that they may be waiting for.
 * @param before null before anything was known
 */
export function noticeOf(before: DeskStatus | null, now: DeskStatus): Notice | null {
  // What stood there when somebody came is what they see anyway.
  if (!before?.isSignedIn || !now.isSignedIn) return null;
  if (now.needsYou > before.needsYou) return { about: 'needs-you', n: now.needsYou };
  if (before.isFirstSync && !now.isFirstSync) return { about: 'first-sync' };
  return null;
}
