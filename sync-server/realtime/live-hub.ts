import { z } from 'zod';
import { replicaScopes } from '#shared/access/rights.ts';
import type { Grant } from '#shared/access/rights.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { LiveMessage } from '#shared/protocol/messages.ts';
import { ShowScreens } from '#shared/protocol/presence.ts';
import { hasTable } from '#shared/schema/older.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { Caller } from '../http/route.ts';
import { safeErrorFields } from '../monitoring/safe-error.ts';
import type { Bus } from './bus.ts';
import { concerns, withoutIds } from './change.ts';
import type { Change, ChangeSet } from './change.ts';
import type { Fence } from './fence.ts';
import type { ByeReason, LivePipe } from './live-pipe.ts';
import type { Presence, Seat } from './presence.ts';

/**
 * What a caller may see, read anew now and then while the connection stands.
 * @throws AppError as `requireKnown`
 */
export type ReadAccess = (caller: Caller) => Promise<{ readonly grants: readonly Grant[] }>;

/** How often connections are looked after, milliseconds. */
export interface LivePace {
  /** A peer that does not answer from one beat to the next is gone. */
  readonly heartbeatMs: number;
  /** Rights that ended meanwhile close the connection. */
  readonly recheckMs: number;
  /** A stream of events carries a comment so often. */
  readonly eventsBeatMs?: number;
}
export const LIVE_PACE: LivePace = { heartbeatMs: 25_000, recheckMs: 60_000 };

/** Who is at the other end of a live connection. */
export interface Listener {
  readonly caller: Caller;
  readonly grants: readonly Grant[];
  readonly epoch: string;
  /** The version of the protocol that it speaks: one of version 1 hears notices only. */
  readonly version: number;
}

/** How many connections there may be. */
export interface LiveCeilings {
  readonly maxLive: number;
  readonly maxLivePerUser: number;
  readonly maxLivePerDevice: number;
}

export interface LiveHub {
  /** @throws AppError SERVER_BUSY when there is no place for one more connection of this person */
  makeRoom(caller: Caller): void;
  /** Takes over an accepted connection. */
  connect(pipe: LivePipe, listener: Listener): void;
  /** Says what a committed transaction changed, here and on the other replicas. Never throws. */
  announce(set: ChangeSet): void;
  readonly size: number;
  stop(): Promise<void>;
}

const OtherMessage = z.object({ type: z.string().refine((type) => type !== 'presence') });

interface Connection {
  readonly pipe: LivePipe;
  readonly caller: Caller;
  readonly version: number;
  grants: readonly Grant[];
  readonly seat: Seat | null;
  readonly pending: Set<TableName>;
  timer: NodeJS.Timeout | null;
  /** Runs until its device is told that it may have missed something. */
  gapTimer: NodeJS.Timeout | null;
  sentAt: number;
  readonly ended: Promise<void>;
}

/** At most one notice to a connection in this time. */
const COALESCE_MS = 20;
/** A peer that lets so much pile up does not read any more. */
const MAX_BUFFERED_BYTES = 256 * 1024;
/** Devices that are sent away come back one after the other, so many milliseconds apart. */
const RETURN_APART_MS = 10;
const RETURN_WITHIN_MS = { least: 500, most: 10_000 };

/** After a gap in what replicas tell each other, devices ask for all one after the other. */
const GAP_APART_MS = 20;
const GAP_WITHIN_MS = 20_000;

/** Who is told that there are too many comes back after so long, milliseconds. */
const TOO_MANY_RETRY_MS = 60_000;

