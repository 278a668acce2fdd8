import { metaOf } from './definitions.ts';
import { holdsOwnWork } from './newer-file.ts';
import type { EncryptedDatabase } from './open-database.ts';
import { dropStatementsOf } from './table-layout.ts';
import { dropTable, readRegistry } from './table-registry.ts';

export interface UnusedTables {
  /** Gone from the file, with their meta rows. */
  readonly removed: readonly string[];
  /** As they were, since they hold work of this device that the server does not have. */
  readonly kept: readonly string[];
}

/**
 * Removes tables that nobody here uses any more (dropped from the suite, or out of the person's
 * reach) from the file, each with its meta rows in one transaction. A table with a row that is not
 * the server's stays untouched as a whole, in the version it has: what waits in it can still be read
 * and exported, and should the table be used again, it is upgraded from there.
 *
 * None of the tables may be open. `secureCheckpoint` afterwards takes the old pages off the disk.
 * @returns the names of those that were in the file
 */
export function removeUnusedTables(
  database: EncryptedDatabase,
  tables: Iterable<string>,
): UnusedTables {
  const registry = readRegistry(database);
  const removed: string[] = [];
  const kept: string[] = [];
  for (const table of tables) {
    if (!registry.has(table)) continue;
    if (holdsOwnWork(database, table)) {
      kept.push(table);
      continue;
    }
    database.transaction(() => {
      for (const name of [table, metaOf(table)]) {
        if (registry.has(name))
          dropTable(database, { name, dropStatements: dropStatementsOf(name) });
      }
    });
    removed.push(table);
  }
  return { removed, kept };
}
