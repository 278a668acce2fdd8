import { createRootRoute } from '@tanstack/react-router';

/**
 * The route that every module's routes hang from. What it draws is given to it by `router.tsx`: the frame
 * may use modules, and modules import this file.
 */
export const rootRoute = createRootRoute();
