import type { BulkWriteRow, RxStorageWriteError } from 'rxdb/plugins/core';
import { now, randomToken } from 'rxdb/plugins/utils';
import { AppError } from '#shared/errors/app-error.ts';
import { sameContent } from '#shared/kernel/json.ts';
import { DERIVED_CONTEXT, isDeviceOnly } from './origin.ts';
import type {
  CommitNotice,
  Origin,
  PlainRow,
  StoredDocument,
  WriteTransaction,
} from './storage-types.ts';
import { RowRefused } from './table.ts';
import type { Table, TableEvent } from './table.ts';

type AnyRow = BulkWriteRow<Record<string, unknown>>;
type AnyError = RxStorageWriteError<Record<string, unknown>>;

/** More rows of a table than this are told as "many". */
const MAX_TOLD_IDS = 1_000;
const NOTHING: CommitNotice = { collections: [] };

const BULK_ID = randomToken(10);
let bulks = 0;

/** All that one write transaction does, and what is to be told when it has been committed. */
export class WriteSession implements WriteTransaction {
  readonly #tableOf: (collection: string) => Table | undefined;
  readonly #revision: string;
  /** Tables whose counters or facts may differ from the file. */
  readonly #used = new Set<Table>();
  /** Tables whose rows have changed, with the ids as far as they are known. */
  readonly #changed = new Map<Table, ChangedIds>();
  /** Rows that only count as waiting no longer, or again. */
  readonly #settled = new Map<Table, ChangedIds>();
  readonly #events = new Map<Table, Map<string, TableEvent[]>>();
  /** Ids of rows that became the server's, by collection. */
  readonly confirmed = new Map<string, string[]>();
  #isWaitingChanged = false;
  #isOver = false;

  /** @param token stands in the revisions of derived rows */
  constructor(tableOf: (collection: string) => Table | undefined, token: string) {
    this.#tableOf = tableOf;
    this.#revision = `1-${token}`;
  }

  /** Writes the rows that can be written. @returns the documents written, and an error per other */
  write(
    table: Table,
    rows: readonly AnyRow[],
    context: string,
    origin: Origin,
  ): { written: StoredDocument[]; errors: AnyError[] } {
    const written: StoredDocument[] = [];
    const errors: AnyError[] = [];
    this.#used.add(table);
    for (const row of rows) {
      const error = this.#writeRow(table, row, context, origin);
      if (error) errors.push(error);
      else written.push(row.document as StoredDocument);
    }
    if (written.length > 0) {
      const { primaryPath } = table.layout;
      const ids = written.map((document) => document[primaryPath] as string);
      this.changed(table, ids);
    }
    return { written, errors };
  }

  insertDerived(
    collection: string,
    rows: readonly PlainRow[],
    meta: Readonly<Record<string, unknown>> = {},
  ): string[] {
    const table = this.#openTable(collection);
    const inserted: string[] = [];
    this.#used.add(table);
    for (const row of rows) {
      const document = {
        ...row,
        _deleted: false,
        _attachments: {},
        _meta: { ...meta, lwt: now() },
        _rev: this.#revision,
      } as StoredDocument;
      const id = document[table.layout.primaryPath] as string;
      if (!table.insert(document, 'derived')) continue;
      inserted.push(id);
      this.tell(table, DERIVED_CONTEXT, insertEvent(id, document, undefined));
    }
    if (inserted.length > 0) this.changed(table, inserted);
    return inserted;
  }

  revise(collection: string, id: string, change: (row: PlainRow) => PlainRow): boolean {
    const table = this.#openTable(collection);
    const stored = table.find(id);
    if (!stored || stored._deleted) return false;
    const { _deleted, ...content } = contentOf(stored);
    const changed = change(content);
    if (sameContent(changed, content)) return false;
    // RxDB's mark "this is what the server sent" is true of the row no more.
    const { o: _origin, ...meta } = stored._meta as StoredDocument['_meta'] & { o?: unknown };
    const document = {
      ...changed,
      _deleted: false,
      _attachments: {},
      _meta: { ...meta, lwt: now() },
      _rev: `${Number.parseInt(stored._rev, 10) + 1}-${this.#revision.slice(2)}`,
    } as StoredDocument;
    this.#used.add(table);
    table.update(document, stored._rev, table.originOf(id) === 'local' ? 'local' : 'derived');
    this.tell(table, DERIVED_CONTEXT, updateEvent(id, document, stored));
    this.changed(table, [id]);
    return true;
  }

  confirm(collection: string, id: string, content: PlainRow): boolean {
    const table = this.#openTable(collection);
    const stored = table.find(id);
    if (!stored || !sameContent(contentOf(stored), contentOf(content))) return false;
    const mark = table.statement(`update ${table.layout.sql} set origin = 'server' where id = ?`);
    mark.run(id);
    const confirmed = this.confirmed.get(collection);
    if (confirmed) confirmed.push(id);
    else this.confirmed.set(collection, [id]);
    this.settled(table, [id]);
    return true;
  }

