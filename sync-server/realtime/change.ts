import { z } from 'zod';
import { replicaScopes } from '#shared/access/rights.ts';
import { isWindowPart } from '#shared/schema/window-parts.ts';
import type { Grant } from '#shared/access/rights.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';

/** What one commit changed in one table: whose rows, never how. */
export interface Change {
  readonly table: TableName;
  /**
   * Names of the parts in which changed rows lie, as `replicaScopes` gives them; `window` for rows
   * that some window may hold: which one does only the database knows.
   */
  readonly parts: readonly string[];
  /**
   * Which rows, for the cache of the replica that changed them; it goes to no other replica and no device.
   * Absent: not said, so any.
   */
  readonly ids?: readonly string[] | undefined;
}

/** All that one commit changed, and the transaction that readers must be able to see first. */
export interface ChangeSet {
  /** Decimal text of an xid8; null when it was lost with the answer to the commit. */
  readonly xid: string | null;
  readonly changes: readonly Change[];
}

export const ChangeSetMessage = z.object({
  xid: z
    .string()
    .regex(/^\d{1,20}$/)
    .nullable(),
  changes: z.array(
    z.object({
      table: z.enum(TABLE_NAMES as [TableName, ...TableName[]]),
      parts: z.array(z.string().max(60)),
    }),
  ),
});

/** Tables whose rows can bring subjects into windows, and with them rows of all tables below. */
const BRINGS: ReadonlySet<TableName> = new Set([
  'patients',
  'appointments',
  'authorization_requests',
]);
export const WINDOWED: readonly TableName[] = TABLE_NAMES.filter(
  (table) => tableOf(table).window !== null,
);

const PROJECTIONS = Map.groupBy(
  TABLE_NAMES.filter((table) => tableOf(table).projectionOf !== null),
  (table) => tableOf(table).projectionOf as TableName,
);

/** More rows than this of one table are not told apart: what depends on any of its rows ends then. */
const MOST_IDS = 20;

/** Collects the changes of one transaction. */
export function collectChanges() {
  const tables = new Map<TableName, { parts: Set<string>; ids: Set<string> | null }>();
  const note = (table: TableName, parts: readonly string[], id: unknown): void => {
    const known = tables.get(table) ?? { parts: new Set(), ids: new Set() };
    tables.set(table, known);
    for (const part of parts) known.parts.add(part);
    if (typeof id === 'string') known.ids?.add(id);
    if (typeof id !== 'string' || (known.ids?.size ?? 0) > MOST_IDS) known.ids = null;
  };
  return {
    add(table: TableName, row: Readonly<Record<string, unknown>>): void {
      const { id } = row;
      note(table, partsOf(table, row), id);
      // What repeats a part of it was written with it.
      for (const copy of PROJECTIONS.get(table) ?? []) note(copy, partsOf(copy, row), id);
      if (!BRINGS.has(table)) return;
      // They come and go; none of them is another one than before.
      for (const windowed of WINDOWED) if (windowed !== table) note(windowed, ['window'], id);
    },
    list: (): Change[] =>
      [...tables].map(([table, { parts, ids }]) => ({
        table,
        parts: [...parts],
        ...(ids ? { ids: [...ids] } : {}),
      })),
  };
}

/** What other replicas are told of a change. */
export const withoutIds = ({ xid, changes }: ChangeSet): ChangeSet => ({
  xid,
  changes: changes.map(({ table, parts }) => ({ table, parts })),
});

/** The parts, beside `all`, in which a row of a table lies. */
function partsOf(table: TableName, row: Readonly<Record<string, unknown>>): string[] {
  const { scope, window } = tableOf(table);
  if (window && (window.column === 'id' || typeof row[window.column] === 'string')) {
    return ['window'];
  }
  const named = (prefix: string, column: string | undefined): string[] =>
    column !== undefined && typeof row[column] === 'string' ? [`${prefix}:${row[column]}`] : [];
  const location = named('loc', scope.location);
  return [
    ...(scope.location === undefined || location.length === 0 ? ['org'] : location),
    ...(scope.sites ? (row[scope.sites] as readonly string[]).map((site) => `loc:${site}`) : []),
    ...named('team', scope.team),
    ...named('own', scope.own),
  ];
}

/** True when somebody with these grants can see some of the changed rows. */
export function concerns(change: Change, grants: readonly Grant[], userId: string): boolean {
  return replicaScopes(grants, userId, change.table).some(
    (part) =>
      change.parts.includes(isWindowPart(part) ? 'window' : part) ||
      (part === 'all' && change.parts.some((of) => of !== 'window')),
  );
}
