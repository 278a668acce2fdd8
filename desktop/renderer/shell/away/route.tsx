import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../root-route.ts';
import { AwayPage } from './away-page.tsx';

export const awayRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/away',
  component: AwayPage,
});
