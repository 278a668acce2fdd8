import type { BrowserWindow } from 'electron';
import { LINK_SCHEME, readLink } from './links.ts';

/** Tells a window that a link waits for it; the window takes it once somebody is signed in. */
export const LINK_MESSAGE = 'ganger:link';

/** A link that was opened; `address` is null for one that is none of ours. */
export interface OpenedLink {
  readonly address: string | null;
}

/** The link among the arguments with which the system started the app; null when there is none. */
export const linkOf = (args: readonly string[]): string | null =>
  args.find((arg) => arg.toLowerCase().startsWith(`${LINK_SCHEME}:`)) ?? null;

/**
 * Links that the system hands over. The latest one waits until a window with somebody signed in takes
 * it, so a link never gets past the sign-in.
 */
export function createDeepLinks(show: () => Pick<BrowserWindow, 'webContents'>) {
  let waiting: OpenedLink | null = null;
  return {
    /** @param text from outside: anybody may have written it */
    open(text: string): void {
      waiting = { address: readLink(text) };
      show().webContents.send(LINK_MESSAGE);
    },
    take(): OpenedLink | null {
      const taken = waiting;
      waiting = null;
      return taken;
    },
    /** True while a link waits for somebody to sign in. */
    get waits(): boolean {
      return waiting !== null;
    },
  };
}
