import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { temporaryFolder } from '#desktop/storage/fixtures.suite.ts';
import { KEY, OTHER_KEY, idsIn, openProfile } from '../backup/fixtures.suite.ts';
import { saltOf } from './examine-file.ts';
import { prepareFile } from './prepare-file.ts';

/** A profile with rows, closed. */
async function closedProfile(): Promise<{ folder: string; file: string }> {
  const folder = path.join(temporaryFolder(), 'profile');
  const { database } = await openProfile(folder, 50);
  database.secureCheckpoint();
  database.close();
  return { folder, file: path.join(folder, 'ganger.db') };
}

const prepare = (folder: string, extra: object = {}) =>
  prepareFile({ folder, key: KEY, mustExist: true, log: silentLogger, ...extra });

test('a whole file is fine, and a missing one is new only where one may be made', async () => {
  const { folder } = await closedProfile();
  expect(prepare(folder)).toBe('fine');
  const empty = temporaryFolder();
  expect(prepare(empty, { mustExist: false })).toBe('new');
  expect(() => prepare(empty)).toThrow(expect.objectContaining({ safe: { damage: 'missing' } }));
});

test('lost first bytes are put back by the salt that was noted, and all rows are there', async () => {
  const { folder, file } = await closedProfile();
  const salt = saltOf(file);
  const bytes = readFileSync(file).fill(0, 0, 16);
  writeFileSync(file, bytes);
  expect(() => prepare(folder)).toThrow('STORE_DAMAGED');
  expect(prepare(folder, { salts: [salt] })).toBe('repaired');
  expect(prepare(folder)).toBe('fine');
  expect(idsIn(folder)).toHaveLength(50);
});

test('a damaged file and a wrong key are told apart, and both leave the file as it is', async () => {
  const { folder, file } = await closedProfile();
  const whole = readFileSync(file);
  expect(() => prepare(folder, { key: OTHER_KEY })).toThrow('STORE_KEY_WRONG');
  expect(readFileSync(file).equals(whole)).toBe(true);
  truncateSync(file, whole.length - 4_096);
  expect(() => prepare(folder)).toThrow(expect.objectContaining({ safe: { damage: 'truncated' } }));
  expect(readFileSync(file).length).toBe(whole.length - 4_096);
});
