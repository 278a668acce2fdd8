import { deepEqual, now } from 'rxdb/plugins/utils';
import { exposeRxStorageRemote } from 'rxdb/plugins/storage-remote';
import type { MessageFromRemote, MessageToRemote } from 'rxdb/plugins/storage-remote';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { Subject, takeUntil } from 'rxjs';
import { z } from 'zod';
import type {
  BulkWriteRow,
  RxDocumentData,
  RxStorage,
  RxStorageInstance,
  RxStorageInstanceCreationParams,
  RxStorageWriteError,
} from 'rxdb';
import { toAppError } from '#shared/errors/app-error.ts';
import { DATABASE_NAME } from '#shared/ipc/port.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Row } from '#shared/schema/define.ts';
import { isTableName } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { SqliteStorageInstance } from '#desktop/storage/sqlite-storage-instance.ts';
import { prepareWrite } from '../local-write.ts';
import type { Writer } from '../local-write.ts';
import type { WindowPort } from '../host.ts';

type Doc = RxDocumentData<Row>;
type Instance = RxStorageInstance<Row, unknown, unknown>;

/** RxDB keeps its own bookkeeping in a collection of this name; every window has its own in memory. */
const INTERNAL_COLLECTION = '_rxdb_internal';

const METHODS = new Set([
  'create',
  'bulkWrite',
  'findDocumentsById',
  'query',
  'count',
  'cleanup',
  'close',
  'remove',
]);

const Message = z.looseObject({
  connectionId: z.string().max(200),
  requestId: z.string().max(200),
  method: z.string().max(40),
  params: z.unknown(),
});

const CreateParams = z.looseObject({
  databaseName: z.string(),
  collectionName: z.string(),
  schema: z.unknown(),
});

/**
 * Offers the open tables to one window as RxDB's remote storage.
 *
 * Every message passes a filter before RxDB sees it: a storage instance whose creation rejects would
 * take the whole process down at the second try, and any method name that a window sends would be
 * called. `close` and `remove` of a window end nothing but the window's own view. All writes are
 * prepared by the store (rights, stamps, who and when), and everything ends with the port.
 */
export function serveWindowStorage(options: {
  port: WindowPort;
  portId: string;
  instanceOf: (table: TableName) => SqliteStorageInstance<Row>;
  writer: Writer;
  /** Ends the service, for example at sign-out. */
  ended$: Subject<void>;
  log: Logger;
}): void {
  const { port, portId, instanceOf, writer, ended$, log } = options;
  const gone$ = new Subject<void>();
  const messages$ = new Subject<MessageToRemote>();
  const internal = getRxStorageMemory();

  const refuse = (raw: unknown, words: string): void => {
    const message = Message.safeParse(raw);
    if (!message.success) return;
    const { connectionId, requestId, method } = message.data;
    log.warn('window asked for something that it may not', { method: method.slice(0, 40) });
    port.postMessage({
      connectionId,
      answerTo: requestId,
      method,
      error: { name: 'Error', message: words },
    });
  };

  const mayCreate = (raw: unknown): boolean => {
    const params = CreateParams.safeParse(raw);
    if (!params.success) return false;
    const { databaseName, collectionName, schema } = params.data;
    if (databaseName !== DATABASE_NAME) return false;
    if (collectionName === INTERNAL_COLLECTION) return true;
    return isTableName(collectionName) && deepEqual(schema, instanceOf(collectionName).schema);
  };

  port.onMessage((raw) => {
    const message = Message.safeParse(raw);
    if (!message.success || !METHODS.has(message.data.method)) return refuse(raw, 'not allowed');
    if (message.data.method === 'create' && !mayCreate(message.data.params)) {
      return refuse(raw, 'not allowed');
    }
    messages$.next(raw as MessageToRemote);
  });
  const end = (): void => {
    gone$.next();
    gone$.complete();
    messages$.complete();
  };
  port.onClose(end);
  ended$.subscribe(end);

  const storage: RxStorage<unknown, unknown> = {
    name: 'ganger-window',
    rxdbVersion: internal.rxdbVersion,
    createStorageInstance(params: RxStorageInstanceCreationParams<unknown, unknown>) {
      if (params.collectionName === INTERNAL_COLLECTION) {
        const databaseName = `${params.databaseName}|${portId}`;
        return internal.createStorageInstance({ ...params, databaseName } as never);
      }
      const shared = instanceOf(params.collectionName as TableName);
      return Promise.resolve(facade(params.collectionName as TableName, shared));
    },
  } as unknown as RxStorage<unknown, unknown>;

  const facade = (table: TableName, shared: SqliteStorageInstance<Row>): Instance => ({
    schema: shared.schema as Instance['schema'],
    databaseName: shared.databaseName,
    collectionName: shared.collectionName,
    internals: {},
    options: {},
    bulkWrite: (rows) => writeForWindow(table, shared, rows, writer, portId),
    findDocumentsById: (ids, deleted) => shared.findDocumentsById(ids, deleted),
    query: (query) => shared.query(query as never),
    count: (query) => shared.count(query as never),
    changeStream: () => shared.changeStream().pipe(takeUntil(gone$)) as never,
    cleanup: () => Promise.resolve(true),
    getAttachmentData: () => Promise.reject(new Error('attachments are not kept here')),
    close: () => Promise.resolve(),
    remove: () => Promise.resolve(),
  });

  exposeRxStorageRemote({
    storage,
    messages$,
    // One JSON string crosses the port faster than a tree does; RxDB's client parses it.
    send: (message: MessageFromRemote) =>
      port.postMessage(
        message.return === undefined || typeof message.return === 'string'
          ? message
          : { ...message, return: JSON.stringify(message.return) },
      ),
  });
  port.start();
}

