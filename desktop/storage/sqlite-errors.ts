import { AppError } from '#shared/errors/app-error.ts';

/** SQLite's own name of an error ("SQLITE_FULL"), or undefined for errors of another origin. */
export function sqliteCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined;
}

/**
 * True when only the row at hand is at fault, so that the rest of its batch can go on: a broken
 * constraint, a value too large or of a type that SQLite does not take.
 */
export function isRowError(error: unknown): boolean {
  const code = sqliteCodeOf(error);
  if (code === undefined) return error instanceof TypeError || error instanceof RangeError;
  return (
    code.startsWith('SQLITE_CONSTRAINT') || code === 'SQLITE_TOOBIG' || code === 'SQLITE_MISMATCH'
  );
}

/** Any error of the storage as one that callers can act on; its words hold no value of a record. */
export function toStoreError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = sqliteCodeOf(error);
  if (code === undefined) return new AppError('INTERNAL', {}, error);
  if (code === 'SQLITE_FULL') return new AppError('STORE_DISK_FULL', { sqlite: code }, error);
  if (isDamage(code)) return new AppError('STORE_DAMAGED', { sqlite: code }, error);
  return new AppError('INTERNAL', { sqlite: code }, error);
}

/** A page that fails its HMAC is reported as one of these, depending on where it was needed. */
function isDamage(code: string): boolean {
  return (
    code.startsWith('SQLITE_CORRUPT') ||
    code === 'SQLITE_NOTADB' ||
    code === 'SQLITE_IOERR_DATA' ||
    code === 'SQLITE_IOERR_SHORT_READ' ||
    code === 'SQLITE_IOERR_CORRUPTFS'
  );
}
