import { MATRIX } from '#shared/access/matrix.ts';
import type { Operation } from '#shared/access/cell.ts';
import type { Field, MergeRule } from '#shared/schema/define.ts';
import { deviceFields, systemColumns } from '#shared/schema/rows.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';

/**
 * Which columns of a table the two writing roles of the database may set: `authenticated`, a person
 * whose row it is by the access matrix, and `ganger_engine`, the server on its own behalf.
 */

/** Who may sign in and what they may do: given by endpoints that come with their own grants. */
const IDENTITY: ReadonlySet<TableName> = new Set([
  'locations',
  'users',
  'user_roles',
  'user_permissions',
  'role_permissions',
]);

const BY_PEOPLE: ReadonlySet<MergeRule> = new Set<MergeRule>([
  'LWW',
  'HR',
  'SM',
  'CLM',
  'ORS',
  'CNT',
  'TXT',
]);
const BY_ENGINE: ReadonlySet<MergeRule> = new Set<MergeRule>(['CEN', 'SM', 'CLM']);

/** True when any role has the right at all. */
export const anyoneMay = (table: TableName, operation: Operation): boolean =>
  Object.values(MATRIX[table]).some((cell) => cell[operation] !== undefined);

/** True when people insert rows of the table. */
export const peopleInsert = (table: TableName): boolean => {
  const { kind, inserted } = tableOf(table);
  return (kind === 'record' || kind === 'fact') && inserted && anyoneMay(table, 'create');
};

/** True when people change rows of the table. */
export const peopleUpdate = (table: TableName): boolean => updatableColumns(table).length > 0;

/** Columns that people may set when they create a row of a table. */
export function insertableColumns(table: TableName): string[] {
  if (!peopleInsert(table)) return [];
  return [
    ...systemColumns(tableOf(table)),
    ...deviceFields(tableOf(table)).map(([name]) => name),
    ...fieldBy(table),
  ];
}

/** Columns that people may change. A step that needs an approval is an update too. */
export function updatableColumns(table: TableName): string[] {
  if (tableOf(table).kind !== 'record') return [];
  if (!anyoneMay(table, 'update') && !anyoneMay(table, 'approve')) return [];
  const columns = deviceFields(tableOf(table)).filter(([, field]) => BY_PEOPLE.has(field.merge));
  return columns.length === 0
    ? []
    : [...columns.map(([name]) => name), 'field_hlc', ...fieldBy(table)];
}

/** True when the engine makes rows of the table. */
export function engineInserts(table: TableName): boolean {
  const { kind, expandedFrom, inserted, projectionOf } = tableOf(table);
  // The audit has a function of its own, and projections follow by themselves.
  if (table === 'audit_logs' || projectionOf !== null || IDENTITY.has(table)) return false;
  if (table === 'review_items' || FEEDS.has(table)) return true;
  return kind === 'log' || kind === 'central' || expandedFrom.length > 0 || !inserted;
}

/** Rows that come from people and from outside: the EHR, card readers, providers of messages. */
const FEEDS: ReadonlySet<TableName> = new Set([
  'patients',
  'appointments',
  'payment_transactions',
  'notifications',
  'opt_outs',
  'delivery_tracking',
]);

/** Columns that the engine may set when it creates a row. */
export function engineInsertableColumns(table: TableName): string[] {
  if (!engineInserts(table)) return [];
  return [
    ...systemColumns(tableOf(table)),
    ...Object.keys(tableOf(table).fields),
    ...fieldBy(table),
  ];
}

/** Columns that the engine may change. */
export function engineUpdatableColumns(table: TableName): string[] {
  const { kind, fields, projectionOf } = tableOf(table);
  if (projectionOf !== null || IDENTITY.has(table)) return [];
  const own = Object.entries<Field<unknown>>(fields).filter(
    ([, { merge }]) => BY_ENGINE.has(merge) || (merge === 'CNT' && table === 'handout_links'),
  );
  if (own.length === 0 || (kind !== 'record' && kind !== 'central')) return [];
  const names = own.map(([name]) => name);
  return kind === 'record' ? [...names, 'field_hlc', 'field_by'] : names;
}

/** Columns named as actors that may change after the row was made. */
export const changeableActors = (table: TableName): string[] =>
  tableOf(table).actors.filter((name) => BY_PEOPLE.has(tableOf(table).fields[name]?.merge ?? 'AO'));

const fieldBy = (table: TableName): string[] =>
  tableOf(table).kind === 'record' ? ['field_by'] : [];
