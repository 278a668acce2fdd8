import { createRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { rootRoute } from '../root-route.ts';
import { HelpPage } from './help-page.tsx';

/** What the address of a page of help can say. */
const HelpSearch = z.object({
  /** Number of a part, from 1: it is scrolled to. */
  part: z.coerce.number().int().min(1).max(99).optional().catch(undefined),
});

export const helpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/help/$page',
  validateSearch: HelpSearch,
  component: HelpPage,
});
