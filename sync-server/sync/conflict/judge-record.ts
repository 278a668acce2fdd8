import { mayDo } from '#shared/access/rights.ts';
import type { Grant } from '#shared/access/rights.ts';
import type { Code } from '#shared/errors/codes.ts';
import { ZERO_HLC } from '#shared/kernel/hlc.ts';
import type { HybridClock } from '#shared/kernel/hlc.ts';
import { sameContent } from '#shared/kernel/json.ts';
import { closedChanges } from '#shared/merge/closed.ts';
import { frozenDifferences, mergeRecord, stampedFields, stampsOf } from '#shared/merge/join.ts';
import type { Contest, Stamps } from '#shared/merge/join.ts';
import { OLDEST_PROTOCOL_VERSION } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import { completeRow, isSameSince } from '#shared/schema/older.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { Incoming } from '../incoming.ts';
import { refused } from '../outcome.ts';
import type { Refusal } from '../outcome.ts';
import type { Master, Memory } from '../ports.ts';
import { isBetweenTwo } from './contests.ts';
import { clampAsBefore, effectiveBase, isOfAnother } from './memory.ts';
import type { Profile } from './memory.ts';
import { isServersStep, judgeStep, machineOf, stepAsked } from './state-step.ts';
import type { Step } from './state-step.ts';

/** What is to be done with a pushed record. */
export type Decision =
  | Refusal
  | { readonly outcome: 'retry'; readonly code: Code }
  | { readonly do: 'insert'; readonly row: Row; readonly step: Step | null }
  | {
      readonly do: 'merge';
      readonly row: Row;
      /** False when the master is that state already. */
      readonly write: boolean;
      readonly changed: readonly string[];
      readonly contests: readonly Contest[];
      readonly step: Step | null;
    };

export interface Who extends Profile {
  readonly deviceId: string;
  readonly grants: readonly Grant[];
}

/**
 * Judges a pushed record against the master, without writing anything.
 * @param master the record as the server holds it, locked, or null when it is new
 * @param memory what this device pushed last for the record
 * @param known tells whether a step of this stamp was accepted before, for requests that come twice
 */
export function judgeRecord(
  incoming: Incoming,
  master: Master | null,
  memory: Memory | null,
  who: Who,
  hlc: HybridClock,
  known: (step: Omit<Step, 'notAuthor'>) => boolean,
): Decision {
  const row = clampAsBefore(incoming, memory);
  const same = { ...incoming, row: master ? wholeOf(incoming, row, master.row) : row };
  return master ? judgeChange(same, master, memory, who, hlc, known) : judgeNew(same, who);
}

/** What the sender's version does not know stays as the server has it. */
export function wholeOf({ table, sender }: Incoming, row: Row, held: Row): Row {
  const oldest = OLDEST_PROTOCOL_VERSION;
  return isSameSince(table, oldest) ? row : completeRow(table, row, held, { sender, oldest });
}

function judgeNew({ table, row }: Incoming, who: Who): Decision {
  // It comes from an act, which has not arrived.
  if (!tableOf(table).inserted) return { outcome: 'retry', code: 'SYNC_PARENT_MISSING' };
  const misnamed = misnamedAuthors(table, row, who);
  if (misnamed.length > 0) return refused('SYNC_ROW_REFUSED', misnamed);
  // Made and carried on offline: judged as having been made in the initial state, and as having taken
  // the one step from there.
  const asked = stepAsked(table, {}, row, null);
  const made = asked ? asMade(row, asked) : row;
  if (!mayDo(who.grants, who.userId, table, 'create', made)) return refused('SYNC_ROW_REFUSED');
  if (!asked) return { do: 'insert', row, step: null };
  // Brought back to a database that has lost it: what the server alone gives, it gives anew.
  if (isServersStep(table, asked)) {
    return { do: 'insert', row: { ...row, [asked.field]: asked.from }, step: null };
  }
  const step = judgeStep(table, asked, made, who);
  if ('outcome' in step) return step;
  return { do: 'insert', row, step };
}

/** A new row as it was before it took its first step. */
export function asMade(row: Row, { field, from }: Pick<Step, 'field' | 'from'>): Row {
  const { [field]: _stamp, ...stamps } = stampsOf(row);
  return { ...row, [field]: from, field_hlc: stamps };
}

function misnamedAuthors(table: TableName, row: Row, who: Who): string[] {
  const wrong: string[] = [];
  if (row.created_by !== who.userId) wrong.push('created_by');
  if (row.device_id !== null && row.device_id !== who.deviceId) wrong.push('device_id');
  const author = machineOf(table)?.author ?? 'created_by';
  for (const name of new Set([author, ...tableOf(table).actors])) {
    const nobody = row[name] === null && tableOf(table).fields[name]?.nullable === true;
    if (name !== 'created_by' && !nobody && row[name] !== who.userId) wrong.push(name);
  }
  return wrong;
}

