import { mayDo } from '#shared/access/rights.ts';
import { editsOf } from '#shared/merge/decide.ts';
import { expandAct } from '#shared/merge/expand.ts';
import { stampsOf } from '#shared/merge/join.ts';
import { PUSHABLE, isTableName, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { QuarantineEntry } from '#server/sync/ports.ts';
import type { Written } from '../model/database.ts';
import type { Transaction } from '../model/transaction.ts';
import { ACTIVITIES, BUFFER_MS, VISIT_MS } from '../world/clinic.ts';
import type { World } from '../world/world.ts';

/** What each write must have an entry of in the audit: all but what the server notes down itself. */
const AUDITED: ReadonlySet<string> = new Set([...PUSHABLE, 'inventory_lots', 'stock_movements']);

/** Looks at what every commit of the engine has changed, in that moment. */
export function checkCommits(world: World): void {
  world.onCommit = (tx, written) => {
    for (const { table, after } of written) {
      for (const value of Object.values(after.row)) {
        const text = JSON.stringify(value);
        if (!world.writtenAfter.has(text)) world.writtenAfter.set(text, world.restores);
      }
      if (table !== 'conflict_log') continue;
      world.everLost.add(JSON.stringify(after.row['lost_value']));
      world.tally.conflict(String(after.row['rule']));
    }
    noteRejected(world, written);
    if (tx.userId === null) return;
    checkWhole(world, written);
    checkSlots(world, written);
    checkRights(world, tx, written);
    checkAudit(world, written);
  };
}

/** What somebody who may has rejected need not stand anywhere, should the database be set back. */
function noteRejected(world: World, written: readonly Written[]): void {
  for (const { table, after } of written) {
    if (table !== 'quarantine' || after.row['status'] !== 'rejected') continue;
    const entry = after.row['entry'] as QuarantineEntry;
    for (const promise of world.ledger.promises) {
      const isOf = promise.table === entry.table && promise.id === entry.rowId;
      if (isOf && promise.device.options.deviceId === entry.deviceId) promise.excuse ??= 'given up';
    }
  }
}

/** 3: an act or a decision and what it stands for stand in the database together or not at all. */
function checkWhole(world: World, written: readonly Written[]): void {
  const { db, tally } = world;
  for (const { table, after } of written) {
    if (table === 'stock_acts') {
      const missing = expandAct(table, after.row).filter(
        (row) => !db.committed(row.table, row.row.id),
      );
      tally.check(
        3,
        missing.length === 0 ? null : `act ${after.row.id} without what it stands for`,
      );
    } else if (table === 'stock_movements') {
      const act = db.committed('stock_acts', String(after.row['act_id']));
      tally.check(3, act ? null : `movement ${after.row.id} without its act`);
    } else if (table === 'review_decisions') {
      const missing = editsOf(after.row).find(({ table: of, id, fields, hlc }) => {
        const stamps = stampsOf(db.committed(of, id)?.row ?? null);
        return Object.keys(fields).some((name) => (stamps[name] ?? '') < hlc);
      });
      tally.check(3, missing ? `decision ${after.row.id} without what it decides` : null);
    }
  }
}

const LIVE: ReadonlySet<unknown> = new Set(['hold', 'confirmed']);
/** A visit that came to its slot has it for good. */
const HOLDING: ReadonlySet<unknown> = new Set(['held', 'confirmed', 'arrived', 'completed']);

/** 3: a visit holds a seat as long as it says so, and one. 7: a slot has no more visits than seats. */
function checkSlots({ db, tally }: World, written: readonly Written[]): void {
  const visits = new Set(
    written.flatMap(({ table, after }) => {
      if (table === 'pharma_appointments') return [after.row.id];
      return table === 'slot_claims' ? [String(after.row['appointment_id'])] : [];
    }),
  );
  if (visits.size === 0) return;
  const live = db.all('slot_claims').filter(({ row }) => LIVE.has(row['state']));
  for (const id of visits) {
    const visit = db.committed('pharma_appointments', id)?.row;
    const own = live.filter(({ row }) => row['appointment_id'] === id);
    const isAtItsTime = own.every(({ row }) => row['starts_at'] === visit?.['starts_at']);
    const fits = own.length === (HOLDING.has(visit?.['status']) ? 1 : 0) && isAtItsTime;
    const what = `visit ${id} is ${String(visit?.['status'])} and holds ${own.length} seats`;
    tally.check(3, fits ? null : what);
  }
  for (const activity of ACTIVITIES) {
    const its = live.filter(({ row }) => row['activity_id'] === activity.id);
    for (const [startsAt, claims] of Map.groupBy(its, ({ row }) => Number(row['starts_at']))) {
      const others = live.filter(
        ({ row }) =>
          row['location_id'] === activity.site &&
          row['activity_id'] !== activity.id &&
          Math.abs(Number(row['starts_at']) - startsAt) < VISIT_MS + BUFFER_MS,
      );
      const fits = claims.length <= activity.seats && others.length === 0;
      tally.check(7, fits ? null : `${activity.kind} at ${startsAt} is given to too many`);
    }
  }
}

/** 10: by the rights of this moment, unless they changed while the transaction ran. */
function checkRights(world: World, tx: Transaction, written: readonly Written[]): void {
  const { tally, rightsChangedAt } = world;
  const userId = tx.userId ?? '';
  if ((rightsChangedAt.get(userId) ?? 0) >= tx.now) return;
  const grants = world.grantsOf(userId);
  for (const { table, before, after } of written) {
    if (!isTableName(table) || !PUSHABLE.includes(table)) continue;
    const may = (operation: 'create' | 'update' | 'approve', row = after.row): boolean =>
      mayDo(grants, userId, table, operation, row);
    if (!before) {
      if (after.row.created_by !== userId || !tableOf(table).inserted) continue;
      tally.check(10, may('create') ? null : `${table} ${after.row.id} made without the right`);
    } else if (isByPerson({ before, after }, userId)) {
      const allowed = may('update', before.row) || may('approve', before.row);
      tally.check(10, allowed ? null : `${table} ${after.row.id} changed without the right`);
    }
  }
}

/** True when the person stands behind some field that was written. */
function isByPerson({ before, after }: Pick<Written, 'before' | 'after'>, userId: string): boolean {
  const was = before?.row.field_hlc ?? {};
  const is = after.row.field_hlc ?? {};
  return Object.keys(is).some(
    (field) => was[field] !== is[field] && after.fieldBy[field] === userId,
  );
}

/** 11: one entry for each row that was written. */
function checkAudit(world: World, written: readonly Written[]): void {
  const entries = written.flatMap(({ table, after }) =>
    table === 'audit_logs' ? [after.row] : [],
  );
  for (const { table, before, after } of written) {
    if (!AUDITED.has(table) || isNote(table as TableName, before === null, after.row.created_by))
      continue;
    // Beside the write itself stands who has let it in.
    const own = entries.filter(
      (row) =>
        row['table_name'] === table &&
        row['row_id'] === after.row.id &&
        row['action'] !== 'refuse' &&
        row['outcome'] !== 'released',
    );
    // A count is handed in and judged in one push: two writes, two entries. So is every decision about a row.
    const decisions = written.filter(
      (other) => other.table === 'review_decisions' && other.after.row['row_id'] === after.row.id,
    );
    const most = (tableOf(table as TableName).machine ? 2 : 1) + decisions.length;
    const fits = own.length >= 1 && own.length <= most;
    world.tally.check(11, fits ? null : `${table} ${after.row.id} has ${own.length} audit entries`);
  }
}

/** What the server opens for people to decide is told by the row itself. */
const isNote = (table: TableName, isNew: boolean, author: string | null): boolean =>
  table === 'review_items' && isNew && author === null;
