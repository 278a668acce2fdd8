import { Tooltip } from '@mantine/core';
import {
  IconCalendarEvent,
  IconClipboardCheck,
  IconGitCompare,
  IconLayoutSidebarLeftCollapse,
  IconPackage,
  IconShoppingCart,
  IconUsers,
  IconSettings,
} from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useI18n } from '../ui/i18n.tsx';
import { BrandMark } from './brand-mark.tsx';
import { usePlaces } from './places.ts';
import type { PlaceName } from './places.ts';

const ICONS: Readonly<Record<PlaceName, Icon>> = {
  inventory: IconPackage,
  counts: IconClipboardCheck,
  orders: IconShoppingCart,
  review: IconGitCompare,
  patients: IconUsers,
  visits: IconCalendarEvent,
  administration: IconSettings,
};

/** The modules that this person's roles open. */
export function Rail(props: { small: boolean; toggle: () => void }) {
  const { small, toggle } = props;
  const { t } = useI18n();
  const places = usePlaces();
  return (
    <nav className="g-rail" aria-label={t('nav.label')} data-small={small}>
      <div className="g-mark">
        <BrandMark />
        {!small && <span className="g-word">Ganger</span>}
      </div>
      <ul>
        {places.map(({ name, to, title, waiting }) => {
          const Mark = ICONS[name];
          return (
            <li key={name}>
              <Tooltip label={title} position="right" disabled={!small}>
                <Link
                  to={to}
                  className="g-nav"
                  data-testid={`nav-${name}`}
                  activeProps={{ 'aria-current': 'page' }}
                >
                  <Mark size={18} stroke={1.5} aria-hidden />
                  <span className={small ? 'g-hidden' : 'g-word'}>{title}</span>
                  {waiting > 0 && (
                    <span className="g-nav-count" title={t('nav.waiting', { n: waiting })}>
                      {waiting}
                    </span>
                  )}
                </Link>
              </Tooltip>
            </li>
          );
        })}
      </ul>
      <button
        type="button"
        className="g-nav"
        onClick={toggle}
        aria-expanded={!small}
        data-testid="rail-toggle"
      >
        <IconLayoutSidebarLeftCollapse size={18} stroke={1.5} aria-hidden />
        <span className={small ? 'g-hidden' : 'g-word'}>
          {small ? t('nav.expand') : t('nav.collapse')}
        </span>
      </button>
    </nav>
  );
}