/**
 * Writes what a window sends, row by row judged: a row that may not be written comes back as an
 * error of its own (status 422 with the code and the names of the wrong fields) and harms no other.
 */
export async function writeForWindow(
  table: TableName,
  instance: SqliteStorageInstance<Row>,
  rows: BulkWriteRow<Row>[],
  writer: Writer,
  portId: string,
): Promise<{ error: RxStorageWriteError<Row>[] }> {
  const ids = rows.map((row) => row.document.id);
  const stored = new Map<string, Doc>();
  for (const doc of await instance.findDocumentsById(ids, true)) stored.set(doc.id, doc);

  const error: RxStorageWriteError<Row>[] = [];
  const prepared: BulkWriteRow<Row>[] = [];
  for (const { previous, document } of rows) {
    const before = stored.get(document.id) ?? null;
    // A window that has not seen the latest state gets a conflict from the storage and tries again.
    const stale = before !== null && before._rev !== previous?._rev;
    try {
      const row = stale ? document : prepareWrite(table, withoutMeta(before), document, writer);
      prepared.push({
        ...(previous ? { previous: previous as Doc } : {}),
        document: {
          ...row,
          _deleted: document._deleted,
          _attachments: {},
          _rev: document._rev,
          _meta: { ...before?._meta, lwt: now() },
        } as Doc,
      });
    } catch (thrown) {
      error.push(validationError(document, thrown));
    }
  }
  if (prepared.length > 0) {
    const written = await instance.bulkWrite(prepared, `window-${portId}`);
    error.push(...written.error);
  }
  return { error };
}

function validationError(document: Doc, thrown: unknown): RxStorageWriteError<Row> {
  const { code, safe } = toAppError(thrown);
  const fields = Array.isArray(safe['fields']) ? (safe['fields'] as string[]) : [];
  return {
    status: 422,
    isError: true,
    documentId: document.id,
    // The window has its own row; nothing of it needs to come back.
    writeRow: { document: { id: document.id } as Doc },
    validationErrors: [{ message: code }, ...fields.map((field) => ({ field, message: code }))],
    schema: {},
  } as unknown as RxStorageWriteError<Row>;
}

function withoutMeta(doc: Doc | null): Row | null {
  if (!doc) return null;
  const { _meta, _rev, _attachments, _deleted, ...row } = doc;
  return row as Row;
}
