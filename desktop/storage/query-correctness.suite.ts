import fc from 'fast-check';
import { getQueryMatcher, getSortComparator } from 'rxdb/plugins/core';
import type { MangoQuery, RxStorage } from 'rxdb/plugins/core';
import { describe, expect, test } from 'vitest';
import { FILLED_NOTE_SCHEMA, insertAll, instanceParams, note } from './fixtures.suite.ts';
import type { AnyInstance } from './fixtures.suite.ts';
import { prepared } from './rx-storage.suite.ts';
import type { StoredDocument } from './storage-types.ts';

/** Values in which SQL and JavaScript differ most easily. */
const TEXTS = ['', 'a', 'A', 'aa', 'b', 'ä', 'z', '\u{1f600}', '\uff5e', 'a\u0001'];
const text = fc.constantFrom(...TEXTS);
const integer = fc.integer({ min: -5, max: 5 });
const fraction = fc.constantFrom(0, 0.1, 0.5, 1, -0.5, 2.25, 0.1234567890123456, 123.4567890123456);
const scalar = fc.oneof(text, integer, fc.boolean(), fc.constant(null));
const category = fc.constantFrom('a', 'b', 'ab', 'zz');

const documents = fc.uniqueArray(
  fc.record(
    {
      id: fc.nat({ max: 40 }).map((n) => `id${n}`),
      cat: category,
      n: integer,
      active: fc.boolean(),
      _deleted: fc.boolean(),
      opt: fc.option(text, { nil: null }),
      weight: fraction,
      list: fc.array(scalar, { maxLength: 3 }),
      nested: fc.record({ b: scalar }, { requiredKeys: [], noNullPrototype: true }),
      any: fc.oneof(
        scalar,
        fc.array(scalar, { maxLength: 2 }),
        fc.record({ b: scalar }, { noNullPrototype: true }),
      ),
    },
    { requiredKeys: ['id', 'cat', 'n', 'active', '_deleted'], noNullPrototype: true },
  ),
  { selector: (document) => document.id, maxLength: 25 },
);

const matcherOf = (value: fc.Arbitrary<unknown>): fc.Arbitrary<Record<string, unknown>> => {
  const plain = fc.oneof(
    fc.record({ $eq: value }),
    fc.record({ $ne: value }),
    fc.record({ $gt: value }),
    fc.record({ $gte: value }),
    fc.record({ $lt: value }),
    fc.record({ $lte: value }),
    fc.record({ $gte: value, $lt: value }),
    fc.record({ $in: fc.array(value, { maxLength: 4 }) }),
    fc.record({ $nin: fc.array(value, { maxLength: 4 }) }),
    fc.record({ $exists: fc.boolean() }),
    fc.record({ $type: fc.constantFrom('string', 'number', 'boolean', 'null', 'array') }),
    fc.record({ $regex: fc.constantFrom('^a', 'a', 'b$'), $options: fc.constantFrom('', 'i') }),
    fc.record({ $mod: fc.tuple(fc.integer({ min: 2, max: 3 }), fc.constantFrom(0, 1)) }),
    fc.record({ $size: fc.nat({ max: 2 }) }),
    fc.record({ $elemMatch: fc.record({ $eq: value }) }),
  ) as fc.Arbitrary<Record<string, unknown>>;
  return fc.oneof(
    { weight: 8, arbitrary: plain },
    { weight: 1, arbitrary: fc.record({ $not: plain }) },
  );
};

const field = fc.oneof(
  fc.tuple(fc.constant('id'), matcherOf(fc.nat({ max: 40 }).map((n) => `id${n}`))),
  fc.tuple(fc.constant('cat'), matcherOf(category)),
  fc.tuple(fc.constant('n'), matcherOf(integer)),
  fc.tuple(fc.constant('active'), matcherOf(fc.boolean())),
  fc.tuple(fc.constant('_deleted'), fc.record({ $eq: fc.boolean() })),
  fc.tuple(fc.constant('opt'), matcherOf(fc.oneof(text, fc.constant(null), integer))),
  fc.tuple(fc.constant('weight'), matcherOf(fraction)),
  fc.tuple(fc.constantFrom('list', 'nested.b', 'any', 'any.b', 'nowhere'), matcherOf(scalar)),
) as fc.Arbitrary<[string, Record<string, unknown>]>;

