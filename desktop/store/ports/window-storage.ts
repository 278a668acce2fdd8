import { deepEqual } from 'rxdb/plugins/utils';
import { exposeRxStorageRemote } from 'rxdb/plugins/storage-remote';
import type { MessageFromRemote, MessageToRemote } from 'rxdb/plugins/storage-remote';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { Subject, takeUntil } from 'rxjs';
import { z } from 'zod';
import type { RxStorage, RxStorageInstance, RxStorageInstanceCreationParams } from 'rxdb';
import { AppError, toAppError } from '#shared/errors/app-error.ts';
import { isCode } from '#shared/errors/codes.ts';
import type { Code } from '#shared/errors/codes.ts';
import { DATABASE_NAME, OVERFLOW } from '#shared/ipc/port.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Row } from '#shared/schema/define.ts';
import { readingOf } from '#shared/schema/reads.ts';
import { isTableName } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { SqliteStorageInstance } from '#desktop/storage/sqlite-storage-instance.ts';
import type { Writer } from '../local-write.ts';
import type { WindowPort } from '../host.ts';
import { shownRows } from '../views/shown.ts';
import type { Shown } from '../views/definition.ts';
import { FairQueue } from './fair-queue.ts';
import { Ack, Envelope, LIMITS, checkParams, isMethod } from './storage-request.ts';
import type { StorageMethod } from './storage-request.ts';
import { writeForWindow } from './window-write.ts';

type Instance = RxStorageInstance<Row, unknown, unknown>;

/** RxDB keeps its own bookkeeping in a collection of this name; every window has its own in memory. */
const INTERNAL_COLLECTION = '_rxdb_internal';

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

/** Change events that a window has not taken in yet; beyond it, it starts over instead. */
const MAX_UNSEEN_EVENTS = 1_000;
const MAX_UNSEEN_BYTES = 16 * 1024 * 1024;

/** All windows of this process share one queue. */
const QUEUE = new FairQueue({ running: 8, waiting: 500 });

export interface WindowStorageOptions {
  readonly port: WindowPort;
  readonly portId: string;
  readonly instanceOf: (table: TableName) => SqliteStorageInstance<Row>;
  readonly writer: Writer;
  /** Ends the service, for example at sign-out. */
  readonly ended$: Subject<void>;
  readonly log: Logger;
  /**
   * What this window may do with a table (`create`: open it at all). All when left out: rights of
   * the person are judged beside it, row by row.
   */
  readonly mayUse?: ((table: TableName, method: StorageMethod) => boolean) | undefined;
  /** Told of rows about people before they go to the window; must not throw. */
  readonly onRows?: ((table: TableName, shown: Shown) => void) | undefined;
  /** Where requests wait for their turn; the one of all windows when left out. */
  readonly queue?: FairQueue | undefined;
}

/**
 * Offers the open tables to one window as RxDB's remote storage.
 *
 * Every message passes a filter before RxDB sees it: a storage instance whose creation rejects would
 * take the whole process down at the second try, and any method name that a window sends would be
 * called. `close` and `remove` of a window end nothing but the window's own view. All writes are
 * prepared by the store (rights, stamps, who and when). Requests of all windows take turns; a window
 * that does not drain its change events is told to start over. Errors carry a code and nothing of a
 * document. Everything ends with the port.
 */
