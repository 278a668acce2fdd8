import { createHash } from 'node:crypto';
import pg from 'pg';
import { StackError } from './stack-error.ts';

/** SHA-256 of a text as lower-case hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Opens one connection for running whole SQL files: without the cluster's time limits, which are
 * meant for requests, and with this program's name. The caller ends it.
 */
export async function connectForScripts(url: string, applicationName: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: applicationName });
  await client.connect();
  await client.query(
    `set statement_timeout = 0;
     set transaction_timeout = 0;
     set idle_in_transaction_session_timeout = 0`,
  );
  return client;
}

/**
 * Runs all statements of a file in one trip.
 * Throws `StackError` that names file, line and column of the failing statement.
 */
export async function runSqlFile(client: pg.Client, name: string, text: string): Promise<void> {
  try {
    await client.query(text);
  } catch (error) {
    throw new StackError(`${name}${place(error, text)}: ${describe(error)}`, error);
  }
}

function place(error: unknown, text: string): string {
  if (!(error instanceof pg.DatabaseError) || error.position === undefined) return '';
  // Postgres counts characters, JavaScript UTF-16 units.
  const before = Array.from(text)
    .slice(0, Number(error.position) - 1)
    .join('');
  const line = before.split('\n').length;
  return `:${line}:${before.length - before.lastIndexOf('\n')}`;
}

function describe(error: unknown): string {
  if (!(error instanceof pg.DatabaseError)) return String(error);
  const hints = [error.where, error.hint].filter((part) => part !== undefined);
  return [`${error.message} (${error.code})`, ...hints].join('; ');
}
