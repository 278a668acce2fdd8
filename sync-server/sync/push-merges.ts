import { mayDo } from '#shared/access/rights.ts';
import { ZERO_HLC } from '#shared/kernel/hlc.ts';
import { sameContent } from '#shared/kernel/json.ts';
import { applyMergeEdit, judgeMerge, mergeEdits, mergeLinesOf } from '#shared/merge/item-merge.ts';
import { stampsOf } from '#shared/merge/join.ts';
import type { Contest } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { parseRow } from '#shared/schema/rows.ts';
import { tableOf } from '#shared/schema/tables.ts';
import { answer, isRefusedAgain, noteWrite, settle, writeSet } from './batch.ts';
import type { Batch } from './batch.ts';
import { contestRows } from './conflict/contests.ts';
import type { FirstReads } from './first-reads.ts';
import type { Incoming } from './incoming.ts';
import { transitionRow, writeNotes } from './notes.ts';
import { OK, later, master, refused } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import type { Master } from './ports.ts';
import { isLate, judgeNew, withFreeNumbers } from './push-facts.ts';

/** Merges are judged one after the other: of two that would lead to each other the second is refused. */
const MERGE_KEY = 'item-merge';
export const mergeKeys = (rows: readonly Incoming[]): string[] =>
  rows.some(({ table }) => table === 'item_merges') ? [MERGE_KEY] : [];

/** What the server holds of the items that a merge names, locked. */
interface Subject {
  readonly survivor: Master;
  readonly merged: Master;
  /** The merge that is taken back. */
  readonly original: Row | null;
}

/** A merge that stands, with the items as they are after it. */
interface Unit {
  readonly incoming: Incoming;
  readonly subject: Subject;
  /** In the order in which they are written; see `mergeEdits`. */
  readonly items: readonly { readonly before: Row; readonly after: Row }[];
}

/** Takes merges of items and their undoing; each is written with the edits that it stands for, or not. */
export async function pushMerges(
  batch: Batch,
  rows: readonly Incoming[],
  reads: FirstReads,
): Promise<void> {
  const taken = new Set(reads.taken.get('item_merges'));
  const inOrder = rows.toSorted((a, b) => ((a.row.hlc ?? '') < (b.row.hlc ?? '') ? -1 : 1));
  for (const incoming of inOrder) {
    const known = reads.facts.get('item_merges')?.get(incoming.id);
    if (!known && isRefusedAgain(batch, incoming, reads)) continue;
    const outcome = known ? judgeKnown(batch, incoming, known) : judgeNew(batch, incoming);
    if (outcome && !known && isLate(batch, incoming)) batch.quarantine.push(incoming);
    else if (outcome) answer(batch, incoming, outcome);
    else await take(batch, incoming, taken);
  }
}

const contentOf = ({ hlc: _stamp, origin_seq: _seq, ...content }: Row): unknown => content;

/** What came before is answered with how it was taken. */
function judgeKnown(batch: Batch, { table, sent }: Incoming, known: Row): Outcome {
  if (sameContent(sent, known)) return OK;
  if (sameContent(contentOf(sent), contentOf(known))) return master(known);
  return mayDo(batch.grants, batch.userId, table, 'create', sent)
    ? refused('SYNC_ROW_IMMUTABLE')
    : refused('SYNC_ROW_REFUSED');
}

async function take(batch: Batch, sent: Incoming, taken: Set<number>): Promise<void> {
  const subject = await readSubject(batch, sent.row);
  if ('outcome' in subject) {
    answer(batch, sent, subject);
    return;
  }
  const refusal = judge(batch, sent.row, subject);
  if (refusal) {
    answer(batch, sent, refusal);
    return;
  }
  const [numbered = sent] = withFreeNumbers([sent], taken);
  taken.add(numbered.row.origin_seq ?? -1);
  const hlc = lateEnough(batch, numbered.row, subject);
  const incoming = { ...numbered, row: { ...numbered.row, hlc } };
  const unit = { incoming, subject, items: edited(incoming.row, subject) };
  if (unit.items.some(({ after }) => !parseRow('inventory_items', after).ok)) {
    answer(batch, sent, refused('SYNC_ROW_INVALID', ['lines']));
    return;
  }
  await writeSet(
    batch,
    [unit],
    ([one]) => write(batch, one as Unit),
    ([one]) => finish(batch, one as Unit, sent),
  );
}

