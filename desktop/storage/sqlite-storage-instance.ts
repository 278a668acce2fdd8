import type {
  BulkWriteRow,
  EventBulk,
  PreparedQuery,
  RxDocumentData,
  RxJsonSchema,
  RxStorageBulkWriteResponse,
  RxStorageChangeEvent,
  RxStorageCountResult,
  RxStorageInstance,
  RxStorageInstanceCreationParams,
  RxStorageQueryResult,
} from 'rxdb/plugins/core';
import { now } from 'rxdb/plugins/utils';
import { filter } from 'rxjs';
import type { Observable } from 'rxjs';
import { AppError } from '#shared/errors/app-error.ts';
import type { EncryptedDatabase } from './open-database.ts';
import { noteAnswer } from './large-answers.ts';
import { PURGE_CONTEXT, originOfContext } from './origin.ts';
import { joined, joinedTexts, parseAll, runCount, runQuery, runQueryAsJson } from './sql-query.ts';
import { toStoreError } from './sqlite-errors.ts';
import type {
  Origin,
  SeqCheckpoint,
  SqliteInstanceOptions,
  SqliteInternals,
} from './storage-types.ts';
import type { Table } from './table.ts';

/** What an instance needs of the storage that made it. */
export interface InstanceHost {
  readonly database: EncryptedDatabase;
  /** Runs a bulkWrite with its hooks and events. */
  write(
    table: Table,
    rows: readonly BulkWriteRow<Record<string, unknown>>[],
    context: string,
  ): RxStorageBulkWriteResponse<Record<string, unknown>>;
  cleanup(table: Table, before: number): boolean;
  closed(table: Table, instance: SqliteStorageInstance<never>): void;
  drop(table: Table): void;
  /** A call has met a damaged part of the file. */
  damaged(): void;
}

type Changes<T> = EventBulk<RxStorageChangeEvent<T>, SeqCheckpoint>;
type ChangedDocuments<T> = { documents: RxDocumentData<T>[]; checkpoint: SeqCheckpoint };

/**
 * One open collection. All work is done before a method returns its promise; a bulkWrite that
 * resolves is on the disk.
 */
export class SqliteStorageInstance<T> implements RxStorageInstance<
  T,
  SqliteInternals,
  SqliteInstanceOptions,
  SeqCheckpoint
