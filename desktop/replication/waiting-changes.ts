import { sameContent } from '#shared/kernel/json.ts';
import { isHlc, parseHlc } from '#shared/kernel/hlc.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { notedState, readMeta } from './meta-rows.ts';
import { rowOf } from './server-rows.ts';
import type { DocState } from './server-rows.ts';
import { isPushable } from './tables.ts';
import type { TableInstances } from './tables.ts';

/** A change of this device that the server has not confirmed yet. */
export interface WaitingChange {
  readonly table: TableName;
  readonly id: string;
  /** True for a row that the server does not have. */
  readonly isNew: boolean;
  /** What was changed, where the server has the row. */
  readonly fields: string[];
  /** When the oldest part of it was made, milliseconds since the Unix epoch. */
  readonly since: number;
}

/**
 * The changes that wait, the oldest first. Refused ones are not among them: they need a person.
 * @param limit most changes that are looked at in each table
 */
export async function waitingChanges(
  instances: readonly TableInstances[],
  isParked: (table: TableName, id: string) => boolean,
  limit: number,
): Promise<WaitingChange[]> {
  const changes: WaitingChange[] = [];
  for (const { table, fork, meta } of instances) {
    if (!isPushable(table)) continue;
    const ids = fork.idsOfOrigin('local', limit).filter((id) => !isParked(table, id));
    if (ids.length === 0) continue;
    const known = await readMeta(meta, ids);
    for (const document of await fork.findDocumentsById(ids, true)) {
      const row = rowOf(document);
      const noted = known.get(row.id);
      changes.push(changeOf(table, row, noted ? notedState(noted) : null));
    }
  }
  return changes.toSorted((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1)).slice(0, limit);
}

type Row = ReturnType<typeof rowOf>;

function changeOf(table: TableName, row: Row, server: DocState | null): WaitingChange {
  const { id } = row;
  const made = Number(row['created_at'] ?? 0);
  if (!server || server._deleted) return { table, id, isNew: true, fields: [], since: made };
  const there = server as unknown as Readonly<Record<string, unknown>>;
  const fields = Object.keys(tableOf(table).fields).filter(
    (field) => !sameContent(row[field] ?? null, there[field] ?? null),
  );
  const stamps = (row['field_hlc'] ?? {}) as Readonly<Record<string, unknown>>;
  const times = fields.flatMap((field) => {
    const stamp = stamps[field];
    return typeof stamp === 'string' && isHlc(stamp) ? [parseHlc(stamp).ms] : [];
  });
  return { table, id, isNew: false, fields, since: times.length > 0 ? Math.min(...times) : made };
}
