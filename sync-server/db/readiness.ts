import type pg from 'pg';

/** The function that the last of the needed migrations makes; seen in the catalogue, not called. */
const READY_SQL = `
  select exists (
    select from pg_catalog.pg_proc p
    join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'private' and p.proname = 'append_audit') as ready`;

/** True when the database answers within two seconds and has the migrations. Never throws. */
export async function isDatabaseReady(pool: pg.Pool): Promise<boolean> {
  const deadline = new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(false), 2_000).unref();
  });
  const asked = pool
    .query<{ ready: boolean }>(READY_SQL)
    .then(({ rows }) => rows[0]?.ready === true)
    .catch(() => false);
  return Promise.race([asked, deadline]);
}
