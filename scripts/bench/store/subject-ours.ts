import { join } from 'node:path';
import { silentLogger } from '#shared/logging/logger.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { getRxStorageSqlite } from '#desktop/storage/rx-storage-sqlite.ts';
import type { SqliteStorageInstance } from '#desktop/storage/sqlite-storage-instance.ts';
import type { Movement } from './documents.ts';
import { BENCH_KEY, INSTANCE_PARAMS, storageWork } from './subject-storage.ts';
import type { Instance } from './subject-storage.ts';
import type { Subject } from './subject.ts';

/** An open store of ours with its one collection. */
export interface OurStore {
  readonly database: EncryptedDatabase;
  readonly instance: SqliteStorageInstance<Movement>;
}

export async function openOurs(folder: string): Promise<OurStore> {
  const file = join(folder, 'store.db');
  const database = openDatabase({ file, key: BENCH_KEY, log: silentLogger });
  const storage = getRxStorageSqlite({ database, log: silentLogger });
  return { database, instance: await storage.createStorageInstance<Movement>(INSTANCE_PARAMS) };
}

/** Our storage as its own process uses it. */
export function createOurs(): Subject {
  let store: OurStore | undefined;
  const open = async (folder: string): Promise<void> => {
    store = await openOurs(folder);
  };
  return {
    ...storageWork(() => store?.instance as unknown as Instance),
    create: open,
    open,
    close: async () => {
      await store?.instance.close();
      store?.database.close();
      store = undefined;
    },
  };
}
