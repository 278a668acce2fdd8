import {
  AUDIT_LIMITS,
  AUDIT_PATHS,
  BeginChain,
  BeginReply,
  EntriesReply,
  SendEntries,
} from '#shared/protocol/audit.ts';
import { beginChain, takeEntries } from '../../audit/device-chains.ts';
import type { ChainDeps } from '../../audit/device-chains.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

/** What was read on devices, as their own chains have it. */
export const auditRoutes = (deps: ChainDeps): Route[] => [
  defineRoute({
    method: 'POST',
    url: AUDIT_PATHS.begin,
    authorize: 'device',
    body: BeginChain,
    reply: BeginReply,
    bodyBytes: 1024,
    words: {
      summary: 'Makes a chain of a device, and the key that signs for it, known.',
      errors: ['AUTH_NO_ACCESS', 'DEVICE_REFUSED'],
    },
    run: ({ caller, body }) => beginChain(deps, caller, body),
  }),
  // No token: whoever read may have left. The key of the chain signs, and can do nothing but this.
  defineRoute({
    method: 'POST',
    url: AUDIT_PATHS.entries,
    authorize: 'public',
    body: SendEntries,
    reply: EntriesReply,
    bodyBytes: AUDIT_LIMITS.bodyBytes,
    words: {
      summary: 'Takes what was read on a device, signed by the key of its chain.',
      errors: ['AUTH_TOKEN_INVALID'],
    },
    run: ({ body }) => takeEntries(deps, body),
  }),
];
