import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../shell/root-route.ts';
import { InventoryPage } from './inventory-page.tsx';
import { ReceivePage } from './receive/receive-page.tsx';
import { InventorySearch, ReceiveSearch, UnmatchedSearch } from './search.ts';
import { UnmatchedPage } from './unmatched/unmatched-page.tsx';

export const inventoryRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/inventory',
  validateSearch: InventorySearch,
  component: InventoryPage,
});

export const receiveRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/inventory/receive',
  validateSearch: ReceiveSearch,
  component: ReceivePage,
});

export const unmatchedRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/inventory/unmatched',
  validateSearch: UnmatchedSearch,
  component: UnmatchedPage,
});
