import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { AppError } from '#shared/errors/app-error.ts';
import { PATHS } from '#shared/protocol/messages.ts';
import type { TokenVerifier } from '../../auth/token-verifier.ts';
import type { LiveHub } from '../../realtime/live-hub.ts';
import type { Access } from '../../sync/ports.ts';
import { identify } from '../registrar.ts';
import type { Caller } from '../route.ts';

interface Admitted {
  readonly caller: Caller;
  readonly access: Access;
}

/**
 * The live connection. Everything that can refuse a caller happens before the upgrade, so that a
 * refusal is an ordinary answer with a code and not a socket that closes.
 */
export function registerLive(
  app: FastifyInstance,
  deps: {
    verifier: TokenVerifier;
    hub: LiveHub;
    /** @throws AppError AUTH_NO_ACCESS, DEVICE_REFUSED */
    readAccess: (caller: Caller) => Promise<Access>;
  },
): void {
  const admitted = new WeakMap<FastifyRequest, Admitted>();
  app.route({
    method: 'GET',
    url: PATHS.live,
    websocket: true,
    onRequest: async (request) => {
      const caller = (await identify(request, 'device', deps.verifier)) as Caller;
      if (!request.ws) throw new AppError('REQUEST_INVALID', { reason: 'not a live connection' });
      const access = await deps.readAccess(caller);
      if (access.grants.length === 0) throw new AppError('AUTH_NO_ACCESS');
      admitted.set(request, { caller, access });
    },
    handler: (socket: WebSocket, request) => {
      const entry = admitted.get(request);
      if (!entry) return socket.terminate();
      deps.hub.connect(socket, entry.caller, entry.access.grants, entry.access.epoch);
    },
  });
}
