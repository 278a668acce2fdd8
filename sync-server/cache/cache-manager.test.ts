import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { createCacheManager } from './cache-manager.ts';
import type { CacheManager, CacheParts } from './cache-manager.ts';
import { DATA_TYPES, dataTypeOf } from './data-types.ts';
import type { DataTypeName } from './data-types.ts';
import { createMemoryStore } from './memory-store.ts';
import { createSealing } from './sealing.ts';

const AA = '5a000000-0000-4000-8000-0000000000aa';

function open(over: Partial<CacheParts> = {}) {
  let now = 1_000_000;
  const cache = createCacheManager({
    memory: createMemoryStore((type) => dataTypeOf(type as DataTypeName).most),
    shared: null,
    sealed: null,
    clock: { now: () => now },
    log: silentLogger,
    ...over,
  });
  let loads = 0;
  const read = (
    type: DataTypeName,
    key: string,
    tags: readonly string[] = [],
    value: () => unknown = () => `${key}:${loads}`,
  ) =>
    cache.through(type, {
      key,
      tags,
      load: async () => {
        loads += 1;
        return value();
      },
    });
  return { cache, read, loads: () => loads, pass: (ms: number) => void (now += ms) };
}

const rates = (cache: CacheManager, type: DataTypeName) => cache.stats().types[type];

