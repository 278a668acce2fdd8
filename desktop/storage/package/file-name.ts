import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** File systems take 255 bytes, endings included. */
const LONGEST = 120;

/**
 * The file of a database. Any name gives a safe one, and two names never the same: small letters,
 * digits, `_` and `-` stay, anything else is written as `~` and its UTF-16 units in hexadecimal
 * digits (capitals too, since some file systems do not tell them apart); a long name ends in its
 * hash.
 */
export function databaseFile(folder: string, databaseName: string): string {
  const safe = databaseName.replaceAll(/[^a-z0-9_-]/g, (unit) => {
    const code = unit.charCodeAt(0).toString(16).padStart(4, '0');
    return `~${code}`;
  });
  const hash = createHash('sha256').update(Buffer.from(databaseName, 'utf16le')).digest('hex');
  const name =
    safe.length <= LONGEST ? safe : `${safe.slice(0, LONGEST - 33)}~~${hash.slice(0, 32)}`;
  return join(folder, `${name === '' ? '~' : name}.db`);
}
