import type {
  BulkWriteRow,
  RxDocumentData,
  RxStorageBulkWriteResponse,
  RxStorageWriteError,
} from 'rxdb/plugins/core';
import type { Logger } from '#shared/logging/logger.ts';
import type { SeqCheckpoint } from '#desktop/storage/storage-types.ts';
import type { StorageGuard } from './guarded-storage.ts';
import type { PullSide } from './pull-side.ts';
import type { PushSide } from './push-side.ts';
import type { MetaDocument, MetaRow, TableInstances } from './tables.ts';

/** Names inside RxDB 17.6 that the replication rests on; each has a regression test. */
const UP_META_CONTEXT = 'replication-up-write-meta';
const CHECKPOINT_CONTEXT = 'replication-set-checkpoint';
const UP_CHECKPOINT = 'up';
const DOWN_CHECKPOINT = 'down';

/**
 * The two storage instances of a table as RxDB's protocol may see them:
 * - rows: only what this device wrote and the server has not confirmed is there to be pushed;
 * - meta rows: a row that the server has not taken gets none, and there is no push checkpoint, since
 *   the queue is the rows marked `local` themselves;
 * - nothing throws: storage faults are waited out.
 */
export function protocolInstances(options: {
  readonly instances: TableInstances;
  readonly pushSide: PushSide;
  readonly pullSide: Pick<PullSide, 'checkpointStored'>;
  readonly guard: StorageGuard;
  readonly log: Logger;
}) {
  const { instances, pushSide, pullSide, guard, log } = options;
  const { table, fork, meta } = instances;

  const write = <T>(
    instance: { bulkWrite(rows: BulkWriteRow<T>[], context: string): Written<T> },
    rows: BulkWriteRow<T>[],
    context: string,
  ): Written<T> =>
    guard.run<RxStorageBulkWriteResponse<T>>(
      async () => {
        const result = await instance.bulkWrite(rows, context);
        return { ...result, error: result.error.map((error) => asConflict(error)) };
      },
      { error: [] },
    );

  /** RxDB goes on after a conflict; any other error of one row would make it drop a whole page. */
  const asConflict = <T>(error: RxStorageWriteError<T>): RxStorageWriteError<T> => {
    if (error.status === 409) return error;
    log.error('row refused by the local store', { table, status: error.status });
    return { ...error, status: 409 } as unknown as RxStorageWriteError<T>;
  };

  const readById = <T>(
    instance: { findDocumentsById(ids: string[], deleted: boolean): Promise<RxDocumentData<T>[]> },
    ids: string[],
    withDeleted: boolean,
  ): Promise<RxDocumentData<T>[]> =>
    guard.run(() => instance.findDocumentsById(ids, withDeleted), []);

  return {
    fork: {
      ...described(fork),
      bulkWrite: (rows: BulkWriteRow<Record<string, unknown>>[], context: string) =>
        write(fork, rows, context),
      findDocumentsById: (ids: string[], withDeleted: boolean) => readById(fork, ids, withDeleted),
      getChangedDocumentsSince: (limit: number, checkpoint?: SeqCheckpoint) =>
        pushSide.changedSince(limit, checkpoint),
      changeStream: () => pushSide.localChanges(),
    },
    meta: {
      ...described(meta),
      async bulkWrite(rows: BulkWriteRow<MetaRow>[], context: string) {
        const open = rows.filter(({ document }) => isWritten(document as MetaDocument, context));
        const nothing: RxStorageBulkWriteResponse<MetaRow> = { error: [] };
        const result = open.length > 0 ? await write(meta, open, context) : nothing;
        if (context === CHECKPOINT_CONTEXT && result.error.length === 0) {
          for (const { document } of open) pullSide.checkpointStored(document.checkpointData);
        }
        return result;
      },
      async findDocumentsById(ids: string[], withDeleted: boolean) {
        const open = ids.filter((id) => id !== `${UP_CHECKPOINT}|1`);
        return open.length > 0 ? readById(meta, open, withDeleted) : [];
      },
    },
  };

  function isWritten(document: MetaDocument, context: string): boolean {
    if (context === CHECKPOINT_CONTEXT) return document.itemId === DOWN_CHECKPOINT;
    return context !== UP_META_CONTEXT || !pushSide.takeUnwritten(document.itemId);
  }
}

type Written<T> = Promise<RxStorageBulkWriteResponse<T>>;

function described(instance: TableInstances['fork'] | TableInstances['meta']) {
  const { databaseName, collectionName, schema } = instance;
  return { databaseName, collectionName, schema, internals: {}, options: {} };
}
