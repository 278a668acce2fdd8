import type pg from 'pg';
import type { TableName } from '#shared/schema/tables.ts';
import { asEngine } from '../db/as-engine.ts';
import type { Queries } from '../db/with-session.ts';
import { SERVER_CALLER } from '../jobs/server-caller.ts';
import { collectChanges } from '../realtime/change.ts';
import type { ChangeSet } from '../realtime/change.ts';

export interface Written {
  readonly table: TableName;
  readonly row: Readonly<Record<string, unknown>> & { readonly id: string };
}

/**
 * Writes rows of what a partner has told or done, with an entry of the audit each, and tells devices.
 * @param purpose of the entries
 * @returns what was new
 */
export async function writeRows(
  { pool, announce }: { readonly pool: pg.Pool; readonly announce: (set: ChangeSet) => void },
  purpose: string,
  write: (db: Queries) => Promise<readonly Written[]>,
): Promise<readonly Written[]> {
  const changes = collectChanges();
  const { rows, xid } = await asEngine(pool, async (db) => {
    const made = await write(db);
    if (made.length === 0) return { rows: made, xid: null };
    const entries = made.map(({ table, row }) => ({
      action: 'insert',
      table_name: table,
      row_id: row.id,
      outcome: 'ok',
      location_id: row['location_id'] ?? null,
      field_names: [],
      purpose,
    }));
    const [now] = await db.query<{ xid: string }>(
      'select private.append_audit($1, $2::jsonb), pg_current_xact_id()::text as xid',
      [SERVER_CALLER.deviceId, JSON.stringify(entries)],
    );
    return { rows: made, xid: now?.xid ?? null };
  });
  for (const { table, row } of rows) changes.add(table, row);
  if (rows.length > 0) announce({ xid, changes: changes.list() });
  return rows;
}
