import { useHotkeys } from '@mantine/hooks';
import { Outlet } from '@tanstack/react-router';
import { useState } from 'react';
import { useI18n } from '../ui/i18n.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import { Palette } from './palette.tsx';
import { Rail } from './rail.tsx';
import { TopBar } from './top-bar.tsx';

/** Rail, top bar, the sentence about being offline, and the page. */
export function Frame() {
  const { t } = useI18n();
  const [palette, setPalette] = useState(false);
  useHotkeys([['mod+K', () => setPalette(true)]], []);
  return (
    <div className="g-app" data-testid="frame">
      <a
        className="g-skip"
        href="#main"
        onClick={(event) => {
          // The hash belongs to the router.
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        {t('nav.skip')}
      </a>
      <Rail />
      <TopBar openPalette={() => setPalette(true)} />
      <OfflineBanner />
      <main className="g-main" id="main" tabIndex={-1}>
        <Outlet />
      </main>
      <Palette opened={palette} close={() => setPalette(false)} />
    </div>
  );
}
