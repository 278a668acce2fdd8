import { AppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';

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
  const sqlite = sqliteCodeOf(error);
  if (sqlite !== undefined) return new AppError(codeFor(sqlite), { sqlite }, error);
  const system = systemCodeOf(error);
  const code = system === undefined ? undefined : SYSTEM_CODES[system];
  if (system === undefined || code === undefined) return new AppError('INTERNAL', {}, error);
  return new AppError(code, { system }, error);
}

/** The code of an error of the operating system ("ENOSPC"), or undefined. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

/** What Node says of files, in our words. */
const SYSTEM_CODES: Readonly<Record<string, Code>> = {
  ENOSPC: 'STORE_DISK_FULL',
  EDQUOT: 'STORE_DISK_FULL',
  EFBIG: 'STORE_DISK_FULL',
  EACCES: 'STORE_READ_ONLY',
  EPERM: 'STORE_READ_ONLY',
  EROFS: 'STORE_READ_ONLY',
  EBUSY: 'STORE_IN_USE',
  ETXTBSY: 'STORE_IN_USE',
  EIO: 'STORE_IO',
  EMFILE: 'STORE_IO',
  ENFILE: 'STORE_IO',
  ENODEV: 'STORE_IO',
  ENXIO: 'STORE_IO',
  ESTALE: 'STORE_IO',
};

function codeFor(sqlite: string): Code {
  // The second: no room for the index of the log, which is made when a file is opened.
  if (sqlite === 'SQLITE_FULL' || sqlite === 'SQLITE_IOERR_SHMSIZE') return 'STORE_DISK_FULL';
  if (isDamage(sqlite)) return 'STORE_DAMAGED';
  const primary = sqlite.split('_', 2).join('_');
  return PRIMARY_CODES[primary] ?? 'INTERNAL';
}

/** By SQLite's primary code; those of damage are told before. */
const PRIMARY_CODES: Readonly<Record<string, Code>> = {
  SQLITE_READONLY: 'STORE_READ_ONLY',
  SQLITE_CANTOPEN: 'STORE_READ_ONLY',
  SQLITE_PERM: 'STORE_READ_ONLY',
  SQLITE_BUSY: 'STORE_IN_USE',
  SQLITE_LOCKED: 'STORE_IN_USE',
  SQLITE_PROTOCOL: 'STORE_IN_USE',
  SQLITE_IOERR: 'STORE_IO',
};

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
