import type {
  BulkWriteRow,
  RxStorage,
  RxStorageInstance,
  RxStorageInstanceCreationParams,
} from 'rxdb/plugins/core';
import { writeError } from './write-errors.ts';

type AnyInstance = RxStorageInstance<Record<string, unknown>, unknown, unknown>;
type AnyStorage = RxStorage<unknown, unknown>;

/**
 * RxDB's remote storage without its error texts, which hold the whole request with its documents:
 * what fails, fails as an `AppError` with a code.
 * @param name tells storages apart: RxDB closes another database of the same name and storage
 */
export function quietStorage(storage: AnyStorage, name: string): AnyStorage {
  return {
    name,
    rxdbVersion: storage.rxdbVersion,
    async createStorageInstance(params: RxStorageInstanceCreationParams<unknown, unknown>) {
      const instance = await quiet(storage.createStorageInstance(params as never));
      return quietInstance(instance as unknown as AnyInstance);
    },
  } as unknown as AnyStorage;
}

function quietInstance(instance: AnyInstance): AnyInstance {
  const { bulkWrite, findDocumentsById, query, count, cleanup, close, remove } = instance;
  return Object.assign(instance, {
    bulkWrite: (rows: BulkWriteRow<Record<string, unknown>>[], context: string) =>
      quiet(bulkWrite.call(instance, rows, context)),
    findDocumentsById: (ids: string[], deleted: boolean) =>
      quiet(findDocumentsById.call(instance, ids, deleted)),
    query: (prepared: never) => quiet(query.call(instance, prepared)),
    count: (prepared: never) => quiet(count.call(instance, prepared)),
    cleanup: (age: number) => quiet(cleanup.call(instance, age)),
    close: () => quiet(close.call(instance)),
    remove: () => quiet(remove.call(instance)),
  });
}

async function quiet<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw writeError(error);
  }
}
