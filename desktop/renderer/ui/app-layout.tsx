import type { ReactNode } from 'react';
import { useI18n } from './i18n.tsx';

/**
 * The frame of a window at work: rail, top bar, sentences that hold for every page, and the page. The
 * first thing that Tab reaches leads past all of it.
 */
export function AppLayout(props: {
  rail: ReactNode;
  top: ReactNode;
  /** Between the top bar and the page; takes no room while there is nothing to say. */
  banners?: ReactNode;
  children: ReactNode;
}) {
  const { t } = useI18n();
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
      {props.rail}
      {props.top}
      <div className="g-banners">{props.banners}</div>
      <main className="g-main" id="main" tabIndex={-1}>
        {props.children}
      </main>
    </div>
  );
}
