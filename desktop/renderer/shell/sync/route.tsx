import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../root-route.ts';
import { SyncPage } from './sync-page.tsx';

export const syncRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sync',
  component: SyncPage,
});
