import { useEffect, useState } from 'react';
import { useStore } from '#desktop/collections/hooks.tsx';
import { keepDraftsNow, openDrafts } from '../../ui/draft.ts';
import type { DraftBox } from '../../ui/draft.ts';
import { createAppRouter } from '../router.tsx';
import type { AppRouter } from '../router.tsx';
import { addressToOpen, staysThere } from './address.ts';
import { askMain } from './use-main.ts';

/** Whose address the window stands at: an id, for as long as the window lives. */
const OWNER = 'ganger.here';
const KEEP_AFTER_MS = 300;

/** True for an address that this build has a page for. */
export const isKnown = (router: AppRouter, pathname: string): boolean =>
  router.getMatchedRoutes(pathname)[2] !== undefined;

/**
 * Brings a person back to where they were in this window, half-filled forms included, and keeps where
 * they go. All of it lies in their encrypted profile on this device.
 * @param slot which of the windows of the device this is
 * @returns their pages, or null until it is known where to go on
 */
export function useReopen(userId: string, slot: number): AppRouter | null {
  const { client } = useStore();
  const [pages, setPages] = useState<AppRouter | null>(null);
  useEffect(() => {
    const nameOf = (name: string) => `${name}.w${slot}`;
    const box: DraftBox = {
      recall: async (name) => (await client.call('screen.recall', { name: nameOf(name) })).value,
      remember: async (name, value) => {
        await client.call('screen.remember', { name: nameOf(name), value });
      },
    };
    let isHere = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let page = '';
    const ends: (() => void)[] = [];
    const begin = async (): Promise<void> => {
      const [address, closeDrafts] = await Promise.all([
        box.recall('address').catch(() => null),
        openDrafts(box),
      ]);
      ends.push(closeDrafts);
      if (!isHere) return;
      if (!staysThere(sessionStorage.getItem(OWNER), userId, window.location.hash)) {
        // Only a convenience: without it, Back leads to addresses that this person may not see anyway.
        await askMain('window.forgetHistory', {}).catch(() => null);
        const { history } = createAppRouter();
        history.replace(addressToOpen(address, (pathname) => isKnown(createAppRouter(), pathname)));
      }
      sessionStorage.setItem(OWNER, userId);
      const router = createAppRouter();
      ends.push(
        router.subscribe('onResolved', ({ toLocation }) => {
          clearTimeout(timer);
          const keep = (): void => void box.remember('address', toLocation.href).catch(() => null);
          // Who signs out right after is to come back to this page; what is typed there waits for its end.
          if (toLocation.pathname === page) timer = setTimeout(keep, KEEP_AFTER_MS);
          else keep();
          page = toLocation.pathname;
        }),
      );
      if (isHere) setPages(router);
    };
    const finish = (): void => {
      for (const end of ends.splice(0)) end();
    };
    void begin().then(() => {
      if (!isHere) finish();
    });
    window.addEventListener('pagehide', keepDraftsNow);
    return () => {
      isHere = false;
      clearTimeout(timer);
      window.removeEventListener('pagehide', keepDraftsNow);
      finish();
    };
  }, [client, userId, slot]);
  return pages;
}
