import { PATHS, SessionReply, SessionRequest } from '#shared/protocol/messages.ts';
import { openSession } from '../../sync/session.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

/** Who am I, what may I do, under which epoch: the first request of a device for a person. */
export const sessionRoute = (deps: Parameters<typeof openSession>[0]): Route =>
  defineRoute({
    method: 'POST',
    url: PATHS.session,
    authorize: 'user',
    body: SessionRequest,
    reply: SessionReply,
    bodyBytes: 4096,
    words: {
      summary: 'Tells who the caller is and what they may do, and enrols a new device.',
      errors: ['AUTH_NO_ACCESS', 'DEVICE_REFUSED'],
    },
    // Of one person: several machines may begin at once.
    rate: { perSecond: 5, burst: 100 },
    run: ({ caller, body }) => openSession(deps, caller, body),
  });
