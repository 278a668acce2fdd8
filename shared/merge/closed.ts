import { sameContent } from '#shared/kernel/json.ts';
import type { Row } from '#shared/schema/define.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { changeableFields } from './join.ts';

/**
 * Names of the fields that an edit changes although the row is closed: its state before the edit is
 * none of those in which its content may be edited (`editableIn`). The state itself and the fields
 * that stay open are never among them.
 * @param before the row as it stands: the store's, or the server's master
 * @param after what would be written in its place: stamped by `stampEdit`, or merged by `mergeRecord`
 */
export function closedChanges(table: TableName, before: Row, after: Row): string[] {
  const { editableIn, machine, openFields } = tableOf(table);
  if (!editableIn || !machine || editableIn.includes(String(before[machine.field]))) return [];
  const open = new Set([machine.field, ...openFields]);
  return changeableFields(table).filter(
    (field) => !open.has(field) && !sameContent(before[field], after[field]),
  );
}
