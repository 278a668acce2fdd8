import { tableBehind } from './definitions.ts';
import type { Definitions } from './definitions.ts';
import type { EncryptedDatabase } from './open-database.ts';
import { isDeviceOnly } from './origin.ts';
import { SUITE_DEFINITIONS } from './suite-definitions.ts';
import { quoted } from './table-layout.ts';
import { readRegistry } from './table-registry.ts';
import { newerFile } from './upgrade-errors.ts';

/**
 * Refuses a file that a newer build has written: one with a table of a later definition than this
 * build knows, or with changes that wait in a table that it does not know at all (and that the suite
 * never had). Going on would misread the one, and say "synced" in spite of the other. Only reads: the
 * file is as it was, and opens again with the newer build.
 *
 * A table that is not known and holds nothing that waits is left as it is.
 * @throws AppError STORE_NEWER, with the name of the table
 */
export function refuseNewerFile(
  database: EncryptedDatabase,
  definitions: Definitions = SUITE_DEFINITIONS,
): void {
  for (const { name, definition: has } of readRegistry(database).values()) {
    const { table } = tableBehind(name);
    const known = definitions.of(table);
    if (known && has > known.version) throw newerFile({ table, has, wants: known.version });
    const isForeign = !known && !isDeviceOnly(name) && !definitions.dropped.has(name);
    if (isForeign && holdsOwnWork(database, name)) throw newerFile({ table, waiting: true });
  }
}

/** True when a table holds rows that came from this device and are not the server's (yet). */
export function holdsOwnWork(database: EncryptedDatabase, table: string): boolean {
  const sql = `select 1 as found from ${quoted(table)} where origin <> 'server' limit 1`;
  return database.read(sql).length > 0;
}
