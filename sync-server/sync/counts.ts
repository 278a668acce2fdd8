import { countReviewId } from '#shared/merge/ids.ts';
import { stampsOf } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { countTolerance } from '#shared/schema/on-hand.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { answer, noteWrite, refuse, settle } from './batch.ts';
import type { Batch } from './batch.ts';
import type { Decision } from './conflict/judge-record.ts';
import type { Step } from './conflict/state-step.ts';
import type { Incoming } from './incoming.ts';
import { transitionRow, writeAsEngine } from './notes.ts';
import { later, master, refused } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import type { CountedLine } from './ports.ts';

/**
 * Count lines that may join their sessions: open before this push, at the same site, counted by the
 * one who pushes. Others are answered here.
 */
export async function checkCountLines(
  batch: Batch,
  lines: readonly Incoming[],
): Promise<Incoming[]> {
  const sessionIds = idsIn(lines, 'session_id');
  // A session may not be posted between this look and the writing of its lines.
  await batch.store.holdStill('count_sessions', sessionIds);
  const [sessions, lots] = await Promise.all([
    batch.store.rows('count_sessions', sessionIds),
    batch.store.rows('inventory_lots', idsIn(lines, 'lot_id')),
  ]);
  return lines.filter((incoming) => {
    const outcome = judgeLine(batch, incoming.row, sessions, lots);
    if (outcome) answer(batch, incoming, outcome);
    return outcome === null;
  });
}

function judgeLine(
  batch: Batch,
  line: Row,
  sessions: ReadonlyMap<string, Row>,
  lots: ReadonlyMap<string, Row>,
): Outcome | null {
  if (line['counter_id'] !== batch.userId) return refused('SYNC_ROW_REFUSED', ['counter_id']);
  const session = sessions.get(String(line['session_id']));
  if (!session) return later('SYNC_PARENT_MISSING');
  if (session['location_id'] !== line['location_id']) {
    return refused('SYNC_ROW_INVALID', ['location_id']);
  }
  const status = batch.countStatusBefore.get(session.id) ?? session['status'];
  if (status !== 'open') return refused('COUNT_CLOSED', ['session_id']);
  const lotId = line['lot_id'];
  if (typeof lotId !== 'string') return null;
  const lot = lots.get(lotId);
  if (!lot) return later('SYNC_PARENT_MISSING');
  return lot['item_id'] === line['item_id'] ? null : refused('SYNC_ROW_INVALID', ['lot_id']);
}

/** A count is approved by someone who did not count any of it, whoever opened it. */
export async function refuseOwnApproval<
  U extends {
    readonly incoming: Incoming;
    readonly decision: Exclude<Decision, { outcome: 'refused' }>;
  },
>(batch: Batch, table: TableName, units: readonly U[]): Promise<U[]> {
  const guarded = units.filter(({ decision }) => decision.step?.notAuthor === true);
  if (table !== 'count_sessions' || guarded.length === 0) return [...units];
  const counters = await batch.store.counters(guarded.map(({ incoming }) => incoming.id));
  return units.filter(({ incoming, decision }) => {
    const own = decision.step?.notAuthor && counters.get(incoming.id)?.has(batch.userId);
    if (own) refuse(batch, incoming, refused('COUNT_OWN_APPROVAL', ['status']));
    return !own;
  });
}

/** What follows from a step that a person took with a count session. */
export async function afterSessionStep(
  batch: Batch,
  index: number,
  session: Row,
  step: Step,
): Promise<void> {
  if (step.to === 'submitted') batch.submitted.set(session.id, { index, row: session });
  else if (step.from === 'in_review') await closeReview(batch, session.id, step.to);
}

/** The review of a count is decided by what happened to the count. */
async function closeReview(batch: Batch, sessionId: string, decision: string): Promise<void> {
  const id = countReviewId(sessionId);
  const review = (await batch.store.masters('review_items', [id])).get(id)?.row;
  if (review?.['status'] !== 'open') return;
  const before = stampsOf(review)['status'] ?? null;
  if (before) batch.hlc.observe(before);
  const hlc = batch.hlc.next();
  const row: Row = {
    ...review,
    status: 'decided',
    decision,
    decided_by: batch.userId,
    field_hlc: { ...stampsOf(review), status: hlc, decision: hlc, decided_by: hlc },
  };
  await batch.store.updateAsPerson('review_items', [row]);
  const step = { from: 'open', to: 'decided', hlc };
  await writeNotes(batch, [transitionRow(batch, 'review_items', row, step, before, batch.userId)]);
  noteWrite(batch, 'update', 'review_items', row, { fields: ['status', 'decision', 'decided_by'] });
}

/**
 * Judges the counts that this push submitted, with all its lines in: posted when every line lies
 * within what counting may miss, else a second person has to look.
 */
export async function judgeCounts(batch: Batch): Promise<void> {
  const { submitted } = batch;
  if (submitted.size === 0) return;
  const lines = Map.groupBy(
    await batch.store.countedLines([...submitted.keys()]),
    ({ sessionId }) => sessionId,
  );
  for (const [id, { index, row: session }] of submitted) {
    const counted = lines.get(id) ?? [];
    const fits = counted.every(isWithinTolerance);
    const to = fits ? 'posted' : 'in_review';
    const before = stampsOf(session)['status'] ?? null;
    if (before) batch.hlc.observe(before);
    const hlc = batch.hlc.next();
    const row: Row = {
      ...session,
      status: to,
      field_hlc: { ...stampsOf(session), status: hlc },
    };
    await batch.store.stepAsEngine('count_sessions', 'status', [row]);
    const step = { from: 'submitted', to, hlc };
    await writeNotes(batch, [
      transitionRow(batch, 'count_sessions', row, step, before, null),
      ...(fits ? [] : [reviewRow(batch, row, counted)]),
    ]);
    noteWrite(batch, fits ? 'post' : 'update', 'count_sessions', row, {
      outcome: to,
      fields: ['status'],
    });
    settle(batch, { index }, master(row));
  }
}

const isWithinTolerance = ({ counted, expected }: CountedLine): boolean =>
  Math.abs(counted - expected) <= countTolerance(expected);

function reviewRow(batch: Batch, session: Row, counted: readonly CountedLine[]) {
  return {
    table: 'review_items' as const,
    row: {
      id: countReviewId(session.id),
      created_at: batch.now,
      created_by: null,
      device_id: null,
      location_id: session['location_id'],
      kind: 'count_variance',
      table_name: 'count_sessions',
      row_id: session.id,
      field: null,
      facts: {
        lines: counted.map((line) => ({
          line_id: line.lineId,
          item_id: line.itemId,
          lot_id: line.lotId,
          expected: line.expected,
          counted: line.counted,
          within: isWithinTolerance(line),
        })),
      },
      status: 'open',
      decision: null,
      decided_by: null,
      field_hlc: { status: batch.hlc.next() },
    },
  };
}

async function writeNotes(batch: Batch, notes: Parameters<typeof writeAsEngine>[1]): Promise<void> {
  for (const { table, row } of await writeAsEngine(batch, notes)) batch.changes.add(table, row);
}

const idsIn = (rows: readonly Incoming[], field: string): string[] => [
  ...new Set(rows.flatMap(({ row }) => (typeof row[field] === 'string' ? [row[field]] : []))),
];
