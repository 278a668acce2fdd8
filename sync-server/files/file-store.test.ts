import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { STORAGE_PIECE_BYTES, startStorage } from '#stack/storage.ts';
import type { FileStore } from './file-store.ts';
import { createFolderStore } from './folder-store.ts';
import { createSupabaseStore } from './supabase-store.ts';

/** The same claims for every store behind the port. */

const ends: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ends) await end();
});

const KEY = 'sb_secret_for_tests_only';
async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'ganger-files-'));
  ends.push(() => rm(made, { recursive: true, force: true }));
  return made;
}
async function storage() {
  const running = await startStorage({ key: KEY, bucket: 'files' });
  ends.push(() => running.stop());
  return running;
}

const STORES: readonly (readonly [string, () => Promise<FileStore>])[] = [
  ['a folder', async () => createFolderStore(await folder())],
  [
    'Supabase Storage',
    async () => createSupabaseStore({ url: (await storage()).url, key: KEY, bucket: 'files' }),
  ],
];

async function* inChunks(bytes: Buffer, size = 65_537): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'ok';
  } catch (error) {
    return error instanceof AppError ? error.code : (error as Error).message;
  }
};

describe.each(STORES)('%s', (_name, open) => {
  // Below one piece of a resumable upload, one piece exactly, two exactly, and with a rest.
  test.each([1, 300_000, STORAGE_PIECE_BYTES, 2 * STORAGE_PIECE_BYTES, 13_000_001])(
    'gives back %i bytes, whole and in ranges',
    async (size) => {
      const store = await open();
      const bytes = randomBytes(size);
      await store.put('files/ab/one', size, inChunks(bytes));
      expect(await store.size('files/ab/one')).toBe(size);
      expect((await all(store.read('files/ab/one', 0, size))).equals(bytes)).toBe(true);
      const [from, length] = [Math.floor(size / 3), Math.ceil(size / 2)];
      const range = await all(store.read('files/ab/one', from, length));
      expect(range.equals(bytes.subarray(from, from + length))).toBe(true);
    },
  );

  test('keeps nothing of a source that ends badly, and leaves what was there', async () => {
    const store = await open();
    const size = 2 * STORAGE_PIECE_BYTES;
    const before = randomBytes(1_000);
    await store.put('files/ab/kept', 1_000, inChunks(before));
    // All bytes were handed over when it says that they are not what they should be.
    async function* liar(): AsyncGenerator<Buffer> {
      yield* inChunks(randomBytes(size));
      throw new AppError('FILE_HASH_WRONG');
    }
    expect(await codeOf(store.put('files/ab/kept', size, liar()))).toBe('FILE_HASH_WRONG');
    expect(await codeOf(store.put('files/ab/new', size, liar()))).toBe('FILE_HASH_WRONG');
    const short = inChunks(randomBytes(10));
    expect(await codeOf(store.put('files/ab/new', 11, short))).toMatch('another size');
    const long = inChunks(randomBytes(12));
    expect(await codeOf(store.put('files/ab/new', 11, long))).toMatch('another size');
    expect(await store.size('files/ab/new')).toBeNull();
    expect((await all(store.read('files/ab/kept', 0, 1_000))).equals(before)).toBe(true);
  });

  test('writing the same twice, or over what is there, leaves the last', async () => {
    const store = await open();
    for (const size of [500, 500, 700]) {
      const bytes = randomBytes(size);
      await store.put('parts/a/0-500', size, inChunks(bytes));
      expect((await all(store.read('parts/a/0-500', 0, size))).equals(bytes)).toBe(true);
    }
  });

  test('lists what lies directly below a folder, more than a page of it, and removes it', async () => {
    const store = await open();
    const names = Array.from({ length: 130 }, (_, at) => `${at}-1`);
    for (const name of names) await store.put(`parts/x/${name}`, 1, inChunks(Buffer.from('x')));
    await store.put('parts/y/0-1', 1, inChunks(Buffer.from('y')));
    const listed = async (folder: string) => {
      const found = [];
      for await (const entry of store.list(folder)) found.push(entry);
      return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    };
    expect((await listed('parts')).map(({ name, isFolder }) => [name, isFolder])).toEqual([
      ['x', true],
      ['y', true],
    ]);
    const inside = await listed('parts/x');
    expect(inside.map(({ name }) => name)).toEqual(names.toSorted());
    for (const { changedAt } of inside) expect(Date.now() - Number(changedAt)).toBeLessThan(60_000);
    await store.remove(names.map((name) => `parts/x/${name}`));
    await store.remove(['parts/x/0-1', 'parts/nothing/here']);
    expect((await listed('parts')).map(({ name }) => name)).toEqual(['y']);
    expect(await listed('parts/x')).toEqual([]);
    expect(await listed('nothing')).toEqual([]);
  });

  test('what is not there is not found', async () => {
    const store = await open();
    expect(await store.size('files/ab/none')).toBeNull();
    expect(await codeOf(all(store.read('files/ab/none', 0, 10)))).toBe('NOT_FOUND');
  });
});

test('no key leads out of the folder', async () => {
  const store = createFolderStore(await folder());
  for (const key of ['../x', '/x', 'a/../../x', 'a//b', 'A', 'a/.b', '']) {
    expect(await codeOf(store.put(key, 1, inChunks(Buffer.from('x'))))).toMatch('not a key');
  }
});

test('what a kill has left half written is not seen, and goes after a day', async () => {
  const root = await folder();
  const store = createFolderStore(root);
  await store.put('files/ab/whole', 1, inChunks(Buffer.from('x')));
  const left = path.join(root, 'files/ab/half.1234.writing');
  await writeFile(left, 'half');
  const names = async () => {
    const found = [];
    for await (const { name } of store.list('files/ab')) found.push(name);
    return found;
  };
  expect(await names()).toEqual(['whole']);
  expect(await readdir(path.dirname(left))).toHaveLength(2);
  const longAgo = (Date.now() - 25 * 60 * 60_000) / 1000;
  await utimes(left, longAgo, longAgo);
  expect(await names()).toEqual(['whole']);
  expect(await readdir(path.dirname(left))).toEqual(['whole']);
});

test('a storage service that is down is a reason to come back, and tells nobody its key', async () => {
  const running = await storage();
  const store = createSupabaseStore({ url: running.url, key: KEY, bucket: 'files' });
  const bytes = randomBytes(2 * STORAGE_PIECE_BYTES);
  running.failNext('PATCH');
  expect(await codeOf(store.put('files/ab/x', bytes.length, inChunks(bytes)))).toBe('SERVER_BUSY');
  expect(running.objects.size).toBe(0);
  await store.put('files/ab/x', bytes.length, inChunks(bytes));
  expect(running.objects.get('files/ab/x')?.equals(bytes)).toBe(true);
  const wrong = createSupabaseStore({ url: running.url, key: `${KEY}x`, bucket: 'files' });
  const refusal = await wrong.size('files/ab/x').catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'SERVER_BUSY', safe: { status: 403 } });
  expect(JSON.stringify(refusal)).not.toContain(KEY);
  await running.stop();
  expect(await codeOf(store.size('files/ab/x'))).toBe('SERVER_BUSY');
});
