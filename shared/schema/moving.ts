import { tableOf } from './tables.ts';
import type { TableName } from './tables.ts';

/**
 * The columns of a table by which a row can come to lie in another part than before: those of its
 * scope that are not set once for all. None for tables with a window, whose rows follow their subject.
 */
export function movingColumns(table: TableName): readonly string[] {
  const { scope, window, fields } = tableOf(table);
  if (window) return [];
  return [scope.location, scope.sites, scope.team, scope.own].filter(
    (column): column is string => column !== undefined && (fields[column]?.merge ?? 'AO') !== 'AO',
  );
}

export const mayMove = (table: TableName): boolean => movingColumns(table).length > 0;