  /** Notes an event for the time after commit. */
  tell(table: Table, context: string, event: TableEvent): void {
    let byContext = this.#events.get(table);
    if (!byContext) this.#events.set(table, (byContext = new Map<string, TableEvent[]>()));
    const events = byContext.get(context);
    if (events) events.push(event);
    else byContext.set(context, [event]);
  }

  /** Takes note that rows of a table have changed; without ids: nobody knows which. */
  changed(table: Table, ids: readonly string[] | null = null): void {
    this.#used.add(table);
    note(this.#changed, table, ids);
    if (!isDeviceOnly(table.name)) this.#isWaitingChanged = true;
  }

  /** Takes note that rows, unchanged otherwise, wait for the server no longer, or again. */
  settled(table: Table, ids: readonly string[]): void {
    note(this.#settled, table, ids);
    this.#isWaitingChanged = true;
  }

  /** The last step inside the transaction. */
  save(): void {
    for (const table of this.#used) table.save();
  }

  rolledBack(): void {
    this.#isOver = true;
    for (const table of this.#used) table.rolledBack();
  }

  /** Tells all listeners what was committed. */
  publish(notify: {
    changes: (notice: CommitNotice) => void;
    waiting: (notice: CommitNotice) => void;
  }): void {
    this.#isOver = true;
    for (const table of this.#used) table.committed();
    for (const [table, byContext] of this.#events) {
      for (const [context, events] of byContext) {
        bulks += 1;
        const id = `${BULK_ID}${bulks}`;
        table.events$.next({ id, events, context, checkpoint: { seq: table.lastSeq } });
      }
    }
    if (this.#changed.size > 0) notify.changes(noticeOf(this.#changed));
    if (this.#isWaitingChanged) notify.waiting(noticeOf(this.#settled));
  }

  /** A hook that kept its session would write outside of any transaction. */
  #openTable(collection: string): Table {
    if (this.#isOver) throw new AppError('INTERNAL', { reason: 'transaction is over' });
    const table = this.#tableOf(collection);
    if (!table) throw new AppError('STORE_NOT_OPEN', { collection });
    return table;
  }

  #writeRow(table: Table, row: AnyRow, context: string, origin: Origin): AnyError | undefined {
    const document = row.document as StoredDocument;
    const { previous } = row;
    const documentId = document[table.layout.primaryPath] as string;
    try {
      if (previous && table.update(document, previous._rev, origin)) {
        this.tell(table, context, updateEvent(documentId, document, previous));
        return undefined;
      }
      if (table.insert(document, origin)) {
        if (!document._deleted) {
          this.tell(table, context, insertEvent(documentId, document, previous));
        }
        return undefined;
      }
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error;
      return {
        isError: true,
        status: 422,
        documentId,
        writeRow: row,
        context,
        schema: table.schema as never,
        validationErrors: [{ field: '', message: error.message }],
      };
    }
    const documentInDb = table.find(documentId);
    if (!documentInDb) throw new AppError('INTERNAL', { reason: 'conflict without a row' });
    return { isError: true, status: 409, documentId, writeRow: row, documentInDb, context };
  }
}

type ChangedIds = Set<string> | null;

function note(changed: Map<Table, ChangedIds>, table: Table, ids: readonly string[] | null): void {
  const known = changed.get(table);
  if (known === null) return;
  if (ids === null || (known?.size ?? 0) + ids.length > MAX_TOLD_IDS) {
    changed.set(table, null);
    return;
  }
  const all = known ?? new Set<string>();
  for (const id of ids) all.add(id);
  changed.set(table, all);
}

function noticeOf(changed: ReadonlyMap<Table, ChangedIds>): CommitNotice {
  if (changed.size === 0) return NOTHING;
  const ids: Record<string, string[] | null> = {};
  for (const [{ name }, set] of changed) ids[name] = set === null ? null : [...set];
  return { collections: Object.keys(ids), ids };
}

function insertEvent(
  documentId: string,
  documentData: StoredDocument,
  previous: StoredDocument | undefined,
): TableEvent {
  return {
    documentId,
    operation: 'INSERT',
    documentData,
    previousDocumentData: previous,
  } as TableEvent;
}

/** The event of a write over an existing row, as RxDB's own storages tell it. */
function updateEvent(
  documentId: string,
  documentData: StoredDocument,
  previous: StoredDocument,
): TableEvent {
  if (documentData._deleted) {
    return { documentId, operation: 'DELETE', documentData, previousDocumentData: previous };
  }
  if (previous._deleted) return insertEvent(documentId, documentData, undefined);
  return { documentId, operation: 'UPDATE', documentData, previousDocumentData: previous };
}

/** A document without what belongs to the storage. */
function contentOf(document: PlainRow): Record<string, unknown> {
  const { _meta, _rev, _attachments, ...content } = document;
  return content;
}