function judgeChange(
  { table, row: mine, base }: Incoming,
  { row: theirs, fieldBy }: Master,
  memory: Memory | null,
  who: Who,
  hlc: HybridClock,
  known: (step: Omit<Step, 'notAuthor'>) => boolean,
): Decision {
  // First, since every other answer says something about a row that they may not even see.
  if (!mayDo(who.grants, who.userId, table, 'read', theirs)) return refused('SYNC_ROW_REFUSED');
  const frozen = touchedFrozen(table, base ?? {}, mine, theirs);
  if (frozen.length > 0) return refused('SYNC_ROW_REFUSED', frozen);

  const seen = effectiveBase(base, memory, who);
  let asked = stepAsked(table, seen, mine, theirs);
  if (asked && known(asked)) asked = null;
  const step = asked ? judgeStep(table, asked, theirs, who) : null;
  if (step && 'outcome' in step) return step;

  const settled = settleState(table, mine, theirs, step, hlc);
  const merged = mergeRecord(table, seen, settled, theirs);
  const row = keepServerStamps(table, merged.row, theirs);
  const contests = merged.contests.filter((contest) => {
    const { field, kept, lost, keptMine } = contest;
    const { hlc: stamp } = keptMine ? lost : kept;
    const sides = { userId: who.userId, fieldBy };
    return isBetweenTwo(contest, sides) || isOfAnother(memory, who, { field, hlc: stamp });
  });

  const closed = closedChanges(table, theirs, row);
  if (closed.length > 0) return refused('SYNC_ROW_CLOSED', closed);
  const forged = merged.changed.filter(
    (field) =>
      tableOf(table).actors.includes(field) && row[field] !== null && row[field] !== who.userId,
  );
  if (forged.length > 0) return refused('SYNC_ROW_REFUSED', forged);

  const write = merged.changed.length > 0 || !sameContent(stampsOf(row), stampsOf(theirs));
  const state = tableOf(table).machine?.field;
  const own = merged.changed.filter((field) => field !== state);
  const touched = [...new Set([...own, ...touchedFields(table, seen, mine, theirs)])];
  // A step has been judged by what it needs; everything else is a change like any other.
  const isChange = touched.length > 0 || (write && !step);
  if (isChange && !mayDo(who.grants, who.userId, table, 'update', theirs)) {
    return refused('SYNC_ROW_REFUSED', touched);
  }
  return { do: 'merge', row, write, changed: merged.changed, contests, step };
}

/**
 * Fields that may not change but differ. A field that the server itself changes in between carries a
 * stamp of that change; a device that has not seen it is only late, and takes the server's value.
 */
function touchedFrozen(table: TableName, base: Stamps, mine: Row, theirs: Row): string[] {
  return frozenDifferences(table, mine, theirs).filter(
    (field) => (stampsOf(theirs)[field] ?? ZERO_HLC) <= (base[field] ?? ZERO_HLC),
  );
}

/** Fields of people that this device changed since what it had seen; the state is judged apart. */
function touchedFields(table: TableName, seen: Stamps, mine: Row, theirs: Row): string[] {
  const state = tableOf(table).machine?.field;
  return stampedFields(table).filter(
    (field) =>
      field !== state &&
      (stampsOf(mine)[field] ?? ZERO_HLC) > (seen[field] ?? ZERO_HLC) &&
      !sameContent(mine[field], theirs[field]),
  );
}

/**
 * The state is the master's unless a step from it was allowed, whatever the stamps say: a step is
 * judged, not raced. An allowed step of a slow clock gets a stamp that stands.
 */
function settleState(
  table: TableName,
  mine: Row,
  theirs: Row,
  step: Step | null,
  hlc: HybridClock,
): Row {
  const field = tableOf(table).machine?.field;
  if (field === undefined || sameContent(mine[field], theirs[field])) return mine;
  const { [field]: myStamp, ...stamps } = stampsOf(mine);
  const theirStamp = stampsOf(theirs)[field] ?? ZERO_HLC;
  if (!step) {
    return { ...mine, [field]: theirs[field], field_hlc: { ...stamps, [field]: theirStamp } };
  }
  if (myStamp !== undefined && myStamp > theirStamp) return mine;
  hlc.observe(theirStamp);
  return { ...mine, field_hlc: { ...stamps, [field]: hlc.next() } };
}

/** Stamps of the server on fields that devices never stamp stay as they are. */
function keepServerStamps(table: TableName, row: Row, theirs: Row): Row {
  const stamped = new Set(stampedFields(table));
  const servers = Object.entries(stampsOf(theirs)).filter(([field]) => !stamped.has(field));
  return servers.length === 0
    ? row
    : { ...row, field_hlc: { ...Object.fromEntries(servers), ...stampsOf(row) } };
}
