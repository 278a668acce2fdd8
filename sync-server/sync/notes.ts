import { transitionId } from '#shared/merge/ids.ts';
import type { Expansion } from '#shared/merge/expand.ts';
import type { Row } from '#shared/schema/define.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { noteNew } from './batch.ts';
import type { Batch } from './batch.ts';
import { locationOf } from './conflict/contests.ts';
import type { Step } from './conflict/state-step.ts';

/** The row that says that a step was taken; the server's own steps have no actor. */
export function transitionRow(
  batch: Batch,
  table: TableName,
  row: Row,
  step: Pick<Step, 'from' | 'to' | 'hlc'>,
  basis: string | null,
  actor: string | null,
): Expansion {
  return {
    table: 'transitions',
    row: {
      id: transitionId(table, row.id, step.to, step.hlc),
      created_at: batch.now,
      created_by: actor,
      device_id: actor === null ? null : batch.deviceId,
      location_id: locationOf(table, row),
      table_name: table,
      row_id: row.id,
      from_state: step.from,
      to_state: step.to,
      actor_id: actor,
      basis_version: basis,
    },
  };
}

/** Inserts rows of several tables, parents first; returns those that were new. */
export async function writeAsEngine(
  batch: Batch,
  rows: readonly Expansion[],
): Promise<Expansion[]> {
  // An act's first line may have no lot and its second one: its movements must still come last.
  const groups = [...Map.groupBy(rows, ({ table }) => table)].toSorted(
    ([a], [b]) => TABLE_NAMES.indexOf(a) - TABLE_NAMES.indexOf(b),
  );
  const tables = groups.map(([table, all]) => {
    // Two acts may name the same new lot.
    const once = new Map(all.map((expansion) => [expansion.row.id, expansion]));
    return { table, once };
  });
  // Sent one behind the other, parents first, answered together.
  const made = await Promise.all(
    tables.map(({ table, once }) =>
      batch.store.insertAsEngine(
        table,
        [...once.values()].map(({ row }) => row),
      ),
    ),
  );
  return tables.flatMap(({ once }, index) =>
    [...once.values()].filter(({ row }) => made[index]?.has(row.id)),
  );
}

/** Inserts rows as `writeAsEngine` does, and notes those that were new. */
export async function writeNotes(batch: Batch, rows: readonly Expansion[]): Promise<void> {
  for (const { table, row } of await writeAsEngine(batch, rows)) noteNew(batch, table, row);
}
