import { isAhead } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { SqliteStorage } from '#desktop/storage/storage-types.ts';
import { notedState, readMeta, writeMeta } from './meta-rows.ts';
import type { KeptCopies } from './kept-copies.ts';
import type { ParkedStore } from './parked-store.ts';
import { rowOf, sameRow } from './server-rows.ts';
import type { DocState } from './server-rows.ts';
import { isPushable } from './tables.ts';
import type { TableInstances } from './tables.ts';

/**
 * Under a new epoch a record may come in an older state than the server had confirmed. What is newer
 * here is then a change on top of what came: it waits again, made on the server's state.
 * @returns ids of the rows that wait again; what came of them is not to be stored
 */
export async function keepNewerHere(
  instances: TableInstances,
  storage: SqliteStorage,
  documents: readonly DocState[],
): Promise<ReadonlySet<string>> {
  const { table, fork, meta } = instances;
  if (!isPushable(table) || tableOf(table).kind !== 'record') return new Set();
  const came = new Map(documents.map((document) => [document.id, document]));
  const origins = fork.originOf([...came.keys()]);
  const ours = [...origins].flatMap(([id, origin]) => (origin === 'server' ? [id] : []));
  const here = await fork.findDocumentsById(ours, false);
  const older = here.flatMap((document): DocState[] => {
    const mine = rowOf(document);
    const theirs = came.get(mine.id);
    if (!theirs || theirs._deleted) return [];
    const row = rowOf(theirs);
    return isAhead(table, mine, row) ? [theirs] : [];
  });
  if (older.length === 0) return new Set();
  const ids = older.map(({ id }) => id);
  // In this order: a row that waits with its own state noted as the server's would count as pushed.
  await writeMeta(meta, older, await readMeta(meta, ids));
  return new Set(storage.release(table, ids));
}

/**
 * True for a pulled record that is older than what the server has answered to a push since: its page
 * was on its way meanwhile. Taken, it would show what was overwritten, and the next edit would be made
 * over that without anybody having seen the newer value. What the server has now comes later.
 * @param came the record as it was pulled
 * @param here the record as it stands here
 * @param answered the server's state by the last answer to a push
 */
export function isOvertaken(
  table: TableName,
  came: DocState,
  here: DocState,
  answered: Row | undefined,
): boolean {
  if (!answered || came._deleted || tableOf(table).kind !== 'record') return false;
  return sameRow(here, answered) && isAhead(table, answered, rowOf(came));
}

/**
 * Refused changes for which the server's row comes by pull: one that equals it needs no push any
 * more, and a row that was refused as a new one, but is there now (its author has pushed it), may
 * pass as a change. What the server keeps in quarantine stays listed: its row can come back as it was
 * before, when its author has the right again, and the change still waits for a decision.
 * @returns the ids that are settled
 */
export async function settleParked(
  { table, fork, meta }: TableInstances,
  parked: ParkedStore,
  kept: Pick<KeptCopies, 'holds'>,
  documents: readonly DocState[],
): Promise<string[]> {
  const came = documents.filter(
    ({ id, _deleted }) => !_deleted && parked.has(table, id) && !kept.holds(table, id),
  );
  if (came.length === 0) return [];
  const ids = came.map(({ id }) => id);
  const known = await readMeta(meta, ids);
  const here = new Map(
    (await fork.findDocumentsById(ids, false)).map((document) => [
      String(document['id']),
      document,
    ]),
  );
  const equal = came.filter((state) => sameRow(state, here.get(state.id) ?? {}));
  // The write marks them as the server's, unless they are edited at this very moment.
  await writeMeta(meta, equal, known);
  const settled = equal.map(({ id }) => id);
  const newcomers = ids.filter((id) => {
    const noted = known.get(id);
    return noted === undefined || notedState(noted)._deleted;
  });
  for (const id of new Set([...settled, ...newcomers])) parked.release(table, id);
  for (const id of settled) parked.forgetMaster(table, id);
  return settled;
}
