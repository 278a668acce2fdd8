import { now } from 'rxdb/plugins/utils';
import { AppError } from '#shared/errors/app-error.ts';
import { ZERO_HLC } from '#shared/kernel/hlc.ts';
import type { Hlc } from '#shared/kernel/hlc.ts';
import { sameContent } from '#shared/kernel/json.ts';
import { applyEdit, editsOf as reviewEdits } from '#shared/merge/decide.ts';
import type { RecordEdit } from '#shared/merge/decide.ts';
import { applyMergeEdit, mergeEdits, mergeLinesOf } from '#shared/merge/item-merge.ts';
import { stampsOf } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { linesOf } from '#shared/schema/review-lines.ts';
import { isTableName, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { DERIVED_CONTEXT, DOWNSTREAM_CONTEXT } from '#desktop/storage/origin.ts';
import type { SqliteStorage, StoredDocument, WriteEvent } from '#desktop/storage/storage-types.ts';
import { notedState, readMeta, writeMeta } from './meta-rows.ts';
import type { ParkedStore } from './parked-store.ts';
import { docStateOf, rowOf, sameRow } from './server-rows.ts';
import { metaCollectionOf } from './tables.ts';
import type { ForkInstance, MetaInstance } from './tables.ts';

/**
 * What decisions do on this device: those of reviews, and that two items are one. The edits that a decision
 * stands for are made in the transaction that writes it; they are not pushed, since the server makes
 * them itself. Until it has, they are made again on top of whatever comes from there; when it
 * refuses, they are taken back.
 */

/** Facts that decide about records, with the edits that each stands for. */
const DECIDING = {
  review_decisions: reviewEdits,
  item_merges: mergeEdits,
} as const satisfies Partial<Record<TableName, (decision: Row) => RecordEdit[]>>;
type DecidingTable = keyof typeof DECIDING;
const DECIDING_TABLES = Object.keys(DECIDING) as readonly DecidingTable[];

/** True for tables whose rows edit records. */
export const isDeciding = (table: string): table is DecidingTable =>
  (DECIDING_TABLES as readonly string[]).includes(table);

/** A decision with the table in which it stands. */
interface Decision {
  readonly table: DecidingTable;
  readonly row: Row;
}

const editsOf = ({ table, row }: Decision): RecordEdit[] => DECIDING[table](row);

const apply = (row: Row, edit: RecordEdit): Row =>
  edit.table === 'inventory_items' ? applyMergeEdit(row, edit) : applyEdit(row, edit);

/** What a decision says of a field: what stood there, and its stamp as the person saw it. */
function lineAbout(
  { table, row }: Decision,
  field: string,
): { readonly before: unknown; readonly seen: Hlc | null } | undefined {
  const lines = table === 'item_merges' ? mergeLinesOf(row) : linesOf(row);
  return lines.find((line) => line.field === field);
}

interface Here {
  readonly storage: Pick<SqliteStorage, 'instance'>;
  readonly database: EncryptedDatabase;
}

/** Contexts of rows whose decided fields were taken back, by who stands behind the rest of them. */
const TAKEN_BACK = {
  local: 'decision-taken-back',
  server: `${DOWNSTREAM_CONTEXT}decision-taken-back`,
  derived: `${DERIVED_CONTEXT}-decision-taken-back`,
} as const;

const WRITE_TRIES = 5;

/** To be called in the storage's write hook. */
export function applyDecisions(event: WriteEvent, here: Here): void {
  const { collection, origin, rows, tx } = event;
  if (!isTableName(collection)) return;
  const revise = ({ table, id, ...edit }: RecordEdit): void => {
    if (!here.storage.instance(table)) return;
    tx.revise(table, id, (row) => apply(row as Row, { table, id, ...edit }));
  };
  if (isDeciding(collection)) {
    if (origin !== 'local') return;
    for (const row of rows) editsOf({ table: collection, row: rowOf(row) }).forEach(revise);
    return;
  }
  if (origin !== 'server' || tableOf(collection).kind !== 'record') return;
  const edits = pendingDecisions(here).flatMap(editsOf);
  if (edits.length === 0) return;
  const came = new Set(rows.map((row) => row['id']));
  for (const edit of edits) if (edit.table === collection && came.has(edit.id)) revise(edit);
}

/**
 * Rows of a table that a decision has edited which the server has not judged yet. Pushed now, their
 * decided fields would go in as ordinary edits, whatever becomes of the decision.
 */
export const undecidedRows = (here: Here, table: TableName): ReadonlySet<string> =>
  new Set(
    pendingDecisions(here)
      .flatMap(editsOf)
      .flatMap((edit) => (edit.table === table ? edit.id : [])),
  );

/** Decisions of this device that the server has neither taken nor refused, oldest first. */
function pendingDecisions({ storage, database }: Here): Decision[] {
  return DECIDING_TABLES.flatMap((table) => {
    if (!storage.instance(table)?.countOrigin('local')) return [];
    return database
      .read<{ doc: string }>(
        `select d.doc from live_${table} d
          where d.origin = 'local' and d.id not in (
            select p.id from sync_parked p where p.tbl = '${table}')`,
      )
      .map(({ doc }) => ({ table, row: rowOf(JSON.parse(doc) as Record<string, unknown>) }));
  }).toSorted((a, b) => ((a.row.hlc ?? '') < (b.row.hlc ?? '') ? -1 : 1));
}

/**
 * Takes the edits of a refused decision back: its fields are again what the person had written there
 * and not sent yet, else what the server has; all others stay. What was changed on top of it stands.
 * Repeated it changes nothing.
 */
export async function takeBackDecision(
  here: Here & { readonly parked: ParkedStore },
  decision: Decision,
): Promise<void> {
  for (const edit of editsOf(decision)) {
    const fork = here.storage.instance(edit.table) as ForkInstance | undefined;
    if (fork) await takeBackEdit(here, fork, edit, decision);
  }
}

/** As `takeBackDecision`, for all of a table that were refused before: a kill may have come in between. */
export async function takeBackRefused(
  here: Here & { readonly parked: ParkedStore },
  table: DecidingTable,
): Promise<void> {
  const ids = here.parked.list().flatMap((entry) => (entry.table === table ? entry.id : []));
  const refused = await here.storage.instance(table)?.findDocumentsById(ids, false);
  for (const row of refused ?? []) await takeBackDecision(here, { table, row: rowOf(row) });
}

async function takeBackEdit(
  here: Here & { readonly parked: ParkedStore },
  fork: ForkInstance,
  edit: RecordEdit,
  decision: Decision,
): Promise<void> {
  const { noted, latest: base } = await serverState(here, edit.table, edit.id);
  if (!base) return;
  for (let attempt = 1; ; attempt += 1) {
    const [previous] = await fork.findDocumentsById([edit.id], false);
    if (!previous) return;
    const row = rowOf(previous);
    const origin = fork.originOf([edit.id]).get(edit.id) ?? 'server';
    const own = (field: string): Written | null => {
      const written =
        origin === 'local' ? writtenUnder(here, decision, { id: edit.id, field }) : null;
      return written && written.stamp > (stampsOf(noted)[field] ?? ZERO_HLC) ? written : null;
    };
    const without = pendingDecisions(here)
      .flatMap(editsOf)
      .filter(({ table, id }) => table === edit.table && id === edit.id)
      .reduce(apply, withoutEdit(row, edit, base, own));
    if (sameContent(without, row)) return;
    const document = {
      ...without,
      _deleted: false,
      _attachments: {},
      _meta: { lwt: now() },
      _rev: `${Number.parseInt(previous._rev, 10) + 1}-takenback`,
    } as unknown as StoredDocument;
    const isServers = sameRow(without, base);
    const { error } = await fork.bulkWrite(
      [{ previous, document }],
      TAKEN_BACK[isServers ? 'server' : origin],
    );
    if (error.length === 0) {
      if (isServers) await noteAsServers(here, edit.table, base);
      return;
    }
    if (attempt === WRITE_TRIES) throw new AppError('INTERNAL', { conflict: true });
  }
}

/** The row is the server's again: what was remembered beside it while it was not says nothing any more. */
async function noteAsServers(
  { storage, parked }: Here & { readonly parked: ParkedStore },
  table: TableName,
  base: Row,
): Promise<void> {
  const meta = storage.instance(metaCollectionOf(table)) as unknown as MetaInstance | undefined;
  if (meta) await writeMeta(meta, [docStateOf(base)], await readMeta(meta, [base.id]));
  parked.forgetMaster(table, base.id);
}

/** What the server is known to have of a row: when it was edited here, and by now. */
async function serverState(
  { storage, parked }: Here & { readonly parked: ParkedStore },
  table: TableName,
  id: string,
): Promise<{ readonly noted: Row | null; readonly latest: Row | null }> {
  const meta = storage.instance(metaCollectionOf(table)) as unknown as MetaInstance | undefined;
  const found = meta ? (await readMeta(meta, [id])).get(id) : undefined;
  const noted = found ? rowOf(notedState(found)) : null;
  return { noted, latest: (parked.masterOf(table, id) as Row | undefined) ?? noted };
}

interface Written {
  readonly value: unknown;
  readonly stamp: Hlc;
}

/** What stood in a field under a decision, and under those of this device that it was made over. */
function writtenUnder(
  here: Here,
  decision: Decision,
  { id, field }: { readonly id: string; readonly field: string },
): Written | null {
  const others = decisionsAbout(here, id);
  for (let above = decision; ;) {
    const line = lineAbout(above, field);
    const stamp = line?.seen ?? null;
    if (!line || stamp === null) return null;
    const below = others.find(({ row }) => row.hlc === stamp);
    if (!below) return { value: line.before, stamp };
    // What the server has taken it has itself.
    if (below.origin === 'server') return null;
    above = below;
  }
}

/** Columns of decisions that name the record whose fields they set. */
const ABOUT = { review_decisions: 'row_id', item_merges: 'survivor_id' } as const;

function decisionsAbout({ storage, database }: Here, id: string) {
  return DECIDING_TABLES.filter((table) => storage.instance(table)).flatMap((table) =>
    database
      .read<{ doc: string; origin: string }>(
        `select doc, origin from live_${table} where ${ABOUT[table]} = ?`,
        [id],
      )
      .map(({ doc, origin }) => ({ table, origin, row: JSON.parse(doc) as Row })),
  );
}

/**
 * A row with those fields that the edit changed last as they were before it.
 * @param own what the person had written there and not sent, by field
 */
function withoutEdit(
  row: Row,
  { fields, hlc }: RecordEdit,
  base: Row,
  own: (field: string) => Written | null,
): Row {
  const stamps: Record<string, Hlc> = { ...stampsOf(row) };
  const out: Row = { ...row };
  // Where an item was merged to goes with its state.
  if ('merged_into_id' in fields && stamps['status'] === hlc) {
    out['merged_into_id'] = base['merged_into_id'] ?? null;
  }
  for (const field of Object.keys(fields)) {
    if (stamps[field] !== hlc) continue;
    const written = own(field);
    out[field] = (written ? written.value : base[field]) ?? null;
    const before = written ? written.stamp : stampsOf(base)[field];
    if (before === undefined) delete stamps[field];
    else stamps[field] = before;
  }
  return { ...out, field_hlc: stamps };
}
