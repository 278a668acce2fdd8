import { describeBuckets } from '../../testing/buckets.suite.ts';
import { createMemoryBuckets } from './memory-buckets.ts';

describeBuckets('memory', () => {
  let now = 0;
  return {
    buckets: createMemoryBuckets(() => now),
    pass: async (ms) => void (now += ms),
  };
});
