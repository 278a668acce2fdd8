import { now } from 'rxdb/plugins/utils';
import { AppError } from '#shared/errors/app-error.ts';
import type { SqlValue } from './open-database.ts';
import { PURGE_CONTEXT } from './origin.ts';
import type { ColumnFilter, PurgeOptions, PurgeResult, StoredDocument } from './storage-types.ts';
import type { Table, TableEvent } from './table.ts';
import type { WriteSession } from './write-session.ts';

interface PurgeRow {
  readonly id: string;
  readonly rev: string;
  readonly deleted: number;
  readonly origin: string;
}

/**
 * Removes rows physically, with the replication's meta rows (which hold full copies), inside the
 * session's transaction.
 *
 * Nothing of this can reach the server: no row is left that `getChangedDocumentsSince` could find
 * (a tombstone would be such a row), and the events that tell the windows carry the purge's own
 * context, which `localChangeStream` leaves out. A crash leaves all or nothing.
 */
export function purgeRows(
  session: WriteSession,
  table: Table,
  found: readonly PurgeRow[],
  options: PurgeOptions,
): PurgeResult {
  const keepsUnsent = options.unsent !== 'purge';
  const kept = found.filter((row) => keepsUnsent && row.origin === 'local');
  const keptIds = new Set(kept.map((row) => row.id));
  const gone = found.filter((row) => !keptIds.has(row.id));
  const ids = gone.map((row) => row.id);
  if (ids.length > 0) {
    session.changed(table);
    deleteByIds(table, ids);
    for (const row of gone) {
      if (row.deleted === 0) session.tell(table, PURGE_CONTEXT, purgeEvent(table, row));
    }
  }
  return { purged: ids, kept: [...keptIds] };
}

/** Removes the meta rows of documents, whether or not the documents are still there. */
export function purgeMetaRows(session: WriteSession, meta: Table, ids: readonly string[]): void {
  session.changed(meta);
  deleteByIds(
    meta,
    ids.map((id) => `${id}|0`),
  );
}

/** Rows by id. */
export function rowsByIds(table: Table, ids: readonly string[]): PurgeRow[] {
  const sql = `select t.id as id, t.rev as rev, t.deleted as deleted, t.origin as origin
    from json_each(?) as wanted cross join ${table.layout.sql} as t on t.id = wanted.value`;
  return table.statement(sql).all(JSON.stringify(ids)) as PurgeRow[];
}

/**
 * Rows by the values of their columns.
 * @throws AppError REQUEST_INVALID for a field without a column, or a filter without a field
 */
export function rowsWhere(table: Table, where: ColumnFilter): PurgeRow[] {
  const params: SqlValue[] = [];
  const conditions = Object.entries(where).map(([field, wanted]) => {
    const column = table.layout.byField.get(field);
    if (!column) throw new AppError('REQUEST_INVALID', { table: table.name, field });
    if (wanted === null) return `${column.sql} is null`;
    params.push(JSON.stringify(Array.isArray(wanted) ? wanted : [wanted]));
    return `${column.sql} in (select value from json_each(?))`;
  });
  if (conditions.length === 0) throw new AppError('REQUEST_INVALID', { reason: 'empty filter' });
  const sql = `select id, rev, deleted, origin from ${table.layout.sql}
    where ${conditions.join(' and ')}`;
  return table.statement(sql).all(...params) as PurgeRow[];
}

function deleteByIds(table: Table, ids: readonly string[]): void {
  table
    .statement(`delete from ${table.layout.sql} where id in (select value from json_each(?))`)
    .run(JSON.stringify(ids));
}

/**
 * What a window needs to drop the row: its id, and nothing of what it held. RxDB works live counts
 * and pages after the first out of the former content, so a window has to run those queries again
 * when it sees the context of a purge (the test shows how).
 */
function purgeEvent(table: Table, row: PurgeRow): TableEvent {
  const documentData = {
    [table.layout.primaryPath]: row.id,
    _deleted: true,
    _attachments: {},
    _rev: row.rev,
    _meta: { lwt: now() },
  } as unknown as StoredDocument;
  return {
    documentId: row.id,
    operation: 'DELETE',
    documentData,
    previousDocumentData: undefined,
  } as unknown as TableEvent;
}
