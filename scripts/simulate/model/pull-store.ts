import { inScope } from '#shared/access/rights.ts';
import { isWindowPart } from '#shared/schema/window-parts.ts';
import { mayMove } from '#shared/schema/moving.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { deviceFields, systemColumns } from '#shared/schema/rows.ts';
import type { OpenPull, PartRequest, PulledRow } from '#server/sync/ports.ts';
import type { ModelDatabase, Stored } from './database.ts';
import { ignore } from './transaction.ts';
import type { Opened } from './transaction.ts';
import { Policies, accessOf, grantsOf } from './rights.ts';
import type { Reading } from './rights.ts';

/** Pulls over the model: one moment each, in the name of the caller, behind the fence. */
export function modelPull(db: ModelDatabase, opened: Opened = ignore): OpenPull {
  return async (caller, work) => {
    const tx = db.begin(caller.userId);
    opened(tx);
    try {
      const then: Reading = {
        read: (table, id) => db.committed(table, id, tx.snapshot.commit),
        all: (table) => db.all(table, tx.snapshot.commit),
      };
      /** Rows that moved away from a part and lie in none that is asked for. */
      const departures = (
        table: TableName,
        { part }: PartRequest,
        parts: readonly PartRequest[],
        policies: Policies,
      ): Stored[] => {
        if (!mayMove(table) || part === 'all') return [];
        const isHeld = (id: string): boolean => {
          const row = then.read(table, id)?.row;
          if (!row || !policies.mayRead(table, row)) return false;
          return parts.some((one) => isIn(table, one.part, row));
        };
        return db
          .changes(table, tx.snapshot.commit)
          .filter(
            ({ before, after }) => isIn(table, part, before.row) && !isIn(table, part, after.row),
          )
          .map(({ after }) => after)
          .filter(({ row }) => !isHeld(row.id));
      };
      const newsOf = (
        table: TableName,
        parts: readonly PartRequest[],
        limit: number,
      ): PulledRow[] => {
        const policies = new Policies(grantsOf(then, caller.userId, tx.now), caller.userId);
        return parts
          .flatMap((part, index) =>
            [
              ...then
                .all(table)
                .filter(({ row }) => isIn(table, part.part, row) && policies.mayRead(table, row))
                .map((stored) => ({ stored, gone: false })),
              ...departures(table, part, parts, policies).map((stored) => ({ stored, gone: true })),
            ]
              .filter(({ stored }) => stored.xid < tx.snapshot.xmin && isAfter(stored, part))
              .toSorted((a, b) => byPlace(a.stored, b.stored))
              .slice(0, limit)
              .map(({ stored, gone }) => toPulled(table, index, stored, gone)),
          )
          .slice(0, limit);
      };
      const result = await work({
        access: () =>
          tx.statement(() => accessOf(then, caller.userId, caller.deviceId, tx.now, db.epoch)),
        news: (asked) =>
          tx.statement(() => asked.map(({ table, parts }) => newsOf(table, parts, 1).length > 0)),
        rows: (table, parts, limit) => tx.statement(() => newsOf(table, parts, limit)),
      });
      await tx.commit();
      return result;
    } catch (error) {
      await tx.rollback();
      throw error;
    }
  };
}

/** Windows are not in the model: a table that has one gives no rows about anybody. */
const isIn = (table: TableName, part: string, row: Readonly<Record<string, unknown>>): boolean =>
  !isWindowPart(part) && inScope(table, part, row);

const isAfter = ({ xid, row }: Stored, part: PartRequest): boolean =>
  xid > Number(part.xid) || (xid === Number(part.xid) && row.id > part.id);

const byPlace = (a: Stored, b: Stored): number => a.xid - b.xid || (a.row.id < b.row.id ? -1 : 1);

function toPulled(
  table: TableName,
  part: number,
  { row, xid, isDeleted }: Stored,
  gone: boolean,
): PulledRow {
  const place = { part, xid: String(xid), id: row.id };
  if (gone) return { ...place, state: 'left', doc: null };
  if (isDeleted) return { ...place, state: 'deleted', doc: null };
  const names = [
    ...systemColumns(tableOf(table)),
    ...deviceFields(tableOf(table)).map(([name]) => name),
  ];
  const doc = Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
  return { ...place, state: 'row', doc: JSON.stringify(doc) };
}
