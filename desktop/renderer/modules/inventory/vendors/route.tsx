import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../../shell/root-route.ts';
import { VendorsSearch } from './search.ts';
import { VendorsPage } from './vendors-page.tsx';

export const vendorsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/vendors',
  validateSearch: VendorsSearch,
  component: VendorsPage,
});
