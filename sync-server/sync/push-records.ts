import { sameContent } from '#shared/kernel/json.ts';
import { transitionId } from '#shared/merge/ids.ts';
import type { Expansion } from '#shared/merge/expand.ts';
import { stampsOf } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { answer, noteWrite, refuse, writeSet } from './batch.ts';
import type { Batch } from './batch.ts';
import { contestRows, locationOf } from './conflict/contests.ts';
import { judgeRecord } from './conflict/judge-record.ts';
import type { Decision } from './conflict/judge-record.ts';
import { rememberPush } from './conflict/memory.ts';
import { stepAsked } from './conflict/state-step.ts';
import { afterSessionPush, refuseOwnApproval } from './counts.ts';
import type { Incoming } from './incoming.ts';
import { transitionRow, writeAsEngine } from './notes.ts';
import { OK, master } from './outcome.ts';
import type { Master, Memory } from './ports.ts';
import { rowKey } from './ports.ts';

type Accepted = Exclude<Decision, { outcome: 'refused' }>;

/** A record that is to be written, with what the server writes down about it. */
interface Unit {
  readonly incoming: Incoming;
  readonly decision: Accepted;
  readonly before: Master | null;
  readonly notes: readonly Expansion[];
}

/** Merges records into their masters, or inserts them. */
export async function pushRecords(
  batch: Batch,
  table: TableName,
  rows: readonly Incoming[],
): Promise<void> {
  const ids = rows.map(({ id }) => id);
  const [masters, recalled] = await Promise.all([
    batch.store.masters(table, ids),
    batch.store.recall(ids.map((id) => ({ table, id }))),
  ]);
  const memoryOf = (id: string): Memory | null =>
    batch.memories.get(rowKey(table, id)) ?? recalled.get(rowKey(table, id)) ?? null;
  const accepted = await acceptedSteps(batch, rows, masters);

  const units: Unit[] = [];
  for (const incoming of rows) {
    const before = masters.get(incoming.id) ?? null;
    const memory = memoryOf(incoming.id);
    const decision = judgeRecord(incoming, before, memory, batch, batch.hlc, ({ to, hlc }) =>
      accepted.has(transitionId(table, incoming.id, to, hlc)),
    );
    if (table === 'count_sessions' && before) {
      batch.countStatusBefore.set(incoming.id, String(before.row['status']));
    } else if (table === 'count_sessions') {
      batch.countStatusBefore.set(incoming.id, 'open');
    }
    if ('outcome' in decision) refuse(batch, incoming, decision);
    else units.push({ incoming, decision, before, notes: notesOf(batch, table, decision, before) });
  }
  const willing = await refuseOwnApproval(batch, table, units);
  for (const { incoming } of willing) {
    const memory = memoryOf(incoming.id);
    const known = rememberPush(incoming, memory, batch.userId);
    if (!sameContent(known, memory)) {
      batch.memories.set(rowKey(table, incoming.id), { table, id: incoming.id, ...known });
    }
  }
  await write(batch, table, willing);
}

/** Writes inserts and updates, each as one set with its notes. */
async function write(batch: Batch, table: TableName, units: readonly Unit[]): Promise<void> {
  const inserts = units.filter(({ decision }) => decision.do === 'insert');
  const updates = units.filter(({ decision }) => decision.do === 'merge' && decision.write);
  const rest = units.filter(({ decision }) => decision.do === 'merge' && !decision.write);
  const rowsOf = (some: readonly Unit[]): Row[] => some.map(({ decision }) => decision.row);
  const writeNotes = (some: readonly Unit[]): Promise<Expansion[]> =>
    writeAsEngine(
      batch,
      some.flatMap(({ notes }) => notes),
    );
  const done = (some: readonly Unit[], notes: readonly Expansion[]): void => {
    for (const unit of some) finish(batch, table, unit);
    for (const { table: target, row } of notes) batch.changes.add(target, row);
  };

  await writeSet(
    batch,
    inserts,
    async (some) => {
      const written = batch.store.insertAsPerson(table, rowsOf(some));
      const [, notes] = await Promise.all([written, writeNotes(some)]);
      return notes;
    },
    done,
  );
  await writeSet(
    batch,
    updates,
    async (some) => {
      const written = batch.store.updateAsPerson(table, rowsOf(some));
      const [, notes] = await Promise.all([written, writeNotes(some)]);
      return notes;
    },
    done,
  );
  await writeSet(batch, rest, writeNotes, done);
  for (const unit of units) {
    const { index } = unit.incoming;
    const written = batch.outcomes.get(index)?.outcome !== 'refused';
    if (written && table === 'count_sessions') {
      await afterSessionPush(batch, index, unit.decision.row, unit.decision.step);
    }
  }
}

/** Answers a record that stands as decided, and audits it when something was written. */
function finish(batch: Batch, table: TableName, { incoming, decision }: Unit): void {
  const { row } = decision;
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

/**
 * Ids of asked steps that were accepted before. A request that comes again, after the record has
 * gone on to other states, is told from a step that is too late.
 */
async function acceptedSteps(
  batch: Batch,
  rows: readonly Incoming[],
  masters: ReadonlyMap<string, Master>,
): Promise<ReadonlySet<string>> {
  const asked = rows.flatMap(({ table, id, row }) => {
    const before = masters.get(id);
    const step = before ? stepAsked(table, {}, row, before.row) : null;
    return step ? [transitionId(table, id, step.to, step.hlc)] : [];
  });
  return new Set((await batch.store.rows('transitions', asked)).keys());
}