> {
  readonly databaseName: string;
  readonly collectionName: string;
  readonly schema: Readonly<RxJsonSchema<RxDocumentData<T>>>;
  readonly internals: SqliteInternals;
  readonly options: SqliteInstanceOptions;
  readonly #host: InstanceHost;
  readonly #table: Table;
  #isClosed = false;

  constructor(
    host: InstanceHost,
    table: Table,
    params: RxStorageInstanceCreationParams<T, SqliteInstanceOptions>,
  ) {
    this.#host = host;
    this.#table = table;
    this.databaseName = params.databaseName;
    this.collectionName = params.collectionName;
    this.schema = params.schema;
    this.options = params.options;
    this.internals = { table: table.layout.sql };
  }

  /** Conflicts and rows that cannot be stored come back as errors; the other rows are written. */
  async bulkWrite(
    rows: BulkWriteRow<T>[],
    context: string,
  ): Promise<RxStorageBulkWriteResponse<T>> {
    return this.#run(
      () =>
        this.#host.write(
          this.#table,
          rows as unknown as BulkWriteRow<Record<string, unknown>>[],
          context,
        ) as unknown as RxStorageBulkWriteResponse<T>,
    );
  }

  /** In the order of the ids; those that are not there are left out. */
  async findDocumentsById(ids: string[], withDeleted: boolean): Promise<RxDocumentData<T>[]> {
    return this.#run(() => {
      const { sql, params } = this.#selectByIds(ids, withDeleted);
      return parseAll<T>(this.#table.statement(sql, 'pluck').all(...params) as string[]);
    });
  }

  /** As `findDocumentsById`, as the JSON text of the list: what crosses a port best. */
  async findDocumentsByIdAsJson(ids: readonly string[], withDeleted: boolean): Promise<string> {
    return this.#run(() => {
      const { sql, params } = this.#selectByIds(ids, withDeleted);
      const { json } = joinedTexts(this.#table.statement(joined(sql)), params);
      noteAnswer(json.length);
      return `[${json}]`;
    });
  }

  async query(prepared: PreparedQuery<T>): Promise<RxStorageQueryResult<T>> {
    return this.#run(() => ({
      documents: runQuery(this.#host.database, this.#table, prepared, this.schema),
    }));
  }

  /** As `query`, as the JSON text of `{ documents }`: what crosses a port best. */
  async queryAsJson(prepared: PreparedQuery<T>): Promise<string> {
    return this.#run(() => {
      const json = runQueryAsJson(this.#host.database, this.#table, prepared, this.schema);
      noteAnswer(json.length);
      return json;
    });
  }

  async count(prepared: PreparedQuery<T>): Promise<RxStorageCountResult> {
    return this.#run(() => runCount(this.#host.database, this.#table, prepared, this.schema));
  }

  /** Files are kept beside the database, not in it. @throws AppError NOT_FOUND always */
  async getAttachmentData(): Promise<Blob> {
    throw new AppError('NOT_FOUND', { reason: 'attachments are not supported' });
  }

  /** In the order of `seq`, which the write transaction gives: a clock set back skips no row. */
  async getChangedDocumentsSince(
    limit: number,
    checkpoint?: SeqCheckpoint,
  ): Promise<ChangedDocuments<T>> {
    return this.#run(() => this.#changedSince(limit, checkpoint, ''));
  }

  /**
   * Only rows of origin `local`: what the server does not have yet. The checkpoint also passes the
   * rows that are left out.
   */
  async getChangedDocumentsSinceLocal(
    limit: number,
    checkpoint?: SeqCheckpoint,
  ): Promise<ChangedDocuments<T>> {
    return this.#run(() => {
      const found = this.#changedSince(limit, checkpoint, " and origin = 'local'");
      if (found.documents.length >= limit) return found;
      return { ...found, checkpoint: { seq: Math.max(found.checkpoint.seq, this.#table.lastSeq) } };
    });
  }

  changeStream(): Observable<Changes<T>> {
    this.#assertOpen();
    return this.#table.events$ as unknown as Observable<Changes<T>>;
  }

  /** Only writes of origin `local`; never a purge, so that nothing of it can be pushed. */
  localChangeStream(): Observable<Changes<T>> {
    return this.changeStream().pipe(
      filter(({ context }) => context !== PURGE_CONTEXT && originOfContext(context) === 'local'),
    );
  }

  /** Number of rows of an origin, tombstones included. */
  countOrigin(origin: Origin): number {
    return this.#run(() => {
      const sql = `select count(*) from ${this.#table.layout.sql} where origin = '${origin}'`;
      return this.#table.statement(sql, 'pluck').get() as number;
    });
  }

  /** Ids of rows of an origin, those that were written first come first. */
  idsOfOrigin(origin: Origin, limit: number): string[] {
    return this.#run(() => {
      const sql = `select id from ${this.#table.layout.sql} where origin = '${origin}'
                   order by seq limit ?`;
      return this.#table.statement(sql, 'pluck').all(limit) as string[];
    });
  }

  /** Origin by id; ids that are not there are left out. */
  originOf(ids: readonly string[]): Map<string, Origin> {
    return this.#run(() => {
      const rows = this.#table
        .statement(
          `select t.id as id, t.origin as origin from json_each(?) as wanted
           cross join ${this.#table.layout.sql} as t on t.id = wanted.value`,
        )
        .all(JSON.stringify(ids)) as { id: string; origin: Origin }[];
      return new Map(rows.map((row) => [row.id, row.origin]));
    });
  }

  /**
   * Removes tombstones older than the given age in milliseconds, some hundreds a call. One that the
   * server does not have yet stays, or the deletion would be lost.
   * @returns true when none is left
   */
  async cleanup(minimumDeletedTime: number): Promise<boolean> {
    return this.#run(() => this.#host.cleanup(this.#table, now() - minimumDeletedTime));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#host.closed(this.#table, this as unknown as SqliteStorageInstance<never>);
  }

  /** Removes the collection with all its rows; other open instances of it are closed too. */
  async remove(): Promise<void> {
    this.#run(() => this.#host.drop(this.#table));
    this.#isClosed = true;
  }

  get isClosed(): boolean {
    return this.#isClosed || this.#table.isRemoved || !this.#host.database.isOpen;
  }

  #selectByIds(ids: readonly string[], withDeleted: boolean): { sql: string; params: string[] } {
    const { sql: table } = this.#table.layout;
    const [only] = ids;
    const live = withDeleted ? '' : ' and t.deleted = 0';
    if (ids.length === 1 && only !== undefined) {
      return { sql: `select t.doc from ${table} as t where t.id = ?${live}`, params: [only] };
    }
    const sql = `select t.doc from json_each(?) as wanted cross join ${table} as t
      on t.id = wanted.value${live} order by wanted.key`;
    return { sql, params: [JSON.stringify(ids)] };
  }

  #changedSince(
    limit: number,
    checkpoint: SeqCheckpoint | undefined,
    condition: string,
  ): ChangedDocuments<T> {
    const since = checkpoint?.seq ?? 0;
    const rows = this.#table
      .statement(
        `select seq, doc from ${this.#table.layout.sql} where seq > ?${condition}
         order by seq limit ?`,
      )
      .all(since, limit) as { seq: number; doc: string }[];
    return {
      documents: parseAll<T>(rows.map((row) => row.doc)),
      checkpoint: { seq: rows.at(-1)?.seq ?? since },
    };
  }

  #assertOpen(): void {
    if (this.isClosed) throw new AppError('STORE_NOT_OPEN', { collection: this.collectionName });
  }

  #run<R>(fn: () => R): R {
    this.#assertOpen();
    try {
      return fn();
    } catch (thrown) {
      const error = toStoreError(thrown);
      if (error.code === 'STORE_DAMAGED') this.#host.damaged();
      throw error;
    }
  }
}
