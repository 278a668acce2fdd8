import type pg from 'pg';
import { REMOVAL_ORDER } from '#shared/schema/retention.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { tableOf } from '#shared/schema/tables.ts';
import { START, hasTombstones } from '../sync/table-sql.ts';

/** The device in whose chain removals are counted here. */
export const RETENTION_DEVICE = '5e7f0000-0000-4000-8000-00000000000a';

/**
 * Changes rows as nobody can: by a superuser who lifts all triggers, to make rows old.
 * @param where condition on `t`; all rows without
 */
export async function rewrite(
  admin: pg.Pool,
  table: TableName,
  sets: string,
  where = 'true',
): Promise<void> {
  const { kind } = tableOf(table);
  const always = kind === 'fact' || kind === 'log' ? ['append_only', 'append_only_truncate'] : [];
  await admin.query(
    [
      'begin',
      `alter table public.${table} disable trigger all`,
      `update public.${table} t set ${sets} where ${where}`,
      `alter table public.${table} enable trigger all`,
      ...always.map((name) => `alter table public.${table} enable always trigger ${name}`),
      'commit',
    ].join(';\n'),
  );
}

/** Makes rows look as if they had been changed last so long ago: '8 years', '181 days'. */
export const age = (admin: pg.Pool, table: TableName, ago: string, where?: string): Promise<void> =>
  rewrite(admin, table, `recorded_at = now() - interval '${ago}'`, where);

/** Ids of all rows of a table. */
export async function idsIn(admin: pg.Pool, table: TableName): Promise<string[]> {
  const { rows } = await admin.query<{ id: string }>(`select id from public.${table} order by id`);
  return rows.map(({ id }) => id);
}

/** Removes what is over in one table, as the role that may. @returns how many rows went */
export async function removeOver(
  sync: pg.Pool,
  table: TableName,
  takenBack = false,
): Promise<{ removed: number; held: number; parts: string[] }> {
  const client = await sync.connect();
  try {
    await client.query('begin; set local role ganger_retention');
    const { rows } = await client.query<{ removed: number; held: number; parts: string[] }>(
      'select removed, held, parts from private.remove_over($1, $2::text::xid8, $3, 1000, $4, $5)',
      [table, START.xid, START.id, RETENTION_DEVICE, takenBack],
    );
    await client.query('commit');
    return rows[0] ?? { removed: 0, held: 0, parts: [] };
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

/**
 * As the job does: tables, children first, until nothing more goes.
 * @param tables some of them, to be quick
 */
export async function removeAllOver(
  sync: pg.Pool,
  tables: readonly TableName[] = REMOVAL_ORDER,
): Promise<Partial<Record<TableName, number>>> {
  const gone: Partial<Record<TableName, number>> = {};
  for (let before = -1, all = 0; all !== before;) {
    before = all;
    for (const table of tables) {
      for (const takenBack of hasTombstones(table) ? [true, false] : [false]) {
        const { removed } = await removeOver(sync, table, takenBack);
        if (removed > 0) gone[table] = (gone[table] ?? 0) + removed;
        all += removed;
      }
    }
  }
  return gone;
}
