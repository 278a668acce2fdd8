import pg from 'pg';
import type { Grant } from '#shared/access/rights.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import type { HybridClock } from '#shared/kernel/hlc.ts';
import type { Lineage } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { rowFaultOf } from '../db/pg-errors.ts';
import type { RowFault } from '../db/pg-errors.ts';
import { collectChanges } from '../realtime/change.ts';
import { locationOf } from './conflict/contests.ts';
import { goneParents } from './conflict/gone.ts';
import { refusalsOf, refusedBefore, rememberRefusal } from './conflict/memory.ts';
import { effectsOf } from './effects/effects.ts';
import type { Effect } from './effects/effects.ts';
import type { FirstReads } from './first-reads.ts';
import { contentHash, isGuid } from './incoming.ts';
import type { Incoming } from './incoming.ts';
import { outcomeOfFault, refused } from './outcome.ts';
import type { Outcome, Refusal } from './outcome.ts';
import { WriteSkipped, rowKey } from './ports.ts';
import type { AuditEntry, EndReason, Memory, MemoryKey, PushStore } from './ports.ts';

/** One push while it is being worked on. */
export interface Batch {
  readonly store: PushStore;
  readonly userId: string;
  readonly deviceId: string;
  /** Which push of the person's profile this is. */
  readonly lineage?: Lineage | undefined;
  readonly grants: readonly Grant[];
  /** Grants under which rows may have been written that arrive now, and why they count no more. */
  readonly ended: { readonly grants: readonly Grant[]; readonly reason: EndReason };
  /** Server time of the push, milliseconds. */
  readonly now: number;
  readonly hlc: HybridClock;
  /** True when sets are tried under savepoints, since the first try failed on some row. */
  readonly careful: boolean;
  readonly outcomes: Map<number, Outcome>;
  readonly refusals: {
    readonly sent: unknown;
    readonly index: number;
    readonly fields: readonly string[];
    readonly entry: AuditEntry;
  }[];
  /** Places in the request of refused rows of which the server held no record. */
  readonly refusedAsNew: Set<number>;
  readonly audit: AuditEntry[];
  readonly changes: ReturnType<typeof collectChanges>;
  /** What the written rows set off. */
  readonly effects: Effect[];
  /** Rows that only rights that have ended would let pass. */
  readonly quarantine: Incoming[];
  /** Reviews of quarantined rows that were decided in this push. */
  readonly decided: Row[];
  /** What to remember at the end, by row. */
  readonly memories: Map<string, MemoryKey & Memory>;
  /** State of count sessions as it was before this push. */
  readonly countStatusBefore: Map<string, string>;
  /**
   * Count sessions that this push may have completed, with their place in the request if they stand
   * there; they are judged when all lines of the push are in.
   */
  readonly countsToJudge: Map<string, number | null>;
  /** Written rows from which steps of orders may follow. */
  readonly aboutOrders: { readonly table: TableName; readonly row: Row }[];
  /**
   * Items at sites whose stock this push has changed, with the last movement that took something; they
   * are judged when all is in.
   */
  readonly movedShelves: Map<
    string,
    {
      readonly itemId: string;
      readonly locationId: string;
      readonly causeId: string | null;
      /** Something was added, or counted: a shelf that was below zero may have enough again. */
      readonly gave: boolean;
    }
  >;
  /** Transfers of which this push may have brought a leg. */
  readonly transfersToJudge: Set<string>;
  /** Opened containers from which this push has taken something. */
  readonly vialsToJudge: Set<string>;
}

export function createBatch(
  options: Pick<
    Batch,
    'store' | 'userId' | 'deviceId' | 'lineage' | 'grants' | 'ended' | 'now' | 'hlc' | 'careful'
  >,
): Batch {
  return {
    ...options,
    outcomes: new Map(),
    refusals: [],
    refusedAsNew: new Set(),
    audit: [],
    changes: collectChanges(),
    effects: [],
    quarantine: [],
    decided: [],
    memories: new Map(),
    countStatusBefore: new Map(),
    countsToJudge: new Map(),
    aboutOrders: [],
    movedShelves: new Map(),
    transfersToJudge: new Set(),
    vialsToJudge: new Set(),
  };
}