/** Keeps the live connections of this replica and tells each what concerns it. */
export function createLiveHub(deps: {
  fence: Fence;
  bus: Bus;
  presence: Presence;
  clock: Clock;
  log: Logger;
  random: () => number;
  readAccess: ReadAccess;
  pace: LivePace;
  ceilings: LiveCeilings;
  /** Told of every change before it is told on. */
  onChanges?: (changes: readonly Change[]) => void;
  /** Told that changes may not have been heard. */
  onGap?: () => void;
}): LiveHub {
  const { fence, bus, presence, clock, log, random, readAccess, pace, ceilings } = deps;
  const connections = new Set<Connection>();
  /** By person, the oldest first. */
  const byUser = new Map<string, Set<Connection>>();
  let stopping = false;

  const tell = (pipe: LivePipe, message: LiveMessage): void => {
    if (pipe.backlog > MAX_BUFFERED_BYTES) pipe.cut();
    else pipe.send(message.type, JSON.stringify(message));
  };

  /** Ends a connection and says when to come back. */
  const bye = ({ pipe, version }: Connection, reason: ByeReason, retryMs: number): void => {
    if (version > 1) tell(pipe, { type: 'bye', reason, retryMs: Math.round(retryMs) });
    pipe.end(reason);
  };

  const flush = (connection: Connection): void => {
    connection.timer = null;
    connection.sentAt = performance.now();
    const tables = [...connection.pending];
    connection.pending.clear();
    tell(connection.pipe, { type: 'changed', tables });
  };

  const flushSoon = (connection: Connection): void => {
    if (connection.pending.size === 0 || connection.timer) return;
    const wait = Math.max(0, connection.sentAt + COALESCE_MS - performance.now());
    connection.timer = setTimeout(() => flush(connection), wait);
  };

  const deliver = (set: ChangeSet): void => {
    deps.onChanges?.(set.changes);
    for (const connection of connections) {
      for (const change of set.changes) {
        if (!hasTable(change.table, connection.version)) continue;
        if (concerns(change, connection.grants, connection.caller.userId)) {
          connection.pending.add(change.table);
        }
      }
      flushSoon(connection);
    }
  };

  /** Nobody knows what other replicas have said: all that a device replicates may have changed. */
  const tellAll = (connection: Connection): void => {
    connection.gapTimer = null;
    const { grants, caller, version, pending } = connection;
    for (const table of TABLE_NAMES) {
      const isTheirs = replicaScopes(grants, caller.userId, table).length > 0;
      if (isTheirs && hasTable(table, version)) pending.add(table);
    }
    flushSoon(connection);
  };
  bus.onGap(() => {
    deps.onGap?.();
    const within = Math.min(GAP_WITHIN_MS, connections.size * GAP_APART_MS);
    for (const connection of connections) {
      connection.gapTimer ??= setTimeout(() => tellAll(connection), random() * within);
    }
  });

  const heartbeat = setInterval(() => {
    for (const connection of connections) {
      if (connection.caller.expiresAt <= clock.now()) bye(connection, 'token-expired', 0);
      else if (!connection.pipe.beat()) connection.pipe.cut();
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
            bye(connection, 'no-access', 60_000);
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
  bus.changes.listen(deliver);

  const forget = (connection: Connection): void => {
    connections.delete(connection);
    const { userId } = connection.caller;
    const theirs = byUser.get(userId);
    theirs?.delete(connection);
    if (theirs?.size === 0) byUser.delete(userId);
  };
  /** A device that comes again and again has lost its former connections, most likely. */
  const endOldest = ({ userId, deviceId }: Caller): void => {
    const theirs = [...(byUser.get(userId) ?? [])].filter(
      ({ caller }) => caller.deviceId === deviceId,
    );
    for (const old of theirs.slice(0, -ceilings.maxLivePerDevice)) {
      bye(old, 'too-many', TOO_MANY_RETRY_MS);
    }
  };

  return {
    makeRoom({ userId }) {
      const theirs = byUser.get(userId)?.size ?? 0;
      if (connections.size < ceilings.maxLive && theirs < ceilings.maxLivePerUser) return;
      throw new AppError('SERVER_BUSY', { reason: 'connections' });
    },
    connect(pipe, { caller, grants, epoch, version }) {
      const seat = version > 1 ? presence.join(caller, (message) => tell(pipe, message)) : null;
      const connection: Connection = {
        pipe,
        caller,
        version,
        grants,
        seat,
        pending: new Set(),
        timer: null,
        gapTimer: null,
        sentAt: Number.NEGATIVE_INFINITY,
        ended: new Promise((resolve) => pipe.onEnd(resolve)),
      };
      connections.add(connection);
      byUser.set(caller.userId, (byUser.get(caller.userId) ?? new Set()).add(connection));
      endOldest(caller);
      const expiry = setTimeout(
        () => bye(connection, 'token-expired', 0),
        Math.min(Math.max(0, caller.expiresAt - clock.now()), 0x7fff_ffff),
      );
      expiry.unref();
      pipe.onText((text) => {
        const value = jsonOf(text);
        // What a newer client says beside it is passed over.
        if (OtherMessage.safeParse(value).success) return true;
        const message = ShowScreens.safeParse(value).data;
        if (message) seat?.show(message);
        return message !== undefined;
      });
      pipe.onEnd(() => {
        clearTimeout(expiry);
        if (connection.timer) clearTimeout(connection.timer);
        if (connection.gapTimer) clearTimeout(connection.gapTimer);
        forget(connection);
        seat?.leave({ moves: stopping });
      });
      tell(pipe, { type: 'hello', epoch, serverTime: clock.now() });
      if (stopping) bye(connection, 'going-away', random() * RETURN_WITHIN_MS.least);
    },
    announce(set) {
      // The fence is asked for somebody only.
      if (set.changes.length === 0 || (connections.size === 0 && !bus.isShared)) return;
      void fence.passed(set.xid).then(() => {
        deliver(set);
        bus.changes.publish(withoutIds(set));
      });
    },
    get size() {
      return connections.size;
    },
    async stop() {
      stopping = true;
      clearInterval(heartbeat);
      clearInterval(recheck);
      const open = [...connections];
      const { least, most } = RETURN_WITHIN_MS;
      const within = Math.min(most, Math.max(least, open.length * RETURN_APART_MS));
      for (const connection of open) {
        if (connection.timer) clearTimeout(connection.timer);
        bye(connection, 'going-away', random() * within);
      }
      // Peers have a second to answer before the line is cut.
      const deadline = setTimeout(() => {
        for (const { pipe } of open) pipe.cut();
      }, 1_000);
      await Promise.all(open.map(({ ended }) => ended));
      clearTimeout(deadline);
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
