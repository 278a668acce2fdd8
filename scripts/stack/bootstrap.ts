import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { connectForScripts, runSqlFile } from './sql-file.ts';

/** Passwords of the two roles that the product logs in as. */
export type LoginPasswords = { authenticator: string; postgres: string };

/** Any of pg's ways to run a statement. */
type Queryable = { query(text: string): Promise<unknown> };

/**
 * Gives a database what a Supabase project has before its first migration: roles, schemas auth,
 * storage and extensions, `auth.uid()`, `auth.jwt()`, `auth.role()`, the realtime publication; no
 * automatic grants. `adminUrl` names the database and the cluster's superuser. May be repeated;
 * the passwords given last hold.
 */
export async function bootstrap(adminUrl: string, passwords: LoginPasswords): Promise<void> {
  const client = await connectForScripts(adminUrl, 'stack bootstrap');
  try {
    const sql = await readFile(new URL('bootstrap.sql', import.meta.url), 'utf8');
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', ['7205711964316213']);
    await runSqlFile(client, 'bootstrap.sql', sql);
    for (const [role, password] of Object.entries(passwords)) {
      await client.query(
        `alter role ${pg.escapeIdentifier(role)} password ${pg.escapeLiteral(password)}`,
      );
    }
    const { rows } = await client.query<{ name: string }>('select current_database() as name');
    await configureDatabase(client, rows[0]?.name ?? 'postgres');
    await client.query('commit');
  } finally {
    await client.end();
  }
}

/**
 * Sets what belongs to a database but is not copied when it serves as a template: its grants and
 * its search path. Run as the superuser.
 */
export async function configureDatabase(admin: Queryable, name: string): Promise<void> {
  const database = pg.escapeIdentifier(name);
  await admin.query(`grant all on database ${database} to postgres`);
  await admin.query(`alter database ${database} set search_path = "$user", public, extensions`);
}
