import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { copyUnderNewKey } from '#desktop/vault/keys/copy-under-new-key.ts';
import { add, all, boxIn, codeOf, dataKey, folderForTests, pdf, sha256 } from './fixtures.suite.ts';

const filesIn = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name.endsWith('.gf') || name.endsWith('.part'));

test('what is added is read back, and its file says nothing about it', async () => {
  const folder = folderForTests();
  const { box, files } = boxIn(folder, dataKey());
  const bytes = pdf(200_000);
  expect(await add(box, bytes)).toEqual({
    sha256: sha256(bytes),
    size: bytes.length,
    mime: 'application/pdf',
  });
  expect((await all(box.read(sha256(bytes)))).equals(bytes)).toBe(true);
  expect(
    (await all(box.read(sha256(bytes), 100_000, 10))).equals(bytes.subarray(100_000, 100_010)),
  ).toBe(true);
  const [name = ''] = filesIn(files);
  expect(name).toMatch(/^[0-9a-f]{24}\.gf$/);
  expect(readFileSync(path.join(files, name)).includes('%PDF')).toBe(false);
});

test('a program is refused by what it is, a photo by its size, and nothing of them stays', async () => {
  const folder = folderForTests();
  const { box, files } = boxIn(folder, dataKey());
  const program = await box.add();
  expect(await codeOf(program.write(Buffer.concat([Buffer.from('MZ'), randomBytes(100)])))).toBe(
    'FILE_TYPE_REFUSED',
  );
  await program.giveUp();
  const short = await box.add();
  await short.write(Buffer.from('hi'));
  expect(await codeOf(short.finish())).toBe('FILE_TYPE_REFUSED');
  await short.giveUp();
  const photo = await box.add();
  await photo.write(Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(100)]));
  const large = photo.write(new Uint8Array(50 * 1024 * 1024));
  expect(await codeOf(large)).toBe('FILE_TOO_LARGE');
  await photo.giveUp();
  await photo.giveUp();
  expect(await codeOf(photo.write(new Uint8Array(1)))).toBe('NOT_FOUND');
  expect(filesIn(files)).toEqual([]);
});

test('the same bytes twice are one file', async () => {
  const { box, files } = boxIn(folderForTests(), dataKey());
  const bytes = pdf(90_000);
  await add(box, bytes);
  box.release(sha256(bytes));
  await add(box, bytes);
  expect(filesIn(files)).toHaveLength(1);
  // Attached again, they are the only copy again, as far as anybody here knows.
  box.drop(sha256(bytes));
  expect(box.has(sha256(bytes))).toBe(true);
});

test('what was used longest ago makes room, and what the server does not have never', async () => {
  let now = 1_000;
  const { box, files } = boxIn(folderForTests(), dataKey(), 250_000, () => (now += 1));
  const [own, first, second, third] = [pdf(400_000), pdf(100_000), pdf(100_000), pdf(100_000)];
  await add(box, own);
  for (const bytes of [first, second]) {
    await add(box, bytes);
    box.release(sha256(bytes));
  }
  await all(box.read(sha256(first)));
  await add(box, third);
  box.release(sha256(third));
  const here = [own, first, second, third].map((bytes) => box.has(sha256(bytes)));
  expect(here).toEqual([true, true, false, true]);
  expect(filesIn(files)).toHaveLength(3);
});

test('bytes with a wrong hash are not kept', async () => {
  const { box, files } = boxIn(folderForTests(), dataKey());
  const bytes = pdf(150_000);
  const receiving = await box.receive(sha256(bytes), bytes.length);
  await receiving.writer.write(pdf(150_000));
  expect(await codeOf(receiving.finish())).toBe('FILE_HASH_WRONG');
  expect(box.has(sha256(bytes))).toBe(false);
  expect(filesIn(files)).toEqual([]);
});

test('a fetch that was cut short goes on where it stopped, also after a start', async () => {
  const folder = folderForTests();
  const key = dataKey();
  const bytes = pdf(300_000);
  const before = boxIn(folder, key);
  const begun = await before.box.receive(sha256(bytes), bytes.length);
  await begun.writer.write(bytes.subarray(0, 200_000));
  await begun.leave();
  before.database.close();
  const { box } = boxIn(folder, key);
  expect(await box.settle()).toEqual({ lost: [], found: [] });
  const again = await box.receive(sha256(bytes), bytes.length);
  // Three whole chunks of 64 KiB; the one that was not whole comes again.
  expect(again.writer.size).toBe(3 * 65_536);
  await again.writer.write(bytes.subarray(again.writer.size));
  await again.finish();
  expect((await all(box.read(sha256(bytes)))).equals(bytes)).toBe(true);
});

