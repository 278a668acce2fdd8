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
import { AppError, toAppError } from '#shared/errors/app-error.ts';
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

/** As much of the schema of RxDB's own bookkeeping as its memory storage relies on. */
const InternalSchema = z.looseObject({
  version: z.int(),
  primaryKey: z.looseObject({ key: z.string() }),
  properties: z.record(z.string(), z.unknown()),
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
    if (collectionName === INTERNAL_COLLECTION) return InternalSchema.safeParse(schema).success;
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
  const seen = new Set<string>();
  for (const row of rows) {
    const { previous, document } = row;
    const before = stored.get(document.id) ?? null;
    // A window that has not seen the latest state gets a conflict and tries again on top of it.
    if (before && before._rev !== previous?._rev) {
      error.push(conflict(row, before));
      continue;
    }
    try {
      // Two states of one row in one request: the second could name the first as its base.
      if (seen.has(document.id)) throw new AppError('REQUEST_INVALID', { table });
      seen.add(document.id);
      checkRevision(table, before, document);
      const written = prepareWrite(table, withoutMeta(before), document, writer);
      prepared.push({
        ...(before ? { previous: before } : {}),
        document: {
          ...written,
          _deleted: false,
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

/** RxDB reads the height of a revision out of its text: what it cannot read must not be stored. */
function checkRevision(table: TableName, before: Doc | null, document: Doc): void {
  const [, height] = /^(\d{1,9})-[\w-]{1,60}$/.exec(String(document._rev)) ?? [];
  const expected = before ? Number.parseInt(before._rev, 10) + 1 : 1;
  if (before?._deleted || Number(height) < expected || height === undefined) {
    throw new AppError('REQUEST_INVALID', { table });
  }
}

function conflict(row: BulkWriteRow<Row>, before: Doc): RxStorageWriteError<Row> {
  return {
    status: 409,
    isError: true,
    documentId: before.id,
    writeRow: row,
    documentInDb: before,
  } as unknown as RxStorageWriteError<Row>;
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
