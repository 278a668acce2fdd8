import { expect, test } from 'vitest';
import { formatHlc, parseHlc } from '#shared/kernel/hlc.ts';
import { createOriginSeq, createStoredHlc } from './counters.ts';

function memoryKv() {
  const map = new Map<string, string>();
  return {
    get: (key: string) => map.get(key),
    set: (key: string, value: string) => void map.set(key, value),
    delete: (key: string) => void map.delete(key),
  };
}

test('no number of a fact is ever used twice, over any number of crashes', () => {
  const kv = memoryKv();
  const used = new Set<number>();
  for (let run = 0; run < 5; run += 1) {
    const next = createOriginSeq(kv);
    for (let i = 0; i < 150; i += 1) {
      const number = next();
      expect(used.has(number)).toBe(false);
      used.add(number);
    }
  }
});

test('the clock does not go back after a crash, even when the machine clock was set back', () => {
  const kv = memoryKv();
  let now = 1_790_000_000_000;
  const first = createStoredHlc(kv, { now: () => now }, '0123456789ab');
  const before = Array.from({ length: 50 }, () => ((now += 40), first.next())).at(-1) ?? '';
  now -= 86_400_000;
  const second = createStoredHlc(kv, { now: () => now }, '0123456789ab');
  expect(second.next() > before).toBe(true);
});

test('in ordinary life a restart does not push the clock into the future', () => {
  const kv = memoryKv();
  let now = 1_790_000_000_000;
  createStoredHlc(kv, { now: () => now }, '0123456789ab').next();
  now += 60_000;
  const later = createStoredHlc(kv, { now: () => now }, '0123456789ab');
  expect(parseHlc(later.next()).ms).toBe(now);
});

test('what was seen of others is not forgotten by a restart', () => {
  const kv = memoryKv();
  const clock = { now: () => 1_790_000_000_000 };
  const seen = formatHlc({ ms: clock.now() + 60_000, counter: 9, node: '00000000000b' });
  createStoredHlc(kv, clock, '0123456789ab').follow(seen);
  expect(createStoredHlc(kv, clock, '0123456789ab').next() > seen).toBe(true);
});

test('a clock that was years ahead comes back when it is right again, and only then', () => {
  const kv = memoryKv();
  const right = 1_790_000_000_000;
  let now = right + 365 * 86_400_000;
  const hlc = createStoredHlc(kv, { now: () => now }, '0123456789ab');
  hlc.next();
  hlc.settle(right);
  expect(parseHlc(hlc.next()).ms).toBeGreaterThan(right + 300 * 86_400_000);
  now = right;
  hlc.settle(right);
  expect(parseHlc(hlc.next()).ms).toBe(right);
  expect(parseHlc(createStoredHlc(kv, { now: () => now }, '0123456789ab').next()).ms).toBeLessThan(
    right + 5_000,
  );
});

test('a first sync through years of stamps writes its mark once', () => {
  const kv = memoryKv();
  let writes = 0;
  const counted = {
    ...kv,
    set: (key: string, value: string) => ((writes += 1), kv.set(key, value)),
  };
  const clock = { now: () => 1_790_000_000_000 };
  const hlc = createStoredHlc(counted, clock, '0123456789ab');
  for (let day = 1_000; day > 0; day -= 1) {
    const ms = clock.now() - day * 86_400_000;
    hlc.follow(formatHlc({ ms, counter: 0, node: '00000000000b' }));
  }
  expect(writes).toBe(1);
});
