import type { RxReplicationWriteToMasterRow } from 'rxdb/plugins/core';
import { EMPTY, concatMap, filter, map } from 'rxjs';
import type { Observable } from 'rxjs';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { expandAct } from '#shared/merge/expand.ts';
import type { SlotOffer } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import { isAhead } from '#shared/merge/join.ts';
import { deviceFields } from '#shared/schema/rows.ts';
import { isTableName, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { SeqCheckpoint, StoredDocument } from '#desktop/storage/storage-types.ts';
import type { StorageGuard } from './guarded-storage.ts';
import type { HeldRows } from './held-rows.ts';
import type { KeptCopies } from './kept-copies.ts';
import { notedState, readMeta, writeMeta } from './meta-rows.ts';
import { isHandedOver } from './failures.ts';
import type { ParkedStore } from './parked-store.ts';
import type { PushMux, PushRow, RowOutcome } from './push-mux.ts';
import { docStateOf, readServerRow, rowOf, sameRow } from './server-rows.ts';
import type { DocState } from './server-rows.ts';
import type { SlotOffers } from './slot-offers.ts';
import { isPushable } from './tables.ts';
import type { ForkInstance, TableInstances } from './tables.ts';

type WriteRow = RxReplicationWriteToMasterRow<Record<string, unknown>>;
type LocalChanges = ReturnType<ForkInstance['localChangeStream']>;
type ChangeBulk = LocalChanges extends Observable<infer B> ? B : never;

export interface PushSideOptions {
  readonly instances: TableInstances;
  readonly mux: Pick<PushMux, 'send' | 'waiting'>;
  readonly parked: ParkedStore;
  readonly kept: Pick<KeptCopies, 'keep'>;
  readonly offers: SlotOffers;
  readonly held: HeldRows;
  readonly guard: StorageGuard;
  readonly clock: Clock;
  readonly log: Logger;
  readonly isStopped: () => boolean;
  /** True for a row that comes from an act which will not reach the server by itself. */
  readonly isMadeByNobody: (id: string) => boolean;
  /** The server has taken rows of this table. */
  readonly onAccepted: () => void;
  /** Ids of rows that have to wait for what was decided about them. */
  readonly undecided: () => ReadonlySet<string>;
  /** A row was refused and is parked. */
  readonly onRefused: (row: Row) => Promise<void>;
  /** All rows of a push that were refused have been dealt with. */
  readonly afterRefusals: () => void;
  /** The server has this row as it is here, or as it will be. */
  readonly onConfirmed: (row: Row) => void;
  /** The server keeps a row that it did not apply: no copy of it has to stay here. */
  readonly onHandedOver: (id: string) => void;
  /** A row was parked or is parked no more. */
  readonly onParkedChange: () => void;
}

export interface PushSide {
  /** What RxDB's upstream reads: rows of this device that the server has not confirmed. */
  changedSince(
    limit: number,
    checkpoint: SeqCheckpoint | undefined,
  ): Promise<{ documents: StoredDocument[]; checkpoint: SeqCheckpoint }>;
  /** What RxDB's upstream listens to: edits made here, never what replication writes. */
  localChanges(): Observable<ChangeBulk>;
  /** RxDB's `masterWrite`: one try to push; never throws and never waits for the network to return. */
  masterWrite(rows: WriteRow[]): Promise<DocState[]>;
  /** True for a row of the last push whose meta row must not be written: the server has it not. */
  takeUnwritten(id: string): boolean;
  /** The server's state of a row that waits here came by pull. */
  came(row: Row): void;
}

/**
 * The push side of one table. The queue is not a list of its own but the rows marked `local` in the
 * store; RxDB's push checkpoint is not used. So nothing can fall out of the queue: a row leaves it
 * in the transaction that notes the server's answer, and at no other time.
 */
export function createPushSide(options: PushSideOptions): PushSide {
  const { instances, mux, parked, kept, offers, held, guard, clock, log, isStopped } = options;
  const { table, fork, meta } = instances;
  const unwritten = new Set<string>();
  /** Rows that are being pushed, and what came of them meanwhile. */
  const underWay = new Map<string, Row | null>();

  /** Leaves out what is parked or held; rows that the server is known to have are confirmed. */
  const sendable = async (documents: readonly StoredDocument[]): Promise<StoredDocument[]> => {
    const undecided = options.undecided();
    const waiting = documents.filter((document) => undecided.has(idOf(document)));
    const atServer = await readMeta(meta, waiting.map(idOf));
    const open = documents.filter((document) => {
      const row = rowOf(document);
      const noted = atServer.get(row.id);
      // What the server has lost with a restore cannot be decided about before it is there again.
      if (undecided.has(row.id) && noted !== undefined && !notedState(noted)._deleted) {
        if (!held.has(row.id)) held.hold(row.id);
        return false;
      }
      return !held.has(row.id) && parked.entryFor(table, row) === undefined;
    });
    if (open.length === 0) return [];
    const known = await readMeta(meta, open.map(idOf));
    const settled = open.filter((document) => {
      const noted = known.get(idOf(document));
      return noted !== undefined && sameRow(notedState(noted), document);
    });
    // An edit that was taken back, or an answer of the server that came by pull.
    await writeMeta(meta, settled.map(stateOf), known);
    for (const document of settled) accept(idOf(document));
    return open.filter((document) => !settled.includes(document));
  };

  const accept = (id: string, alternatives?: readonly SlotOffer[]): void => {
    held.settle(id);
    parked.forgetMaster(table, id);
    if (alternatives) offers.keep(table, id, alternatives, clock.now());
    const forgotten = !alternatives && offers.forget(table, id);
    if (parked.release(table, id) || forgotten || alternatives) options.onParkedChange();
  };

  const park = (state: DocState, outcome: Extract<RowOutcome, { kind: 'refused' }>): void => {
    const { code, fields, alternatives } = outcome;
    held.settle(state.id);
    if (alternatives) offers.keep(table, state.id, alternatives, clock.now());
    parked.park(
      { table, id: state.id, code, fields: [...fields], parkedAt: clock.now() },
      rowOf(state),
    );
    log.warn('change refused', { table, code, fields });
    options.onParkedChange();
    if (isHandedOver(code)) options.onHandedOver(state.id);
  };

  /** The later of what the server answered and what came by pull while the answer was on its way. */
  const latest = (answered: Row): Row => {
    const came = underWay.get(answered.id);
    const isNewer = came && tableOf(table).kind === 'record' && isAhead(table, came, answered);
    return isNewer ? came : answered;
  };

  /** Notes one answer. @returns the server's row when it differs from what was sent */
  const note = (state: DocState, sent: PushRow, outcome: RowOutcome): DocState | null => {
    if (outcome.kind === 'ok') {
      const row = rowOf(state);
      const master = latest(row);
      accept(state.id);
      options.onConfirmed(master);
      return master === row ? null : docStateOf(master);
    }
    if (outcome.kind === 'master') {
      const read = readServerRow(table, outcome.row);
      if (read.ok) {
        const master = latest(read.row);
        accept(state.id, outcome.alternatives);
        options.onConfirmed(master);
        return docStateOf(master);
      }
      log.error('answer to a push not understood', { table, fields: read.fields });
    }
    unwritten.add(state.id);
    if (outcome.kind === 'refused') {
      // Before the note that lets the row itself go.
      if (isHandedOver(outcome.code) && (outcome.kept ?? 'waiting') === 'waiting') kept.keep(sent);
      park(state, outcome);
    } else if (outcome.kind !== 'unsent') {
      const made = options.isMadeByNobody(state.id) ? '(row)' : null;
      const parent = made ?? parkedParent(table, state, parked);
      if (outcome.kind === 'retry' && parent !== null) {
        park(state, { kind: 'refused', code: 'SYNC_PARENT_MISSING', fields: [parent] });
      } else held.hold(state.id);
    }
    return null;
  };

  return {
    async changedSince(limit, checkpoint) {
      const end = { documents: [], checkpoint: checkpoint ?? { seq: 0 } };
      if (!isPushable(table) || mux.waiting || isStopped()) return end;
      return guard.run(async () => {
        let from = checkpoint;
        for (;;) {
          const page = await fork.getChangedDocumentsSinceLocal(limit, from);
          if (page.documents.length === 0) return end;
          const documents = await sendable(page.documents);
          if (documents.length > 0) return { documents, checkpoint: page.checkpoint };
          from = page.checkpoint;
        }
      }, end);
    },

    localChanges() {
      if (!isPushable(table)) return EMPTY;
      return fork.localChangeStream().pipe(
        concatMap(async (bulk) => {
          const documents = bulk.events.map((event) => event.documentData);
          const open = new Set(await guard.run(() => sendable(documents), documents));
          return { ...bulk, events: bulk.events.filter((e) => open.has(e.documentData)) };
        }),
        filter((bulk) => bulk.events.length > 0 && !isStopped()),
        map((bulk) => bulk as ChangeBulk),
      );
    },

    async masterWrite(rows) {
      const states: DocState[] = [];
      const toSend: PushRow[] = [];
      const conflicts: DocState[] = [];
      for (const { assumedMasterState: assumed, newDocumentState } of rows) {
        const state = newDocumentState as DocState;
        unwritten.delete(state.id);
        // The round after a resolved conflict: the server has this already.
        if (assumed && sameRow(assumed, state)) continue;
        if (state._deleted) {
          // The store refuses to delete; should a tombstone get here, a person has to look at it.
          unwritten.add(state.id);
          const refused = { kind: 'refused', code: 'ROW_NOT_DELETABLE', fields: [] } as const;
          await guard.run(() => park(state, refused), undefined);
          continue;
        }
        states.push(state);
        toSend.push({ table, base: stampsOf(assumed), row: rowOf(state) });
      }
      for (const { id } of states) underWay.set(id, null);
      const outcomes = toSend.length > 0 ? await mux.send(toSend) : [];
      let accepted = false;
      let refused = false;
      for (const [index, state] of states.entries()) {
        const outcome = outcomes[index] ?? { kind: 'unsent' };
        const sent = toSend[index] as PushRow;
        // Should the note fail (disk full), nothing is known of the row and it is sent again.
        unwritten.add(state.id);
        await guard.run(() => {
          unwritten.delete(state.id);
          const master = note(state, sent, isStopped() ? { kind: 'unsent' } : outcome);
          if (master) conflicts.push(master);
        }, undefined);
        if (outcome.kind === 'ok' || outcome.kind === 'master') accepted = true;
        else if (parked.has(table, state.id) && !isStopped()) {
          await guard.run(() => options.onRefused(rowOf(state)), undefined);
          refused = true;
        }
      }
      underWay.clear();
      // Of two decisions over one another both are taken back by now.
      if (refused && !isStopped()) options.afterRefusals();
      if (accepted && !isStopped()) await guard.run(() => options.onAccepted(), undefined);
      return conflicts;
    },

    takeUnwritten: (id) => unwritten.delete(id),

    came(row) {
      if (underWay.has(row.id)) underWay.set(row.id, row);
    },
  };
}

const idOf = (document: Readonly<Record<string, unknown>>): string => String(document['id']);

const stateOf = (document: StoredDocument): DocState => ({
  ...rowOf(document),
  _deleted: document._deleted,
});

/** The stamps of the master that this device knew when it wrote; null when it knew none. */
function stampsOf(assumed: Readonly<Record<string, unknown>> | undefined): PushRow['base'] {
  const stamps = assumed?.['field_hlc'];
  if (!assumed) return null;
  return typeof stamps === 'object' && stamps !== null ? (stamps as PushRow['base']) : {};
}

/** The field that refers to a row which the server has refused, or null. */
function parkedParent(table: TableName, state: DocState, parked: ParkedStore): string | null {
  const own = fieldWithParked(table, state, parked);
  if (own !== null) return own;
  // An act names its parents within its lines: the rows that it stands for name them in fields.
  const made = expandAct(table, rowOf(state));
  const isWaiting = made.some(({ table: of, row }) => fieldWithParked(of, row, parked) !== null);
  return isWaiting ? 'lines' : null;
}

function fieldWithParked(
  table: TableName,
  row: Readonly<Record<string, unknown>>,
  parked: ParkedStore,
): string | null {
  for (const [name, { references }] of deviceFields(tableOf(table))) {
    const id = row[name];
    if (references === null || typeof id !== 'string' || !isTableName(references)) continue;
    if (parked.has(references, id)) return name;
  }
  return null;
}
