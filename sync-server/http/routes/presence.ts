import { PATHS } from '#shared/protocol/messages.ts';
import { PresenceReply, ShowScreens } from '#shared/protocol/presence.ts';
import type { Presence } from '../../realtime/presence.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

/** What a device shows, for devices whose live connection cannot carry it. */
export const presenceRoute = (presence: Presence): Route =>
  defineRoute({
    method: 'POST',
    url: PATHS.livePresence,
    authorize: 'device',
    body: ShowScreens,
    reply: PresenceReply,
    bodyBytes: 4096,
    words: {
      summary:
        'Says which screens a device shows, in the place of a message on the live connection.',
      errors: ['AUTH_NO_ACCESS'],
    },
    run: async ({ caller, body }) => ({ refused: await presence.show(caller, body) }),
  });
