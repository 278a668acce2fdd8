import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../shell/root-route.ts';
import { InventoryPage } from './inventory-page.tsx';
import { ReceivePage } from './receive/receive-page.tsx';
import { InventorySearch } from './search.ts';

export const inventoryRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/inventory',
  validateSearch: InventorySearch,
  component: InventoryPage,
});

export const receiveRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/inventory/receive',
  component: ReceivePage,
});
