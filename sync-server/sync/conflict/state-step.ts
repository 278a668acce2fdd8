import { mayDo } from '#shared/access/rights.ts';
import type { Grant } from '#shared/access/rights.ts';
import { ZERO_HLC } from '#shared/kernel/hlc.ts';
import type { Hlc } from '#shared/kernel/hlc.ts';
import { stampsOf } from '#shared/merge/join.ts';
import type { Stamps } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { MACHINES, findTransition } from '#shared/schema/machines.ts';
import type { MachineName } from '#shared/schema/machines.ts';
import type { Machine } from '#shared/schema/machines/steps.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { refused } from '../outcome.ts';
import type { Refusal } from '../outcome.ts';

/** A step of a state machine that a device asks for. */
export interface Step {
  readonly field: string;
  readonly from: string;
  readonly to: string;
  /** Stamp with which the device made the step. */
  readonly hlc: Hlc;
  /** True when whoever made the row's content may not take this step. */
  readonly notAuthor: boolean;
}

export const machineOf = (table: TableName): Machine | null => {
  const { machine } = tableOf(table);
  return machine ? (MACHINES[machine.name as MachineName] as Machine) : null;
};

/**
 * The step that a row asks for, seen from the current master: null when it asks for none, since its
 * state is the master's, or since the device never touched it.
 */
export function stepAsked(
  table: TableName,
  seen: Stamps,
  mine: Row,
  theirs: Row | null,
): Omit<Step, 'notAuthor'> | null {
  const machine = machineOf(table);
  if (!machine) return null;
  const { field, initial } = machine;
  const to = String(mine[field]);
  const from = theirs ? String(theirs[field]) : initial;
  const hlc = stampsOf(mine)[field] ?? ZERO_HLC;
  if (to === from) return null;
  if (theirs && hlc <= (seen[field] ?? ZERO_HLC)) return null;
  return { field, from, to, hlc };
}

/** True for a step that the server takes itself, from where the record is. */
export function isServersStep(table: TableName, { from, to }: Pick<Step, 'from' | 'to'>): boolean {
  const name = tableOf(table).machine?.name as MachineName;
  return findTransition(name, from, to)?.needs === 'server';
}

/**
 * Judges a step by the machine and the rights of the one who asks. The server's own steps are never
 * open to a device.
 */
export function judgeStep(
  table: TableName,
  asked: Omit<Step, 'notAuthor'>,
  row: Row,
  who: { readonly userId: string; readonly grants: readonly Grant[] },
): Step | Refusal {
  const name = tableOf(table).machine?.name as MachineName;
  const transition = findTransition(name, asked.from, asked.to);
  if (!transition || transition.needs === 'server') {
    return refused('SYNC_TRANSITION_REFUSED', [asked.field]);
  }
  if (!mayDo(who.grants, who.userId, table, transition.needs, row)) {
    return refused('SYNC_ROW_REFUSED', [asked.field]);
  }
  const notAuthor = transition.guard === 'not-author';
  const author = machineOf(table)?.author;
  if (notAuthor && author && row[author] === who.userId) {
    const code = table === 'count_sessions' ? 'COUNT_OWN_APPROVAL' : 'SYNC_OWN_APPROVAL';
    return refused(code, [asked.field]);
  }
  return { ...asked, notAuthor };
}
