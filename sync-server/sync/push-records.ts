import { canBeReleased } from '#shared/access/matrix.ts';
import { mayDo } from '#shared/access/rights.ts';
import type { Grant } from '#shared/access/rights.ts';
import { sameContent } from '#shared/kernel/json.ts';
import { transitionId } from '#shared/merge/ids.ts';
import type { Expansion } from '#shared/merge/expand.ts';
import { stampsOf } from '#shared/merge/join.ts';
import { mayMove } from '#shared/schema/moving.ts';
import type { Row } from '#shared/schema/define.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { answer, answerAsBefore, noteNew, noteWrite, settle, writeSet } from './batch.ts';
import type { Batch } from './batch.ts';
import { claimDesk } from './claims/desk.ts';
import { contestRows, locationOf } from './conflict/contests.ts';
import { goneRows } from './conflict/gone.ts';
import { asMade, judgeRecord } from './conflict/judge-record.ts';
import type { Decision } from './conflict/judge-record.ts';
import { refusedBefore, rememberPush, wasTaken } from './conflict/memory.ts';
import { afterSessionPush, refuseOwnApproval } from './counts.ts';
import type { FirstReads } from './first-reads.ts';
import type { Incoming } from './incoming.ts';
import { transitionRow, writeAsEngine } from './notes.ts';
import { refuseUnapproved } from './orders.ts';
import { OK, master, refused } from './outcome.ts';
import type { Master, Memory } from './ports.ts';
import { rowKey } from './ports.ts';
import { isAboutQuarantine, whyNotSettled } from './quarantine/quarantine.ts';

type Accepted = Exclude<Decision, { outcome: 'refused' | 'retry' }>;

/** A record that is to be written, with what the server writes down about it. */
export interface RecordUnit {
  readonly incoming: Incoming;
  readonly decision: Accepted;
  /** The record as it was before this push. */
  readonly before: Master | null;
  /** What was remembered of the record before this push. */
  readonly memory: Memory | null;
  readonly notes: readonly Expansion[];
}

/** Merges records into their masters, or inserts them. */
export async function pushRecords(
  batch: Batch,
  table: TableName,
  rows: readonly Incoming[],
  reads: FirstReads,
): Promise<void> {
  const masters =
    reads.masters.get(table) ??
    (await batch.store.masters(
      table,
      rows.map(({ id }) => id),
    ));
  const gone = await goneRows(
    batch,
    table,
    rows.filter(({ id }) => !masters.has(id)),
  );
  const units: RecordUnit[] = [];
  for (const incoming of rows) {
    const { id } = incoming;
    const before = masters.get(id) ?? null;
    const memory = batch.memories.get(rowKey(table, id)) ?? reads.memories.get(rowKey(table, id));
    const same = refusedBefore(incoming, memory ?? null, batch, before !== null);
    if (before === null) batch.refusedAsNew.add(incoming.index);
    // Who wanted a slot is answered by its desk, with what is free now.
    if (same && same.code !== 'SYNC_SLOT_TAKEN') {
      answerAsBefore(batch, incoming, same);
      continue;
    }
    if (gone.has(id)) {
      answer(batch, incoming, refused('SYNC_ROW_GONE'));
      continue;
    }
    const judge = (grants: readonly Grant[]): Decision =>
      judgeRecord(incoming, before, memory ?? null, { ...batch, grants }, batch.hlc, (step) =>
        reads.accepted.has(transitionId(table, id, step.to, step.hlc)),
      );
    const decision = judge(batch.grants);
    if (table === 'count_sessions') {
      const status = before ? String(before.row['status']) : 'open';
      if (!batch.countStatusBefore.has(id)) batch.countStatusBefore.set(id, status);
    }
    if ('outcome' in decision) {
      const isTaken = (): boolean =>
        before !== null && wasTaken(incoming, memory ?? null, before.row, batch);
      if (!isLate(batch, table, decision, judge)) answer(batch, incoming, decision);
      else if (isTaken()) settle(batch, incoming, OK);
      else batch.quarantine.push(incoming);
      continue;
    }
    const settles = decision.step !== null && isAboutQuarantine(table, decision.row);
    const why = settles ? whyNotSettled(batch, decision.row) : null;
    if (why) answer(batch, incoming, why);
    else {
      const notes = notesOf(batch, table, decision, before);
      units.push({ incoming, decision, before, memory: memory ?? null, notes });
    }
  }
  const strangers = await refuseOwnApproval(batch, table, units);
  const allowed = await refuseUnapproved(batch, table, strangers);
  const desk = await claimDesk(batch, table, allowed);
  const standing = desk ? await desk.before() : allowed;
  await write(batch, table, standing);
  await desk?.after(standing.filter(({ incoming }) => isWritten(batch, incoming)));
}

/** True when only rights that have ended would let a row pass. */
function isLate(
  { grants, ended }: Batch,
  table: TableName,
  decision: Decision,
  judge: (grants: readonly Grant[]) => Decision,
): boolean {
  if (!('outcome' in decision) || decision.code !== 'SYNC_ROW_REFUSED') return false;
  if (ended.grants.length === 0 || !canBeReleased(table)) return false;
  const then = judge([...grants, ...ended.grants]);
  return !('outcome' in then) || then.outcome === 'retry';
}

