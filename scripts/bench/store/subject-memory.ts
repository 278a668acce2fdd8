import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import type { Movement } from './documents.ts';
import { INSTANCE_PARAMS, storageWork } from './subject-storage.ts';
import type { Instance } from './subject-storage.ts';
import type { Subject } from './subject.ts';

/** RxDB's memory storage: what no disk and no cipher cost. */
export function createMemory(): Subject {
  let storage = getRxStorageMemory();
  let instance: Instance | undefined;
  const open = async (): Promise<void> => {
    instance = await storage.createStorageInstance<Movement>(INSTANCE_PARAMS);
  };
  return {
    ...storageWork(() => instance as Instance),
    create: async () => {
      await instance?.remove();
      storage = getRxStorageMemory();
      await open();
    },
    open,
    close: () => Promise.resolve(),
  };
}
