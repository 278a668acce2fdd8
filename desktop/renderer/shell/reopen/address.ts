/** Longest address that is kept: one with many words in a search has some hundred characters. */
const LONGEST = 2_000;

/**
 * The address at which a window goes on.
 * @param kept what this person had in this window last; null: nothing
 * @param isKnown true for an address of this build
 */
export function addressToOpen(kept: string | null, isKnown: (pathname: string) => boolean): string {
  if (kept === null || kept.length > LONGEST || !/^\/(?!\/)/.test(kept)) return '/';
  const [pathname = ''] = kept.split(/[?#]/);
  return isKnown(pathname) ? kept : '/';
}

/**
 * True when the window is where this person left it a moment ago (a reload, a lock), so that it stays.
 * @param owner whose address stands there; null: it was opened there
 */
export const staysThere = (owner: string | null, userId: string, hash: string): boolean =>
  (owner === null || owner === userId) && hash.length > 2;
