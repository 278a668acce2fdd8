import { AppError } from '#shared/errors/app-error.ts';
import { mayDo } from '#shared/access/rights.ts';
import type { Grant } from '#shared/access/rights.ts';
import type { HybridClock } from '#shared/kernel/hlc.ts';
import { sameContent } from '#shared/kernel/json.ts';
import { closedChanges } from '#shared/merge/closed.ts';
import { expandAct } from '#shared/merge/expand.ts';
import {
  changeableFields,
  frozenDifferences,
  malformedTexts,
  stampEdit,
  stampsIn,
} from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { MACHINES, findTransition } from '#shared/schema/machines.ts';
import type { MachineName } from '#shared/schema/machines.ts';
import type { Machine } from '#shared/schema/machines/steps.ts';
import { parseRow } from '#shared/schema/rows.ts';
import { PUSHABLE, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';

/** Who writes, where, and with which clocks. */
export interface Writer {
  readonly userId: string;
  readonly deviceId: string;
  /** Grants that hold now. */
  grants(): readonly Grant[];
  readonly hlc: HybridClock;
  now(): number;
  /** Number of the next fact that this device makes. */
  nextOriginSeq(): number;
  /** What else the store knows against a new row. @throws AppError */
  check?(table: TableName, row: Row): void;
  /** The time by the server's clock, as far as it is known; else that of the machine. */
  serverNow?(): number;
}

/** Columns that store and server set, and RxDB's own. */
const SYSTEM: ReadonlySet<string> = new Set([
  'id',
  'created_at',
  'created_by',
  'device_id',
  'field_hlc',
  'hlc',
  'origin_seq',
  '_meta',
  '_rev',
  '_attachments',
  '_deleted',
]);

const PUSHABLE_SET: ReadonlySet<string> = new Set(PUSHABLE);

/**
 * Makes a row out of what a window wants to write. The window says what people fill in; who, when,
 * where from and all stamps come from the store, whatever the window sent for them.
 * @param before the row as the store holds it, or null for a new one
 * @throws AppError ROW_INVALID with the names of the wrong fields, SYNC_ROW_REFUSED when the person
 *   may not do this, SYNC_ROW_IMMUTABLE for a change of a fact, ROW_NOT_DELETABLE,
 *   SYNC_TRANSITION_REFUSED for a step that the state machine does not have
 */
export function prepareWrite(
  table: TableName,
  before: Row | null,
  wanted: Readonly<Record<string, unknown>>,
  writer: Writer,
): Row {
  const { kind } = tableOf(table);
  if (!PUSHABLE_SET.has(table)) throw new AppError('CALL_NOT_ALLOWED', { table });
  // Its rows come from acts; people only change them.
  if (!before && !tableOf(table).inserted) throw new AppError('CALL_NOT_ALLOWED', { table });
  if (wanted['_deleted']) throw new AppError('ROW_NOT_DELETABLE', { table });
  if (kind === 'fact' && before) throw new AppError('SYNC_ROW_IMMUTABLE', { table });

  // An edit is later than what it edits, whatever the clock of this machine says.
  for (const seen of before ? stampsIn(before, table) : []) writer.hlc.follow(seen);
  const stamp = writer.hlc.next();
  const row = parse(table, {
    ...ownValues(wanted),
    id: wanted['id'],
    created_at: before?.created_at ?? writer.now(),
    created_by: before ? before.created_by : writer.userId,
    device_id: before ? before.device_id : writer.deviceId,
    ...(kind === 'record' ? { field_hlc: {} } : {}),
    ...(kind === 'fact' ? { hlc: stamp, origin_seq: null } : {}),
  });

  checkPerson(table, before, row, writer.userId);
  checkRights(table, before, row, writer);
  if (kind === 'fact') {
    checkExpansion(table, row);
    writer.check?.(table, row);
    return { ...row, origin_seq: writer.nextOriginSeq() };
  }
  const broken = malformedTexts(table, row);
  if (broken.length > 0) throw new AppError('ROW_INVALID', { table, fields: broken });
  if (before) {
    const frozen = frozenDifferences(table, row, before);
    if (frozen.length > 0) throw new AppError('SYNC_ROW_REFUSED', { table, fields: frozen });
  }
  const stamped = stampEdit(table, before, row, stamp, writer.deviceId);
  const closed = before ? closedChanges(table, before, stamped) : [];
  if (closed.length > 0) throw new AppError('SYNC_ROW_CLOSED', { table, fields: closed });
  return stamped;
}

function parse(table: TableName, input: unknown): Row {
  const parsed = parseRow(table, input);
  if (!parsed.ok) throw new AppError('ROW_INVALID', { table, fields: parsed.fields });
  return parsed.row;
}

/** Never by assignment: a key `__proto__` would be dropped by it, and not refused as it must be. */
const ownValues = (wanted: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(wanted).filter(([key]) => !SYSTEM.has(key)));

/** Fields that say who did something: nobody writes another's name there. */
function checkPerson(table: TableName, before: Row | null, row: Row, userId: string): void {
  const wrong = tableOf(table).actors.filter(
    (field) =>
      row[field] !== null && row[field] !== userId && (!before || before[field] !== row[field]),
  );
  if (wrong.length > 0) throw new AppError('SYNC_ROW_REFUSED', { table, fields: wrong });
}

/** An act whose lines cannot become lots and movements is wrong, and says so before it is written. */
function checkExpansion(table: TableName, row: Row): void {
  try {
    expandAct(table, row);
  } catch {
    throw new AppError('ROW_INVALID', { table, fields: ['lines'] });
  }
}

/** What the server will refuse is refused here at once, in words, while the person is still there. */
function checkRights(table: TableName, before: Row | null, row: Row, writer: Writer): void {
  const grants = writer.grants();
  const may = (operation: 'create' | 'update' | 'approve'): boolean =>
    mayDo(grants, writer.userId, table, operation, before ?? row);
  if (!before && !may('create')) throw new AppError('SYNC_ROW_REFUSED', { table });
  const isStep = checkStep(table, before, row, writer, may);
  if (!before || may('update')) return;
  // A step needs its own right; whatever else changes with it is a change like any other.
  const fields = changesBesideState(table, before, row);
  if (!isStep || fields.length > 0) throw new AppError('SYNC_ROW_REFUSED', { table, fields });
}

function changesBesideState(table: TableName, before: Row, row: Row): string[] {
  const state = tableOf(table).machine?.field;
  return changeableFields(table).filter(
    (field) => field !== state && !sameContent(before[field], row[field]),
  );
}

/** @returns true when the row takes a step of its machine, and may */
function checkStep(
  table: TableName,
  before: Row | null,
  row: Row,
  writer: Writer,
  may: (operation: 'create' | 'update' | 'approve') => boolean,
): boolean {
  const name = tableOf(table).machine?.name as MachineName | undefined;
  if (name === undefined) return false;
  const { field, initial, author } = MACHINES[name] as Machine;
  const from = before ? String(before[field]) : initial;
  const to = String(row[field]);
  if (from === to) return false;
  const step = findTransition(name, from, to);
  if (!step || step.needs === 'server') throw new AppError('SYNC_TRANSITION_REFUSED', { table });
  if (step.guard === 'not-author' && author !== null && row[author] === writer.userId) {
    throw new AppError(table === 'count_sessions' ? 'COUNT_OWN_APPROVAL' : 'SYNC_OWN_APPROVAL', {
      table,
    });
  }
  if (!may(step.needs)) throw new AppError('SYNC_ROW_REFUSED', { table });
  return true;
}
