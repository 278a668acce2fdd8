import { LIMITS, PATHS, PushReply, PushRequest } from '#shared/protocol/messages.ts';
import { push } from '../../sync/push.ts';
import type { PushDeps } from '../../sync/push.ts';
import type { PushReply as Reply } from '#shared/protocol/messages.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

/** What a device wrote. */
export const pushRoute = (deps: PushDeps & { onReply?: (reply: Reply) => void }): Route =>
  defineRoute({
    method: 'POST',
    url: PATHS.push,
    authorize: 'device',
    body: PushRequest,
    reply: PushReply,
    bodyBytes: LIMITS.bodyBytes,
    words: { summary: 'Takes what a device wrote.', errors: ['AUTH_NO_ACCESS'] },
    async run({ caller, body, log }) {
      const reply = await push({ ...deps, log }, caller, body);
      deps.onReply?.(reply);
      return reply;
    },
  });
