import { isUnscoped } from '#shared/access/rights.ts';
import type { Field } from '#shared/schema/define.ts';
import { deviceFields, systemColumns } from '#shared/schema/rows.ts';
import { PUSHABLE, TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';

/** What a client has to know of a field beside the shape of its value. */
interface FieldWords {
  readonly kind: Field<unknown>['kind'];
  readonly merge: Field<unknown>['merge'];
  readonly nullable: boolean;
  /** Table that the id in it refers to. */
  readonly references?: string;
}

/** What a client has to know of a table beside the shape of its rows; see docs/protocol.md. */
export interface TableWords {
  readonly table: TableName;
  readonly kind: string;
  /** Lower is pulled first. */
  readonly priority: number;
  /** True when devices may push its rows. */
  readonly pushed: boolean;
  /** True when devices may push rows that the server does not have yet. */
  readonly inserted: boolean;
  /** Tables of acts whose rows are expanded into rows of this one. */
  readonly expandedFrom: readonly string[];
  /** Parts that a person may hold of it, with the column that decides. */
  readonly parts: Readonly<Record<string, string | null>>;
  readonly system: readonly string[];
  readonly fields: Readonly<Record<string, FieldWords>>;
  /** The id is the UUIDv5 of these fields. */
  readonly identity: readonly string[] | null;
  /** Fields that may name nobody but the caller. */
  readonly actors: readonly string[];
  readonly machine: { readonly field: string; readonly name: string } | null;
}

/** All tables, parents before children: the order in which a client pushes. */
export const describeTables = (): TableWords[] => TABLE_NAMES.map(describeTable);

function describeTable(name: TableName): TableWords {
  const table = tableOf(name);
  return {
    table: name,
    kind: table.kind,
    priority: table.priority,
    pushed: PUSHABLE.includes(name),
    inserted: PUSHABLE.includes(name) && table.inserted,
    expandedFrom: table.expandedFrom,
    parts: partsOf(name),
    system: systemColumns(table),
    fields: Object.fromEntries(
      deviceFields(table).map(([field, { kind, merge, nullable, references }]) => [
        field,
        { kind, merge, nullable, ...(references === null ? {} : { references }) },
      ]),
    ),
    identity: table.identity,
    actors: table.actors,
    machine: table.machine,
  };
}

/** Kind of part → the column that says to which of them a row belongs; null: all rows. */
function partsOf(name: TableName): Record<string, string | null> {
  const { scope, window } = tableOf(name);
  const parts: Record<string, string | null> = { all: null };
  if (isUnscoped(name)) parts['org'] = null;
  const location = scope.location ?? scope.sites;
  if (location !== undefined) parts['loc'] = location;
  if (scope.team !== undefined) parts['team'] = scope.team;
  if (scope.own !== undefined) parts['own'] = scope.own;
  if (window) parts['day'] = parts['care'] = window.column;
  return parts;
}
