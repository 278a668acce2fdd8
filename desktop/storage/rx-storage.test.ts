import fc from 'fast-check';
import type { RxStorage } from 'rxdb/plugins/core';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { testStore } from './fixtures.suite.ts';
import { describeQueries } from './query-correctness.suite.ts';
import { describeRxStorage } from './rx-storage.suite.ts';

const memory = (): RxStorage<unknown, never> => getRxStorageMemory() as never;
const sqlite = (): RxStorage<unknown, never> => testStore().storage as never;

describeRxStorage('memory storage', memory);
describeRxStorage('SQLite storage', sqlite);

describeQueries('memory storage', memory, { runs: 60 });
describeQueries('SQLite storage', sqlite, { runs: 200 });

// Documents that do not follow their schema never come from our own code; a query must not go wrong
// over them all the same. RxDB's memory storage cannot index such values.
const misfit = fc.record(
  {
    cat: fc.constantFrom(null, 1, 'a\u0000b', '\ud800', '\u{1f600}', '\uff5e'),
    n: fc.constantFrom(null, 'a', 0.5, 2 ** 60, -0),
    active: fc.constantFrom(null, 'true', 1),
    opt: fc.constantFrom(undefined, 7, true),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const list = fc.record(
  {
    cat: fc.constantFrom(['a'], ['b', 1], { b: 1 }),
    n: fc.constantFrom([1], [], [[1, 2]]),
    opt: fc.constantFrom({ b: 1 }, ['a'], [null]),
  },
  { requiredKeys: [], noNullPrototype: true },
);
describeQueries('SQLite storage with values of wrong types', sqlite, {
  distort: misfit,
  runs: 150,
});
describeQueries('SQLite storage with lists and objects in scalar fields', sqlite, {
  distort: list,
  sortable: ['id'],
  runs: 100,
});
