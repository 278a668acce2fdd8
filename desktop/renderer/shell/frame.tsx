import { useHotkeys } from '@mantine/hooks';
import type { HotkeyItem } from '@mantine/hooks';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { AppLayout } from '../ui/app-layout.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import { Palette } from './palette.tsx';
import { usePlaces } from './places.ts';
import { useProfileActions } from './profile/profile-actions.tsx';
import { Rail } from './rail.tsx';
import { useSession } from './session.tsx';
import { TopBar } from './top-bar.tsx';
import { UpdateBanner } from './update-banner.tsx';
import { WorkBanner } from './work-banner.tsx';

/** Rail, top bar, the sentence about being offline, and the page. */
export function Frame() {
  const [palette, setPalette] = useState(false);
  const navigate = useNavigate();
  const { may } = useSession();
  const places = usePlaces();
  const profileActions = useProfileActions();
  // They hold in fields as well, so that a hand on the keyboard never needs the mouse.
  useHotkeys(
    [
      ['mod+K', () => setPalette(true)],
      ['mod+L', () => profileActions.find(({ id }) => id === 'lock')?.run()],
      [
        'alt+R',
        () => {
          if (may('stock_acts', 'create', { kind: 'receive' })) {
            void navigate({ to: '/inventory/receive' });
          }
        },
      ],
      [
        'alt+C',
        () => {
          if (may('count_sessions', 'create')) {
            void navigate({ to: '/counts', search: { start: true } });
          }
        },
      ],
      [
        'alt+U',
        () => {
          if (may('unmatched_scans', 'read')) void navigate({ to: '/inventory/unmatched' });
        },
      ],
      ...places.map(({ to }, index): HotkeyItem => [
        `alt+${index + 1}`,
        () => void navigate({ to }),
      ]),
    ],
    [],
  );
  return (
    <>
      <AppLayout
        rail={<Rail />}
        top={<TopBar openPalette={() => setPalette(true)} />}
        banners={
          <>
            <OfflineBanner />
            <UpdateBanner />
            <WorkBanner />
          </>
        }
      >
        <Outlet />
      </AppLayout>
      <Palette opened={palette} close={() => setPalette(false)} />
    </>
  );
}