async function readSubject(batch: Batch, row: Row): Promise<Subject | Outcome> {
  const { store } = batch;
  const survivorId = String(row['survivor_id']);
  const mergedId = String(row['merged_id']);
  const reverses = row['reverses_id'];
  const [items, originals] = await Promise.all([
    store.masters('inventory_items', [survivorId, mergedId]),
    store.rows('item_merges', typeof reverses === 'string' ? [reverses] : []),
  ]);
  const [survivor, merged] = [items.get(survivorId), items.get(mergedId)];
  if (!survivor || !merged) return later('SYNC_PARENT_MISSING');
  const original = originals.get(String(reverses)) ?? null;
  if (typeof reverses === 'string' && !original) return later('SYNC_PARENT_MISSING');
  return { survivor, merged, original };
}

/** Null when the merge may be made. */
function judge(batch: Batch, row: Row, { survivor, merged, original }: Subject): Outcome | null {
  const { grants, userId } = batch;
  const may = (item: Row): boolean =>
    mayDo(grants, userId, 'inventory_items', 'read', item) &&
    mayDo(grants, userId, 'inventory_items', 'update', item);
  // Who may make a merge may all the same not change one of the two.
  if (!may(survivor.row) || !may(merged.row)) return refused('SYNC_ROW_REFUSED');
  const fault = judgeMerge({ merge: row, survivor: survivor.row, merged: merged.row, original });
  return fault ? refused(fault) : null;
}

/** The stamp of the merge, later than all that it edits: one that was brought back might not be. */
function lateEnough(batch: Batch, row: Row, { survivor, merged }: Subject): string {
  const { hlc = ZERO_HLC } = row;
  const stamps = [
    stampsOf(merged.row)['status'] ?? ZERO_HLC,
    ...mergeLinesOf(row).map(({ field }) => stampsOf(survivor.row)[field] ?? ZERO_HLC),
  ];
  if (stamps.every((stamp) => stamp <= hlc)) return hlc;
  for (const stamp of stamps) batch.hlc.observe(stamp);
  return batch.hlc.next();
}

function edited(merge: Row, { survivor, merged }: Subject): Unit['items'] {
  return mergeEdits(merge).map((edit) => {
    const before = edit.id === merged.row.id ? merged.row : survivor.row;
    const after = applyMergeEdit(before, edit);
    if (edit.id !== merged.row.id) return { before, after };
    // No device stamps where it was merged to: this stamp tells those that are late.
    const stamps = { ...stampsOf(after), merged_into_id: edit.hlc };
    return { before, after: { ...after, field_hlc: stamps } };
  });
}

async function write(batch: Batch, { incoming, subject, items }: Unit): Promise<void> {
  const { store } = batch;
  await store.insertAsPerson('item_merges', [incoming.row]);
  for (const { before, after } of items) {
    if (after.id === subject.merged.row.id) {
      await store.changeAsEngine('inventory_items', ['status', 'merged_into_id'], [after]);
      const step = {
        from: String(before['status']),
        to: String(after['status']),
        hlc: incoming.row.hlc ?? ZERO_HLC,
      };
      const basis = stampsOf(before)['status'] ?? null;
      await writeNotes(batch, [
        transitionRow(batch, 'inventory_items', after, step, basis, batch.userId),
      ]);
    } else {
      await store.updateAsPerson('inventory_items', [after]);
      await writeNotes(batch, lostValues(batch, incoming.row, subject));
    }
  }
}

/** What somebody wrote into a field of the item that stays, unseen by whoever merged: kept readable. */
function lostValues(batch: Batch, merge: Row, { survivor }: Subject) {
  const { row, fieldBy } = survivor;
  return mergeLinesOf(merge).flatMap(({ field, value, seen }) => {
    const current = stampsOf(row)[field] ?? ZERO_HLC;
    const rule = tableOf('inventory_items').fields[field]?.merge;
    if (current <= (seen ?? ZERO_HLC) || sameContent(row[field], value)) return [];
    if (rule !== 'LWW' && rule !== 'HR') return [];
    const contest: Contest = {
      field,
      rule,
      kept: { value, hlc: merge.hlc ?? ZERO_HLC },
      lost: { value: row[field] ?? null, hlc: current },
      keptMine: true,
    };
    const server = { now: batch.now, hlc: batch.hlc.next() };
    return contestRows('inventory_items', row, contest, { userId: batch.userId, fieldBy }, server);
  });
}

function finish(batch: Batch, { incoming, items }: Unit, sent: Incoming): void {
  noteWrite(batch, 'insert', 'item_merges', incoming.row, {
    fields: Object.keys(tableOf('item_merges').fields),
  });
  for (const { before, after } of items) {
    const fields = Object.keys(tableOf('inventory_items').fields).filter(
      (field) => !sameContent(before[field], after[field]),
    );
    noteWrite(batch, 'update', 'inventory_items', after, { fields });
  }
  settle(batch, incoming, sameContent(incoming.row, sent.sent) ? OK : master(incoming.row));
}
