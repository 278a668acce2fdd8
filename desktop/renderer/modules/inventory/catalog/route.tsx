import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../../shell/root-route.ts';
import { DuplicatesPage } from './duplicates/duplicates-page.tsx';
import { ImportPage } from './import-page.tsx';
import { LevelsPage } from './levels-page.tsx';
import { NewItemPage } from './new-item-page.tsx';
import { SafetyPage } from './safety-page.tsx';
import { DuplicatesSearch, LevelsSearch, SafetySearch } from './search.ts';

const newItemRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/inventory/new',
  component: NewItemPage,
});

const levelsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/inventory/levels',
  validateSearch: LevelsSearch,
  component: LevelsPage,
});

const importRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/inventory/import',
  component: ImportPage,
});

const safetyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/inventory/safety',
  validateSearch: SafetySearch,
  component: SafetyPage,
});

const duplicatesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/inventory/duplicates',
  validateSearch: DuplicatesSearch,
  component: DuplicatesPage,
});

export const catalogRoutes = [
  newItemRoute,
  levelsRoute,
  importRoute,
  safetyRoute,
  duplicatesRoute,
] as const;
