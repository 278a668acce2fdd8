import { expandAct } from '#shared/merge/expand.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { sourcesOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { SeqCheckpoint, SqliteStorage } from '#desktop/storage/storage-types.ts';
import { readCheckpoint } from './checkpoint.ts';
import type { TableCheckpoint } from './checkpoint.ts';
import { undecidedRows } from './decisions.ts';
import type { ParkedStore } from './parked-store.ts';
import type { InScope } from './purge-parts.ts';
import { readMeta } from './meta-rows.ts';
import { rowOf } from './server-rows.ts';
import { DOWN_ID, isPushable, metaCollectionOf } from './tables.ts';
import type { MetaInstance } from './tables.ts';

/**
 * What the server has under a new epoch, compared with what is here.
 *
 * A server that comes back from a backup, or from a standby that lagged, has another epoch and may
 * have lost rows that it had accepted. Each table is then listed from its start; when that list is
 * complete, rows that count as the server's and did not come are not the server's any more: those
 * that devices push wait again, the others are purged. Pushing again harms nothing where the server
 * has the row meanwhile: facts are taken once, records are merged by their stamps.
 *
 * A device that was away for so long that the server has forgotten what left lists its tables in the
 * same way; there the server lost nothing, and rows that did not come go, as rows that left do.
 *
 * The ids that came are kept in the profile's database, written before the rows themselves, so that
 * a kill at any point only repeats work.
 */
export interface Relisting {
  /** True while a table is listed anew or compared. */
  isOpen(table: TableName): boolean;
  /** True while a table is listed after a long absence: most of what comes is here already. */
  isAfterAbsence(table: TableName): boolean;
  /** Begins a list after a long absence. @param also what is to be noted in the same transaction */
  begin(table: TableName, epoch: string, also: () => void): void;
  /** Takes note of a page before its rows are stored. @param at the place that was asked from */
  came(
    table: TableName,
    at: TableCheckpoint | undefined,
    page: { readonly checkpoint: TableCheckpoint; readonly ids: readonly string[] },
  ): void;
  /** A table was read to the end of all its parts: compares what can be compared by now. */
  listed(table: TableName, parts: readonly string[]): Promise<void>;
}

interface Mark {
  readonly epoch: string;
  /** The parts that are listed to their end; null: not yet. */
  readonly parts: readonly string[] | null;
  /** Listed after a long absence: rows that do not come have left. */
  readonly absent?: boolean;
}

const SCAN_ROWS = 500;

const SCHEMA = `create table if not exists sync_seen (
  tbl text not null, id text not null, primary key (tbl, id)) without rowid`;

const key = (table: TableName): string => `sync.relisting.${table}`;

