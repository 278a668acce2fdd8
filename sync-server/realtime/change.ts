import { z } from 'zod';
import { rightsOf } from '#shared/access/rights.ts';
import type { Grant } from '#shared/access/rights.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';

/** What one commit changed in one table: whose rows, never which or how. */
export interface Change {
  readonly table: TableName;
  /** Sites of the changed rows; null stands for rows of no site. Empty for tables without sites. */
  readonly locations: readonly (string | null)[];
  /** People whose own rows changed, in tables where rows can be one's own. */
  readonly owners: readonly string[];
}

/** All that one commit changed, and the transaction that readers must be able to see first. */
export interface ChangeSet {
  /** Decimal text of an xid8. */
  readonly xid: string;
  readonly changes: readonly Change[];
}

export const ChangeSetMessage = z.object({
  xid: z.string().regex(/^\d{1,20}$/),
  changes: z.array(
    z.object({
      table: z.enum(TABLE_NAMES as [TableName, ...TableName[]]),
      locations: z.array(z.string().nullable()),
      owners: z.array(z.string()),
    }),
  ),
});

/** Collects the changes of one transaction. */
export function collectChanges() {
  const tables = new Map<TableName, { locations: Set<string | null>; owners: Set<string> }>();
  return {
    add(table: TableName, row: Readonly<Record<string, unknown>>): void {
      let entry = tables.get(table);
      if (!entry) {
        entry = { locations: new Set(), owners: new Set() };
        tables.set(table, entry);
      }
      const { scope } = tableOf(table);
      if (scope.kind === 'org') return;
      const location = row[scope.column];
      entry.locations.add(typeof location === 'string' ? location : null);
      if (scope.kind !== 'location-or-own') return;
      const owner = row[scope.own];
      if (typeof owner === 'string') entry.owners.add(owner);
    },
    list: (): Change[] =>
      [...tables].map(([table, { locations, owners }]) => ({
        table,
        locations: [...locations],
        owners: [...owners],
      })),
  };
}

/** True when somebody with these grants can see some of the changed rows. */
export function concerns(change: Change, grants: readonly Grant[], userId: string): boolean {
  const { all, locations, own } = rightsOf(grants, change.table, 'read');
  if (all) return true;
  const { scope } = tableOf(change.table);
  if (scope.kind === 'org') return locations.size > 0;
  if (scope.kind === 'location-or-own' && (own || locations.size > 0)) {
    if (change.owners.includes(userId)) return true;
  }
  return (
    locations.size > 0 &&
    change.locations.some((location) => location === null || locations.has(location))
  );
}
