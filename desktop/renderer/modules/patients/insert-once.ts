import type { NewRow, Tables } from '#desktop/collections/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';

/**
 * Adds a row unless one of its id is there: what was begun and cut short can be done again.
 * @returns true when it was not there before
 */
export async function insertOnce<N extends TableName>(
  tables: Pick<Tables, 'read' | 'insert'>,
  table: N,
  row: NewRow<N>,
): Promise<boolean> {
  if (await tables.read(table, row.id)) return false;
  await tables.insert(table, row);
  return true;
}
