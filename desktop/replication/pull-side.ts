import { isWindowPart } from '#shared/schema/window-parts.ts';
import { isUuid } from '#shared/kernel/ids.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Row } from '#shared/schema/define.ts';
import type { SqliteStorage } from '#desktop/storage/storage-types.ts';
import type { Absence } from './absence.ts';
import { ZERO_CURSOR, readCheckpoint, sameCheckpoint } from './checkpoint.ts';
import type { TableCheckpoint } from './checkpoint.ts';
import type { StorageGuard } from './guarded-storage.ts';
import { adoptRowsNotWrittenHere } from './meta-rows.ts';
import type { DerivedRows } from './meta-rows.ts';
import { isSameSince } from '#shared/schema/older.ts';
import { raisePulled } from './older-server.ts';
import type { KeptCopies } from './kept-copies.ts';
import type { ParkedStore } from './parked-store.ts';
import type { PullMux, PulledPage } from './pull-mux.ts';
import type { Relisting } from './relisting.ts';
import type { RowVersions } from './row-versions.ts';
import { keepNewerHere, settleParked } from './rows-in-question.ts';
import { docStateOf, readServerRow, rowOf, sameRow } from './server-rows.ts';
import type { DocState } from './server-rows.ts';
import { isPushable } from './tables.ts';
import type { TableInstances } from './tables.ts';
import { deferred } from './timers.ts';
import type { Deferred, Timers } from './timers.ts';

export interface PullSideOptions {
  readonly instances: TableInstances;
  readonly mux: Pick<PullMux, 'ask'>;
  readonly parked: ParkedStore;
  readonly kept: Pick<KeptCopies, 'holds'>;
  readonly relisting: Relisting;
  readonly storage: SqliteStorage;
  readonly derived: DerivedRows;
  readonly guard: StorageGuard;
  readonly timers: Timers;
  readonly log: Logger;
  readonly isStopped: () => boolean;
  /** Removes rows of parts that this device may no longer hold. */
  readonly purge: (ended: readonly string[], active: readonly string[]) => Promise<void>;
  /** Removes rows that left the parts of this table, with all rows that are about them. */
  readonly purgeLeft: (ids: readonly string[]) => Promise<void>;
  /** The server has none of these rows any more, and changes of them wait here. */
  readonly endLater: (ids: readonly string[]) => void;
  /** These rows are held again, whatever left before. */
  readonly stays: (ids: readonly string[]) => void;
  readonly rowVersions: RowVersions;
  readonly absence: Absence;
  /** Stores the pull checkpoint where RxDB will read it. */
  readonly storeCheckpoint: (checkpoint: TableCheckpoint) => Promise<void>;
  /** Rows that were the server's wait again. */
  readonly onReleased: () => void;
  /** Refused changes may be sent again; these of them have become what the server has. */
  readonly onSettled: (ids: readonly string[]) => void;
  /** The server's state of a row came that waits to be pushed, or is being pushed. */
  readonly onCameForLocal: (row: Row) => void;
  /** A row was left out, since this build cannot read it. */
  readonly onSkipped: () => void;
  /** Everything that the server had when it was asked is stored. */
  readonly onComplete: () => void;
}

export interface PullSide {
  /** Changes may stand at the server: the next call of `masterChangesSince` asks. */
  want(): void;
  /** True while the server has to be asked. */
  readonly wanted: boolean;
  /** RxDB's `masterChangesSince`; never throws and never waits for the network to return. */
  masterChangesSince(
    stored: unknown,
  ): Promise<{ documents: DocState[]; checkpoint: TableCheckpoint | undefined }>;
  /** RxDB has stored a pull checkpoint, and so the rows before it. */
  checkpointStored(checkpoint: unknown): void;
  stop(): void;
}

/** RxDB stores a page without ever saying so when nothing in it is new; then this long is waited. */
const STORED_WITHIN_MS = 30_000;

/**
 * The pull side of one table. RxDB asks until it gets an empty answer (its batch size is 1, so pages
 * may have any size); whether the server is really asked is decided here: only when a change may be
 * there or the last page said that there is more.
 */
