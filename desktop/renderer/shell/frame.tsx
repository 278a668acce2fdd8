import { useHotkeys } from '@mantine/hooks';
import { Outlet } from '@tanstack/react-router';
import { useState } from 'react';
import { AppLayout } from '../ui/app-layout.tsx';
import { recall, remember } from '../ui/preferences.ts';
import { hotkey } from './actions/keys.ts';
import { KeysSheet } from './actions/keys-sheet.tsx';
import { ActionsContext, useActionList } from './actions/use-actions.tsx';
import { AwayBanner } from './away/away-banner.tsx';
import { AwayContext, useWatchAway } from './away/use-away.ts';
import { OfflineBanner } from './offline-banner.tsx';
import { Palette } from './palette/palette.tsx';
import { LeftForms } from './reopen/left-forms.tsx';
import { Rail } from './rail.tsx';
import { TopBar } from './top-bar.tsx';
import { UpdateBanner } from './update-banner.tsx';
import { WorkBanner } from './work-banner.tsx';

/** Rail, top bar, the sentence about being offline, and the page. Actions are heard everywhere. */
export function Frame() {
  const [shown, setShown] = useState<'palette' | 'keys' | null>(null);
  const [small, setSmall] = useState(recall('rail') === 'small');
  const toggleRail = () => {
    remember('rail', small ? 'wide' : 'small');
    setSmall(!small);
  };
  const actions = useActionList({ show: setShown, toggleRail });
  useHotkeys(
    actions.map(({ keys, run }) => hotkey(keys, run)),
    [],
  );
  // A sign stands on another key in each country, with Shift or without.
  useHotkeys(
    actions.flatMap(({ also, run }) =>
      also === undefined ? [] : [hotkey(also, run), hotkey(`shift+${also}`, run)],
    ),
  );
  const away = useWatchAway();
  const close = () => setShown(null);
  return (
    <AwayContext value={away}>
      <ActionsContext value={actions}>
        <AppLayout
          rail={<Rail small={small} toggle={toggleRail} />}
          top={<TopBar openPalette={() => setShown('palette')} />}
          banners={
            <>
              <OfflineBanner />
              <UpdateBanner />
              <WorkBanner />
              <AwayBanner />
              <LeftForms />
            </>
          }
        >
          <Outlet />
        </AppLayout>
        <Palette opened={shown === 'palette'} close={close} />
        {shown === 'keys' && <KeysSheet close={close} />}
      </ActionsContext>
    </AwayContext>
  );
}
