import { createContext, useContext, useEffect, useState } from 'react';
import type { AuthState } from '#shared/ipc/store-contract.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { loadedAgainWords, NOTHING_WATCHED, watchLoadedAgain } from './loaded-again.ts';
import type { LoadedAgain } from './loaded-again.ts';
import type { Stuck } from './stuck-screen.tsx';
import { useStoreWork } from './use-profile.ts';

/** The notice that the data was loaded again, for whoever wants to read it later. */
export const LoadedAgainContext = createContext<LoadedAgain | null>(null);
export const useLoadedAgain = (): LoadedAgain | null => useContext(LoadedAgainContext);

/** Follows what becomes of a reload and says it once as a toast. */
export function useWatchLoadedAgain(auth: AuthState | undefined): {
  notice: LoadedAgain | null;
  askedToReload: (auth: Stuck) => void;
} {
  const { t } = useI18n();
  const { done } = useToasts();
  const work = useStoreWork();
  const [watched, setWatched] = useState(NOTHING_WATCHED);
  useEffect(() => {
    setWatched((former) => watchLoadedAgain(former, { auth, work, now: Date.now() }));
  }, [auth, work]);
  const { notice } = watched;
  useEffect(() => {
    if (notice) done(loadedAgainWords(t, notice));
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- said once, not again in another language
  }, [notice]);
  return {
    notice,
    askedToReload: ({ person, savedChanges }) =>
      setWatched((former) => ({
        ...former,
        asked: { userId: person.userId, saved: savedChanges },
      })),
  };
}
