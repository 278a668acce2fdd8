import pg from 'pg';
import { AppError } from '#shared/errors/app-error.ts';

/** What a failed statement says about the row that it wrote. */
export type RowFault =
  | { readonly kind: 'parent-missing' | 'not-allowed' | 'immutable' }
  | { readonly kind: 'step-refused' | 'count-closed' | 'row-closed' | 'own-approval' | 'too-late' }
  | { readonly kind: 'unique-taken'; readonly constraint: string }
  | {
      readonly kind: 'invalid';
      readonly column: string | null;
      readonly constraint: string | null;
    };

/**
 * Reads an error of the database as a fault of a row, or null when the row is not to blame (lost
 * connection, time-out, deadlock, a bug of ours).
 */
export function rowFaultOf(error: unknown): RowFault | null {
  if (!(error instanceof pg.DatabaseError) || error.code === undefined) return null;
  switch (error.code) {
    case '23503':
      return { kind: 'parent-missing' };
    case '23505':
      return { kind: 'unique-taken', constraint: error.constraint ?? '' };
    // GN…: raised by the triggers of the migrations.
    case '42501':
    case 'GN003':
      return { kind: 'not-allowed' };
    case 'GN001':
      return { kind: 'immutable' };
    case 'GN002':
      return { kind: 'step-refused' };
    case 'GN004':
      return { kind: 'count-closed' };
    case 'GN005':
      return { kind: 'row-closed' };
    case 'GN006':
      return { kind: 'own-approval' };
    case 'GN007':
      return { kind: 'too-late' };
    default:
      // 22 a value that its type does not take, 23 a check or a null, 54 a row that is too large.
      if (!/^(22|23|54)/.test(error.code)) return null;
      return {
        kind: 'invalid',
        column: error.column ?? null,
        constraint: error.constraint ?? null,
      };
  }
}

/** True when the same transaction, run again, may well succeed. */
export function isWorthRepeating(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '40P01' || error.code === '40001');
}

/**
 * True when the answer to a commit was lost, so that it may stand all the same. What the database
 * itself says has ended in a rollback.
 */
export const mayHaveCommitted = (error: unknown): boolean =>
  !(error instanceof AppError || error instanceof pg.DatabaseError);

const BUSY = new Set([
  '40001', // serialization failure
  '40P01', // deadlock
  '53300', // too many connections
  '55P03', // lock not available in time
  '57014', // statement cancelled by its time-out
  '57P01', // server is shutting down
  '57P02',
  '57P03',
  '25P03', // idle in transaction
  '25P04', // transaction time-out
]);
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);

/** The driver tells these apart by their words only. */
const LOST_CONNECTION =
  /^(timeout exceeded when trying to connect|Connection terminated|Client .* not queryable)/;

/**
 * Errors that pass by themselves as SERVER_BUSY, so that devices try again; others unchanged.
 */
export function asBusy(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const { code } = error as Error & { code?: unknown };
  if (typeof code === 'string' && (BUSY.has(code) || NETWORK.has(code) || code.startsWith('08'))) {
    return new AppError('SERVER_BUSY', { reason: 'database' }, error);
  }
  if (LOST_CONNECTION.test(error.message)) {
    return new AppError('SERVER_BUSY', { reason: 'database' }, error);
  }
  return error;
}
