import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { FileBox } from './file-box.ts';
import { openFileIndex } from './file-index.ts';
import { openRootKeys } from './root-keys.ts';

const ends: (() => void)[] = [];
afterAll(() => {
  for (const end of ends.splice(0).toReversed()) end();
});

/** A folder that goes with the test file. */
export function folderForTests(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'ganger-device-files-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const dataKey = (): string => randomBytes(32).toString('hex');

export function databaseIn(folder: string, key: string): EncryptedDatabase {
  const file = path.join(folder, 'ganger.db');
  const database = openDatabase({ file, key, log: silentLogger });
  ends.push(() => database.close());
  return database;
}

/** A box over a profile's folder, as a start opens it. */
export function boxIn(folder: string, key: string, limitBytes = 10_000_000, now = Date.now) {
  const database = databaseIn(folder, key);
  const index = openFileIndex(database);
  const files = path.join(folder, 'files');
  const box = new FileBox({
    folder: files,
    index,
    roots: openRootKeys(database, folder, key),
    limitBytes,
    now,
    log: silentLogger,
  });
  return { box, index, database, files };
}

export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

/** Bytes that look like a PDF, and that nobody else has. */
export const pdf = (size: number): Buffer =>
  Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(size - 9)]);

export async function all(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Adds bytes in pieces of an odd size. */
export async function add(box: FileBox, bytes: Uint8Array, piece = 50_001) {
  const adding = await box.add();
  for (let at = 0; at < bytes.length; at += piece) {
    await adding.write(bytes.subarray(at, at + piece));
  }
  return adding.finish();
}

export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
