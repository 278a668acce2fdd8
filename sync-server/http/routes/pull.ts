import { PATHS, PullReply, PullRequest } from '#shared/protocol/messages.ts';
import { pull } from '../../sync/pull.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

/** What a device does not have yet. */
export const pullRoute = (deps: Parameters<typeof pull>[0]): Route =>
  defineRoute({
    method: 'POST',
    url: PATHS.pull,
    authorize: 'device',
    body: PullRequest,
    reply: PullReply,
    bodyBytes: 64 * 1024,
    words: {
      summary: 'Gives what a device does not have yet.',
      errors: ['AUTH_NO_ACCESS', 'SYNC_EPOCH_CHANGED'],
    },
    run: ({ caller, body }) => pull(deps, caller, body),
  });
