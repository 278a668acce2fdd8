import { notifications } from '@mantine/notifications';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { AuthState } from '#shared/ipc/store-contract.ts';
import { useStore, useTopic } from '#desktop/collections/hooks.tsx';
import { AlertNotes } from '../modules/administration/index.ts';
import { ScanAnywhere } from '../modules/inventory/index.ts';
import { Loading } from '../ui/loading.tsx';
import { ArrangementsProvider } from './arrangements.tsx';
import { LeavingProvider } from './leaving.tsx';
import { useDeskLanguage } from './reopen/use-desk.ts';
import { useLinks } from './reopen/use-links.ts';
import { useReopen } from './reopen/use-reopen.ts';
import { LockScreen } from './profile/lock-screen.tsx';
import { ProfileActionsProvider } from './profile/profile-actions.tsx';
import { StuckScreen } from './profile/stuck-screen.tsx';
import { LoadedAgainContext, useWatchLoadedAgain } from './profile/use-loaded-again.tsx';
import { ScannerProvider } from './scanner/scanner.tsx';
import { SecondFactorScreen } from './second-factor/second-factor-screen.tsx';
import { SessionProvider } from './session.tsx';
import { SignIn } from './sign-in.tsx';
import { SitesProvider } from './sites.tsx';
import { Starting } from './starting.tsx';

/**
 * The window: starting, signed out, locked, with a profile that does not open, or at work.
 * @param props.slot which of the windows of the device it is
 */
export function App(props: { slot: number }) {
  const { data, error } = useTopic('auth.state');
  const [last, setLast] = useState<AuthState | undefined>(undefined);
  // A store process that starts again says "starting": who was at work stays at work meanwhile.
  const auth = data?.state === 'starting' ? (last ?? data) : data;
  if (auth !== last) setLast(auth);
  const { database } = useStore();
  const userId = auth?.state === 'signed-in' ? auth.who.userId : null;
  const former = useRef(userId);
  useEffect(() => {
    if (former.current !== null && former.current !== userId) {
      database.reset();
      // A message about somebody's work is not for whoever comes next.
      notifications.clean();
    }
    former.current = userId;
  }, [database, userId]);
  useDeskLanguage();
  const { notice, askedToReload } = useWatchLoadedAgain(data);
  if (!auth || auth.state === 'starting') return <Starting error={error} />;
  if (auth.state === 'signed-out') return <SignIn because={auth.because} />;
  if (auth.state === 'second-factor')
    return <SecondFactorScreen key={auth.step} step={auth.step} />;
  if (auth.state === 'locked') return <LockScreen key={auth.person.userId} auth={auth} />;
  if (auth.state === 'stuck') {
    return <StuckScreen key={auth.person.userId} auth={auth} askedToReload={askedToReload} />;
  }
  return (
    // Another person gets a tree of their own: nothing on the screen is left over.
    <SessionProvider key={auth.who.userId} who={auth.who}>
      <ArrangementsProvider>
        <LeavingProvider>
          <SitesProvider>
            <LoadedAgainContext value={notice}>
              <ProfileActionsProvider>
                <ScannerProvider>
                  <Pages userId={auth.who.userId} slot={props.slot} />
                </ScannerProvider>
              </ProfileActionsProvider>
            </LoadedAgainContext>
          </SitesProvider>
        </LeavingProvider>
      </ArrangementsProvider>
    </SessionProvider>
  );
}

/** The pages, once it is known where this person was in this window. */
function Pages(props: { userId: string; slot: number }) {
  const router = useReopen(props.userId, props.slot);
  useLinks(router);
  if (!router) return <Loading />;
  return (
    <>
      <RouterProvider router={router} />
      <AlertNotes open={() => void router.navigate({ to: '/administration/health' })} />
      <ScanAnywhere
        open={(item) => void router.navigate({ to: '/inventory', search: { item } })}
        openCount={(count) =>
          void router.navigate({ to: '/counts', search: { count, walk: true } })
        }
      />
    </>
  );
}
