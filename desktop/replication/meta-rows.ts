import { now } from 'rxdb/plugins/utils';
import type { BulkWriteRow } from 'rxdb/plugins/core';
import type { WriteEvent } from '#desktop/storage/storage-types.ts';
import { rowOf, sameRow } from './server-rows.ts';
import type { DocState } from './server-rows.ts';
import { metaIdOf, tableOfMetaCollection } from './tables.ts';
import type { MetaDocument, MetaInstance, MetaRow, TableInstances } from './tables.ts';

/** Context in which the replication itself writes meta rows. */
const ADOPT_CONTEXT = 'replication-adopt-meta';
/** Context in which RxDB writes the meta rows of rows that it has just pulled (17.6). */
const DOWN_META_CONTEXT = 'replication-down-write-meta';

/**
 * To be called in the storage's write hook. A meta row says "the server has this": when one is
 * written, the row itself is marked as the server's in the same transaction, as long as nobody has
 * edited it since. So a crash leaves either both or none, and the queue of waiting changes is simply
 * the rows that are marked `local`.
 */
export function confirmOnMetaWrite(event: WriteEvent): void {
  // Pulled rows were written as the server's; looking at each again would double the first sync.
  if (event.context === DOWN_META_CONTEXT) return;
  const table = tableOfMetaCollection(event.collection);
  if (table === null) return;
  for (const stored of event.rows) {
    const meta = stored as unknown as MetaDocument;
    if (meta.isCheckpoint !== '0' || meta._deleted) continue;
    event.tx.confirm(table, meta.itemId, notedState(meta));
  }
}

/** The state that the server is known to have. */
export const notedState = (meta: MetaDocument): DocState => meta.docData as DocState;

/** The meta rows of some rows, by row id. */
export async function readMeta(
  meta: MetaInstance,
  ids: readonly string[],
): Promise<Map<string, MetaDocument>> {
  if (ids.length === 0) return new Map();
  const found = await meta.findDocumentsById(ids.map(metaIdOf), false);
  return new Map(found.map((document) => [document.itemId, document]));
}

/** Notes that the server has exactly these states. */
export async function writeMeta(
  meta: MetaInstance,
  states: readonly DocState[],
  known: ReadonlyMap<string, MetaDocument>,
): Promise<void> {
  if (states.length === 0) return;
  const rows = states.map((docData): BulkWriteRow<MetaRow> => {
    const previous = known.get(docData.id);
    const height = previous ? Number.parseInt(previous._rev, 10) : 0;
    const document: MetaDocument = {
      id: metaIdOf(docData.id),
      isCheckpoint: '0',
      itemId: docData.id,
      docData,
      _attachments: {},
      _deleted: false,
      _meta: { lwt: now() },
      _rev: `${height + 1}-adopted`,
    };
    return previous ? { previous, document } : { document };
  });
  // A conflict means that RxDB has noted something newer meanwhile, which is as good.
  await meta.bulkWrite(rows, ADOPT_CONTEXT);
}

/**
 * Makes rows that this device did not write itself ready to take the server's version (tables that
 * are pushed; for the others see `DerivedRows`).
 *
 * RxDB's downstream takes a row that exists here without a fitting meta row for a local edit and
 * skips what the server sends, for good. Rows that replication wrote just before the process was
 * killed, one step before their meta row, are in that place without being edits. The state that is
 * here counts as known to the server; the server's version then replaces it like any other change.
 */
export async function adoptRowsNotWrittenHere(
  { fork, meta }: TableInstances,
  ids: readonly string[],
): Promise<void> {
  const origins = fork.originOf(ids);
  const candidates = [...origins].flatMap(([id, origin]) => (origin === 'local' ? [] : [id]));
  if (candidates.length === 0) return;
  const [documents, known] = await Promise.all([
    fork.findDocumentsById(candidates, true),
    readMeta(meta, candidates),
  ]);
  const unknown = documents.flatMap((document): DocState[] => {
    const state = { ...rowOf(document), _deleted: document._deleted };
    const noted = known.get(state.id);
    return noted && sameRow(notedState(noted), state) ? [] : [state];
  });
  await writeMeta(meta, unknown, known);
}

/**
 * Rows of the page being stored that were expanded here from an act, in a table that is never pushed.
 *
 * Such tables have no meta rows (half of what a first sync would write): whatever the server sends
 * is taken. Only a row that equals the server's would be left as it is, and so stay marked as made
 * here, although the server now stands behind it; it is written once more under the server's name.
 */
export interface DerivedRows {
  set(ids: Iterable<string>): void;
  /** True when RxDB must not take this row for stored already. */
  mustBeWritten(id: unknown, question: string): boolean;
}

/** How RxDB asks whether a pulled row is here already (17.6). */
export const IS_HERE_ALREADY = 'downstream-check-if-equal-1';

export function createDerivedRows(): DerivedRows {
  let current: ReadonlySet<unknown> = new Set();
  return {
    set(ids) {
      current = new Set(ids);
    },
    mustBeWritten: (id, question) => question === IS_HERE_ALREADY && current.has(id),
  };
}
