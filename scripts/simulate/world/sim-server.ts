import type pg from 'pg';
import { AppError } from '#shared/errors/app-error.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { createHlc } from '#shared/kernel/hlc.ts';
import type { HybridClock } from '#shared/kernel/hlc.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { PROTOCOL_VERSION, PullReply, PullRequest } from '#shared/protocol/messages.ts';
import { PushReply, PushRequest } from '#shared/protocol/messages.ts';
import { SessionReply, SessionRequest } from '#shared/protocol/messages.ts';
import { errorOfRequest } from '#server/http/errors.ts';
import type { Caller } from '#server/http/route.ts';
import type { Bus } from '#server/realtime/bus.ts';
import type { ChangeSet } from '#server/realtime/change.ts';
import { createFence } from '#server/realtime/fence.ts';
import { LIVE_PACE, createLiveHub } from '#server/realtime/live-hub.ts';
import type { LiveHub } from '#server/realtime/live-hub.ts';
import { requireKnown } from '#server/sync/access.ts';
import type { OpenPull, OpenPush, OpenSession } from '#server/sync/ports.ts';
import { pull } from '#server/sync/pull.ts';
import { push } from '#server/sync/push.ts';
import { openSession } from '#server/sync/session.ts';
import type { Presence } from '#server/realtime/presence.ts';
import type { ModelDatabase } from '../model/database.ts';
import { connectionLost } from '../model/model-errors.ts';
import { modelPull } from '../model/pull-store.ts';
import { modelPush } from '../model/push-store.ts';
import { modelSession } from '../model/session-store.ts';
import type { Transaction } from '../model/transaction.ts';
import type { SimLive } from './sim-live.ts';

/** Who looks at which screen says nothing about rows: left out. */
const NOBODY: Presence = {
  join: () => ({ show: () => undefined, leave: () => undefined }),
  show: async () => [],
  size: 0,
  stop: () => undefined,
};

/** More than a simulation has. */
const CEILINGS = { maxLive: 1_000, maxLivePerUser: 100, maxLivePerDevice: 100 };

/** The ways of the engine to its database; a test breaks them on purpose. */
export interface EnginePorts {
  readonly openPush: OpenPush;
  readonly openPull: OpenPull;
  readonly openSession: OpenSession;
}

/** A request that was answered, as it came. */
export interface Answered {
  readonly caller: Caller;
  readonly request: PushRequest;
  readonly reply: PushReply;
}

export interface ServerOptions {
  readonly db: ModelDatabase;
  readonly clock: Clock;
  readonly wrap?: ((ports: EnginePorts) => EnginePorts) | undefined;
  /** Told of each push that the engine has answered. */
  readonly onPush: (answered: Answered) => Promise<void>;
  readonly bus: Bus;
  readonly node: string;
}

/**
 * One replica of the sync server: the real engine and the real live hub over the model of Postgres,
 * asked by calls in the place of HTTP. A crash ends its transactions, its answers under way and its
 * live connections, and all that it knew.
 */