describe('the cache', () => {
  test('reads once, and again when the time of the type is over', async () => {
    for (const type of ['patient', 'medication', 'inventory', 'schedule'] as const) {
      const { read, loads, pass, cache } = open();
      const { freshMs, staleMs } = DATA_TYPES[type];
      expect(await read(type, 'k')).toBe('k:1');
      pass(freshMs - 1);
      expect(await read(type, 'k')).toBe('k:1');
      pass(1 + staleMs);
      expect(await read(type, 'k')).toBe('k:2');
      expect([type, loads()]).toEqual([type, 2]);
      expect(rates(cache, type)).toMatchObject({ hits: 1, misses: 2, fills: 2, hitRate: 1 / 3 });
    }
  });

  test('keeps the times that were decided on', () => {
    const minutes = (type: DataTypeName) => DATA_TYPES[type].freshMs / 60_000;
    expect([minutes('patient'), minutes('medication'), minutes('inventory')]).toEqual([5, 60, 2]);
    expect([minutes('schedule'), minutes('session')]).toEqual([0.5, 24 * 60]);
  });

  test('gives out what is a little old at once and reads it anew behind it', async () => {
    const { read, pass, cache } = open();
    await read('health', 'k');
    pass(DATA_TYPES.health.freshMs);
    expect(await read('health', 'k')).toBe('k:1');
    await turn();
    expect(await read('health', 'k')).toBe('k:2');
    expect(rates(cache, 'health')).toMatchObject({ hits: 2, stale: 1, misses: 1 });
  });

  test('what is a little old is not given out once a change ended it', async () => {
    const { read, pass, cache } = open();
    await read('health', 'k', ['review_items']);
    pass(DATA_TYPES.health.freshMs);
    await cache.committed([{ table: 'review_items', parts: ['org'] }]);
    expect(await read('health', 'k', ['review_items'])).toBe('k:2');
  });

  test('a refresh behind somebody that fails leaves the value until it is gone', async () => {
    const { read, pass } = open();
    await read('health', 'k');
    pass(DATA_TYPES.health.freshMs);
    const broken = () => {
      throw new Error('away');
    };
    expect(await read('health', 'k', [], broken)).toBe('k:1');
    await turn();
    pass(DATA_TYPES.health.staleMs);
    await expect(read('health', 'k', [], broken)).rejects.toThrow('away');
  });

  test('remembers that there is nothing, for less time', async () => {
    const { read, pass, loads, cache } = open();
    const nothing = () => null;
    expect(await read('patient', 'k', [], nothing)).toBeNull();
    expect(await read('patient', 'k', [], nothing)).toBeNull();
    pass(DATA_TYPES.patient.missingMs);
    expect(await read('patient', 'k')).toBe('k:2');
    expect(loads()).toBe(2);
    expect(rates(cache, 'patient')).toMatchObject({ hits: 1, nothing: 1, misses: 2 });
  });

  test('many who ask at once make one read, and all learn that it failed', async () => {
    const { read, loads, cache } = open();
    const all = await Promise.all(Array.from({ length: 20 }, () => read('patient', 'k')));
    expect([new Set(all).size, loads(), rates(cache, 'patient').joined]).toEqual([1, 1, 19]);
    const broken = () => {
      throw new Error('away');
    };
    const failed = await Promise.allSettled(
      Array.from({ length: 5 }, () => read('patient', 'other', [], broken)),
    );
    expect(failed.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'rejected'));
    expect(await read('patient', 'other')).toBe('other:3');
  });

  test('who asks after a change does not get what began to be read before it', async () => {
    const { cache } = open();
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const at = { key: 'k', tags: ['patients#1'] };
    const before = cache.through('patient', { ...at, load: () => gate.then(() => 'before') });
    await turn();
    await cache.committed([{ table: 'patients', parts: ['window'], ids: ['1'] }]);
    expect(await cache.through('patient', { ...at, load: async () => 'after' })).toBe('after');
    release();
    expect(await before).toBe('before');
    expect(await cache.get('patient', at)).toBe('after');
  });

  test('a change ends what depends on the row, the part or the table, and no more', async () => {
    const { read, cache } = open();
    const tags = {
      row1: ['patients#1'],
      row2: ['patients#2'],
      all: ['patients'],
      both: ['patients#1', 'patients#2'],
    };
    const seen = async () => {
      const left = [];
      for (const [key, of] of Object.entries(tags)) {
        if ((await cache.get('patient', { key, tags: of })) !== undefined) left.push(key);
      }
      return left;
    };
    const fill = async () => {
      for (const [key, of] of Object.entries(tags)) await read('patient', key, of);
    };
    await fill();
    await cache.committed([{ table: 'patients', parts: ['window'], ids: ['1'] }]);
    expect(await seen()).toEqual(['row2']);
    await fill();
    await cache.committed([{ table: 'patients', parts: ['window'] }]);
    expect(await seen()).toEqual([]);
    await read('schedule', 'AA', [`appointments/loc:${AA}`], () => 'here');
    await cache.committed([{ table: 'appointments', parts: ['loc:elsewhere'] }]);
    expect(await cache.get('schedule', { key: 'AA', tags: [`appointments/loc:${AA}`] })).toBe(
      'here',
    );
    await cache.committed([{ table: 'appointments', parts: [`loc:${AA}`] }]);
    expect(
      await cache.get('schedule', { key: 'AA', tags: [`appointments/loc:${AA}`] }),
    ).toBeUndefined();
  });

  test('ends by pattern', async () => {
    const { read, cache } = open();
    await read('inventory', 'AA/1');
    await read('inventory', 'WX/1');
    await cache.invalidate('inventory:AA/*');
    expect(await cache.get('inventory', { key: 'AA/1', tags: [] })).toBeUndefined();
    expect(await cache.get('inventory', { key: 'WX/1', tags: [] })).toBe('WX/1:2');
    await expect(cache.invalidate('nothing:AA')).rejects.toThrow(TypeError);
  });

  test('a value may count for less time than its type says', async () => {
    const { cache, pass } = open();
    const wanted = { key: 'k', tags: [], load: async () => 'v', freshMs: () => 10 };
    await cache.through('session', wanted);
    pass(9);
    expect(await cache.get('session', wanted)).toBe('v');
    pass(1);
    expect(await cache.get('session', wanted)).toBeUndefined();
    await cache.through('session', { ...wanted, freshMs: () => -5 });
    expect(await cache.get('session', wanted)).toBeUndefined();
  });

  test('tells of every look-up what it came to', async () => {
    const told: string[] = [];
    const { read, pass } = open({ onLookup: (type, outcome) => told.push(`${type} ${outcome}`) });
    await read('health', 'k');
    await read('health', 'k');
    pass(DATA_TYPES.health.freshMs);
    await read('health', 'k');
    expect(told).toEqual(['health miss', 'health hit', 'health stale']);
  });

  test('what was not heard ends what lies in the process, but not who somebody is', async () => {
    const { read, cache } = open();
    await read('screen', 'k', ['users']);
    await read('session', 'k');
    await cache.forget();
    expect(await cache.get('screen', { key: 'k', tags: ['users'] })).toBeUndefined();
    expect(await cache.get('session', { key: 'k', tags: [] })).toBe('k:2');
  });
});

