import type { BulkWriteRow, RxStorageWriteError } from 'rxdb/plugins/core';
import { now, randomToken } from 'rxdb/plugins/utils';
import { AppError } from '#shared/errors/app-error.ts';
import { sameContent } from '#shared/kernel/json.ts';
import { DERIVED_CONTEXT, isDeviceOnly } from './origin.ts';
import type { Origin, PlainRow, StoredDocument, WriteTransaction } from './storage-types.ts';
import { RowRefused } from './table.ts';
import type { Table, TableEvent } from './table.ts';

type AnyRow = BulkWriteRow<Record<string, unknown>>;
type AnyError = RxStorageWriteError<Record<string, unknown>>;

const BULK_ID = randomToken(10);
let bulks = 0;

/** All that one write transaction does, and what is to be told when it has been committed. */
export class WriteSession implements WriteTransaction {
  readonly #tableOf: (collection: string) => Table | undefined;
  readonly #revision: string;
  /** Tables whose counters or facts may differ from the file. */
  readonly #used = new Set<Table>();
  /** Tables whose rows have changed. */
  readonly #changed = new Set<Table>();
  readonly #events = new Map<Table, Map<string, TableEvent[]>>();
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
    if (written.length > 0) this.changed(table);
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
    if (inserted.length > 0) this.changed(table);
    return inserted;
  }

  confirm(collection: string, id: string, content: PlainRow): boolean {
    const table = this.#openTable(collection);
    const stored = table.find(id);
    if (!stored || !sameContent(contentOf(stored), contentOf(content))) return false;
    const mark = table.statement(`update ${table.layout.sql} set origin = 'server' where id = ?`);
    mark.run(id);
    this.#isWaitingChanged = true;
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

  /** Takes note that rows of a table have changed. */
  changed(table: Table): void {
    this.#used.add(table);
    this.#changed.add(table);
    if (!isDeviceOnly(table.name)) this.#isWaitingChanged = true;
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
  publish(notify: { changes: (collections: string[]) => void; waiting: () => void }): void {
    this.#isOver = true;
    for (const table of this.#used) table.committed();
    for (const [table, byContext] of this.#events) {
      for (const [context, events] of byContext) {
        bulks += 1;
        const id = `${BULK_ID}${bulks}`;
        table.events$.next({ id, events, context, checkpoint: { seq: table.lastSeq } });
      }
    }
    if (this.#changed.size > 0) notify.changes([...this.#changed].map((table) => table.name));
    if (this.#isWaitingChanged) notify.waiting();
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
