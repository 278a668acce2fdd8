import pg from 'pg';

/** An error as Postgres sends it, so that the engine reads it as it reads the real one. */
export function databaseError(code: string, constraint?: string): pg.DatabaseError {
  const error = new pg.DatabaseError(`model: ${code}`, 0, 'error');
  error.code = code;
  if (constraint !== undefined) error.constraint = constraint;
  return error;
}

/** A connection that broke: nobody knows whether what was asked last was done. */
export function connectionLost(): Error {
  return Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' });
}

/** Nobody listens. */
export function connectionRefused(): Error {
  return Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
}
