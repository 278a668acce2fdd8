import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

/** The process runs. */
export const healthRoute: Route = defineRoute({
  method: 'GET',
  url: '/healthz',
  authorize: 'public',
  body: null,
  reply: z.object({ status: z.literal('ok') }),
  bodyBytes: 1024,
  words: { summary: 'The process runs.', errors: [] },
  always: true,
  run: async () => ({ status: 'ok' as const }),
});

/** The process can serve: its database answers and has the tables that it needs. */
export const readyRoute = (isReady: () => Promise<boolean>): Route =>
  defineRoute({
    method: 'GET',
    url: '/readyz',
    authorize: 'public',
    body: null,
    reply: z.object({ status: z.literal('ready') }),
    bodyBytes: 1024,
    words: { summary: 'The process can serve: its database answers.', errors: [] },
    always: true,
    run: async () => {
      if (!(await isReady())) throw new AppError('SERVER_BUSY', { reason: 'not ready' });
      return { status: 'ready' as const };
    },
  });
