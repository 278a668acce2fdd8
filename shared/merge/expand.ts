import type { Row } from '#shared/schema/define.ts';
import { isTableName, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { parseRow } from '#shared/schema/rows.ts';

export interface Expansion {
  readonly table: TableName;
  readonly row: Row;
}

/**
 * The rows that an act stands for, complete and checked, line by line. Pure: every replica gets the
 * same rows with the same ids.
 * @returns an empty list for tables that hold no acts
 * @throws Error when a definition expands into something that its own table does not take (a bug)
 */
export function expandAct(table: TableName, act: Row): Expansion[] {
  const { expand } = tableOf(table);
  if (!expand) return [];
  return expand(act).flatMap(({ table: target, row }) => {
    if (!isTableName(target)) throw new Error(`expandAct: unknown table ${target}`);
    const parsed = parseRow(target, row);
    if (!parsed.ok) throw new Error(`expandAct: ${target} takes no ${parsed.fields.join(', ')}`);
    // What an act stands for may be an act itself: giving a sample, an act with stock.
    return [{ table: target, row: parsed.row }, ...expandAct(target, parsed.row)];
  });
}
