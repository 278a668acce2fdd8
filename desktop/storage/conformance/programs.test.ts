import { describePrograms } from './programs.suite.ts';
import { ENCRYPTED, MEMORY, PLAIN } from './storages.suite.ts';

for (const storage of [MEMORY, PLAIN, ENCRYPTED]) describePrograms(storage);
