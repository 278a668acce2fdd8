import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from './sql-file.ts';
import { StackError, errorCode } from './stack-error.ts';

/** One file of `supabase/migrations`: `<version>_<name>.sql`. */
export type Migration = {
  version: string;
  name: string;
  file: string;
  sql: string;
  sha256: string;
};

/** The project's `supabase` folder. */
export const SUPABASE_DIR = fileURLToPath(new URL('../../supabase/', import.meta.url));

/**
 * Reads the migrations of a folder in the order in which they apply; none when it is missing.
 * Throws `StackError` for a `.sql` file without a version, or two with the same.
 */
export async function readMigrations(dir: string): Promise<Migration[]> {
  const entries = await readdir(dir).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  const migrations: Migration[] = [];
  for (const file of entries.filter((entry) => entry.endsWith('.sql')).toSorted()) {
    const [, version, name] = /^(\d+)_(.+)\.sql$/.exec(file) ?? [];
    if (version === undefined || name === undefined) {
      throw new StackError(`The migration ${file} must be named <version>_<name>.sql.`);
    }
    if (migrations.some((other) => other.version === version)) {
      throw new StackError(`Two migrations have the version ${version}: rename ${file}.`);
    }
    const sql = await readFile(path.join(dir, file), 'utf8');
    migrations.push({ version, name, file, sql, sha256: sha256(sql) });
  }
  return migrations;
}
