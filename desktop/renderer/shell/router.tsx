import { createHashHistory, createRoute, createRouter, Navigate } from '@tanstack/react-router';
import { IconLock } from '@tabler/icons-react';
import { administrationRoutes } from '../modules/administration/index.ts';
import {
  catalogRoutes,
  countsRoute,
  inventoryRoute,
  ordersRoute,
  receiveRoute,
  reorderRoute,
  stockRoutes,
  unmatchedRoute,
  vendorsRoute,
} from '../modules/inventory/index.ts';
import { importRoute, patientsRoute, visitsRoute, walkInRoute } from '../modules/patients/index.ts';
import { reviewRoute } from '../modules/review/index.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { useI18n } from '../ui/i18n.tsx';
import { awayRoute } from './away/route.tsx';
import { Frame } from './frame.tsx';
import { helpRoute } from './help/route.tsx';
import { NotFound } from './not-found.tsx';
import { usePlaces } from './places.ts';
import { rootRoute } from './root-route.ts';
import { syncRoute } from './sync/route.tsx';

/** The first place that this person's roles open. */
function Home() {
  const { t } = useI18n();
  const [first] = usePlaces();
  if (first) return <Navigate to={first.to} replace />;
  return (
    <EmptyState isPage icon={IconLock} title={t('home.nothing')} help={t('home.nothingHelp')} />
  );
}

/** A page that broke: the rest of the window stays usable. */
function Broken(props: { reset: () => void }) {
  return (
    <div style={{ padding: 16 }}>
      <ErrorNote error="INTERNAL" retry={props.reset} />
    </div>
  );
}

const homeRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: Home });

rootRoute.update({ component: Frame, notFoundComponent: NotFound });
const routeTree = rootRoute.addChildren([
  homeRoute,
  inventoryRoute,
  receiveRoute,
  unmatchedRoute,
  ...catalogRoutes,
  ...stockRoutes,
  countsRoute,
  ordersRoute,
  reorderRoute,
  vendorsRoute,
  reviewRoute,
  syncRoute,
  awayRoute,
  helpRoute,
  patientsRoute,
  importRoute,
  visitsRoute,
  walkInRoute,
  ...administrationRoutes,
]);

const history = createHashHistory();

/**
 * The places of the window; the part after `#` of the address names each state. Each person at this
 * window gets a router of their own, which begins at the address that stands there by then: one that was
 * used before would begin where the person before was.
 */
export const createAppRouter = () =>
  createRouter({
    routeTree,
    history,
    defaultPreload: false,
    defaultErrorComponent: Broken,
  });

export type AppRouter = ReturnType<typeof createAppRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter;
  }
}
