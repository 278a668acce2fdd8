import { countReviewId } from '#shared/merge/ids.ts';
import { stampsOf } from '#shared/merge/join.ts';
import { isWithinTolerance, judgeCounted } from '#shared/schema/count-guard.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { answer, noteWrite, refuse, settle } from './batch.ts';
import type { Batch } from './batch.ts';
import type { Decision } from './conflict/judge-record.ts';
import type { Step } from './conflict/state-step.ts';
import type { Incoming } from './incoming.ts';
import { transitionRow, writeNotes } from './notes.ts';
import { later, master, refused } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import type { CountedLine } from './ports.ts';
import { noteCounted } from './stock.ts';

/**
 * Count lines that may join their sessions: at the same site, counted by the one who pushes, and seen
 * before the count was closed. Others are answered here.
 */
export async function checkCountLines(
  batch: Batch,
  lines: readonly Incoming[],
): Promise<Incoming[]> {
  const sessionIds = idsIn(lines, 'session_id');
  // Read under lock: no session is judged between this look and the writing of its lines, and of two
  // pushes with the last lines of a count the later one sees it complete.
  const [sessions, lots] = await Promise.all([
    batch.store.masters('count_sessions', sessionIds),
    batch.store.rows('inventory_lots', idsIn(lines, 'lot_id')),
  ]);
  const same = await itemsOfForeignLots(batch, lines, lots);
  return lines.filter((incoming) => {
    const session = sessions.get(String(incoming.row['session_id']))?.row;
    const outcome = judgeLine(batch, incoming, session, { lots, same });
    if (outcome) answer(batch, incoming, outcome);
    else if (session?.['status'] === 'submitted' && !batch.countsToJudge.has(session.id)) {
      batch.countsToJudge.set(session.id, null);
    }
    return outcome === null;
  });
}

function judgeLine(
  batch: Batch,
  incoming: Incoming,
  session: Row | undefined,
  known: {
    readonly lots: ReadonlyMap<string, Row>;
    /** Items that were merged with each other, where a lot is of another item than its line. */
    readonly same: ReadonlyMap<string, ReadonlySet<string>>;
  },
): Outcome | null {
  const line = incoming.row;
  if (line['counter_id'] !== batch.userId) return refused('SYNC_ROW_REFUSED', ['counter_id']);
  if (!session) return later('SYNC_PARENT_MISSING');
  if (session['location_id'] !== line['location_id']) {
    return refused('SYNC_ROW_INVALID', ['location_id']);
  }
  if (!isOpenFor(batch, session, incoming)) return refused('COUNT_CLOSED', ['session_id']);
  const lotId = line['lot_id'];
  if (typeof lotId !== 'string') return null;
  const lot = known.lots.get(lotId);
  if (!lot) return later('SYNC_PARENT_MISSING');
  const itemId = String(line['item_id']);
  const lotItem = String(lot['item_id']);
  const fits = lotItem === itemId || known.same.get(itemId)?.has(lotItem) === true;
  return fits ? null : refused('SYNC_ROW_INVALID', ['lot_id']);
}

/** A lot of another item is counted where that one was merged with the counted one. */
async function itemsOfForeignLots(
  batch: Batch,
  lines: readonly Incoming[],
  lots: ReadonlyMap<string, Row>,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const foreign = lines.flatMap(({ row }) => {
    const lot = lots.get(String(row['lot_id']));
    return lot && lot['item_id'] !== row['item_id'] ? [String(row['item_id'])] : [];
  });
  return foreign.length === 0 ? new Map() : batch.store.sameItems([...new Set(foreign)]);
}

/**
 * A count takes lines while it is open. A long one travels in several pushes, its session first: so a
 * submitted count whose lines have not all arrived, and a voided one, whose lines mean nothing, still
 * take what was seen before that step. Once judged it takes nothing.
 */
function isOpenFor(batch: Batch, session: Row, { row: line, clamped }: Incoming): boolean {
  const before = batch.countStatusBefore.get(session.id) ?? session['status'];
  if (before === 'open') return true;
  const incomplete = before === 'submitted' && session['line_count'] !== null;
  if (!incomplete && before !== 'voided') return false;
  // Brought back from the future in another push than the step, its stamp no longer says which came
  // first; the device that made both does not add to what it has handed in.
  if (clamped && line.device_id === session.device_id) return true;
  return (line.hlc ?? '') <= (stampsOf(session)['status'] ?? '');
}

/** A count is approved by someone who did not count any of it, whoever opened it. */
export async function refuseOwnApproval<
  U extends {
    readonly incoming: Incoming;
    readonly decision: Exclude<Decision, { outcome: 'refused' | 'retry' }>;
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

/** What follows from a count session that was pushed, with the step that it took if it took one. */
export async function afterSessionPush(
  batch: Batch,
  index: number,
  session: Row,
  step: Step | null,
): Promise<void> {
  // Also without a step: a corrected number of lines may make a submitted count complete.
  if (session['status'] === 'submitted') batch.countsToJudge.set(session.id, index);
  else if (step?.from === 'in_review') {
    await closeReview(batch, session.id, step.to);
    if (step.to === 'posted') {
      noteCounted(batch, session, await batch.store.countedLines([session.id]));
    }
  }
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
 * Judges the counts that this push completed: posted when every line lies within what counting may
 * miss and all differences together are worth little, else a second person has to look. A count that says how many lines it has waits for them.
 */
export async function judgeCounts(batch: Batch): Promise<void> {
  const ids = [...batch.countsToJudge.keys()];
  if (ids.length === 0) return;
  const { store } = batch;
  const [sessions, totals, lines] = await Promise.all([
    store.masters('count_sessions', ids),
    store.lineTotals(ids),
    store.countedLines(ids),
  ]);
  for (const [id, index] of batch.countsToJudge) {
    const session = sessions.get(id)?.row;
    if (session?.['status'] !== 'submitted') continue;
    if ((totals.get(id) ?? 0) < Number(session['line_count'] ?? 0)) continue;
    const row = await judgeCount(
      batch,
      session,
      lines.filter(({ sessionId }) => sessionId === id),
    );
    if (index !== null) settle(batch, { index }, master(row));
  }
}

/** Takes the server's own step with one complete count; returns the session as it is then. */
async function judgeCount(batch: Batch, session: Row, lines: readonly CountedLine[]): Promise<Row> {
  const { fits } = judgeCounted(lines);
  const to = fits ? 'posted' : 'in_review';
  const before = stampsOf(session)['status'] ?? null;
  if (before) batch.hlc.observe(before);
  const hlc = batch.hlc.next();
  const row: Row = { ...session, status: to, field_hlc: { ...stampsOf(session), status: hlc } };
  await batch.store.stepAsEngine('count_sessions', 'status', [row]);
  const step = { from: 'submitted', to, hlc };
  await writeNotes(batch, [
    transitionRow(batch, 'count_sessions', row, step, before, null),
    ...(fits ? [] : [reviewRow(batch, row, lines)]),
  ]);
  if (fits) noteCounted(batch, session, lines);
  noteWrite(batch, fits ? 'post' : 'update', 'count_sessions', row, {
    outcome: to,
    fields: ['status'],
  });
  return row;
}

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

const idsIn = (rows: readonly Incoming[], field: string): string[] => [
  ...new Set(rows.flatMap(({ row }) => (typeof row[field] === 'string' ? [row[field]] : []))),
];