const flatSelector = fc
  .uniqueArray(field, { selector: ([name]) => name, maxLength: 3 })
  .map((fields) => Object.fromEntries(fields));

const selector = fc.oneof(
  { weight: 4, arbitrary: flatSelector },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        flatSelector,
        fc.constantFrom('$and', '$or', '$nor'),
        fc.array(flatSelector, { minLength: 1, maxLength: 3 }),
      )
      .map(([base, word, branches]) => ({ ...base, [word]: branches })),
  },
);

const direction = fc.constantFrom('asc', 'desc');
/**
 * Fields that hold no lists: RxDB's comparator takes equal lists for a tie although the id follows,
 * and is not transitive between lists and other values.
 */
const SORTABLE = ['id', 'cat', 'n', 'active', 'opt', 'weight', 'nested.b', '_meta.lwt'] as const;
const queryArbitrary = (sortable: readonly string[]) =>
  fc.record(
    {
      selector,
      sort: fc
        .uniqueArray(fc.tuple(fc.constantFrom(...sortable), direction), {
          selector: ([name]) => name,
          minLength: 1,
          maxLength: 3,
        })
        .map((parts) => parts.map(([name, way]) => ({ [name]: way }))),
      skip: fc.nat({ max: 4 }),
      limit: fc.nat({ max: 6 }),
    },
    { requiredKeys: ['selector', 'sort'] },
  ) as unknown as fc.Arbitrary<MangoQuery<Record<string, unknown>>>;

/** What RxDB's own matcher and comparator say, over all documents. */
function answerOf(
  all: readonly StoredDocument[],
  mango: MangoQuery<Record<string, unknown>>,
): { page: unknown[]; total: number } {
  const { query: filled } = prepared(mango);
  const matches = getQueryMatcher(FILLED_NOTE_SCHEMA, filled);
  const compare = getSortComparator(FILLED_NOTE_SCHEMA, filled);
  const found = all
    .filter((document) => matches(document as never))
    .toSorted((a, b) => compare(a as never, b as never) ?? 0)
    .map((document) => document['id']);
  const end = filled.skip + (filled.limit ?? found.length);
  return { page: found.slice(filled.skip, end), total: found.length };
}

export interface CorrectnessOptions {
  /** Changes documents before they are stored. */
  readonly distort?: fc.Arbitrary<Record<string, unknown>>;
  /** Fields to sort by. */
  readonly sortable?: readonly string[];
  readonly runs: number;
}

/**
 * Random queries over random documents give what RxDB's own matcher and sorting give, in order.
 * Some fields are missing, null, lists or of several types.
 */
export function describeQueries(
  name: string,
  makeStorage: () => RxStorage<unknown, never>,
  options: CorrectnessOptions,
): void {
  const { distort = fc.constant({}), sortable = SORTABLE, runs } = options;
  const query = queryArbitrary(sortable);
  let collections = 0;

  describe(`queries of ${name}`, () => {
    test('equal the answer of the matcher and the comparator of RxDB', async () => {
      const storage = makeStorage();
      const property = fc.asyncProperty(
        documents,
        fc.array(distort, { minLength: 25, maxLength: 25 }),
        fc.array(query, { minLength: 6, maxLength: 6 }),
        async (contents, distortions, queries) => {
          collections += 1;
          const instance = (await storage.createStorageInstance(
            instanceParams(`q${collections}`) as never,
          )) as unknown as AnyInstance;
          const all = contents.map((content, at) =>
            note({ ...content, ...distortions[at] }, '1-test', 1_000 + at),
          );
          await insertAll(instance, all);
          for (const mango of queries) {
            const { page, total } = answerOf(all, mango);
            const result = await instance.query(prepared(mango) as never);
            expect(result.documents.map((document) => document['id'])).toEqual(page);
            const unpaged = prepared({ selector: mango.selector ?? {} });
            expect((await instance.count(unpaged as never)).count).toBe(total);
          }
          await instance.remove();
        },
      );
      await fc.assert(property, { numRuns: runs });
    }, 120_000);
  });
}
