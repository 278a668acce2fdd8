import { createRootRoute } from '@tanstack/react-router';
import { Frame } from './frame.tsx';
import { NotFound } from './not-found.tsx';

/** The route that every module's routes hang from. */
export const rootRoute = createRootRoute({ component: Frame, notFoundComponent: NotFound });
