import { describeRxStorage } from '../rx-storage.suite.ts';
import { describeContract } from './contract.suite.ts';
import { ENCRYPTED, MEMORY, PLAIN } from './storages.suite.ts';

for (const storage of [MEMORY, PLAIN, ENCRYPTED]) {
  describeRxStorage(storage.name, storage.make);
  describeContract(storage);
}
