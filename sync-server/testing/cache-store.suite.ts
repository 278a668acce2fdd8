import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { CacheStore, Entry, Place } from '../cache/cache-store.ts';

const entry = (value: unknown): Entry => ({ value, freshUntil: 1_000, until: 2_000 });
const KEEP_MS = 60_000;

/** What every place for values has to do; run over memory and over a real Redis. */
export function describeCacheStore(name: string, open: () => CacheStore): void {
  let nth = 0;
  /** A type of its own for every test: nothing of one reaches another. */
  const fresh = (): { store: CacheStore; at: (key: string, ...tags: string[]) => Place } => {
    nth += 1;
    const type = `${name}-${nth}`;
    return { store: open(), at: (key, ...tags) => ({ type, key, tags }) };
  };
  const put = async (store: CacheStore, place: Place, value: unknown): Promise<void> => {
    const { mark } = await store.read(place);
    await store.write(place, entry(value), mark, KEEP_MS);
  };
  const valueAt = async (store: CacheStore, place: Place): Promise<unknown> =>
    (await store.read(place)).entry?.value;

  describe(`a place for values: ${name}`, () => {
    test('gives back what was put there, with its times, and nothing where nothing is', async () => {
      const { store, at } = fresh();
      expect((await store.read(at('a'))).entry).toBeNull();
      await put(store, at('a', 't'), { n: 1, words: ['é', '"'] });
      await put(store, at('b'), null);
      expect((await store.read(at('a', 't'))).entry).toEqual(entry({ n: 1, words: ['é', '"'] }));
      expect((await store.read(at('b'))).entry).toEqual(entry(null));
      await put(store, at('a', 't'), 2);
      expect(await valueAt(store, at('a', 't'))).toBe(2);
    });

    test('drops by tag what carries it, and nothing else', async () => {
      const { store, at } = fresh();
      await put(store, at('a', 'x', 'y'), 1);
      await put(store, at('b', 'y'), 2);
      await put(store, at('c', 'z'), 3);
      await store.drop(at('').type, ['x', 'unknown']);
      expect(await valueAt(store, at('a', 'x', 'y'))).toBeUndefined();
      expect(await valueAt(store, at('b', 'y'))).toBe(2);
      await store.drop(at('').type, ['y', 'z']);
      expect(await valueAt(store, at('b', 'y'))).toBeUndefined();
      expect(await valueAt(store, at('c', 'z'))).toBeUndefined();
      await put(store, at('c', 'z'), 4);
      expect(await valueAt(store, at('c', 'z'))).toBe(4);
    });

    test('drops of another type leave it alone', async () => {
      const { store, at } = fresh();
      await put(store, at('a', 'x'), 1);
      await store.drop('another', ['x']);
      await store.clear('another');
      await store.sweep('another', '*');
      expect(await valueAt(store, at('a', 'x'))).toBe(1);
    });

    test('sweeps by pattern what fits, also what is special elsewhere, and keeps the rest', async () => {
      const { store, at } = fresh();
      for (const key of ['aa/1', 'aa/2', 'ab/1', 'a[b]?/1', 'aXb/1'])
        await put(store, at(key), key);
      await store.sweep(at('').type, 'aa/*');
      await store.sweep(at('').type, 'a[b]?/*');
      const left = [];
      for (const key of ['aa/1', 'aa/2', 'a[b]?/1']) left.push(await valueAt(store, at(key)));
      expect(left).toEqual([undefined, undefined, undefined]);
      await put(store, at('aa/1'), 'again');
      await put(store, at('ab/1'), 'kept');
      await store.sweep(at('').type, 'aa/*');
      expect(await valueAt(store, at('aa/1'))).toBeUndefined();
      expect(await valueAt(store, at('ab/1'))).toBe('kept');
      await store.sweep(at('').type, '*');
      expect(await valueAt(store, at('ab/1'))).toBeUndefined();
    });

    test.each(['drop', 'sweep', 'clear'] as const)(
      'what began to be read before a %s never counts, whenever it is put down',
      async (how) => {
        const { store, at } = fresh();
        const place = at('a', 'x');
        await put(store, place, 'old');
        const { mark } = await store.read(place);
        if (how === 'drop') await store.drop(place.type, ['x']);
        if (how === 'sweep') await store.sweep(place.type, 'a');
        if (how === 'clear') await store.clear(place.type);
        await turn();
        await store.write(place, entry('old again'), mark, KEEP_MS);
        expect(await valueAt(store, place)).toBeUndefined();
        await put(store, place, 'new');
        expect(await valueAt(store, place)).toBe('new');
        // Nor does a late one push out what came after it for good.
        await store.write(place, entry('old again'), mark, KEEP_MS);
        expect(await valueAt(store, place)).not.toBe('old again');
      },
    );

    test('hundreds of values, half of them dropped by tag', async () => {
      const { store, at } = fresh();
      const place = (n: number): Place => at(`k${n}`, `tag${n % 2}`, `own${n}`);
      await Promise.all(Array.from({ length: 400 }, (_, n) => put(store, place(n), n)));
      await store.drop(at('').type, ['tag0']);
      const values = await Promise.all(
        Array.from({ length: 400 }, (_, n) => valueAt(store, place(n))),
      );
      expect(values).toEqual(Array.from({ length: 400 }, (_, n) => (n % 2 ? n : undefined)));
    });
  });
}