export function createPullSide(options: PullSideOptions): PullSide {
  const { instances, mux, parked, relisting, derived, guard, timers, log, isStopped } = options;
  const { table, fork } = instances;
  let wanted = false;
  let more = false;
  /** The page that RxDB is storing. */
  let storing: { checkpoint: TableCheckpoint; end: Deferred<void>; over: Promise<void> } | null =
    null;

  const read = (page: PulledPage): DocState[] => {
    const documents: DocState[] = [];
    for (const raw of page.rows) {
      if (isDeparture(raw)) continue;
      if (isTombstone(raw)) {
        documents.push({ id: raw.id, _deleted: true });
        continue;
      }
      const parsed = readServerRow(table, raw);
      if (parsed.ok) documents.push(docStateOf(parsed.row));
      else {
        log.error('row of the server not understood', { table, fields: parsed.fields });
        options.onSkipped();
      }
    }
    return documents;
  };

  /** Rows that came in an older version hold no more than that: they are read anew in this one. */
  const startAnew = async (
    page: PulledPage,
    at: TableCheckpoint | undefined,
  ): Promise<PulledPage> => {
    if (!page.answered) return page;
    const { rowVersions } = options;
    if (!rowVersions.isBehind(page.version, at)) {
      rowVersions.note(page.version);
      return page;
    }
    log.info('table is read anew', { table, version: page.version });
    const checkpoint = { epoch: page.checkpoint.epoch, scopes: {} };
    // First the place, then the note: a kill in between only asks again.
    await options.storeCheckpoint(checkpoint);
    rowVersions.note(page.version);
    return { ...page, rows: [], ended: [], checkpoint, more: true };
  };

  /** After a long absence nobody tells any more which rows left: what is still to be here is listed. */
  const listAfterAbsence = async (
    page: PulledPage,
    at: TableCheckpoint | undefined,
  ): Promise<PulledPage> => {
    const { epoch } = page.checkpoint;
    if (!page.answered || at?.epoch !== epoch || !options.absence.isLong(page.serverTime)) {
      return page;
    }
    log.info('table is listed after a long absence', { table });
    const scopes = Object.fromEntries(Object.keys(at.scopes).map((part) => [part, ZERO_CURSOR]));
    const checkpoint = { epoch, scopes };
    // In this order: a kill in between begins the list again instead of comparing with half of it.
    await options.storeCheckpoint(checkpoint);
    relisting.begin(table, epoch, () => options.absence.ends(page.serverTime));
    return { ...page, rows: [], ended: [], checkpoint, more: true };
  };

  /** Rows of a server that is older than this device, completed by what stands here. */
  const raised = async (page: PulledPage): Promise<PulledPage> => {
    if (isSameSince(table, page.version)) return page;
    const ids = page.rows.map((row) => String(row['id']));
    const held = new Map(
      (await fork.findDocumentsById(ids, false)).map((row) => [String(row['id']), rowOf(row)]),
    );
    const rows = page.rows.map((row) =>
      isDeparture(row) || isTombstone(row)
        ? row
        : raisePulled(table, row, page.version, held.get(String(row['id']))),
    );
    return { ...page, rows };
  };

  /**
   * Names a part before its first rows are here: killed between the rows and their checkpoint, the
   * device would else not ask for the part again when the right to it has ended, and keep the rows.
   */
  const nameParts = async (
    { epoch, scopes }: TableCheckpoint,
    at: TableCheckpoint | undefined,
  ): Promise<void> => {
    const known = at?.epoch === epoch ? at.scopes : {};
    const named = Object.keys(scopes).filter((part) => !Object.hasOwn(known, part));
    if (named.length === 0) return;
    const start = Object.fromEntries(named.map((part) => [part, ZERO_CURSOR]));
    await options.storeCheckpoint({ epoch, scopes: { ...known, ...start } });
  };

  /** Makes the store ready for the rows of a page. @returns those that RxDB is to take */
  const prepare = async (
    page: PulledPage,
    at: TableCheckpoint | undefined,
  ): Promise<DocState[]> => {
    if (page.ended.length > 0) await options.purge(page.ended, Object.keys(page.checkpoint.scopes));
    const left = page.rows.flatMap((row) => (isDeparture(row) ? [row.id] : []));
    if (left.length > 0) await options.purgeLeft(left);
    const { checkpoint } = page;
    const came = page.rows.filter((row) => !isDeparture(row));
    // A row that has left, and one that was removed, is to go as soon as it may.
    options.stays(came.flatMap((row) => (isTombstone(row) ? [] : [String(row['id'])])));
    relisting.came(table, at, { checkpoint, ids: came.map((row) => String(row['id'])) });
    const all = read(await raised(page));
    const newer = relisting.isOpen(table)
      ? await keepNewerHere(instances, options.storage, all)
      : new Set<string>();
    if (newer.size > 0) options.onReleased();
    const documents = all.filter(({ id }) => !newer.has(id));
    const ids = documents.map(({ id }) => id);
    if (ids.length === 0) return documents;
    if (documents.some(({ id }) => parked.has(table, id))) {
      const settled = await settleParked(instances, parked, options.kept, documents);
      options.onSettled(settled);
    }
    await nameParts(page.checkpoint, at);
    if (isPushable(table)) await adoptRowsNotWrittenHere(instances, ids);
    const origins = fork.originOf(ids);
    derived.set(ids.filter((id) => origins.get(id) === 'derived'));
    const ended = documents.filter((row) => row._deleted && origins.get(row.id) === 'local');
    if (ended.length > 0) options.endLater(ended.map(({ id }) => id));
    // RxDB says nothing of a page without news, and would be waited for.
    const isListedAgain = relisting.isAfterAbsence(table) || sameCheckpoint(at, page.checkpoint);
    const here = isListedAgain ? await fork.findDocumentsById(ids, false) : [];
    const known = new Map(here.map((document) => [String(document.id), rowOf(document)]));
    return documents.filter(({ _deleted, ...row }) => {
      const origin = origins.get(row.id);
      const mine = known.get(row.id);
      if (!_deleted && origin === 'server' && mine && sameRow(mine, row)) return false;
      // The end of a row that is not here, or that somebody works on, is nothing to store.
      if (_deleted) return origin !== undefined && origin !== 'local';
      if (origin === 'local') {
        parked.rememberMaster(table, row.id, row);
        options.onCameForLocal(rowOf(row));
      }
      return true;
    });
  };

  /** Hands the next table its rows once RxDB has stored these. */
  const announce = (page: PulledPage): void => {
    const end = deferred<void>();
    const cancel = timers.after(STORED_WITHIN_MS, () => end.resolve());
    const over = end.promise.then(async () => {
      cancel();
      await finish(page);
      storing = null;
    });
    storing = { checkpoint: page.checkpoint, end, over };
  };

  /** The rows of a page are stored. */
  const finish = async (page: PulledPage): Promise<void> => {
    if (!page.more && page.answered && !isStopped()) {
      const parts = Object.keys(page.checkpoint.scopes);
      await guard.run(async () => {
        await relisting.listed(table, parts);
        options.absence.ends(page.serverTime);
      }, undefined);
    }
    page.stored();
    // Asked for again meanwhile: the next round tells.
    if (!page.more && !wanted && !isStopped()) options.onComplete();
  };

  return {
    want() {
      wanted = true;
    },
    get wanted() {
      return wanted || more;
    },
    async masterChangesSince(stored) {
      let at = readCheckpoint(stored);
      const nothing = { documents: [], checkpoint: at };
      await storing?.over;
      while (!isStopped() && (wanted || more)) {
        const answer = await mux.ask(table, at, () => {
          wanted = false;
          more = false;
        });
        const page =
          answer &&
          (await guard.run(
            async () => listAfterAbsence(await startAnew(startWindowsAnew(answer, at), at), at),
            answer,
          ));
        if (page === null || isStopped()) {
          page?.stored();
          wanted = true;
          return nothing;
        }
        more = page.more;
        const documents = await guard.run(() => prepare(page, at), []);
        if (isStopped()) {
          page.stored();
          return nothing;
        }
        if (documents.length > 0) {
          // Nor of a place at which it stands already.
          if (sameCheckpoint(at, page.checkpoint)) {
            await guard.run(() => options.storeCheckpoint(page.checkpoint), undefined);
          }
          announce(page);
          return { documents, checkpoint: page.checkpoint };
        }
        // RxDB stores no checkpoint for an empty page.
        if (!sameCheckpoint(at, page.checkpoint)) {
          await guard.run(() => options.storeCheckpoint(page.checkpoint), undefined);
        }
        at = page.checkpoint;
        await finish(page);
      }
      return nothing;
    },
    checkpointStored(stored) {
      const checkpoint = readCheckpoint(stored);
      if (storing && sameCheckpoint(storing.checkpoint, checkpoint)) storing.end.resolve();
    },
    stop() {
      storing?.end.resolve();
    },
  };
}

/** A row that the server has no more comes as its id alone. */
function isTombstone(
  raw: Readonly<Record<string, unknown>>,
): raw is { readonly id: string; readonly _deleted: true } {
  return raw['_deleted'] === true && isUuid(raw['id']);
}

/** A row that is not deleted, but may not be held here any more. */
function isDeparture(
  raw: Readonly<Record<string, unknown>>,
): raw is { readonly id: string; readonly _left: true } {
  return raw['_left'] === true && isUuid(raw['id']);
}

/**
 * Which row lies in which window only the server knows. So when one window of a table ends and others
 * go on, they all end, and those that go on are loaded from their start.
 */
function startWindowsAnew(page: PulledPage, at: TableCheckpoint | undefined): PulledPage {
  const windows = Object.keys(page.checkpoint.scopes).filter(isWindowPart);
  if (!page.ended.some(isWindowPart) || windows.length === 0) return page;
  const ended = new Set([...page.ended, ...windows]);
  const known = Object.entries(at?.scopes ?? {}).filter(([part]) => !ended.has(part));
  return {
    ...page,
    rows: [],
    checkpoint: { ...page.checkpoint, scopes: Object.fromEntries(known) },
    ended: [...ended],
    more: true,
  };
}
