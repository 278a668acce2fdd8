import { describeRandomQueries } from './random-queries.suite.ts';
import { ENCRYPTED, MEMORY, PLAIN } from './storages.suite.ts';

describeRandomQueries(MEMORY.name, MEMORY.make, { queries: 10_000, wild: false });
describeRandomQueries(ENCRYPTED.name, ENCRYPTED.make, { queries: 10_000, wild: false });
// What breaks its schema RxDB's memory storage cannot index; ours answers as the matcher does.
describeRandomQueries(`${PLAIN.name}, over anything`, PLAIN.make, { queries: 10_000, wild: true });
