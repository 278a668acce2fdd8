import { now } from 'rxdb/plugins/utils';
import type { StoredDocument } from './storage-types.ts';
import type { Table } from './table.ts';
import type { WriteSession } from './write-session.ts';

/**
 * Takes back that the server has some rows, inside the session's transaction: they get another
 * origin and a new `seq`, so that whoever reads the queue finds them.
 *
 * RxDB's own mark `_meta.o` ("this is what the server sent", 17.6) goes too: with it RxDB would
 * replace the row by whatever the server sends next instead of pushing it first. The content and so
 * the revision stay, and windows are told nothing.
 * @param from `derived`: rows of the server that are shown as an act of this device has changed them
 * @returns ids of the rows that were the server's and are not any more; deleted ones are left alone
 */
export function releaseRows(
  session: WriteSession,
  table: Table,
  ids: readonly string[],
  origin: 'local' | 'derived',
  from: 'server' | 'derived' = 'server',
): string[] {
  const found = table
    .statement(
      `select t.doc from json_each(?) as wanted cross join ${table.layout.sql} as t
       on t.id = wanted.value where t.origin = ? and t.deleted = 0`,
      'pluck',
    )
    .all(JSON.stringify(ids), from) as string[];
  const released = found.map((text) => {
    const document = JSON.parse(text) as StoredDocument;
    const meta: Record<string, unknown> = { ...document._meta };
    delete meta['o'];
    table.update({ ...document, _meta: { ...meta, lwt: now() } }, document._rev, origin);
    return document[table.layout.primaryPath] as string;
  });
  if (released.length > 0) session.changed(table, released);
  return released;
}