export class SimServer {
  readonly #options: ServerOptions;
  readonly #transactions = new Set<Transaction>();
  readonly #lines = new Set<SimLive>();
  #life = 0;
  #ports: EnginePorts;
  #hlc: HybridClock;
  #hub: LiveHub;
  #stopParts: () => void = () => undefined;
  isUp = true;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#ports = this.#openPorts();
    this.#hlc = this.#newClock();
    this.#hub = this.#newHub();
  }

  get ports(): EnginePorts {
    return this.#ports;
  }

  /** The latest stamp of its clock. */
  get lastStamp(): string {
    return this.#hlc.last();
  }

  /** The process is killed, and stays away until it is started. */
  crash(): void {
    this.isUp = false;
    this.#life += 1;
    for (const tx of this.#transactions) tx.cut(connectionLost());
    this.#transactions.clear();
    this.#stopParts();
    for (const line of this.#lines) line.cut();
    this.#lines.clear();
  }

  start(): void {
    if (this.isUp) return;
    this.isUp = true;
    this.#ports = this.#openPorts();
    this.#hlc = this.#newClock();
    this.#hub = this.#newHub();
  }

  /** Ends what runs by the clock. */
  stop(): void {
    this.#stopParts();
  }

  session(caller: Caller, body: unknown): Promise<SessionReply> {
    return this.#serve(async () => {
      const deps = {
        open: this.#ports.openSession,
        clock: this.#options.clock,
        announce: (set: ChangeSet) => this.#hub.announce(set),
      };
      return SessionReply.parse(await openSession(deps, caller, SessionRequest.parse(body)));
    });
  }

  pull(caller: Caller, body: unknown): Promise<PullReply> {
    return this.#serve(async () => {
      const deps = { open: this.#ports.openPull, clock: this.#options.clock };
      const answer = await pull(deps, caller, PullRequest.parse(body));
      return PullReply.parse(JSON.parse(answer.text));
    });
  }

  push(caller: Caller, body: unknown): Promise<PushReply> {
    return this.#serve(async () => {
      const request = PushRequest.parse(body);
      const reply = await this.pushOver(this.#ports.openPush, caller, request, this.#hlc, (set) =>
        this.#hub.announce(set),
      );
      await this.#options.onPush({ caller, request, reply });
      return PushReply.parse(JSON.parse(JSON.stringify(reply)));
    });
  }

  /** The engine over any way to a database. */
  pushOver(
    open: OpenPush,
    caller: Caller,
    request: PushRequest,
    hlc: HybridClock,
    announce: (set: ChangeSet) => void,
  ): Promise<PushReply> {
    const { clock } = this.#options;
    return push({ open, clock, hlc, announce, log: silentLogger }, caller, request);
  }

  async live(caller: Caller, line: SimLive): Promise<void> {
    await this.#serve(async () => {
      const access = requireKnown(
        await this.#ports.openSession(caller, (store) => store.access(caller.deviceId)),
      );
      if (access.grants.length === 0) throw new AppError('AUTH_NO_ACCESS');
      const { grants, epoch } = access;
      this.#lines.add(line);
      line.serverEnd.onEnd(() => this.#lines.delete(line));
      this.#hub.connect(line.serverEnd, { caller, grants, epoch, version: PROTOCOL_VERSION });
    });
  }

  /** Whatever goes wrong becomes an error of the catalogue; who is gone meanwhile answers nothing. */
  async #serve<T>(work: () => Promise<T>): Promise<T> {
    const life = this.#life;
    if (!this.isUp) throw new AppError('SERVER_UNREACHABLE');
    try {
      const result = await work();
      if (this.#life !== life) throw new AppError('SERVER_UNREACHABLE');
      return result;
    } catch (error) {
      if (this.#life !== life) throw new AppError('SERVER_UNREACHABLE');
      throw errorOfRequest(error);
    }
  }

  #openPorts(): EnginePorts {
    const { db, wrap } = this.#options;
    const opened = (tx: Transaction): void => {
      this.#transactions.add(tx);
      tx.onEnd = () => this.#transactions.delete(tx);
    };
    const ports: EnginePorts = {
      openPush: modelPush(db, opened),
      openPull: modelPull(db, opened),
      openSession: modelSession(db, opened),
    };
    return wrap?.(ports) ?? ports;
  }

  #newClock(): HybridClock {
    const { clock, node } = this.#options;
    return createHlc({ clock, node });
  }

  #newHub(): LiveHub {
    const { db, clock, bus } = this.#options;
    const query = async () => {
      const { xmin, xmax } = db.snapshot();
      return { rows: [{ xmin: String(Math.min(xmin, 2 ** 52)), xmax: String(xmax) }] };
    };
    const fence = createFence({ query } as unknown as Pick<pg.Pool, 'query'>, silentLogger);
    const hub = createLiveHub({
      fence,
      bus,
      presence: NOBODY,
      clock,
      log: silentLogger,
      random: Math.random,
      readAccess: async (caller) =>
        requireKnown(
          await this.#ports.openSession(caller, (store) => store.access(caller.deviceId)),
        ),
      pace: LIVE_PACE,
      ceilings: CEILINGS,
    });
    this.#stopParts = () => {
      fence.stop();
      void hub.stop();
    };
    return hub;
  }
}
