import { Navigate, createRoute } from '@tanstack/react-router';
import { IconLock } from '@tabler/icons-react';
import { adminParts } from '../../shell/admin-rights.ts';
import { rootRoute } from '../../shell/root-route.ts';
import { useSession } from '../../shell/session.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { AboutPage } from './about/about-page.tsx';
import { AuditPage } from './audit/audit-page.tsx';
import { DevicesPage } from './devices/devices-page.tsx';
import { HealthPage } from './health/health-page.tsx';
import { OutboxPage } from './outbox/outbox-page.tsx';
import { PeoplePage } from './people/people-page.tsx';
import { AuditSearch, ChosenSearch } from './search.ts';
import { SitesPage } from './sites/sites-page.tsx';

/** The first part that this person's roles open. */
function FirstPart() {
  const { t } = useI18n();
  const [first] = adminParts(useSession());
  if (first) return <Navigate to={`/administration/${first}`} replace />;
  return <EmptyState isPage icon={IconLock} title={t('admin.none')} help={t('admin.noneHelp')} />;
}

const of = { getParentRoute: () => rootRoute };

const administrationRoute = createRoute({ ...of, path: '/administration', component: FirstPart });
const peopleRoute = createRoute({
  ...of,
  path: '/administration/people',
  validateSearch: ChosenSearch,
  component: PeoplePage,
});
const devicesRoute = createRoute({
  ...of,
  path: '/administration/devices',
  validateSearch: ChosenSearch,
  component: DevicesPage,
});
const sitesRoute = createRoute({
  ...of,
  path: '/administration/sites',
  validateSearch: ChosenSearch,
  component: SitesPage,
});
const auditRoute = createRoute({
  ...of,
  path: '/administration/audit',
  validateSearch: AuditSearch,
  component: AuditPage,
});
const outboxRoute = createRoute({ ...of, path: '/administration/outbox', component: OutboxPage });
const healthRoute = createRoute({
  ...of,
  path: '/administration/health',
  component: HealthPage,
});
const aboutRoute = createRoute({ ...of, path: '/administration/about', component: AboutPage });

export const administrationRoutes = [
  administrationRoute,
  peopleRoute,
  devicesRoute,
  sitesRoute,
  auditRoute,
  outboxRoute,
  healthRoute,
  aboutRoute,
] as const;
