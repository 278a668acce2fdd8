import { AppError } from '#shared/errors/app-error.ts';
import type { ConflictRow } from '#shared/ipc/views.ts';
import { isTableName } from '#shared/schema/tables.ts';
import { useQuery, useStore, useView } from '#desktop/collections/hooks.tsx';

const LIMIT = 500;
const ALL = { selector: {} };

/** Fields that two people changed without seeing each other. */
export const useConflicts = () => useView('review.conflicts', { limit: LIMIT });

/** Names of people by id, for values that name a person by id only. */
export function useNames(): ReadonlyMap<string, string> {
  const { data: rows } = useQuery('users', ALL);
  return new Map(rows?.map(({ id, display_name }) => [id, display_name]));
}

/** Gives a field a value by an ordinary edit. @throws AppError when the row may not be changed */
export function useRestore(): (conflict: ConflictRow, value: unknown) => Promise<void> {
  const { tables } = useStore();
  return async (conflict, value) => {
    const { table_name, row_id, field } = conflict;
    if (!isTableName(table_name)) throw new AppError('NOT_FOUND', { table: table_name });
    await tables.patch(table_name, row_id, { [field]: value });
  };
}
