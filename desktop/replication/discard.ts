import { now } from 'rxdb/plugins/utils';
import { AppError } from '#shared/errors/app-error.ts';
import { expandAct } from '#shared/merge/expand.ts';
import type { Row } from '#shared/schema/define.ts';
import { deviceFields } from '#shared/schema/rows.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { liveView, quoted } from '#desktop/storage/table-layout.ts';
import { DOWNSTREAM_CONTEXT } from '#desktop/storage/origin.ts';
import type { SqliteStorage, StoredDocument } from '#desktop/storage/storage-types.ts';
import { notedState, readMeta, writeMeta } from './meta-rows.ts';
import type { ParkedStore } from './parked-store.ts';
import { docStateOf, rowOf } from './server-rows.ts';
import { metaCollectionOf } from './tables.ts';
import type { TableInstances } from './tables.ts';

/** A discarded row is the server's, so it is written in the way in which pulled rows are. */
const DISCARD_CONTEXT = `${DOWNSTREAM_CONTEXT}discard`;

const WRITE_TRIES = 5;

/**
 * Gives a refused change up. The row becomes what the server has of it: the latest state that came
 * by pull while the change was waiting, else the state that the change was made on. When the server
 * has none, the row is removed, and with an act the rows that were expanded from it here.
 * Works without the network. With `handOver` the server keeps what it refused: it stays listed, and what was
 * edited since stays here, to be answered itself.
 * @throws AppError NOT_FOUND when the row is not parked
 */
export async function discardChange(
  context: {
    readonly instances: TableInstances;
    readonly storage: SqliteStorage;
    readonly database: EncryptedDatabase;
    readonly parked: ParkedStore;
  },
  id: string,
  options: { readonly handOver?: boolean } = {},
): Promise<void> {
  const { instances, storage, database, parked } = context;
  const { table, fork, meta } = instances;
  if (!parked.has(table, id)) throw new AppError('NOT_FOUND', { table });
  const known = await readMeta(meta, [id]);
  const noted = known.get(id);
  const its = parked.list().find((one) => one.table === table && one.id === id);
  // The server has removed the row itself: what is noted of it is of the past.
  const isGone = its?.code === 'SYNC_ROW_GONE' && its.fields.length === 0;
  const held = parked.masterOf(table, id) ?? (noted ? rowOf(notedState(noted)) : undefined);
  const master = isGone ? undefined : held;
  const mayGo = (mine: Row): boolean =>
    !options.handOver || parked.entryFor(table, mine) !== undefined;
  if (master) {
    const state = docStateOf(master as Row);
    if (!(await takeState(instances, state, mayGo))) return;
    await writeMeta(meta, [state], known);
  } else {
    const [mine] = await fork.findDocumentsById([id], true);
    if (mine && !mayGo(rowOf(mine))) return;
    if (mine) removeExpanded(storage, database, table, rowOf(mine));
    storage.purge(table, [id], { metaCollection: metaCollectionOf(table), unsent: 'purge' });
  }
  parked.forgetMaster(table, id);
  if (!options.handOver) parked.release(table, id);
}

/** @returns false when the row here may not go */
async function takeState(
  { fork }: TableInstances,
  state: ReturnType<typeof docStateOf>,
  mayGo: (mine: Row) => boolean,
): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    const [previous] = await fork.findDocumentsById([state.id], true);
    if (previous && !mayGo(rowOf(previous))) return false;
    const height = previous ? Number.parseInt(previous._rev, 10) : 0;
    const document: StoredDocument = {
      ...state,
      _attachments: {},
      _meta: { lwt: now() },
      _rev: `${height + 1}-discard`,
    };
    const row = previous ? { previous, document } : { document };
    const { error } = await fork.bulkWrite([row], DISCARD_CONTEXT);
    if (error.length === 0) return true;
    // Somebody edits the row at this very moment: what they see now is given up too.
    if (attempt === WRITE_TRIES) throw new AppError('INTERNAL', { conflict: true });
  }
}

/**
 * Removes what was expanded here from an act that nobody will ever confirm. What the server sent is
 * not touched, and a row that others refer to stays: a lot that another act of this device names.
 */
function removeExpanded(
  storage: SqliteStorage,
  database: EncryptedDatabase,
  table: TableName,
  act: Row,
): void {
  const expanded = expandAct(table, act);
  // Children first, so that they do not count as referring to their parents.
  for (const target of TABLE_NAMES.toReversed()) {
    const rows = expanded.filter((row) => row.table === target);
    if (rows.length === 0) continue;
    const instance = storage.instance(target);
    if (!instance) continue;
    const origins = instance.originOf(rows.map(({ row }) => row.id));
    const ids = rows
      .map(({ row }) => row.id)
      .filter((id) => origins.get(id) === 'derived' && !isReferredTo(database, target, id));
    storage.purge(target, ids, { metaCollection: metaCollectionOf(target) });
  }
}

function isReferredTo(database: EncryptedDatabase, table: TableName, id: string): boolean {
  return TABLE_NAMES.some((child) =>
    deviceFields(tableOf(child)).some(([field, { references }]) => {
      if (references !== table) return false;
      const sql = `select 1 as found from ${quoted(liveView(child))} where ${quoted(field)} = ? limit 1`;
      return isOpen(database, child) && database.read(sql, [id]).length > 0;
    }),
  );
}

/** A device opens only the tables that its person may read. */
const isOpen = (database: EncryptedDatabase, table: TableName): boolean =>
  database.read("select 1 as found from sqlite_master where type = 'view' and name = ?", [
    liveView(table),
  ]).length > 0;
