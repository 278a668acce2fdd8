import { now as rxNow } from 'rxdb/plugins/utils';
import { AppError, toAppError } from '#shared/errors/app-error.ts';
import { sameContent } from '#shared/kernel/json.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { metaOf, upgradeRow } from '#desktop/storage/definitions.ts';
import type { Definitions } from '#desktop/storage/definitions.ts';
import { SUITE_DEFINITIONS } from '#desktop/storage/suite-definitions.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { SqliteStorageInstance } from '#desktop/storage/sqlite-storage-instance.ts';
import type { PlainRow, SqliteStorage, StoredDocument } from '#desktop/storage/storage-types.ts';
import { UNPLACED_SEQ, bareRow } from './entries.ts';
import type { SideLogEntry } from './entries.ts';
import type { SideLog } from './side-log.ts';
import { storeIdOf, truthOf } from './store-truth.ts';

/** Context of rows that come back from the side log; to the storage they are local writes. */
export const SIDE_LOG_CONTEXT = 'side-log';

/**
 * Two states of one row as one: of a fact the state that is there, of a record the fields that were
 * stamped last. Must give the same whatever is repeated.
 */
export type Join = (table: string, logged: PlainRow, present: PlainRow) => PlainRow;

export interface Reapply {
  readonly storage: Pick<SqliteStorage, 'instance'>;
  readonly entries: readonly SideLogEntry[];
  /**
   * Opens the collection of a table and that of its meta rows where they are not open (those that
   * stand behind acts are the caller's business). Not called for tables that this build has not.
   */
  readonly openTable: (table: string) => Promise<unknown>;
  readonly join: Join;
  readonly log: Logger;
  readonly definitions?: Definitions;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

export interface Reapplied {
  /** Rows that were not there. */
  readonly inserted: number;
  /** Rows that were there without what the log knows. */
  readonly joined: number;
  /** Rows that were there with all of it. */
  readonly same: number;
  /** Rows that this build has no place for; they stay in the log. */
  readonly unplaced: readonly SideLogEntry[];
}

/** Says that the storage took the rest of a write; other errors say that disk or file are in trouble. */
const ROW_REFUSED = 'side log row';

type Instance = SqliteStorageInstance<Record<string, unknown>>;

/**
 * Writes rows of the side log into a store, in the order in which they were written, as local
 * writes: hooks expand acts, and the replication pushes them. The replication must not run. It may be killed anywhere and
 * repeated: a row that holds all of it is left alone.
 * @throws AppError STORE_DISK_FULL and what else the store says
 */
export async function reapply(options: Reapply): Promise<Reapplied> {
  const { storage, entries, log, definitions = SUITE_DEFINITIONS, onProgress } = options;
  const count = { inserted: 0, joined: 0, same: 0 };
  const unplaced: SideLogEntry[] = [];
  const opened = new Set<string>();
  for (const [at, entry] of entries.entries()) {
    const { table, version } = entry;
    const definition = definitions.of(table);
    if (!definition || definition.version < version) {
      unplaced.push(entry);
      continue;
    }
    if (!opened.has(table)) await options.openTable(table);
    opened.add(table);
    const instance = openInstance(storage, table);
    const upgrade = (row: PlainRow): PlainRow =>
      definition.version > version ? upgradeRow(table, definition, version, row) : row;
    try {
      const logged = { ...entry, row: upgrade(entry.row), base: entry.base && upgrade(entry.base) };
      count[await reapplyOne(options, instance, logged)] += 1;
    } catch (error) {
      const { code, safe } = toAppError(error);
      if (code !== 'STORE_UPGRADE_FAILED' && safe['reason'] !== ROW_REFUSED) throw error;
      // One row that does not go in keeps nobody from the rest of their work.
      log.error('side log: a row does not go in', { table, code });
      unplaced.push(entry);
    }
    onProgress?.({ done: at + 1, total: entries.length });
  }
  if (unplaced.length > 0) log.warn('side log: rows without a table', { count: unplaced.length });
  return { ...count, unplaced };
}

async function reapplyOne(
  { storage, join }: Reapply,
  instance: Instance,
  { table, id, row, base }: SideLogEntry,
): Promise<'inserted' | 'joined' | 'same'> {
  const [present] = await instance.findDocumentsById([id], true);
  if (!present) {
    await restoreBase(storage, table, id, base);
    await write(instance, row, undefined);
    return 'inserted';
  }
  const here = bareRow(present);
  const joined = join(table, row, here);
  const holdsAll = sameContent(joined, here);
  const isServers = instance.originOf([id]).get(id) === 'server';
  if (!isServers || base === null || sameContent(row, here)) {
    if (holdsAll) return 'same';
    await write(instance, joined, present);
    return 'joined';
  }
  // As before the loss: the edit, and what its author had seen, also where a later one wins. So the
  // server can tell who changed what without seeing the other's change (and what it has taken before,
  // it knows); a join made here would hide that.
  await restoreBase(storage, table, id, base);
  await write(instance, row, present);
  return 'joined';
}

function openInstance(storage: Pick<SqliteStorage, 'instance'>, collection: string): Instance {
  const instance = storage.instance(collection);
  if (!instance) throw new AppError('STORE_NOT_OPEN', { collection });
  return instance;
}

/** Notes for the replication which state of the server the edit was made on. */
async function restoreBase(
  storage: Pick<SqliteStorage, 'instance'>,
  table: string,
  id: string,
  base: PlainRow | null,
): Promise<void> {
  if (base === null) return;
  const meta = openInstance(storage, metaOf(table));
  const metaId = `${id}|0`;
  const [known] = await meta.findDocumentsById([metaId], true);
  const docData = { _deleted: false, ...base };
  if (known && sameContent(known['docData'], docData)) return;
  const fields = { id: metaId, isCheckpoint: '0', itemId: id, docData };
  await writeDocument(meta, { ...fields, _deleted: false }, known);
}

const write = (
  instance: Instance,
  row: PlainRow,
  present: StoredDocument | undefined,
): Promise<void> => writeDocument(instance, { _deleted: false, ...row }, present);

async function writeDocument(
  instance: Instance,
  fields: PlainRow,
  present: StoredDocument | undefined,
): Promise<void> {
  const height = present ? Number.parseInt(present._rev, 10) : 0;
  const meta: Record<string, unknown> = { ...present?._meta };
  // RxDB's mark "this is what the server sent" would let the next pull replace the row.
  delete meta['o'];
  const document = {
    ...fields,
    _attachments: {},
    _meta: { ...meta, lwt: rxNow() },
    _rev: `${height + 1}-sidelog`,
  } as unknown as StoredDocument;
  const rows = [present ? { previous: present, document } : { document }];
  const { error } = await instance.bulkWrite(rows, SIDE_LOG_CONTEXT);
  const [first] = error;
  if (first) throw new AppError('INTERNAL', { reason: ROW_REFUSED, status: first.status });
}

/**
 * Rows of the log that a store has lost although they were acknowledged (a log of SQLite that was
 * cut, a file that an older one was put in place of), or that it never had (a new file). Rows that it
 * removed later on purpose are not among them.
 */
export function lostRows(database: EncryptedDatabase, sideLog: SideLog): SideLogEntry[] {
  const { storeId } = sideLog.lastMarks();
  const waiting = sideLog.waiting();
  if (waiting.length === 0 || storeId !== storeIdOf(database)) return waiting;
  const given = database.read<{ name: string; seq: number }>(
    'select name, last_seq as seq from ganger_tables',
  );
  const last = new Map(given.map(({ name, seq }) => [name, seq]));
  return waiting.filter(({ table, seq }) => (last.get(table) ?? 0) < seq);
}

export interface SettleSideLog extends Omit<Reapply, 'entries'> {
  readonly database: EncryptedDatabase;
  readonly sideLog: SideLog;
  /** Tables whose rows go to the server. */
  readonly tables: readonly string[];
  readonly now?: () => number;
}

export interface Settled extends Omit<Reapplied, 'unplaced'> {
  readonly unplaced: number;
}

/**
 * The step between opening a store and starting its replication: brings back what the store has
 * lost, and makes the log say what the store says. Rows that this build has no place for stay in it.
 */
export async function settleSideLog(options: SettleSideLog): Promise<Settled> {
  const { database, sideLog, tables, now, definitions, log } = options;
  const lost = lostRows(database, sideLog);
  const { unplaced, ...count } = await reapply({ ...options, entries: lost });
  const back = count.inserted + count.joined;
  if (back > 0) log.warn('rows brought back from the side log', { ...count });
  const truth = truthOf(database, tables, now, definitions);
  const kept = unplaced.map((entry) => ({ ...entry, seq: UNPLACED_SEQ }));
  sideLog.compact({ ...truth, rows: both(truth.rows, kept) });
  return { ...count, unplaced: unplaced.length };
}

function* both<T>(first: Iterable<T>, second: Iterable<T>): Generator<T> {
  yield* first;
  yield* second;
}