export function serveWindowStorage(options: WindowStorageOptions): void {
  const { port, portId, instanceOf, writer, ended$, log, mayUse = () => true, onRows } = options;
  const gone$ = new Subject<void>();
  const messages$ = new Subject<MessageToRemote>();
  const internal = getRxStorageMemory();
  const internals = new Set<{ close(): Promise<void> }>();
  const lane = (options.queue ?? QUEUE).lane();
  /** Open connections: the table of each, null for RxDB's own bookkeeping. */
  const connections = new Map<string, TableName | null>();
  /** Connections whose events the window has missed: they get none any more. */
  const cut = new Set<string>();
  /** Ends the turn of a request, by its id. */
  const inWork = new Map<string, () => void>();
  const unseen: number[] = [];
  let unseenBytes = 0;
  let isOver = false;

  const post = (message: unknown): void => {
    if (!isOver) port.postMessage(message);
  };
  const refuse = ({ connectionId, requestId, method }: Envelope, code: Code): void => {
    log.warn('window asked for something that it may not', { method, code });
    post({ connectionId, answerTo: requestId, method, error: errorOf(code) });
  };

  /** @throws AppError for what this window may not ask */
  const check = ({ connectionId, method, params }: Envelope): void => {
    if (!isMethod(method)) throw new AppError('CALL_NOT_ALLOWED');
    checkParams(method, params);
    if (method === 'create') {
      if (connections.has(connectionId)) throw new AppError('REQUEST_INVALID');
      if (connections.size >= LIMITS.connections) throw new AppError('STORE_OVERLOADED');
      connections.set(connectionId, tableToOpen(params));
      return;
    }
    const table = connections.get(connectionId);
    if (table === undefined) throw new AppError('CALL_NOT_ALLOWED');
    const isUse = method !== 'close' && method !== 'remove' && method !== 'cleanup';
    if (table !== null && isUse && !mayUse(table, method)) throw new AppError('CALL_NOT_ALLOWED');
  };

  const tableToOpen = (raw: unknown): TableName | null => {
    const params = CreateParams.safeParse(raw);
    if (!params.success) throw new AppError('REQUEST_INVALID');
    const { databaseName, collectionName, schema } = params.data;
    if (databaseName !== DATABASE_NAME) throw new AppError('CALL_NOT_ALLOWED');
    if (collectionName === INTERNAL_COLLECTION) {
      if (!InternalSchema.safeParse(schema).success) throw new AppError('REQUEST_INVALID');
      return null;
    }
    if (!isTableName(collectionName) || !mayUse(collectionName, 'create')) {
      throw new AppError('CALL_NOT_ALLOWED');
    }
    if (!deepEqual(schema, instanceOf(collectionName).schema)) {
      throw new AppError('REQUEST_INVALID');
    }
    return collectionName;
  };

  /** Gives the message to RxDB; over when its answer has gone out. */
  const run = (message: Envelope): Promise<void> =>
    new Promise((resolve) => {
      try {
        check(message);
        inWork.set(message.requestId, resolve);
        messages$.next(message as unknown as MessageToRemote);
      } catch (error) {
        refuse(message, toAppError(error).code);
        resolve();
      }
    });

  const acknowledge = (events: number): void => {
    for (const bytes of unseen.splice(0, events)) unseenBytes -= bytes;
  };

  port.onMessage((raw) => {
    const ack = Ack.safeParse(raw);
    if (ack.success) return acknowledge(ack.data.events);
    const message = Envelope.safeParse(raw);
    if (!message.success) return;
    if (inWork.has(message.data.requestId)) return refuse(message.data, 'REQUEST_INVALID');
    if (!lane.push(() => run(message.data))) refuse(message.data, 'STORE_OVERLOADED');
  });

  const end = (): void => {
    if (isOver) return;
    isOver = true;
    gone$.next();
    gone$.complete();
    messages$.complete();
    ending.unsubscribe();
    lane.close();
    for (const done of inWork.values()) done();
    inWork.clear();
    connections.clear();
    for (const instance of internals) void instance.close().catch(() => undefined);
    internals.clear();
  };
  port.onClose(end);
  const ending = ended$.subscribe(end);

  const storage: RxStorage<unknown, unknown> = {
    name: 'ganger-window',
    rxdbVersion: internal.rxdbVersion,
    async createStorageInstance(params: RxStorageInstanceCreationParams<unknown, unknown>) {
      if (params.collectionName === INTERNAL_COLLECTION) {
        const databaseName = `${params.databaseName}|${portId}`;
        const made = await internal.createStorageInstance({ ...params, databaseName } as never);
        // RxDB's memory storage keeps for ever what is only closed.
        const close = made.close.bind(made);
        made.close = () => {
          internals.delete(made);
          made.close = close;
          return made.remove();
        };
        internals.add(made);
        return made;
      }
      const shared = instanceOf(params.collectionName as TableName);
      return facade(params.collectionName as TableName, shared);
    },
  } as unknown as RxStorage<unknown, unknown>;

  /** Rows of tables that do not count are not even parsed. */
  const noteRows = (table: TableName, isById: boolean, rows: () => readonly Row[]): void => {
    if (!onRows || readingOf(table) === null) return;
    const shown = shownRows(table, rows(), isById);
    if (shown) onRows(table, shown);
  };

  const facade = (table: TableName, shared: SqliteStorageInstance<Row>): Instance => ({
    schema: shared.schema as Instance['schema'],
    databaseName: shared.databaseName,
    collectionName: shared.collectionName,
    internals: {},
    options: {},
    bulkWrite: (rows) => writeForWindow(table, shared, rows, writer, portId),
    // As the text that the storage reads: nothing is parsed only to be written again.
    findDocumentsById: (async (ids: string[], deleted: boolean) => {
      const text = await shared.findDocumentsByIdAsJson(ids, deleted);
      noteRows(table, true, () => JSON.parse(text) as Row[]);
      return text;
    }) as never,
    query: (async (query: never) => {
      const text = await shared.queryAsJson(query);
      noteRows(table, asksById(query), () => (JSON.parse(text) as { documents: Row[] }).documents);
      return text;
    }) as never,
    count: (query) => shared.count(query as never),
    changeStream: () => shared.changeStream().pipe(takeUntil(gone$)) as never,
    cleanup: () => Promise.resolve(true),
    getAttachmentData: () => Promise.reject(new AppError('NOT_FOUND')),
    close: () => Promise.resolve(),
    remove: () => Promise.resolve(),
  });

  const sendEvent = (message: MessageFromRemote): void => {
    if (cut.has(message.connectionId)) return;
    const text = JSON.stringify(message.return);
    if (unseen.length >= MAX_UNSEEN_EVENTS || unseenBytes >= MAX_UNSEEN_BYTES) {
      // It would have to take in more than a fresh start costs.
      log.warn('window does not keep up', { events: unseen.length });
      for (const connectionId of connections.keys()) cut.add(connectionId);
      post({ connectionId: '', answerTo: 'changestream', method: OVERFLOW });
      return;
    }
    unseen.push(text.length);
    unseenBytes += text.length;
    post({ ...message, return: text });
  };

  exposeRxStorageRemote({
    storage,
    messages$,
    send(message: MessageFromRemote) {
      if (message.answerTo === 'changestream') return sendEvent(message);
      const { connectionId, answerTo, method, error } = message;
      const isGone = method === 'close' || method === 'remove' || (method === 'create' && error);
      if (isGone) {
        connections.delete(connectionId);
        cut.delete(connectionId);
      }
      if (error) post({ connectionId, answerTo, method, error: errorOf(codeOf(error)) });
      // One JSON string crosses the port faster than a tree does; RxDB's client parses it.
      else post({ connectionId, answerTo, method, return: asText(message.return) });
      inWork.get(answerTo)?.();
      inWork.delete(answerTo);
    },
  });
  port.start();
}

/** True for a query that names its records: somebody opens them; any other one is a list. */
const asksById = ({ query }: { query?: { selector?: Record<string, unknown> } }): boolean =>
  query?.selector?.['id'] !== undefined;

const asText = (value: unknown): unknown =>
  value === undefined || typeof value === 'string' ? value : JSON.stringify(value);

/** What crosses of an error: its code. Its words could hold a document. */
const errorOf = (code: Code): { name: string; message: string } => ({
  name: 'Error',
  message: code,
});

function codeOf(error: { code?: unknown; message?: unknown }): Code {
  if (isCode(error.code)) return error.code;
  return isCode(error.message) ? error.message : 'INTERNAL';
}