/** Writes inserts and updates, each as one set with its notes. */
async function write(batch: Batch, table: TableName, units: readonly RecordUnit[]): Promise<void> {
  const inserts = units.filter(({ decision }) => decision.do === 'insert');
  const updates = units.filter(({ decision }) => decision.do === 'merge' && decision.write);
  const rest = units.filter(({ decision }) => decision.do === 'merge' && !decision.write);
  const rowsOf = (some: readonly RecordUnit[]): Row[] => some.map(({ decision }) => decision.row);
  const writeNotes = (some: readonly RecordUnit[]): Promise<Expansion[]> =>
    writeAsEngine(
      batch,
      some.flatMap(({ notes }) => notes),
    );
  const done = (some: readonly RecordUnit[], notes: readonly Expansion[]): void => {
    for (const unit of some) finish(batch, table, unit);
    for (const { table: target, row } of notes) noteNew(batch, target, row);
  };

  const insert = (): Promise<void> =>
    writeSet(
      batch,
      inserts,
      async (some) => {
        const [, notes] = await Promise.all([insertSteps(batch, table, some), writeNotes(some)]);
        return notes;
      },
      done,
    );
  const update = (): Promise<void> =>
    writeSet(
      batch,
      updates,
      async (some) => {
        const written = batch.store.updateAsPerson(table, rowsOf(some));
        const [, notes] = await Promise.all([written, writeNotes(some)]);
        return notes;
      },
      done,
    );
  // A check-in that ends makes room for the one that begins; elsewhere a new row may be named by a
  // changed one.
  const inOrder = table === 'kiosk_sessions' ? [update, insert] : [insert, update];
  for (const one of inOrder) await one();
  await writeSet(batch, rest, writeNotes, done);
  for (const unit of units) {
    const { index } = unit.incoming;
    if (isWritten(batch, unit.incoming) && table === 'count_sessions') {
      await afterSessionPush(batch, index, unit.decision.row, unit.decision.step);
    }
    // Its legs may have come before it.
    if (table === 'transfers') batch.transfersToJudge.add(unit.decision.row.id);
  }
}

/**
 * Inserts new rows. The database too judges who makes a row in its initial state only: theirs is made
 * first, and then takes its step.
 */
async function insertSteps(
  { store, grants, userId }: Batch,
  table: TableName,
  units: readonly RecordUnit[],
): Promise<void> {
  const stepped: Row[] = [];
  const made = units.map(({ decision: { row, step } }) => {
    if (step === null || mayDo(grants, userId, table, 'create', row)) return row;
    stepped.push(row);
    return asMade(row, step);
  });
  await store.insertAsPerson(table, made);
  if (stepped.length > 0) await store.updateAsPerson(table, stepped);
}

/** False for a row to which the database objected. */
function isWritten(batch: Batch, { index }: Incoming): boolean {
  const outcome = batch.outcomes.get(index)?.outcome;
  return outcome === 'ok' || outcome === 'master';
}

/** Answers a record that stands as decided, and audits it when something was written. */
function finish(batch: Batch, table: TableName, unit: RecordUnit): void {
  const { incoming, decision, before, memory } = unit;
  const { row } = decision;
  // Who held the row where it lay before is told too.
  if (before && mayMove(table)) batch.changes.add(table, before.row);
  if (decision.step && isAboutQuarantine(table, row)) batch.decided.push(row);
  const known = rememberPush(incoming, memory, batch);
  if (!sameContent(known, memory)) {
    batch.memories.set(rowKey(table, row.id), { table, id: row.id, ...known });
  }
  if (decision.do === 'insert') {
    noteWrite(batch, 'insert', table, row, {
      fields: Object.keys(tableOf(table).fields).filter((name) => row[name] !== null),
    });
  } else if (decision.write || decision.contests.length > 0) {
    const contested = decision.contests.map(({ field }) => field);
    const entry = {
      outcome: contested.length > 0 ? 'contested' : 'ok',
      fields: [...new Set([...decision.changed, ...contested])],
    };
    if (decision.write) noteWrite(batch, 'update', table, row, entry);
    else auditLost(batch, table, row, entry);
  }
  answer(batch, incoming, sameContent(row, incoming.sent) ? OK : master(row));
}

/** A write that lost every field changes nothing, but it was judged and its values are kept. */
function auditLost(
  batch: Batch,
  table: TableName,
  row: Row,
  { outcome, fields }: { outcome: string; fields: readonly string[] },
): void {
  batch.audit.push({
    action: 'update',
    table_name: table,
    row_id: row.id,
    outcome,
    location_id: locationOf(table, row),
    field_names: fields,
    occurred_at: null,
  });
}

/** What the server writes down about a decision: contested fields and the step it accepted. */
function notesOf(
  batch: Batch,
  table: TableName,
  decision: Accepted,
  before: Master | null,
): Expansion[] {
  const notes: Expansion[] = [];
  if (decision.do === 'merge') {
    const sides = { userId: batch.userId, fieldBy: before?.fieldBy ?? {} };
    for (const contest of decision.contests) {
      notes.push(
        ...contestRows(table, decision.row, contest, sides, {
          now: batch.now,
          hlc: batch.hlc.next(),
        }),
      );
    }
  }
  if (decision.step) {
    const basis = before ? (stampsOf(before.row)[decision.step.field] ?? null) : null;
    notes.push(transitionRow(batch, table, decision.row, decision.step, basis, batch.userId));
  }
  return notes;
}
