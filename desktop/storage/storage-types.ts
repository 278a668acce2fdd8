import type {
  PreparedQuery,
  RxDocumentData,
  RxStorage,
  RxStorageInstanceCreationParams,
} from 'rxdb/plugins/core';
import type { Observable } from 'rxjs';
import type { SqlValue } from './open-database.ts';
import type { SqliteStorageInstance } from './sqlite-storage-instance.ts';
import type { TableSchema } from './table-layout.ts';

/**
 * Who wrote a row last. `local`: this device, not yet confirmed by the server · `server`: replication
 * (or confirmed by it) · `derived`: expanded from an act on this device, never pushed.
 */
export type Origin = 'local' | 'server' | 'derived';

/** Checkpoint of the change feed of a table: our own counter, given inside the write transaction. */
export interface SeqCheckpoint {
  readonly seq: number;
}

/** A document of any table as the storage holds it. */
export type StoredDocument = RxDocumentData<Record<string, unknown>>;

/** A row of a table without RxDB's own fields. */
export type PlainRow = Readonly<Record<string, unknown>>;

/** What a hook may do inside the write transaction. */
export interface WriteTransaction {
  /**
   * Inserts rows that are not there yet (deleted ones count as there) into another open collection,
   * with origin `derived`; change events go out after commit. Hooks do not run for them.
   * @param meta more fields for `_meta` of each document, for example RxDB's `o`
   * @returns the ids that were inserted
   * @throws AppError STORE_NOT_OPEN when the collection is not open
   */
  insertDerived(
    collection: string,
    rows: readonly PlainRow[],
    meta?: Readonly<Record<string, unknown>>,
  ): string[];
  /**
   * Changes a row that is there, in another open collection, as something that follows from a write of
   * this device: a row that waits for the server goes on waiting, any other becomes `derived`, so that
   * it is not pushed and the server's next state of it is taken. Hooks do not run for it.
   * @param change gives the row as it is to be; must not be async
   * @returns true when it was there and is different now
   * @throws AppError STORE_NOT_OPEN when the collection is not open
   */
  revise(collection: string, id: string, change: (row: PlainRow) => PlainRow): boolean;
  /**
   * Marks a row as known to the server when what is stored still equals the given content (absent
   * and null are the same; `_meta`, `_rev` and `_attachments` are not compared). Gives no new `seq`
   * and no change event.
   * @returns true when the row is now `server`
   */
  confirm(collection: string, id: string, content: PlainRow): boolean;
}

/** What a hook is told, inside the write transaction and before commit. */
export interface WriteEvent {
  readonly context: string;
  readonly collection: string;
  readonly origin: Origin;
  /** The documents that this bulkWrite writes (conflicting and refused ones are left out). */
  readonly rows: readonly StoredDocument[];
  readonly tx: WriteTransaction;
}

/** What a hook is told of a table whose rows are about to be upgraded, inside the transaction. */
export interface UpgradeEvent {
  readonly table: string;
  /** A row of the version in the file as one of this version. */
  readonly upgrade: (row: PlainRow) => PlainRow;
  /** A row as it is stored so far. */
  readonly find: (id: string) => PlainRow | undefined;
}

/** A row that a commit has written, with the `seq` that it was given. */
export interface CommittedRow {
  readonly id: string;
  readonly seq: number;
  readonly document: StoredDocument;
}

/** What a commit has done to the rows of one collection. */
export interface CommittedChange {
  readonly collection: string;
  readonly origin: Origin;
  /** Rows of that origin as they are now; rows expanded from them by `insertDerived` are left out. */
  readonly rows: readonly CommittedRow[];
  /** Ids of rows that wait no more: confirmed as the server's, or purged. */
  readonly settled: readonly string[];
  /** True when rows were purged. */
  readonly purged: boolean;
}

export interface StorageHooks {
  /** Throwing rolls the whole bulkWrite back and rejects it. Must not be async. */
  onWrite?(event: WriteEvent): void;
  /**
   * Told what is on the disk now, before the write is acknowledged and before windows hear of it.
   * Must not be async and must not throw: the write is done, and stays done.
   */
  afterCommit?(changes: readonly CommittedChange[]): void;
  /**
   * Told, at every call that meets it, that a part of the file is not what was written to it. The
   * call fails with STORE_DAMAGED all the same. Must not throw.
   */
  onDamaged?(): void;
  /**
   * The place to upgrade what is kept of rows outside of their table and its meta rows, in the same
   * transaction. Throwing leaves the table as it was. Must not be async.
   */
  onUpgrade?(event: UpgradeEvent): void;
}

