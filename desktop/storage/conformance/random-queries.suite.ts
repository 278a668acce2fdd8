import { normalizeMangoQuery, prepareQuery } from 'rxdb/plugins/core';
import type { RxStorage } from 'rxdb/plugins/core';
import { describe, expect, test } from 'vitest';
import { insertAll, instanceParams, note } from '../fixtures.suite.ts';
import type { AnyInstance } from '../fixtures.suite.ts';
import { Random, makeBatch } from './query-generator.suite.ts';
import type { Batch } from './query-generator.suite.ts';
import { answerOf } from './query-oracle.suite.ts';
import type { OracleQuery } from './query-oracle.suite.ts';

/** Settable, so that a run that failed can be had again. */
export const SEED = Number(process.env['CONFORMANCE_SEED'] ?? Date.now() % 1_000_000_000);
const QUERIES_A_BATCH = 50;

export interface RandomQueries {
  readonly queries: number;
  /** Documents also break their schema and hold what other storages cannot index. */
  readonly wild: boolean;
}

/** Random queries over random documents give what the oracle says, in its order, and its number. */
export function describeRandomQueries(
  name: string,
  makeStorage: () => RxStorage<unknown, never>,
  { queries, wild }: RandomQueries,
): void {
  describe(`random queries of ${name}`, () => {
    test(`${queries} answer as the oracle does (CONFORMANCE_SEED=${SEED})`, async () => {
      const storage = makeStorage();
      let asked = 0;
      for (let batch = 0; asked < queries; batch += 1) {
        const seed = SEED + batch;
        const made = makeBatch(new Random(seed), { documents: 40, queries: QUERIES_A_BATCH, wild });
        asked += await checkBatch(storage, `batch${batch}`, made, seed);
      }
      expect(asked).toBe(queries);
    }, 120_000);
  });
}

async function checkBatch(
  storage: RxStorage<unknown, never>,
  collection: string,
  { schema, documents, queries }: Batch,
  seed: number,
): Promise<number> {
  const instance = (await storage.createStorageInstance(
    instanceParams(collection, schema) as never,
  )) as unknown as AnyInstance;
  const { cat: _cat, n: _n, active: _active, ...bare } = note({ id: '' });
  const stored = documents.map((document) => ({ ...bare, ...document }));
  // As any storage over JSON gives it back.
  await insertAll(instance, structuredClone(stored) as never);
  for (const query of queries) {
    const wanted = answerOf(stored, query);
    const given = await ask(instance, schema, query);
    const shown = `seed ${seed}: ${JSON.stringify(query)}\nindexes ${JSON.stringify(schema.indexes)}`;
    expect(given.page, shown).toEqual(wanted.page);
    expect(given.count, `count, ${shown}`).toBe(wanted.total);
  }
  await instance.remove();
  return queries.length;
}

async function ask(
  instance: AnyInstance,
  schema: Batch['schema'],
  query: OracleQuery,
): Promise<{ page: unknown[]; count: number }> {
  const prepared = (mango: Partial<OracleQuery>) =>
    prepareQuery(schema, normalizeMangoQuery(schema, mango as never)) as never;
  const { documents } = await instance.query(prepared(query));
  // RxDB's memory storage counts without a page.
  const { count } = await instance.count(prepared({ selector: query.selector }));
  return { page: documents.map((document) => document['id']), count };
}
