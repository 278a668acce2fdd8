import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { describeCacheStore } from '../testing/cache-store.suite.ts';
import { createMemoryStore } from './memory-store.ts';
import { fits } from './pattern.ts';

const memory = createMemoryStore(() => 1_000);
describeCacheStore('memory', () => memory);

const entry = (value: unknown) => ({ value, freshUntil: 1, until: 1 });

describe('the memory of one process', () => {
  test('holds no more than its limit and drops what was not asked for longest', async () => {
    const store = createMemoryStore(() => 2);
    const at = (key: string) => ({ type: 't', key, tags: [] });
    const put = async (key: string) =>
      store.write(at(key), entry(key), (await store.read(at(key))).mark, 1);
    await put('a');
    await put('b');
    await store.read(at('a'));
    await put('c');
    const left = await Promise.all(['a', 'b', 'c'].map((key) => store.read(at(key))));
    expect(left.map(({ entry: found }) => found?.value)).toEqual(['a', undefined, 'c']);
    expect(store.size).toBe(2);
  });

  test('forgets which tags were dropped only together with what they would have ended', async () => {
    const store = createMemoryStore(() => 10);
    const old = { type: 't', key: 'a', tags: ['x'] };
    const { mark } = await store.read(old);
    await store.drop('t', ['x']);
    for (let n = 0; n < 20_100; n += 1) await store.drop('t', [`other${n}`]);
    await store.write(old, entry('old'), mark, 1);
    expect((await store.read(old)).entry).toBeNull();
    for (let n = 0; n < 40; n += 1) await store.sweep('u', `p${n}`);
    const late = { type: 'u', key: 'p0', tags: [] };
    await store.write(late, entry('old'), mark, 1);
    expect((await store.read(late)).entry).toBeNull();
  });
});

test('a pattern fits as a regular expression of the same meaning would', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '['), maxLength: 8 });
  const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '[', '*'), maxLength: 6 });
  let fitted = 0;
  fc.assert(
    fc.property(patterns, texts, (pattern, text) => {
      const source = pattern.replaceAll(/[.[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*');
      const expected = new RegExp(`^${source}$`, 's').test(text);
      if (expected) fitted += 1;
      expect(fits(pattern, text)).toBe(expected);
    }),
    { numRuns: 3_000 },
  );
  expect(fitted).toBeGreaterThan(20);
});
