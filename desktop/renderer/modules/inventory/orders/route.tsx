import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../../shell/root-route.ts';
import { OrdersPage } from './orders-page.tsx';
import { ReorderPage } from './reorder-page.tsx';
import { OrdersSearch, ReorderSearch } from './search.ts';

export const ordersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/orders',
  validateSearch: OrdersSearch,
  component: OrdersPage,
});

export const reorderRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/orders/reorder',
  validateSearch: ReorderSearch,
  component: ReorderPage,
});
