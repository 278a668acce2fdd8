import { MATRIX } from '#shared/access/matrix.ts';
import type { Operation } from '#shared/access/matrix.ts';
import { stampedFields } from '#shared/merge/join.ts';
import { deviceFields, systemColumns } from '#shared/schema/rows.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';

/** What the engine may write on its own behalf; the only grants that no definition tells. */
export const ENGINE_INSERTS: readonly TableName[] = [
  'devices',
  'inventory_lots',
  'stock_movements',
  'transitions',
  'conflict_log',
  'review_items',
];
export const ENGINE_UPDATES: Partial<Record<TableName, readonly string[]>> = {
  devices: [
    'kind',
    'name',
    'location_id',
    'status',
    'last_seen_at',
    'public_key',
    'grant_expires_at',
    'last_chain_head',
  ],
  count_sessions: ['status', 'field_hlc', 'field_by'],
  review_items: ['status', 'field_hlc', 'field_by'],
};

/** Columns that name the person who acts, beside created_by: they may name nobody else. */
export const ACTOR_COLUMNS: Partial<Record<TableName, readonly string[]>> = {
  count_sessions: ['counted_by'],
  count_lines: ['counter_id'],
};

/** True when any role has the right at all. */
export const anyoneMay = (table: TableName, operation: Operation): boolean =>
  Object.values(MATRIX[table]).some((cell) => cell[operation] !== undefined);

/** Columns that people may set when they create a row of a table. */
export function insertableColumns(table: TableName): string[] {
  if (!anyoneMay(table, 'create')) return [];
  return [
    ...systemColumns(tableOf(table)),
    ...deviceFields(tableOf(table)).map(([name]) => name),
    ...fieldBy(table),
  ];
}

/** Columns that people may change. */
export function updatableColumns(table: TableName): string[] {
  if (!anyoneMay(table, 'update')) return [];
  return [...stampedFields(table), 'field_hlc', ...fieldBy(table)];
}

/** Columns that the engine may set when it creates a row. */
export function engineInsertableColumns(table: TableName): string[] {
  if (!ENGINE_INSERTS.includes(table)) return [];
  return [
    ...systemColumns(tableOf(table)),
    ...Object.keys(tableOf(table).fields),
    ...fieldBy(table),
  ];
}

const fieldBy = (table: TableName): string[] =>
  tableOf(table).kind === 'record' ? ['field_by'] : [];
