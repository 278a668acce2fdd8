import { createHash } from 'node:crypto';
import { cancelRxStorageReplication, replicateRxStorageInstance } from 'rxdb/plugins/core';
import type {
  RxConflictHandler,
  RxReplicationHandler,
  RxStorageInstance,
  RxStorageInstanceReplicationState,
} from 'rxdb/plugins/core';
import { now } from 'rxdb/plugins/utils';
import { Subject } from 'rxjs';
import type { Clock } from '#shared/kernel/clock.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { rxSchemaOf } from '#shared/schema/rx-schema.ts';
import { expandAct } from '#shared/merge/expand.ts';
import type { Row } from '#shared/schema/define.ts';
import { sourcesOf, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { SqliteStorage } from '#desktop/storage/storage-types.ts';
import type { TableCheckpoint } from './checkpoint.ts';
import { openAbsence } from './absence.ts';
import { readCheckpoint } from './checkpoint.ts';
import { isDeciding, takeBackDecision, takeBackRefused, undecidedRows } from './decisions.ts';
import { discardChange } from './discard.ts';
import type { StorageGuard } from './guarded-storage.ts';
import { holdUnreadable, openLeftRows } from './left-rows.ts';
import { createHeldRows } from './held-rows.ts';
import { isHandedOver } from './failures.ts';
import type { KeptCopies } from './kept-copies.ts';
import type { ParkedStore } from './parked-store.ts';
import { createPullSide } from './pull-side.ts';
import type { PullMux } from './pull-mux.ts';
import { purgeParts, readEndedParts, writeEndedParts } from './purge-parts.ts';
import type { InScope, MayRead } from './purge-parts.ts';
import type { SlotOffers } from './slot-offers.ts';
import { createPushSide } from './push-side.ts';
import type { PushMux } from './push-mux.ts';
import { IS_HERE_ALREADY, createDerivedRows } from './meta-rows.ts';
import { protocolInstances } from './protocol-instances.ts';
import type { Relisting } from './relisting.ts';
import { openRowVersions } from './row-versions.ts';
import { isOvertaken } from './rows-in-question.ts';
import { rowOf, sameRow } from './server-rows.ts';
import type { DocState } from './server-rows.ts';
import { DOWN_ID, isPushable } from './tables.ts';
import type { TableInstances } from './tables.ts';
import type { Timers } from './timers.ts';

type Plain = Record<string, unknown>;

export interface TableReplicationOptions {
  readonly instances: TableInstances;
  readonly storage: SqliteStorage;
  readonly database: EncryptedDatabase;
  readonly pull: PullMux;
  readonly push: PushMux;
  readonly parked: ParkedStore;
  readonly kept: KeptCopies;
  readonly offers: SlotOffers;
  readonly mayRead: MayRead;
  readonly relisting: Relisting;
  readonly guard: StorageGuard;
  readonly inScope: InScope;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  readonly onAccepted: () => void;
  /** A decision was refused: the rows that it was about wait for it no longer. */
  readonly onUndecided: () => void;
  readonly onParkedChange: () => void;
  readonly onPulled: () => void;
}

export interface TableReplication {
  readonly table: TableName;
  /** Ask the server for changes of this table. */
  want(): void;
  /** True while the server has to be asked. */
  readonly wanted: boolean;
  /** Rows that wait for another row. */
  readonly held: number;
  /** Try again to push what waits. */
  resend(): void;
  /** What rows waited for may have arrived. */
  releaseHeld(): void;
  /** Gives a refused change up: the row is what the server has, or gone when it has none. */
  discard(id: string): Promise<void>;
  stop(): Promise<void>;
}

/** Part of the name under which checkpoints are kept; a change of it starts all tables anew. */
const IDENTIFIER = 'ganger-v1';

/**
 * Starts RxDB's replication protocol for one table, straight on its storage instances.
 *
 * The protocol's own retry logic is not relied on: a handler that throws or waits for the network
 * loses rows or blocks the other direction. Handlers make one try and come back; what did not go
 * through stays marked (rows `local`, table `wanted`), and the next RESYNC takes it up.
 */
export async function startTableReplication(
  options: TableReplicationOptions,
): Promise<TableReplication> {
  const { instances, storage, database, parked, guard, inScope, clock, timers, log } = options;
  const { table, fork } = instances;
  const resync$ = new Subject<'RESYNC'>();
  let stopped = false;
  const isStopped = (): boolean => stopped;
  const resync = (): void => {
    if (!stopped) resync$.next('RESYNC');
  };

  await guard.run(() => startAnewWhenSchemaChanged(instances, database), undefined);

  if (isDeciding(table)) {
    await guard.run(() => takeBackRefused({ storage, database, parked }, table), undefined);
  }

  /** What the server has answered to pushes while a page may have been on its way. */
  const answered = new Map<string, Row>();
  const isOld = (came: DocState, here: DocState): boolean =>
    isOvertaken(table, came, here, answered.get(came.id));

  const held = createHeldRows(timers, resync);
  const pushSide = createPushSide({
    instances,
    mux: options.push,
    parked,
    kept: options.kept,
    offers: options.offers,
    held,
    guard,
    clock,
    log,
    isStopped,
    isMadeByNobody: (id) => isMadeByNobody(table, id, { storage, database, parked }),
    onAccepted: options.onAccepted,
    undecided: () => undecidedRows({ storage, database }, table),
    onRefused: async (row) => {
      if (isDeciding(table)) {
        await takeBackDecision({ storage, database, parked }, { table, row });
      }
    },
    afterRefusals: () => {
      if (isDeciding(table)) options.onUndecided();
    },
    onConfirmed: (row) => {
      answered.set(row.id, row);
      holdUnreadable(database, table, row, options.mayRead);
    },
    onHandedOver: (id) => void guard.run(() => handOver(id), undefined),
    onParkedChange: options.onParkedChange,
  });

  const left = openLeftRows({ table, storage, database, parked, inScope });

  const purge = async (ended: readonly string[], active: readonly string[]): Promise<void> => {
    const parts = [...new Set([...readEndedParts(database, table), ...ended])].filter(
      (part) => !active.includes(part),
    );
    // Noted first: a kill in between repeats the purge instead of forgetting it.
    writeEndedParts(database, table, parts);
    if (parts.length === 0) return;
    const kept = await purgeParts({
      table,
      fork,
      storage,
      database,
      parked,
      inScope,
      ended: parts,
      active,
      purgeMade: left.purgeMade,
    });
    if (kept === 0) writeEndedParts(database, table, []);
    log.info('parts ended', { table, parts: parts.length, kept });
  };

  /** Purges what had to stay once its changes are answered. */
  const purgeAgain = async (): Promise<void> => {
    left.purgeAgain();
    if (readEndedParts(database, table).length === 0) return;
    const checkpoint = await readDownCheckpoint(instances);
    await purge([], Object.keys(checkpoint?.scopes ?? {}));
  };

  const handOver = async (id: string): Promise<void> => {
    await discardChange({ instances, storage, database, parked }, id, { handOver: true });
    await purgeAgain();
    options.onParkedChange();
  };

  const derived = createDerivedRows();
  /** The server's answer wins: it has merged both states field by field already. */
  const conflicts: RxConflictHandler<Plain> = {
    isEqual: (a, b, question) =>
      !derived.mustBeWritten(a['id'], question) &&
      (sameRow(a, b) || (question === IS_HERE_ALREADY && isOld(a as DocState, b as DocState))),
    resolve: ({ realMasterState }) => Promise.resolve(realMasterState),
  };
  const pullSide = createPullSide({
    instances,
    derived,
    mux: options.pull,
    parked,
    kept: options.kept,
    relisting: options.relisting,
    storage,
    guard,
    timers,
    log,
    isStopped,
    purge,
    purgeLeft: (ids) => Promise.resolve(left.purge(ids)),
    endLater: (ids) => left.endLater(ids),
    stays: (ids) => left.stays(ids),
    onReleased: resync,
    onSettled: (ids) => {
      for (const id of ids) held.settle(id);
      options.onParkedChange();
      options.onAccepted();
      resync();
    },
    rowVersions: openRowVersions(table, database.kv),
    absence: openAbsence(table, database.kv),
    storeCheckpoint: async (checkpoint) => {
      await writeDownCheckpoint(instances, checkpoint);
      // RxDB stores none that is equal to its last one: a table that is read anew may end where it was.
      delete state.lastCheckpointDoc.down;
    },
    onCameForLocal: (row) => pushSide.came(row),
    onSkipped: () => database.kv.set(skippedKey(table), schemaHash(table)),
    onComplete: () => {
      answered.clear();
      void guard.run(purgeAgain, undefined);
      options.onPulled();
    },
  });

  // A kill may have come between the answer and the row's leaving.
  for (const change of parked.list()) {
    const isHere = fork.originOf([change.id]).get(change.id) === 'local';
    if (change.table === table && isHandedOver(change.code) && isHere) {
      await guard.run(() => handOver(change.id), undefined);
    }
  }

  const protocol = protocolInstances({ instances, pushSide, pullSide, guard, log });
  const replicationHandler: RxReplicationHandler<Plain, TableCheckpoint> = {
    masterChangeStream$: resync$,
    masterChangesSince: (checkpoint) => pullSide.masterChangesSince(checkpoint),
    masterWrite: (rows) => pushSide.masterWrite(rows) as Promise<(Plain & { _deleted: boolean })[]>,
  };
  const state: RxStorageInstanceReplicationState<Plain> = replicateRxStorageInstance<Plain>({
    identifier: IDENTIFIER,
    // RxDB takes a page smaller than this for the last one; ours have any size, see the pull side.
    pullBatchSize: 1,
    pushBatchSize: 100,
    forkInstance: protocol.fork as unknown as RxStorageInstance<Plain, unknown, unknown>,
    metaInstance: protocol.meta as never,
    replicationHandler,
    conflictHandler: conflicts,
    hashFunction: (text) => Promise.resolve(sha256(text as string, 'hex')),
    // What is never pushed needs no note of what the server has.
    skipStoringPullMeta: !isPushable(table),
  });
  const errors = state.events.error.subscribe((error) => {
    log.error('replication protocol failed', { table, code: error.code });
  });

  return {
    table,
    want() {
      pullSide.want();
      resync();
    },
    get wanted() {
      return pullSide.wanted;
    },
    get held() {
      return held.size;
    },
    resend: resync,
    releaseHeld: () => held.releaseAll(),
    async discard(id) {
      await discardChange({ instances, storage, database, parked }, id);
      held.settle(id);
      await purgeAgain();
      options.onParkedChange();
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      // RxDB must know that it is cancelled before a waiting handler comes back, or it would take
      // rows that were never sent for pushed.
      const cancelled = cancelRxStorageReplication(state);
      pullSide.stop();
      held.stop();
      await cancelled;
      errors.unsubscribe();
      resync$.complete();
    },
  };
}

/**
 * True for a row that comes from an act which will not arrive by itself: it waits for a person here, was
 * handed over to the server's quarantine, or was given up. The row cannot arrive before the act.
 */
function isMadeByNobody(
  table: TableName,
  id: string,
  here: {
    readonly storage: SqliteStorage;
    readonly database: EncryptedDatabase;
    readonly parked: ParkedStore;
  },
): boolean {
  const { storage, database, parked } = here;
  const sources = sourcesOf(table);
  if (sources.length === 0 || tableOf(table).inserted) return false;
  return !sources.some((source) => {
    const makes = (doc: string): boolean => {
      const act = rowOf(JSON.parse(doc) as Plain);
      return !parked.has(source, act.id) && expandAct(source, act).some(({ row }) => row.id === id);
    };
    return (
      storage.instance(source) !== undefined &&
      database
        .read<{ doc: string }>(`select doc from live_${source} where origin = 'local'`)
        .some(({ doc }) => makes(doc))
    );
  });
}

async function readDownCheckpoint({ meta }: TableInstances): Promise<TableCheckpoint | undefined> {
  const [stored] = await meta.findDocumentsById([DOWN_ID], false);
  return readCheckpoint(stored?.checkpointData);
}

/** Writes the pull checkpoint in RxDB's place for it; RxDB takes up what it finds there. */
async function writeDownCheckpoint(
  { meta }: TableInstances,
  checkpoint: TableCheckpoint,
): Promise<void> {
  const [previous] = await meta.findDocumentsById([DOWN_ID], true);
  const height = previous ? Number.parseInt(previous._rev, 10) : 0;
  const document = {
    id: DOWN_ID,
    isCheckpoint: '1' as const,
    itemId: 'down',
    checkpointData: checkpoint,
    _attachments: {},
    _deleted: false,
    _meta: { lwt: now() },
    _rev: `${height + 1}-checkpoint`,
  };
  const row = { document: document as never, ...(previous ? { previous } : {}) };
  await meta.bulkWrite([row], 'replication-set-checkpoint');
}

const skippedKey = (table: TableName): string => `sync.skipped.${table}`;

const sha256 = (text: string, encoding: 'hex' | 'base64url'): string =>
  createHash('sha256').update(text).digest(encoding);

const schemaHash = (table: TableName): string =>
  sha256(canonicalJson(rxSchemaOf(table)), 'base64url');

/** An older build may have left out rows that it could not read: this one asks for all again. */
async function startAnewWhenSchemaChanged(
  instances: TableInstances,
  database: EncryptedDatabase,
): Promise<void> {
  const key = skippedKey(instances.table);
  const skippedUnder = database.kv.get(key);
  if (skippedUnder === undefined || skippedUnder === schemaHash(instances.table)) return;
  const checkpoint = await readDownCheckpoint(instances);
  if (checkpoint) await writeDownCheckpoint(instances, { epoch: checkpoint.epoch, scopes: {} });
  database.kv.delete(key);
}
