import { BehaviorSubject } from 'rxjs';
import type { Observable } from 'rxjs';
import { AppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { LiveMessage } from '#shared/protocol/messages.ts';
import { PULL_ORDER, TABLE_NAMES } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { SqliteStorage } from '#desktop/storage/storage-types.ts';
import { createContact } from './contact.ts';
import type { Channel } from './contact.ts';
import { createStorageGuard } from './guarded-storage.ts';
import { openLineage } from './lineage.ts';
import { startLive } from './live.ts';
import { openKeptCopies } from './kept-copies.ts';
import { openParkedStore } from './parked-store.ts';
import type { ParkedChange, ParkedStore } from './parked-store.ts';
import { openProgress } from './progress.ts';
import { createDevicePresence } from './presence.ts';
import type { DevicePresence } from './presence.ts';
import { createPullMux, parentsOf } from './pull-mux.ts';
import { openLeftRows } from './left-rows.ts';
import type { InScope, MayRead } from './purge-parts.ts';
import { createPushMux } from './push-mux.ts';
import { openRelisting } from './relisting.ts';
import { isHandedOver, mayPassLater } from './failures.ts';
import { openSlotOffers } from './slot-offers.ts';
import type { ServerApi } from './server-api.ts';
import { SHORT_OUTAGE_MS, deriveSyncState } from './sync-state.ts';
import type { ReplicationStatus } from './sync-state.ts';
import { startTableReplication } from './table-replication.ts';
import type { TableReplication } from './table-replication.ts';
import { waitingChanges } from './waiting-changes.ts';
import type { WaitingChange } from './waiting-changes.ts';
import { isPushable, openTableInstances } from './tables.ts';
import type { TableInstances } from './tables.ts';
import { deferred, realTimers } from './timers.ts';
import type { Timers } from './timers.ts';

export interface ReplicationOptions {
  readonly api: ServerApi;
  /** The profile's database and the storage over it; both stay open until `stop` has resolved. */
  readonly database: EncryptedDatabase;
  readonly storage: SqliteStorage;
  /** The RxDB database name under which windows open the same collections. */
  readonly databaseName: string;
  /** Tables that this person may read. */
  readonly tables: readonly TableName[];
  /** `inScope` of `#shared/access`. */
  readonly inScope: InScope;
  /** There is reason to believe that the rights of this person or device have changed. */
  readonly onRights?: () => void;
  /** Rows that this person may make and not read go once the server has them; absent: none do. */
  readonly mayRead?: MayRead;
  readonly clock: Clock;
  readonly timers?: Timers;
  /** A number in [0, 1), as Math.random gives it. */
  readonly random: () => number;
  readonly log: Logger;
}

export interface Replication {
  /** The state as the screen shows it; never `synced` while anything waits. */
  readonly status$: Observable<ReplicationStatus>;
  readonly status: ReplicationStatus;
  /** Resolves when every table has been loaded once (at once when that was earlier). */
  readonly firstSyncDone: Promise<void>;
  /** Who else is on the screens that this device shows. */
  readonly presence: Pick<DevicePresence, 'show' | 'others$'>;
  /** Tries everything now instead of waiting for its time. */
  syncNow(): void;
  /** The network may be back: connect and try now. */
  online(): void;
  /** When the server last answered; null while it has not since the start. */
  readonly lastContactAt: number | null;
  /** Every table that this person may read, in the order in which a first sync loads them. */
  tables(): readonly { readonly table: TableName; readonly isLoaded: boolean }[];
  /** Changes that wait for the server, oldest first. @param limit most of them */
  waiting(limit: number): Promise<WaitingChange[]>;
  /** Refused changes, oldest first. */
  parked(): (ParkedChange & { alternatives?: Record<string, string | number>[] })[];
  /**
   * Gives a refused change up; the row becomes what the server has of it.
   * @throws AppError NOT_FOUND when there is no such change
   */
  discard(table: TableName, id: string): Promise<void>;
  /** Sends a refused change again as it is. @throws AppError NOT_FOUND */
  retry(table: TableName, id: string): void;
  /** Stops; afterwards nothing of it touches the database any more. */
  stop(): Promise<void>;
}

/** Answers that are about who asks, not about what. */
const REFUSALS: ReadonlySet<Code> = new Set([
  'AUTH_NO_ACCESS',
  'AUTH_MFA_NEEDED',
  'DEVICE_REFUSED',
]);
/** Tables from which it follows who may come, and what they may do. */
/** Answers by which the server says that this person or device has no right here any more. */
const TURNED_AWAY: ReadonlySet<Code> = new Set<Code>([
  'AUTH_MFA_NEEDED',
  'AUTH_NO_ACCESS',
  'DEVICE_REFUSED',
]);
const STANDING: ReadonlySet<TableName> = new Set(['users', 'user_roles', 'devices']);

/** Without any notice the server is asked so often, milliseconds. */
const SAFETY_PULL_MS = 60_000;

/**
 * Keeps the tables of one profile in step with the server for as long as it runs, with or without
 * network. Everything that has to outlive a restart is in the profile's database.
 */
export async function startReplication(options: ReplicationOptions): Promise<Replication> {
  const { api, database, storage, databaseName, inScope, clock, random, log } = options;
  const { timers = realTimers } = options;
  const tables = PULL_ORDER.filter((table) => options.tables.includes(table));
  const replications = new Map<TableName, TableReplication>();
  let stopped = false;

  const contact = createContact(clock, () => refresh());
  const heard = (channel: Channel) => (): void => contact.succeeded(channel);
  const failed =
    (channel: Channel) =>
    (code: Code): void => {
      contact.failed(channel, code);
      if (REFUSALS.has(code) && !stopped) options.onRights?.();
    };

  const guard = createStorageGuard({
    timers,
    log,
    onProblem: (code) => (code ? contact.failed('store', code) : contact.succeeded('store')),
  });
  const parked = openParkedStore(database);
  const offers = openSlotOffers(database);
  const progress = openProgress({ kv: database.kv, tables, now: () => clock.now() });
  const pull = createPullMux({
    api,
    timers,
    random,
    log,
    onReady: () => {
      for (const replication of replications.values()) if (replication.wanted) replication.want();
    },
    // The first time tables come by their priority, and the screen says that they still do.
    isWanted: (table) => progress.firstSync === null && (replications.get(table)?.wanted ?? false),
    want: (table) => {
      if (progress.firstSync === null) replications.get(table)?.want();
    },
    onSuccess: heard('pull'),
    onFailure: failed('pull'),
  });
  const lineage = openLineage({ kv: database.kv, random, log });
  const push = createPushMux({
    api,
    timers,
    random,
    lineage: lineage.next,
    log,
    onReady: () => resendAll(),
    onChange: () => refresh(),
    onSuccess: (serverTime, epoch) => {
      kept.heard(epoch, serverTime);
      contact.succeeded('push');
    },
    onFailure: failed('push'),
    successes: () => contact.successes,
  });
  const kept = openKeptCopies({
    database,
    mux: push,
    guard,
    log,
    isStopped: () => stopped,
    onTaken: () => onAccepted(),
    onReleased: (table, id) => {
      const isListed = parked
        .list()
        .some((change) => change.table === table && change.id === id && isHandedOver(change.code));
      if (isListed && parked.release(table, id)) refresh();
    },
  });

  let newEpoch: string | null = null;
  const relisting = openRelisting({
    storage,
    database,
    parked,
    tables: TABLE_NAMES.filter((table) => tables.includes(table)),
    inScope,
    purgeLeft: (table, ids) =>
      openLeftRows({ table, storage, database, parked, inScope }).purge(ids),
    log,
    isStopped: () => stopped,
    onReleased: (table) => replications.get(table)?.resend(),
    onNewEpoch: (epoch) => {
      // Told by every table; what is loaded under the old one says nothing any more.
      if (stopped || newEpoch === epoch) return;
      newEpoch = epoch;
      kept.heard(epoch, null);
      void kept.ask();
      progress.restart();
      want(tables);
      refresh();
    },
  });

  const instances: TableInstances[] = [];
  for (const table of tables) {
    instances.push(await openTableInstances(storage, databaseName, table));
  }
  releaseStale(parked, instances);

  const forks = new Map(instances.map(({ table, fork }) => [table, fork]));
  /** False for what was handed over and is not here any more. */
  const isWaiting = (table: TableName, id: string): boolean =>
    forks.get(table)?.originOf([id]).get(id) === 'local';
  const waitingNow = (): number => {
    let local = 0;
    for (const { table, fork } of instances)
      if (isPushable(table)) local += fork.countOrigin('local');
    const refused = parked.list().filter(({ table, id }) => isWaiting(table, id));
    return Math.max(0, local - refused.length);
  };

  /** Visits without a slot; one whose change was refused is among the parked ones already. */
  const lostSlots = () => offers.lost().filter(({ table, id }) => !parked.has(table, id));

  const statusNow = (): ReplicationStatus => {
    const waiting = waitingNow();
    const needsYou = parked.count() + lostSlots().length;
    const held = [...replications.values()].some((replication) => replication.held > 0);
    const state = deriveSyncState({
      waiting,
      needsYou,
      unreachedMs: contact.unreachedMs,
      problem: contact.problem,
      storeFails: contact.storeFails,
      pushing: push.busy,
      pushHeld: push.waiting || held,
      caughtUp: progress.caughtUp,
    });
    const { lastSyncedAt, firstSync } = progress;
    const online = live?.up ?? false;
    return { state, online, waiting, needsYou, lastSyncedAt, firstSync, problem: contact.problem };
  };

  const firstSyncDone = deferred<void>();
  let live: ReturnType<typeof startLive> | null = null;
  let cancelOutage: (() => void) | null = null;
  const status$ = new BehaviorSubject<ReplicationStatus>(statusNow());
  if (progress.firstSync === null) firstSyncDone.resolve();

  const refresh = (): void => {
    if (stopped || !database.isOpen) return;
    let next: ReplicationStatus;
    try {
      next = statusNow();
    } catch (error) {
      log.error('sync status not known', { code: error instanceof AppError ? error.code : null });
      return;
    }
    if (JSON.stringify(next) !== JSON.stringify(status$.value)) status$.next(next);
    // An outage becomes one only with time: look again when it may.
    const unreached = contact.unreachedMs;
    if (unreached !== null && unreached < SHORT_OUTAGE_MS && !cancelOutage) {
      cancelOutage = timers.after(SHORT_OUTAGE_MS - unreached + 1, () => {
        cancelOutage = null;
        refresh();
      });
    }
  };

  /** Tables tell one after the other that they were pulled: of all of them the status is found once. */
  let isRefreshDue = false;
  const refreshSoon = (): void => {
    if (isRefreshDue) return;
    isRefreshDue = true;
    timers.after(0, () => {
      isRefreshDue = false;
      refresh();
    });
  };

  const want = (wanted: readonly TableName[]): void => {
    const open = progress.open;
    // What a row refers to may have been told of by a notice that was lost.
    const all = new Set(wanted.flatMap((table) => [table, ...parentsOf(table)]));
    for (const table of all) if (open.includes(table)) replications.get(table)?.want();
  };

  const resendAll = (): void => {
    for (const [table, replication] of replications) if (isPushable(table)) replication.resend();
  };

  const onPulled = (table: TableName): void => {
    if (stopped) return;
    const wasFirst = progress.firstSync !== null;
    // Tables whose turn it is now were not asked so far.
    want(database.unsynced(() => progress.pulled(table)));
    if (wasFirst && progress.firstSync === null) {
      log.info('first sync complete', { tables: tables.length });
      firstSyncDone.resolve();
    }
    refreshSoon();
  };

  const releaseHeld = (): void => {
    for (const replication of replications.values()) replication.releaseHeld();
  };

  const onAccepted = (): void => {
    if (stopped) return;
    // Refused only because of a parent that has arrived by now, perhaps.
    for (const { table, id, code } of parked.list()) {
      if (code === 'SYNC_PARENT_MISSING' && parked.release(table, id)) {
        replications.get(table)?.resend();
      }
    }
    releaseHeld();
    refresh();
  };

  const onMessage = (message: LiveMessage): void => {
    presence.heard(message);
    if (message.type === 'bye' && message.reason === 'no-access') options.onRights?.();
    if (message.type !== 'changed') return;
    // Of who is suspended, or whose machine is, nothing comes any more but this.
    if (message.tables.some((table) => STANDING.has(table))) options.onRights?.();
    // A change of grants changes which rows of every other table may be held here.
    want(message.tables.includes('user_roles') ? tables : message.tables);
  };

  const wakeAll = (): void => {
    progress.restart();
    pull.wake();
    push.wake();
    want(tables);
    // What rows waited for may have come to the server meanwhile, or the server been updated.
    releaseHeld();
    resendAll();
    void kept.ask();
    refresh();
  };

  for (const its of instances) {
    const { table } = its;
    const replication = await startTableReplication({
      instances: its,
      storage,
      database,
      pull,
      push,
      parked,
      kept,
      offers,
      mayRead: options.mayRead ?? (() => true),
      relisting,
      guard,
      inScope,
      clock,
      timers,
      log,
      onAccepted,
      onUndecided: releaseHeld,
      onParkedChange: () => refresh(),
      onPulled: () => void guard.run(() => onPulled(table), undefined),
    });
    replications.set(table, replication);
  }
  const watchesWaiting = storage.waiting$.subscribe(() => refresh());
  want(tables);
  void kept.ask();

  let cancelSafety: () => void = () => undefined;
  const safety = (): void => {
    cancelSafety = timers.after(SAFETY_PULL_MS, () => {
      want(tables);
      resendAll();
      void kept.ask();
      safety();
    });
  };
  safety();

  const presence = createDevicePresence({
    timers,
    now: () => clock.now(),
    tell: (message) => live?.show(message),
    check: () => live?.hint(),
  });
  live = startLive({
    api,
    timers,
    random,
    log,
    onUp: () => {
      presence.up();
      wakeAll();
    },
    // Only requests tell whether the server is there: a proxy may let them through and sockets not.
    onDown: (code) => {
      presence.down();
      // Nothing else may be asked of the server for a while, and no notice comes to who has no right.
      if (TURNED_AWAY.has(code)) options.onRights?.();
      want(tables);
      refresh();
    },
    onMessage,
  });
  const connection = live;

  return {
    status$: status$.asObservable(),
    get status() {
      return status$.value;
    },
    firstSyncDone: firstSyncDone.promise,
    presence,
    syncNow() {
      connection.hint();
      pull.wake();
      push.wake();
      want(tables);
      resendAll();
      void kept.ask();
    },
    online() {
      connection.hint();
      pull.wake();
      push.wake();
    },
    get lastContactAt() {
      return contact.lastAt;
    },
    tables: () => tables.map((table) => ({ table, isLoaded: progress.isLoaded(table) })),
    waiting: (limit) => waitingChanges(instances, (table, id) => parked.has(table, id), limit),
    parked: () =>
      [
        ...parked.list().map((change) => {
          const alternatives = offers.of(change.table, change.id);
          return alternatives ? { ...change, alternatives: [...alternatives] } : change;
        }),
        ...lostSlots().map((lost) => ({
          ...lost,
          // It was stored without a seat: taking one asks again.
          alternatives: lost.alternatives.map((offer) => ({ ...offer, status: 'requested' })),
        })),
      ].toSorted((a, b) => a.parkedAt - b.parkedAt),
    async discard(table, id) {
      const replication = replications.get(table);
      if (!replication) throw new AppError('NOT_FOUND', { table });
      // A visit without a slot is the server's row: what is given up is only the choice.
      const dismissed = offers.forget(table, id);
      if (parked.has(table, id) || !dismissed) await replication.discard(id);
      refresh();
    },
    retry(table, id) {
      if (!parked.release(table, id)) throw new AppError('NOT_FOUND', { table });
      replications.get(table)?.resend();
      refresh();
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      connection.stop();
      presence.stop();
      cancelSafety();
      cancelOutage?.();
      watchesWaiting.unsubscribe();
      guard.stop();
      const stops = [...replications.values()].map((replication) => replication.stop());
      pull.stop();
      push.stop();
      await Promise.all(stops);
      await guard.idle();
      // The rows belong to whoever opened them; the meta rows are ours alone.
      for (const { meta } of instances) await meta.close();
      if (database.isOpen) progress.save();
      status$.complete();
    },
  };
}

/**
 * At a start: entries whose row is not waiting any more are dropped, and changes that were refused
 * for a reason that may have passed get another try.
 */
function releaseStale(parked: ParkedStore, instances: readonly TableInstances[]): void {
  const byTable = new Map(instances.map((its) => [its.table, its]));
  for (const { table, id, code } of parked.list()) {
    const fork = byTable.get(table)?.fork;
    if (!fork) continue;
    if (isHandedOver(code)) continue;
    if (fork.originOf([id]).get(id) !== 'local' || mayPassLater(code)) parked.release(table, id);
  }
}
