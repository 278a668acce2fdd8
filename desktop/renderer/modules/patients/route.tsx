import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../shell/root-route.ts';
import { PatientsSearch, VisitsSearch, WalkInSearch } from './addresses.ts';
import { ImportPage } from './import/import-page.tsx';
import { PatientsPage } from './patients-page.tsx';
import { VisitsPage } from './visits-page.tsx';
import { WalkInPage } from './walk-in/walk-in-page.tsx';

export const patientsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/patients',
  validateSearch: PatientsSearch,
  component: PatientsPage,
});

export const importRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/patients/import',
  component: ImportPage,
});

export const visitsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/visits',
  validateSearch: VisitsSearch,
  component: VisitsPage,
});

export const walkInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/visits/walk-in',
  validateSearch: WalkInSearch,
  component: WalkInPage,
});