describe('a shared place', () => {
  const shared = () => {
    const store = createMemoryStore(() => 100);
    let trusted = true;
    let broken = false;
    const failures: unknown[] = [];
    const refusing = new Proxy(store, {
      get: (target, name) =>
        broken
          ? async () => {
              throw new Error('away');
            }
          : Reflect.get(target, name),
    });
    return {
      place: {
        store: refusing,
        isTrusted: () => trusted,
        missed: () => failures.push('missed'),
        failed: (error: unknown) => failures.push(error),
        stop: () => undefined,
      },
      failures,
      trust: (yes: boolean) => void (trusted = yes),
      breakIt: (yes: boolean) => void (broken = yes),
    };
  };

  test('that is not trusted, or fails, is passed by, and everybody gets the truth', async () => {
    const { place, failures, trust, breakIt } = shared();
    const { read, cache, loads } = open({ shared: place });
    await read('inventory', 'k', ['item_locations']);
    trust(false);
    expect(await read('inventory', 'k', ['item_locations'])).toBe('k:2');
    await cache.committed([{ table: 'item_locations', parts: ['org'] }]);
    expect(failures).toEqual(['missed']);
    trust(true);
    breakIt(true);
    expect(await read('inventory', 'k', ['item_locations'])).toBe('k:3');
    await cache.committed([{ table: 'item_locations', parts: ['org'] }]);
    expect(failures.length).toBe(3);
    expect(loads()).toBe(3);
    expect(rates(cache, 'inventory')).toMatchObject({ hits: 0, passed: 2 });
  });

  test('gets no PHI without a seal, and under a seal neither value nor name can be read', async () => {
    const { place } = shared();
    const open1 = open({ shared: place });
    await open1.read('patient', 'Jane Roe/1', [], () => ({ name: 'Jane Roe' }));
    expect(await place.store.read({ type: 'patient', key: 'Jane Roe/1', tags: [] })).toMatchObject({
      entry: null,
    });
    expect(rates(open1.cache, 'patient').passed).toBe(1);

    const names: string[] = [];
    const sealing = createSealing('ab'.repeat(32));
    const watched = {
      ...place.store,
      read: (at: { key: string; tags: readonly string[]; type: string }) => {
        names.push(at.key, ...at.tags);
        return place.store.read(at);
      },
    };
    const second = open({
      shared: place,
      sealed: { ...place, store: watched, nameOf: sealing.nameOf },
    });
    await second.read('patient', 'Jane Roe/1', ['patients#Jane Roe']);
    await second.read('patient', 'Jane Roe/1', ['patients#Jane Roe']);
    expect(rates(second.cache, 'patient').hits).toBe(1);
    expect(names.join()).not.toMatch(/Jane|Roe|patients/);
    await second.cache.invalidate('patient:Jane Roe/*');
    await second.read('patient', 'Jane Roe/1', ['patients#Jane Roe']);
    expect(rates(second.cache, 'patient').hits).toBe(1);
  });
});

describe('a seal', () => {
  const sealing = createSealing('ab'.repeat(32));
  test('opens for the place that it was made for only, and not when it was changed', () => {
    const sealed = sealing.wrap('secret', 'here');
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('secret');
    expect(sealing.unwrap(sealed, 'here')).toBe('secret');
    expect(sealing.unwrap(sealed, 'there')).toBeNull();
    expect(createSealing('cd'.repeat(32)).unwrap(sealed, 'here')).toBeNull();
    const bytes = Buffer.from(sealed, 'base64');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(sealing.unwrap(changed.toString('base64'), 'here')).toBeNull();
    }
    expect(sealing.unwrap('', 'here')).toBeNull();
  });

  test('names are the same for the same key, part by part, and say nothing', () => {
    expect(sealing.nameOf('a/b')).toBe(`${sealing.nameOf('a')}/${sealing.nameOf('b')}`);
    expect(sealing.nameOf('a/*')).toBe(`${sealing.nameOf('a')}/*`);
    expect(createSealing('cd'.repeat(32)).nameOf('a')).not.toBe(sealing.nameOf('a'));
  });
});
