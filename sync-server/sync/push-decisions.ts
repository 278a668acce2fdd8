import { whyNotDecide } from '#shared/access/reviews.ts';
import { mayDo } from '#shared/access/rights.ts';
import { ZERO_HLC } from '#shared/kernel/hlc.ts';
import { sameContent } from '#shared/kernel/json.ts';
import { closedChanges } from '#shared/merge/closed.ts';
import { applyEdit, editsOf, judgeDecision } from '#shared/merge/decide.ts';
import { linesOf, undoLines } from '#shared/schema/review-lines.ts';
import type { RecordEdit } from '#shared/merge/decide.ts';
import { stampsOf } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { parseRow } from '#shared/schema/rows.ts';
import type { ReviewLine } from '#shared/schema/tables/review-decisions.ts';
import { isTableName, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { answer, isRefusedAgain, noteWrite, settle, writeSet } from './batch.ts';
import type { Batch } from './batch.ts';
import type { FirstReads } from './first-reads.ts';
import type { Incoming } from './incoming.ts';
import { transitionRow, writeAsEngine } from './notes.ts';
import { OK, later, master, refused } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { judgeNew, withFreeNumbers } from './push-facts.ts';

/** What the server holds of all that a decision names, the records locked. */
interface Subject {
  readonly table: TableName;
  readonly record: Row;
  readonly reviews: ReadonlyMap<string, Row>;
  readonly conflicts: ReadonlyMap<string, Row>;
  /** The decision that is taken back. */
  readonly original: Row | null;
}

/** A decision that may be made, with the records as they are after it. */
interface Unit {
  readonly incoming: Incoming;
  readonly record: { readonly row: Row; readonly fields: readonly string[] } | null;
  readonly table: TableName;
  /** Before and after. */
  readonly reviews: readonly (readonly [Row, Row])[];
}

/**
 * Takes decisions of reviews, one after the other, since the second about a field is judged on what
 * the first has made of it. Each is written with the edits that it stands for, or not at all.
 */
export async function pushDecisions(
  batch: Batch,
  rows: readonly Incoming[],
  reads: FirstReads,
): Promise<void> {
  const taken = new Set(reads.taken.get('review_decisions'));
  const inOrder = rows.toSorted((a, b) => ((a.row.hlc ?? '') < (b.row.hlc ?? '') ? -1 : 1));
  for (const incoming of inOrder) {
    const known = reads.facts.get('review_decisions')?.get(incoming.id);
    if (!known && isRefusedAgain(batch, incoming, reads)) continue;
    const outcome = known ? judgeKnown(batch, incoming, known) : judgeNew(batch, incoming);
    if (outcome) answer(batch, incoming, outcome);
    else await take(batch, incoming, taken);
  }
}

const withoutStamps = (lines: readonly ReviewLine[]): Omit<ReviewLine, 'seen'>[] =>
  lines.map(({ seen: _stamp, ...line }) => line);

/** What came before is answered with how it was taken: when, and with which stamp. */
function judgeKnown(batch: Batch, { table, sent }: Incoming, known: Row): Outcome {
  const own = ({ hlc: _h, origin_seq: _s, accepted_at: _a, ...content }: Row) => ({
    ...content,
    lines: withoutStamps(content['lines'] as readonly ReviewLine[]),
  });
  if (sameContent(sent, known)) return OK;
  if (sameContent(own(sent), own(known))) return master(known);
  return mayDo(batch.grants, batch.userId, table, 'create', sent)
    ? refused('SYNC_ROW_IMMUTABLE')
    : refused('SYNC_ROW_REFUSED');
}

/** @param taken numbers that other decisions of this device have; the own one is added */
async function take(batch: Batch, asSent: Incoming, taken: Set<number>): Promise<void> {
  const subject = await readSubject(batch, asSent.row);
  if ('outcome' in subject) {
    answer(batch, asSent, subject);
    return;
  }
  const sent = withStampTaken(asSent, subject);
  const refusal = judge(batch, sent.row, subject);
  if (refusal) {
    answer(batch, sent, refusal);
    return;
  }
  const [numbered = sent] = withFreeNumbers([sent], taken);
  taken.add(numbered.row.origin_seq ?? -1);
  const hlc = lateEnough(batch, numbered.row, subject);
  const incoming = { ...numbered, row: { ...numbered.row, hlc, accepted_at: batch.now } };
  const made = edit(subject, incoming);
  if ('outcome' in made) {
    answer(batch, sent, made);
    return;
  }
  await writeSet(batch, [made], ([unit]) => write(batch, unit as Unit), finish.bind(null, batch));
}

/** An undo that was made before its device learned with which stamp the decision was taken. */
function withStampTaken(incoming: Incoming, { original }: Subject): Incoming {
  if (!original) return incoming;
  const sent = withoutStamps(linesOf(incoming.row));
  const asTaken = undoLines(original);
  if (!sameContent(sent, withoutStamps(asTaken))) return incoming;
  return { ...incoming, row: { ...incoming.row, lines: asTaken } };
}

async function readSubject(batch: Batch, row: Row): Promise<Subject | Outcome> {
  const { store } = batch;
  const table = row['table_name'];
  if (!isTableName(table) || tableOf(table).kind !== 'record') {
    return refused('SYNC_ROW_INVALID', ['table_name']);
  }
  const ids = (about: ReviewLine['about']): string[] => [
    ...new Set(linesOf(row).flatMap((line) => (line.about === about ? [line.about_id] : []))),
  ];
  const reverses = row['reverses_id'];
  const [records, reviews, conflicts, originals] = await Promise.all([
    store.masters(table, [String(row['row_id'])]),
    store.masters('review_items', ids('review_items')),
    store.rows('conflict_log', ids('conflict_log')),
    store.rows('review_decisions', typeof reverses === 'string' ? [reverses] : []),
  ]);
  const record = records.get(String(row['row_id']))?.row;
  if (!record) return refused('REVIEW_MOVED_ON');
  const original = originals.get(String(reverses)) ?? null;
  // It may be on its way still.
  if (reverses !== null && !original) return later('SYNC_PARENT_MISSING');
  return {
    table,
    record,
    reviews: new Map([...reviews].map(([id, review]) => [id, review.row])),
    conflicts,
    original,
  };
}

/** Null when the decision may be made. */
function judge(batch: Batch, row: Row, subject: Subject): Outcome | null {
  const { table, record, reviews, conflicts, original } = subject;
  // First, since every other answer says something about a row that they may not even see.
  if (!mayDo(batch.grants, batch.userId, table, 'read', record)) {
    return refused('SYNC_ROW_REFUSED');
  }
  for (const line of linesOf(row)) {
    const about =
      line.about === 'review_items' ? reviews.get(line.about_id) : conflicts.get(line.about_id);
    if (!about) return refused('REVIEW_MOVED_ON', ['lines']);
    const { grants, userId } = batch;
    const why = whyNotDecide({ grants, userId, table, record, line, about });
    if (why === 'rights') return refused('SYNC_ROW_REFUSED', ['lines']);
    if (why === 'not-about-this') return refused('SYNC_ROW_INVALID', ['lines']);
  }
  const fault = judgeDecision({
    decision: row,
    table,
    record,
    reviews,
    original,
    now: batch.now,
  });
  return fault ? refused(fault, ['lines']) : null;
}

/**
 * The stamp of the decision, later than all that it edits: one of a clock that was brought back might
 * not be, and the edits would lose to what the person has decided about.
 */
function lateEnough(batch: Batch, row: Row, { record, reviews }: Subject): string {
  const { hlc = ZERO_HLC } = row;
  const fields = linesOf(row).flatMap(({ field }) => (field === null ? [] : [field]));
  const edited = [
    ...fields.map((field) => stampsOf(record)[field] ?? ZERO_HLC),
    ...[...reviews.values()].map((review) => stampsOf(review)['status'] ?? ZERO_HLC),
  ];
  if (edited.every((stamp) => stamp <= hlc)) return hlc;
  for (const stamp of edited) batch.hlc.observe(stamp);
  return batch.hlc.next();
}

/** The records as the decision makes them. */
function edit({ table, record, reviews }: Subject, incoming: Incoming): Unit | Outcome {
  const edits = editsOf(incoming.row);
  const of = (id: string, name: TableName): RecordEdit | undefined =>
    edits.find((it) => it.table === name && it.id === id);
  const own = of(record.id, table);
  const row = own ? applyEdit(record, own) : record;
  const fields = Object.keys(own?.fields ?? {});
  const closed = closedChanges(table, record, row);
  if (closed.length > 0) return refused('SYNC_ROW_CLOSED', ['lines']);
  if (own && !parseRow(table, row).ok) return refused('SYNC_ROW_INVALID', ['lines']);
  const steps = [...reviews].flatMap(([id, review]) => {
    const step = of(id, 'review_items');
    return step ? [[review, applyEdit(review, step)] as const] : [];
  });
  return { incoming, table, record: own ? { row, fields } : null, reviews: steps };
}

async function write(batch: Batch, { incoming, table, record, reviews }: Unit): Promise<void> {
  const { store } = batch;
  const after = reviews.map(([, row]) => row);
  const isUndo = incoming.row['reverses_id'] !== null;
  // An undo opens the review again, which is the server's own step; what else it says is the person's.
  if (isUndo && after.length > 0) await store.stepAsEngine('review_items', 'status', after);
  await Promise.all([
    store.insertAsPerson('review_decisions', [incoming.row]),
    ...(record ? [store.updateAsPerson(table, [record.row])] : []),
    ...(after.length > 0 ? [store.updateAsPerson('review_items', after)] : []),
  ]);
  const steps = reviews.map(([before, row]) =>
    transitionRow(
      batch,
      'review_items',
      row,
      {
        from: String(before['status']),
        to: String(row['status']),
        hlc: stampsOf(row)['status'] ?? ZERO_HLC,
      },
      stampsOf(before)['status'] ?? null,
      batch.userId,
    ),
  );
  const made = await writeAsEngine(batch, steps);
  for (const note of made) batch.changes.add(note.table, note.row);
}

function finish(batch: Batch, [unit]: readonly Unit[]): void {
  if (!unit) return;
  const { incoming, table, record, reviews } = unit;
  noteWrite(batch, 'insert', 'review_decisions', incoming.row, {
    fields: Object.keys(tableOf('review_decisions').fields),
  });
  if (record) noteWrite(batch, 'update', table, record.row, { fields: record.fields });
  for (const [, row] of reviews) {
    noteWrite(batch, 'update', 'review_items', row, {
      fields: ['status', 'decision', 'decided_by'],
    });
  }
  // The device learns until when it can be undone.
  settle(batch, incoming, master(incoming.row));
}