export function openRelisting(options: {
  readonly storage: SqliteStorage;
  readonly database: EncryptedDatabase;
  readonly parked: Pick<ParkedStore, 'forgetMaster'>;
  /** Parents first. */
  readonly tables: readonly TableName[];
  readonly inScope: InScope;
  /** Removes rows that left, with all that is about them. */
  readonly purgeLeft: (table: TableName, ids: readonly string[]) => void;
  readonly log: Logger;
  readonly isStopped: () => boolean;
  /** Rows of this table wait again. */
  readonly onReleased: (table: TableName) => void;
  /** The server's database is another one than before: every table has to be asked. */
  readonly onNewEpoch: (epoch: string) => void;
}): Relisting {
  const { storage, database, parked, tables, inScope, log, isStopped } = options;
  database.run(SCHEMA);
  const marks = new Map<TableName, Mark>();
  for (const table of tables) {
    const stored = database.kv.get(key(table));
    if (stored !== undefined) marks.set(table, JSON.parse(stored) as Mark);
  }
  let queue: Promise<void> = Promise.resolve();

  const forget = (table: TableName): void => {
    database.run('delete from sync_seen where tbl = ?', [table]);
  };

  const mark = (table: TableName, next: Mark): void => {
    database.kv.set(key(table), JSON.stringify(next));
    marks.set(table, next);
  };

  const close = (table: TableName): void => {
    database.transaction(() => {
      forget(table);
      database.kv.delete(key(table));
    });
    marks.delete(table);
  };

  const holdsServerRows = (table: TableName): boolean =>
    (storage.instance(table)?.countOrigin('server') ?? 0) > 0;

  const unseen = (table: TableName, ids: readonly string[]): string[] =>
    database
      .read<{ id: string }>(
        `select w.value as id from json_each(?) as w where not exists (
           select 1 from sync_seen as s where s.tbl = ? and s.id = w.value)`,
        [JSON.stringify(ids), table],
      )
      .map(({ id }) => id);

  /** Rows made from an act stay while the act waits again, so this table comes after the acts'. */
  const mustWait = async (table: TableName, epoch: string): Promise<boolean> => {
    for (const source of sourcesOf(table)) {
      if (!storage.instance(source)) continue;
      if (marks.has(source)) return true;
      const meta = storage.instance(metaCollectionOf(source));
      const [stored] = (await meta?.findDocumentsById([DOWN_ID], false)) ?? [];
      const isAsked = readCheckpoint(stored?.['checkpointData'])?.epoch === epoch;
      if (!isAsked && holdsServerRows(source)) return true;
    }
    return false;
  };

  /** Ids of rows that acts which the server does not have stand for. */
  const madeHere = async (table: TableName): Promise<ReadonlySet<string>> => {
    const ids = new Set<string>();
    for (const source of sourcesOf(table)) {
      const acts = storage.instance(source);
      for (let after: SeqCheckpoint | undefined; acts;) {
        const page = await acts.getChangedDocumentsSinceLocal(SCAN_ROWS, after);
        for (const document of page.documents) {
          for (const { table: target, row } of expandAct(source, rowOf(document))) {
            if (target === table) ids.add(row.id);
          }
        }
        if (page.documents.length < SCAN_ROWS) break;
        after = page.checkpoint;
      }
    }
    return ids;
  };

  /** Rows with unsent changes stay until these are answered; everything else that did not come goes. */
  const dropAbsent = async (table: TableName): Promise<void> => {
    const fork = storage.instance(table);
    if (!fork) return;
    for (let after: SeqCheckpoint | undefined; ;) {
      const page = await fork.getChangedDocumentsSince(SCAN_ROWS, after);
      if (page.documents.length === 0 || isStopped()) break;
      after = page.checkpoint;
      const held = page.documents.filter(({ _deleted }) => !_deleted).map(({ id }) => String(id));
      const meta = storage.instance(metaCollectionOf(table)) as unknown as MetaInstance | undefined;
      // An edited row counts as the server's too; one that was made here and not sent is in no list.
      const known = meta ? await readMeta(meta, held) : new Map<string, unknown>();
      const origins = fork.originOf(held);
      const wasServers = (id: string): boolean => origins.get(id) === 'server' || known.has(id);
      const gone = unseen(table, held.filter(wasServers));
      if (gone.length > 0) options.purgeLeft(table, gone);
      // Not to hold up the windows: a table may have a hundred thousand rows.
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (!isStopped()) close(table);
  };

  /**
   * Rows of the server that a decision of this device has edited, and which wait for what the server says
   * of it. When the server has lost them nothing takes them for its own later: they wait like the others.
   */
  const decidedHere = async (table: TableName): Promise<ReadonlySet<string>> => {
    const meta = storage.instance(metaCollectionOf(table)) as unknown as MetaInstance | undefined;
    if (!meta || !isPushable(table)) return new Set();
    return new Set((await readMeta(meta, [...undecidedRows({ storage, database }, table)])).keys());
  };

  const compare = async (table: TableName, parts: readonly string[]): Promise<void> => {
    const fork = storage.instance(table);
    if (!fork) return;
    const metaCollection = metaCollectionOf(table);
    const made = await madeHere(table);
    let released = 0;
    let purged = 0;
    for (let after: SeqCheckpoint | undefined; ;) {
      const page = await fork.getChangedDocumentsSince(SCAN_ROWS, after);
      if (page.documents.length === 0 || isStopped()) break;
      after = page.checkpoint;
      const decided = await decidedHere(table);
      const held = page.documents
        .filter(({ _deleted }) => !_deleted)
        .map(rowOf)
        // A part is named once a row of it has come. An own row may be the first one in its part and
        // lost before it came; rows of ended parts have been purged by now.
        .filter((row) => isPushable(table) || parts.some((part) => inScope(table, part, row)));
      // From here to the write nothing else can happen: no row comes or is edited in between.
      const ids = unseen(
        table,
        held.map(({ id }) => id),
      );
      if (ids.length > 0 && isPushable(table)) {
        released += storage.release(table, ids, { metaCollection }).length;
        const own = ids.filter((id) => decided.has(id));
        released += storage.release(table, own, { metaCollection, from: 'derived' }).length;
        for (const id of own) parked.forgetMaster(table, id);
      } else if (ids.length > 0) {
        const expanded = ids.filter((id) => made.has(id));
        if (expanded.length > 0) storage.release(table, expanded, { as: 'derived' });
        const origins = fork.originOf(ids);
        const gone = ids.filter((id) => origins.get(id) === 'server');
        purged += storage.purge(table, gone, { metaCollection }).purged.length;
      }
      // Not to hold up the windows: a table may have a hundred thousand rows.
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (isStopped()) return;
    close(table);
    if (purged > 0) database.secureCheckpoint();
    if (released + purged > 0) log.warn('rows that the server lost', { table, released, purged });
    if (released > 0) options.onReleased(table);
  };

  const compareListed = async (): Promise<void> => {
    for (const table of tables) {
      const its = marks.get(table);
      if (!its?.parts || isStopped()) continue;
      if (its.absent) await dropAbsent(table);
      else if (!(await mustWait(table, its.epoch))) await compare(table, its.parts);
    }
  };

  return {
    isOpen: (table) => marks.has(table),
    isAfterAbsence: (table) => marks.get(table)?.absent === true,
    begin(table, epoch, also) {
      database.transaction(() => {
        forget(table);
        mark(table, { epoch, parts: null, absent: true });
        also();
      });
    },
    came(table, at, { checkpoint: { epoch }, ids }) {
      // Without a checkpoint rows are here only when a kill came before the first one was stored.
      const starts = at === undefined ? holdsServerRows(table) : at.epoch !== epoch;
      if (!starts && !marks.has(table)) return;
      database.transaction(() => {
        if (starts) {
          forget(table);
          mark(table, { epoch, parts: null });
        }
        database.run(
          `insert or ignore into sync_seen (tbl, id) select ?, w.value from json_each(?) as w`,
          [table, JSON.stringify(ids)],
        );
      });
      if (at && starts) options.onNewEpoch(epoch);
    },
    listed(table, parts) {
      const its = marks.get(table);
      if (its) mark(table, { ...its, parts });
      if (marks.size === 0) return Promise.resolve();
      const run = queue.then(compareListed);
      queue = run.catch(() => undefined);
      return run;
    },
  };
}