/** Notes a written row: for the audit and for those who wait for changes. */
export function noteWrite(
  batch: Batch,
  action: AuditEntry['action'],
  table: TableName,
  row: Row,
  details: { outcome?: string; fields?: readonly string[]; occurredAt?: number | null } = {},
): void {
  if (action === 'insert' || action === 'expand') noteNew(batch, table, row);
  else noteChange(batch, table, row);
  batch.audit.push({
    action,
    table_name: table,
    row_id: row.id,
    outcome: details.outcome ?? 'ok',
    location_id: locationOf(table, row),
    field_names: details.fields ?? [],
    occurred_at: details.occurredAt ?? null,
  });
}

const ABOUT_ORDERS: ReadonlySet<TableName> = new Set([
  'purchase_orders',
  'purchase_order_lines',
  'po_approvals',
]);

/** Notes a written row for those who wait for changes, and for the orders that it is about. */
function noteChange(batch: Batch, table: TableName, row: Row): void {
  batch.changes.add(table, row);
  const isAboutOrders =
    ABOUT_ORDERS.has(table) ||
    (table === 'transitions' && row['table_name'] === 'purchase_orders') ||
    (table === 'stock_movements' &&
      (row['ref_type'] === 'po_line' || (row['reverses_id'] ?? null) !== null));
  if (isAboutOrders) batch.aboutOrders.push({ table, row });
}

/** Notes a row that came into being, for those who wait for changes and for what it sets off. */
export function noteNew(batch: Batch, table: TableName, row: Row): void {
  noteChange(batch, table, row);
  batch.effects.push(...effectsOf(table, row));
}

/** Answers a row with what the master is now. */
export function settle(batch: Batch, { index }: { index: number }, outcome: Outcome): void {
  batch.outcomes.set(index, outcome);
}

/** Answers a row with a refusal, which is audited like a write. */
export function refuse(
  batch: Batch,
  row: { readonly index: number; readonly table: TableName; readonly id: string; sent: unknown },
  refusal: Refusal,
): void {
  batch.outcomes.set(row.index, refusal);
  const { fields } = tableOf(row.table);
  const names = refusal.fields.map((name) => name.split('.')[0] ?? '');
  const content = row.sent as Readonly<Record<string, unknown>>;
  const location = locationOf(row.table, content);
  batch.refusals.push({
    sent: row.sent,
    index: row.index,
    fields: refusal.fields,
    entry: {
      action: 'refuse',
      table_name: row.table,
      row_id: isGuid(row.id) ? row.id : NO_ROW,
      outcome: refusal.code,
      location_id: location !== null && isGuid(location) ? location : null,
      // What is not a field of ours is somebody else's text, and does not go into the audit.
      field_names: [...new Set(names.map((n) => (Object.hasOwn(fields, n) ? n : '(other)')))],
      occurred_at: null,
    },
  });
}

/** Stands in the audit for a row that named no usable id. */
export const NO_ROW = '00000000-0000-0000-0000-000000000000';

/** Answers a row with any outcome. */
export function answer(batch: Batch, row: Incoming, outcome: Outcome): void {
  if (outcome.outcome === 'refused') refuse(batch, row, outcome);
  else settle(batch, row, outcome);
}

/** Answers a row as its content was answered before; of one in quarantine with what became of it. */
export function answerAsBefore(batch: Batch, row: Incoming, same: Refusal): void {
  if (same.code === 'SYNC_ROW_QUARANTINED') batch.quarantine.push(row);
  else answer(batch, row, same);
}

/**
 * Answers a fact that is not there as its content was answered when it came first, whatever has changed
 * since.
 * @returns false when it was never refused: it is to be judged
 */
