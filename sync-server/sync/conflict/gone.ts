import { KEPT_AT_LEAST_MS } from '#shared/schema/retention.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { Batch } from '../batch.ts';
import type { Incoming } from '../incoming.ts';

/**
 * Pushed rows that were here once and are not any more: taken back, or removed after their time of
 * keeping. They are not made anew by a change that comes late. A removed row is remembered for two
 * years; of a row that its device had from the server, and that is old enough to have been removed,
 * being away says the same for ever. Younger ones can only have been lost by a restore.
 */
export async function goneRows(
  { store, now }: Batch,
  table: TableName,
  missing: readonly Incoming[],
): Promise<ReadonlySet<string>> {
  const isOld = ({ row }: Incoming): boolean => row.created_at < now - KEPT_AT_LEAST_MS;
  const wasHere = ({ base }: Incoming): boolean => base !== null;
  const inQuestion = missing.filter((row) => wasHere(row) || isOld(row));
  if (inQuestion.length === 0) return new Set();
  const known = await store.gone(
    table,
    inQuestion.map(({ id }) => id),
  );
  const away = inQuestion.filter((row) => wasHere(row) && isOld(row));
  return new Set([...known, ...away.map(({ id }) => id)]);
}

/** Fields of a row that name rows which were here and are not any more. */
export async function goneParents(
  { store }: Batch,
  { table, row }: Incoming,
): Promise<readonly string[]> {
  const fields: string[] = [];
  for (const [field, { references }] of Object.entries(tableOf(table).fields)) {
    const id = row[field];
    if (references === null || typeof id !== 'string') continue;
    if ((await store.gone(references as TableName, [id])).has(id)) fields.push(field);
  }
  return fields;
}
