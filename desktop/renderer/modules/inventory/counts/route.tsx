import { createRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { rootRoute } from '../../../shell/root-route.ts';
import { CountsPage } from './counts-page.tsx';

const Search = z.object({
  count: z.string().optional().catch(undefined),
  start: z.boolean().optional().catch(undefined),
});

export const countsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/counts',
  validateSearch: Search,
  component: CountsPage,
});
