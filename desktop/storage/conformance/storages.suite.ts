import type { RxStorage } from 'rxdb/plugins/core';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { TEST_KEY, temporaryFolder } from '../fixtures.suite.ts';
import { getRxStorageSqlite } from '../package/index.ts';

export type AnyStorage = RxStorage<unknown, never>;

export interface TestedStorage {
  readonly name: string;
  /** A fresh storage without any database. */
  readonly make: () => AnyStorage;
}

export const MEMORY: TestedStorage = {
  name: "RxDB's memory storage",
  make: () => {
    // What is in memory outlives the storage: its databases need names of their own.
    const storage = getRxStorageMemory();
    memories += 1;
    const own = `memory${memories}/`;
    const createStorageInstance = (params: { databaseName: string }) =>
      storage.createStorageInstance({
        ...params,
        databaseName: own + params.databaseName,
      } as never);
    return { ...storage, createStorageInstance } as never;
  },
};
let memories = 0;

export const PLAIN: TestedStorage = {
  name: 'SQLite, not encrypted',
  make: () => getRxStorageSqlite({ directory: temporaryFolder() }) as never,
};
export const ENCRYPTED: TestedStorage = {
  name: 'SQLite with SQLCipher',
  make: () => getRxStorageSqlite({ directory: temporaryFolder(), key: TEST_KEY }) as never,
};
