import type { RxStorageInstance } from 'rxdb/plugins/core';
import { MOVEMENT_SCHEMA } from './documents.ts';
import type { Movement, MovementDocument } from './documents.ts';
import type { Subject } from './subject.ts';

export type Instance = RxStorageInstance<Movement, unknown, unknown>;

/** Key of the bench's files: they hold invented rows only. */
export const BENCH_KEY = '5b'.repeat(32);

export const INSTANCE_PARAMS = {
  databaseInstanceToken: 'bench',
  databaseName: 'bench',
  collectionName: 'bench_movements',
  schema: MOVEMENT_SCHEMA,
  options: {} as Record<string, never>,
  multiInstance: false,
  devMode: false,
};

/** The work of the bench on a storage instance of RxDB, whoever made it. */
export function storageWork(
  instance: () => Instance,
): Omit<Subject, 'create' | 'open' | 'close' | 'settle'> {
  const found = async (query: Parameters<Instance['query']>[0]): Promise<readonly Movement[]> =>
    (await instance().query(query)).documents;
  return {
    insert: async (documents: readonly MovementDocument[]) => {
      const rows = documents.map((document) => ({ document }));
      const { error } = await instance().bulkWrite(rows, 'bench');
      if (error.length > 0) throw new Error(`${error.length} documents were not written`);
    },
    byIds: (ids) => instance().findDocumentsById(ids as string[], false),
    byItem: ({ query }) => found(query),
    allSorted: ({ query }) => found(query),
    between: ({ query }) => found(query),
    countOf: async ({ query }) => (await instance().count(query)).count,
    page: ({ query }) => found(query),
  };
}
