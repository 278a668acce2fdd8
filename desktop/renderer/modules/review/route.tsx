import { createRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { rootRoute } from '../../shell/root-route.ts';
import { ReviewPage } from './review-page.tsx';

/** What the address of the review can say. */
const ReviewSearch = z.object({
  /** Key of a record: the review begins with it. */
  record: z.string().optional().catch(undefined),
});

export const reviewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/review',
  validateSearch: ReviewSearch,
  component: ReviewPage,
});
