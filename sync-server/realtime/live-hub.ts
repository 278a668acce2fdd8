import type { WebSocket } from 'ws';
import type { Grant } from '#shared/access/rights.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { LiveMessage } from '#shared/protocol/messages.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { Caller } from '../http/route.ts';
import { safeErrorFields } from '../monitoring/safe-error.ts';
import type { Bus } from './bus.ts';
import { concerns } from './change.ts';
import type { ChangeSet } from './change.ts';
import type { Fence } from './fence.ts';

/** Why the server closes a live connection. */
export const CLOSE = {
  goingAway: 1001,
  tokenExpired: 4401,
  noAccess: 4403,
} as const;

/**
 * What a caller may see, read anew now and then while the connection stands.
 * @throws AppError AUTH_NO_ACCESS, DEVICE_REFUSED
 */
export type ReadAccess = (caller: Caller) => Promise<{ readonly grants: readonly Grant[] }>;

/** How often connections are looked after, milliseconds. */
export interface LivePace {
  /** A peer that does not answer from one beat to the next is gone. */
  readonly heartbeatMs: number;
  /** Rights that ended meanwhile close the connection. */
  readonly recheckMs: number;
}
export const LIVE_PACE: LivePace = { heartbeatMs: 25_000, recheckMs: 60_000 };

export interface LiveHub {
  /** Takes over an accepted socket. */
  connect(socket: WebSocket, caller: Caller, grants: readonly Grant[], epoch: string): void;
  /** Says what a committed transaction changed, here and on the other replicas. Never throws. */
  announce(set: ChangeSet): void;
  readonly size: number;
  stop(): Promise<void>;
}

interface Connection {
  readonly socket: WebSocket;
  readonly caller: Caller;
  grants: readonly Grant[];
  readonly pending: Set<TableName>;
  timer: NodeJS.Timeout | null;
  sentAt: number;
  alive: boolean;
}

/** At most one notice to a connection in this time. */
const COALESCE_MS = 20;
/** A peer that lets so much pile up does not read any more. */
const MAX_BUFFERED_BYTES = 256 * 1024;

/** Keeps the live connections of this replica and tells each what concerns it. */
export function createLiveHub(deps: {
  fence: Fence;
  bus: Bus;
  clock: Clock;
  log: Logger;
  readAccess: ReadAccess;
  pace: LivePace;
}): LiveHub {
  const { fence, bus, clock, log, readAccess, pace } = deps;
  const connections = new Set<Connection>();

  const send = (connection: Connection, message: LiveMessage): void => {
    const { socket } = connection;
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) return socket.terminate();
    socket.send(JSON.stringify(message));
  };

  const flush = (connection: Connection): void => {
    connection.timer = null;
    connection.sentAt = performance.now();
    const tables = [...connection.pending];
    connection.pending.clear();
    send(connection, { type: 'changed', tables });
  };

  const deliver = (set: ChangeSet): void => {
    for (const connection of connections) {
      for (const change of set.changes) {
        if (concerns(change, connection.grants, connection.caller.userId)) {
          connection.pending.add(change.table);
        }
      }
      if (connection.pending.size === 0 || connection.timer) continue;
      const wait = Math.max(0, connection.sentAt + COALESCE_MS - performance.now());
      connection.timer = setTimeout(() => flush(connection), wait);
    }
  };

  const drop = (connection: Connection): void => {
    if (connection.timer) clearTimeout(connection.timer);
    connections.delete(connection);
  };

  const heartbeat = setInterval(() => {
    for (const connection of connections) {
      if (!connection.alive) connection.socket.terminate();
      else if (connection.caller.expiresAt <= clock.now()) {
        connection.socket.close(CLOSE.tokenExpired, 'token expired');
      } else {
        connection.alive = false;
        connection.socket.ping();
      }
    }
  }, pace.heartbeatMs);
  heartbeat.unref();

  const recheck = setInterval(() => {
    void (async () => {
      for (const connection of connections) {
        try {
          connection.grants = (await readAccess(connection.caller)).grants;
          if (connection.grants.length === 0) throw new AppError('AUTH_NO_ACCESS');
        } catch (error) {
          if (error instanceof AppError && error.info.status === 403) {
            connection.socket.close(CLOSE.noAccess, 'no access');
            continue;
          }
          log.warn('grants of a live connection could not be read', safeErrorFields(error));
          return;
        }
      }
    })();
  }, pace.recheckMs);
  recheck.unref();

  // Another replica has waited for the fence already, and the fence is the database's, not its own.
  bus.listen(deliver);

  return {
    connect(socket, caller, grants, epoch) {
      const connection: Connection = {
        socket,
        caller,
        grants,
        pending: new Set(),
        timer: null,
        sentAt: Number.NEGATIVE_INFINITY,
        alive: true,
      };
      connections.add(connection);
      const expiry = setTimeout(
        () => socket.close(CLOSE.tokenExpired, 'token expired'),
        Math.min(Math.max(0, caller.expiresAt - clock.now()), 0x7fff_ffff),
      );
      expiry.unref();
      socket.on('pong', () => {
        connection.alive = true;
      });
      // Devices have nothing to say here.
      socket.on('message', () => socket.close(1008, 'not expected'));
      socket.on('error', (error) => log.debug('live socket failed', safeErrorFields(error)));
      socket.on('close', () => {
        clearTimeout(expiry);
        drop(connection);
      });
      send(connection, { type: 'hello', epoch, serverTime: clock.now() });
    },
    announce(set) {
      // The fence is asked for somebody only.
      if (set.changes.length === 0 || (connections.size === 0 && !bus.isShared)) return;
      void fence.passed(set.xid).then(() => {
        deliver(set);
        bus.publish(set);
      });
    },
    get size() {
      return connections.size;
    },
    async stop() {
      clearInterval(heartbeat);
      clearInterval(recheck);
      const open = [...connections];
      for (const connection of open) {
        if (connection.timer) clearTimeout(connection.timer);
        connection.socket.close(CLOSE.goingAway, 'server is going away');
      }
      await closedOrGone(open.map(({ socket }) => socket));
    },
  };
}

/** Gives peers a second to answer the close before the line is cut. */
async function closedOrGone(sockets: readonly WebSocket[]): Promise<void> {
  const deadline = setTimeout(() => {
    for (const socket of sockets) socket.terminate();
  }, 1_000);
  await Promise.all(
    sockets
      .filter((socket) => socket.readyState !== socket.CLOSED)
      .map((socket) => new Promise((resolve) => socket.once('close', resolve))),
  );
  clearTimeout(deadline);
}