/** How far the upgrade of a file is: `done` of `total` rows of all tables to be upgraded. */
export interface UpgradeProgress {
  /** The collection at hand. */
  readonly collection: string;
  readonly done: number;
  readonly total: number;
}

/** A collection and its schema as RxDB has filled it. */
export interface WantedTable {
  readonly collection: string;
  readonly schema: TableSchema;
}

/** Tells which tables a commit has changed, and which of their rows. */
export interface CommitNotice {
  readonly collections: readonly string[];
  /** Ids by collection; null, or no entry: more than can be told one by one, or not known. */
  readonly ids?: Readonly<Record<string, readonly string[] | null>>;
}

/** Values that a column must have: equal to one value, or to one of several. */
export type ColumnFilter = Readonly<Record<string, SqlValue | readonly SqlValue[]>>;

export interface PurgeOptions {
  /** Collection that holds the replication's meta rows of this one. */
  readonly metaCollection?: string;
  /**
   * `keep` (as when left out): rows with changes that the server does not have yet stay and are
   * reported; `purge`: they go too.
   */
  readonly unsent?: 'keep' | 'purge';
}

export interface PurgeResult {
  /** Ids that are physically gone, tombstones included. */
  readonly purged: readonly string[];
  /** Ids that stayed, because the server does not have them yet. */
  readonly kept: readonly string[];
}

export interface ReleaseOptions {
  /** Collection that holds the replication's meta rows of this one; those of the rows are removed. */
  readonly metaCollection?: string;
  /** `local` (as when left out): to be pushed; `derived`: comes back with the row it was made from. */
  readonly as?: 'local' | 'derived';
  /** `derived`: rows of the server that are shown as an act of this device has changed them. */
  readonly from?: 'server' | 'derived';
}

export interface SqliteInternals {
  readonly table: string;
}

export type SqliteInstanceOptions = Record<string, never>;

/** RxDB's storage over one encrypted database, and what it offers beyond RxDB's contract. */
export interface SqliteStorage extends RxStorage<SqliteInternals, SqliteInstanceOptions> {
  createStorageInstance<T>(
    params: RxStorageInstanceCreationParams<T, SqliteInstanceOptions>,
  ): Promise<SqliteStorageInstance<T>>;
  /**
   * Makes or upgrades the tables of collections together, before their instances are created; see
   * `prepare-tables.ts`. Much faster than one by one where many are new.
   */
  prepareTables(databaseName: string, wanted: readonly WantedTable[]): void;
  /** One notice after each commit that changed documents. */
  readonly changes$: Observable<CommitNotice>;
  /**
   * Ticks after each commit that may have changed the number of rows waiting for the server. Names
   * the rows whose content is the same and which only wait no longer, or wait again.
   */
  readonly waiting$: Observable<CommitNotice>;
  /** True while no instance is open. */
  readonly isIdle: boolean;
  /** An open instance of a collection, or undefined. */
  instance(collection: string): SqliteStorageInstance<Record<string, unknown>> | undefined;
  /**
   * Removes rows and their replication meta rows physically, in one transaction. Call it while the
   * replication of the table is idle, or a push in flight writes the meta row again. Windows are
   * told by DELETE events without content; live counts and pages after the first they have to run
   * again (see `purge.ts`).
   */
  purge(collection: string, ids: readonly string[], options?: PurgeOptions): PurgeResult;
  /** As `purge`, for all rows whose columns have the given values. */
  purgeWhere(collection: string, where: ColumnFilter, options?: PurgeOptions): PurgeResult;
  /**
   * Takes back that the server has rows, in one transaction: they wait again, behind all others
   * (see `release.ts`). Tells no change event; whoever pushes has to look at the queue.
   * @returns the ids that were the server's
   */
  release(collection: string, ids: readonly string[], options?: ReleaseOptions): string[];
}

export type { PreparedQuery };