test('a damaged copy is fetched anew, a damaged original stays for who may help', async () => {
  const { box, files } = boxIn(folderForTests(), dataKey());
  for (const isOwn of [true, false]) {
    const bytes = pdf(100_000);
    await add(box, bytes);
    if (!isOwn) box.release(sha256(bytes));
    const name = filesIn(files).find((file) => !damagedBefore.has(file)) ?? '';
    damagedBefore.add(name);
    const file = path.join(files, name);
    const broken = readFileSync(file);
    broken[70_000] = (broken[70_000] ?? 0) ^ 1;
    writeFileSync(file, broken);
    expect(await codeOf(all(box.read(sha256(bytes))))).toBe('FILE_DAMAGED');
    expect(existsSync(file)).toBe(isOwn);
    expect(box.has(sha256(bytes))).toBe(isOwn);
  }
});
const damagedBefore = new Set<string>();

test('a new data key leaves files as they are, and makes another root for new ones', async () => {
  const folder = folderForTests();
  const [oldKey, newKey] = [dataKey(), dataKey()];
  const bytes = pdf(100_000);
  const before = boxIn(folder, oldKey);
  await add(before.box, bytes);
  before.database.secureCheckpoint();
  before.database.close();
  const [name = ''] = filesIn(before.files);
  const sealed = readFileSync(path.join(before.files, name));
  const file = path.join(folder, 'ganger.db');
  const next = `${file}.next`;
  copyUnderNewKey({ file, next, key: oldKey, nextKey: newKey, nativeBinding: null });
  // Killed before the copy of the roots was sealed anew: the database has them.
  rmSync(file);
  writeFileSync(file, readFileSync(next));
  const { box, files } = boxIn(folder, newKey);
  expect((await all(box.read(sha256(bytes)))).equals(bytes)).toBe(true);
  expect(readFileSync(path.join(files, name)).equals(sealed)).toBe(true);
  const later = pdf(70_000);
  await add(box, later);
  const rootOf = (of: string): string => readFileSync(path.join(files, of)).toString('hex', 16, 24);
  const [other = ''] = filesIn(files).filter((of) => of !== name);
  expect(rootOf(other)).not.toBe(rootOf(name));
});

test('when the database is lost, what lies in the folder is found again and counts as the only copy', async () => {
  const folder = folderForTests();
  const key = dataKey();
  const bytes = pdf(100_000);
  const before = boxIn(folder, key);
  await add(before.box, bytes);
  const half = await before.box.add();
  await half.write(pdf(100_000));
  before.database.close();
  for (const name of ['ganger.db', 'ganger.db-wal', 'ganger.db-shm']) {
    rmSync(path.join(folder, name), { force: true });
  }
  const { box, index, files } = boxIn(folder, key);
  expect(box.has(sha256(bytes))).toBe(false);
  expect(await box.settle()).toEqual({ lost: [], found: [sha256(bytes)] });
  expect((await all(box.read(sha256(bytes)))).equals(bytes)).toBe(true);
  expect(index.bytesWith(sha256(bytes))?.isKept).toBe(true);
  expect(filesIn(files)).toHaveLength(1);
});

test('an entry without its file goes, and whoever is told can say so', async () => {
  const folder = folderForTests();
  const { box, files } = boxIn(folder, dataKey());
  const bytes = pdf(100_000);
  await add(box, bytes);
  for (const name of filesIn(files)) rmSync(path.join(files, name));
  expect(box.has(sha256(bytes))).toBe(false);
  expect(await box.settle()).toEqual({ lost: [sha256(bytes)], found: [] });
});

test('a file of a hundred megabytes passes through in pieces', async () => {
  const { box, files } = boxIn(folderForTests(), dataKey(), 1_000_000_000);
  const piece = randomBytes(256 * 1024);
  const adding = await box.add();
  await adding.write(Buffer.from('%PDF-1.7\n'));
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  for (let at = 0; at < 400; at += 1) {
    await adding.write(piece);
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }
  const { size } = await adding.finish();
  expect(size).toBe(400 * piece.length + 9);
  expect(statSync(path.join(files, filesIn(files)[0] ?? '')).size).toBeGreaterThan(size);
  expect(most).toBeLessThan(64 * 1024 * 1024);
});
