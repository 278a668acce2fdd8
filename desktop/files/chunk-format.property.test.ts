import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  CHUNK_BYTES,
  HEAD_BYTES,
  chunksOf,
  lengthOnDisk,
  placeOf,
  sizeOfFinished,
} from './chunk-format.ts';
import { all, codeOf, folderForTests } from './fixtures.suite.ts';
import { SealedWriter, readSealed } from './sealed-file.ts';

const folder = folderForTests();
const root = { id: randomBytes(8).toString('hex'), key: randomBytes(32) };
const rootOf = () => root.key;
let files = 0;

async function sealed(text: Buffer): Promise<string> {
  files += 1;
  const file = path.join(folder, `f${files}`);
  const writer = await SealedWriter.create(file, root);
  for (let at = 0; at < text.length; at += 70_000)
    await writer.write(text.subarray(at, at + 70_000));
  await writer.finish();
  return file;
}

/** Sizes around the borders of chunks. */
const Size = fc.oneof(
  fc.integer({ min: 1, max: 300 }),
  fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: -2, max: 2 }))
    .map(([chunks, more]) => chunks * CHUNK_BYTES + more),
);

test('any text comes back, whole and in any range', async () => {
  await fc.assert(
    fc.asyncProperty(
      Size,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(),
      async (size, part, length) => {
        const text = randomBytes(size);
        const file = await sealed(text);
        const bytes = await readFile(file);
        expect(bytes.length).toBe(lengthOnDisk(size));
        expect(sizeOfFinished(bytes.length)).toBe(size);
        expect((await all(readSealed(file, rootOf, size))).equals(text)).toBe(true);
        const from = Math.floor(part * (size - 1));
        const wanted = Math.min(length % (2 * CHUNK_BYTES), size - from);
        const range = await all(readSealed(file, rootOf, size, from, wanted));
        expect(range.equals(text.subarray(from, from + wanted))).toBe(true);
        // Nothing of it stands there in clear.
        if (size > 64) expect(bytes.includes(text.subarray(0, 64))).toBe(false);
      },
    ),
    { numRuns: 40 },
  );
});

/** What can be done to a file of some chunks, without the key. */
type Harm = (bytes: Buffer, other: Buffer, at: number, to: number) => Buffer;
const chunkOf = (bytes: Buffer, at: number): Buffer =>
  bytes.subarray(placeOf(at), Math.min(placeOf(at + 1), bytes.length));
const HARMS: Readonly<Record<string, Harm>> = {
  'a bit turned': (bytes, _other, at) => {
    const out = Buffer.from(bytes);
    out[at % out.length] = (out[at % out.length] ?? 0) ^ (1 << (at % 8));
    return out;
  },
  'cut anywhere': (bytes, _other, at) => bytes.subarray(0, at % bytes.length),
  'cut between two chunks': (bytes, _other, at) =>
    bytes.subarray(0, placeOf(1 + (at % (count(bytes) - 1)))),
  'more behind it': (bytes, other) => Buffer.concat([bytes, other.subarray(0, 20)]),
  'two chunks swapped': (bytes, _other, at, to) => {
    const [a, b] = [at % (count(bytes) - 1), to % (count(bytes) - 1)];
    if (a === b) return bytes.subarray(0, -1);
    const out = Buffer.from(bytes);
    chunkOf(bytes, a).copy(out, placeOf(b));
    chunkOf(bytes, b).copy(out, placeOf(a));
    return out;
  },
  'a chunk left out': (bytes, _other, at) => {
    const gone = at % (count(bytes) - 1);
    return Buffer.concat([bytes.subarray(0, placeOf(gone)), bytes.subarray(placeOf(gone + 1))]);
  },
  'a chunk twice': (bytes, _other, at) => {
    const twice = at % (count(bytes) - 1);
    return Buffer.concat([
      bytes.subarray(0, placeOf(twice + 1)),
      chunkOf(bytes, twice),
      bytes.subarray(placeOf(twice + 1)),
    ]);
  },
  'a chunk of another file': (bytes, other, at) => {
    const out = Buffer.from(bytes);
    const from = at % (count(bytes) - 1);
    chunkOf(other, from).copy(out, placeOf(from));
    return out;
  },
  'the head of another file': (bytes, other) =>
    Buffer.concat([other.subarray(0, HEAD_BYTES), bytes.subarray(HEAD_BYTES)]),
};
const count = (bytes: Buffer): number => chunksOf(sizeOfFinished(bytes.length));

test.each(Object.keys(HARMS))('%s: it is noticed, whatever is read', async (name) => {
  const harm = HARMS[name] as Harm;
  const size = 3 * CHUNK_BYTES + 5_000;
  const [text, other] = [randomBytes(size), randomBytes(size)];
  const [file, otherFile] = [await sealed(text), await sealed(other)];
  const [bytes, otherBytes] = [await readFile(file), await readFile(otherFile)];
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 1_000_000 }), fc.nat({ max: 1_000 }), async (at, to) => {
      const broken = harm(bytes, otherBytes, at, to);
      await writeFile(file, broken);
      const read = readSealed(file, rootOf, size);
      expect(await codeOf(all(read))).toBe('FILE_DAMAGED');
      // Also where somebody says that it is as long as it is now.
      const claimed = sizeIfAny(broken);
      if (claimed !== null) {
        expect(await codeOf(all(readSealed(file, rootOf, claimed)))).toBe('FILE_DAMAGED');
      }
    }),
    { numRuns: 25 },
  );
});

function sizeIfAny(bytes: Buffer): number | null {
  try {
    return sizeOfFinished(bytes.length);
  } catch {
    return null;
  }
}

test('a file that was cut while it was written is gone on with, and is the same in the end', async () => {
  await fc.assert(
    fc.asyncProperty(Size, fc.double({ min: 0, max: 1, noNaN: true }), async (size, part) => {
      const text = randomBytes(size);
      const whole = await readFile(await sealed(text));
      const cut = HEAD_BYTES + Math.floor((whole.length - HEAD_BYTES) * part);
      const file = path.join(folder, `f${(files += 1)}`);
      await writeFile(file, whole.subarray(0, cut));
      const writer = await SealedWriter.resume(file, rootOf);
      expect(writer.size).toBeLessThanOrEqual(size);
      await writer.write(text.subarray(writer.size));
      // What a last chunk was is written anew: it was not known to be the last.
      await writer.finish();
      expect((await all(readSealed(file, rootOf, size))).equals(text)).toBe(true);
    }),
    { numRuns: 40 },
  );
});