export function isRefusedAgain(
  batch: Batch,
  row: Incoming,
  { memories }: Pick<FirstReads, 'memories'>,
): boolean {
  const memory = memories.get(rowKey(row.table, row.id)) ?? null;
  const same = refusedBefore(row, memory, batch, false);
  if (same) answerAsBefore(batch, row, same);
  return same !== null;
}

/** Another push inserted the same row in the meantime: begin anew and meet it as the master. */
export class Overtaken extends Error {
  constructor() {
    super('the row was inserted by another push');
    this.name = 'Overtaken';
  }
}

/**
 * Writes pieces of work as one set. When that fails in a careful batch, the set is halved under
 * savepoints until the piece at fault stands alone; it is answered with what the database said, and
 * all others are written.
 * @param write all or nothing; its result is handed to `done` only when it stands
 */
export async function writeSet<U extends { readonly incoming: Incoming }, R>(
  batch: Batch,
  units: readonly U[],
  write: (units: readonly U[]) => Promise<R>,
  done: (units: readonly U[], result: R) => void,
): Promise<void> {
  if (units.length === 0) return;
  if (!batch.careful) {
    done(units, await write(units));
    return;
  }
  let result: R;
  try {
    result = await batch.store.attempt(() => write(units));
  } catch (error) {
    const fault = faultOf(error);
    if (!fault) throw error;
    const [only] = units;
    if (units.length === 1 && only) {
      if (isSameRowTwice(fault, only.incoming.table)) throw new Overtaken();
      const gone = fault.kind === 'parent-missing' ? await goneParents(batch, only.incoming) : [];
      const outcome = outcomeOfFault(only.incoming.table, fault);
      answer(batch, only.incoming, gone.length > 0 ? refused('SYNC_ROW_GONE', gone) : outcome);
      return;
    }
    const middle = units.length >> 1;
    await writeSet(batch, units.slice(0, middle), write, done);
    await writeSet(batch, units.slice(middle), write, done);
    return;
  }
  done(units, result);
}

/** True when a failed push may succeed if it is tried again, row by row where it must be. */
export const isFaultOfSomeRow = (error: unknown): boolean => faultOf(error) !== null;

function faultOf(error: unknown): RowFault | null {
  if (error instanceof WriteSkipped) return { kind: 'not-allowed' };
  return error instanceof pg.DatabaseError ? rowFaultOf(error) : null;
}

const isSameRowTwice = (fault: RowFault, table: TableName): boolean =>
  fault.kind === 'unique-taken' && fault.constraint === `${table}_pkey`;

/**
 * Writes down what the batch did: refusals that are new, what each row was judged on, and the audit,
 * whose chain is locked from here to the commit and therefore comes last.
 */
export async function writeDown(batch: Batch): Promise<void> {
  const { store, memories, refusals } = batch;
  const noted = refusals.map((refusal) => {
    const content = contentHash(refusal.sent);
    const { table_name: table, row_id: row } = refusal.entry;
    // What names no usable id is known again by what it says.
    const id = row === NO_ROW && content !== '' ? derivedId('no-row', table, content) : row;
    return { ...refusal, content, table, id };
  });
  const recalled = await store.recall(
    noted.filter(({ table, id }) => !memories.has(rowKey(table, id))),
  );
  const entries: AuditEntry[] = [];
  for (const { entry, index, fields, content, table, id } of noted) {
    const key = rowKey(table, id);
    const before = memories.get(key) ?? recalled.get(key) ?? null;
    const asNew = batch.refusedAsNew.has(index);
    const refused = { code: entry.outcome, content, fields, ...(asNew ? { asNew } : {}) };
    // The same refusal of the same content was written down when it came first.
    const isKnown = refusalsOf(before, batch).some(
      (one) => one.content === content && one.code === refused.code,
    );
    if (content !== '' && isKnown) continue;
    entries.push(entry);
    if (id === NO_ROW) continue;
    memories.set(key, { table, id, ...rememberRefusal(before, batch, refused) });
  }
  store.leave([...memories.values()], [...entries, ...batch.audit], batch.effects);
}
