import { now } from 'rxdb/plugins/utils';
import type { BulkWriteRow, RxDocumentData, RxStorageWriteError } from 'rxdb';
import { AppError, toAppError } from '#shared/errors/app-error.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { SqliteStorageInstance } from '#desktop/storage/sqlite-storage-instance.ts';
import { prepareWrite } from '../local-write.ts';
import type { Writer } from '../local-write.ts';

type Doc = RxDocumentData<Row>;

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
    for (const refused of written.error) {
      error.push(refused.status === 409 ? refused : validationError(refused.writeRow.document));
    }
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

/** A row that is refused; without a reason: one that the storage cannot take. */
function validationError(document: Doc, thrown?: unknown): RxStorageWriteError<Row> {
  const { code, safe } = toAppError(thrown ?? new AppError('ROW_INVALID'));
  const fields = Array.isArray(safe['fields']) ? (safe['fields'] as string[]) : [];
  return {
    status: 422,
    isError: true,
    documentId: document.id,
    code,
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
