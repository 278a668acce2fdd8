import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { silentLogger } from '#shared/logging/logger.ts';
import { instanceParams, insertAll, note } from '#desktop/storage/fixtures.suite.ts';
import type { Definitions } from '#desktop/storage/definitions.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { getRxStorageSqlite } from '#desktop/storage/rx-storage-sqlite.ts';

export const KEY = '2b'.repeat(32);
export const OTHER_KEY = '3c'.repeat(32);
export const USER = '00000000-0000-7000-8000-0000000000a1';
export const PASSPHRASE = 'correct horse battery';

/** A build that knows the one table of these profiles. */
export const definitions: Definitions = {
  of: (table) => (table === 'notes' ? { version: 1, upgrades: {}, fields: {} } : undefined),
  dropped: new Set(),
};

/** A profile folder with an open store of some rows. */
export async function openProfile(folder: string, rows: number, first = 0, key = KEY) {
  mkdirSync(folder, { recursive: true });
  const database = openDatabase({
    file: path.join(folder, 'ganger.db'),
    key,
    log: silentLogger,
  });
  const storage = getRxStorageSqlite({ database, log: silentLogger });
  const notes = await storage.createStorageInstance(instanceParams('notes'));
  await insertAll(
    notes,
    Array.from({ length: rows }, (_, n) =>
      note({ id: `id${first + n}`, opt: 'Quetzal '.repeat(30) }),
    ),
  );
  return { database, storage, notes };
}

/** Ids of all rows of a closed profile. */
export function idsIn(folder: string, key = KEY): string[] {
  const database: EncryptedDatabase = openDatabase({
    file: path.join(folder, 'ganger.db'),
    key,
    mustExist: true,
    log: silentLogger,
  });
  try {
    return database.read<{ id: string }>('select id from notes order by id').map(({ id }) => id);
  } finally {
    database.close();
  }
}
