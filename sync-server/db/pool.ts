import pg from 'pg';
import type { Logger } from '#shared/logging/logger.ts';
import { safeErrorFields } from '../monitoring/safe-error.ts';
import { GatheringSocket } from './gathering-socket.ts';
import { keepStatements } from './statement-names.ts';

/**
 * The pool of the login role. Pipelining sends the statements of a transaction without waiting for
 * each answer; a statement that fails makes those behind it fail too, so nothing runs out of turn.
 */
export function createPool(
  options: { databaseUrl: string; poolSize: number; namedStatements?: boolean },
  log: Logger,
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: options.poolSize,
    application_name: 'ganger-sync',
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    maxLifetimeSeconds: 30 * 60,
    keepAlive: true,
    pipeline: true,
    stream: () => new GatheringSocket(),
  });
  if (options.namedStatements) keepStatements(pool);
  // An idle connection that drops is replaced by the pool; unheard, its error would end the process.
  pool.on('error', (error) => {
    log.warn('database connection lost', safeErrorFields(error));
  });
  return pool;
}
