import { createRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { rootRoute } from '../../shell/root-route.ts';
import { InventoryPage } from './inventory-page.tsx';
import { ReceivePage } from './receive/receive-page.tsx';

const Search = z.object({
  item: z.string().optional().catch(undefined),
  tab: z.enum(['stock', 'lots', 'history']).optional().catch(undefined),
  q: z.coerce.string().optional().catch(undefined),
  only: z.enum(['below', 'expiring']).optional().catch(undefined),
});
export type InventorySearch = z.infer<typeof Search>;

export const inventoryRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/inventory',
  validateSearch: Search,
  component: InventoryPage,
});

export const receiveRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/inventory/receive',
  component: ReceivePage,
});
