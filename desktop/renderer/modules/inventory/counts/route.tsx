import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../../shell/root-route.ts';
import { CountsSearch } from '../search.ts';
import { CountsPage } from './counts-page.tsx';

export const countsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/counts',
  validateSearch: CountsSearch,
  component: CountsPage,
});
