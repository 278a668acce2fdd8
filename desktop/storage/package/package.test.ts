import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import { buildStorage } from '../../../scripts/build-storage.ts';
import { TEST_KEY, temporaryFolder } from '../fixtures.suite.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
// Each step is a process that loads RxDB, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const OTHER_KEY = '3c'.repeat(32);

/** A folder with the package installed in it, and one program. */
let home: string;
let module: string;
let size: number;

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'ganger-package-'));
  module = path.join(home, 'node_modules/rxdb-storage-sqlcipher');
  mkdirSync(module, { recursive: true });
  size = await buildStorage(module);
  for (const name of ['rxdb', 'rxjs', 'better-sqlite3']) {
    symlinkSync(
      path.join(ROOT, 'node_modules', name),
      path.join(home, 'node_modules', name),
      'junction',
    );
  }
  writeFileSync(path.join(home, 'package.json'), '{ "type": "module" }');
  copyFileSync(path.join(import.meta.dirname, 'program.suite.ts'), path.join(home, 'program.ts'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const run = async (step: string, directory: string, key?: string): Promise<unknown> => {
  const args = ['program.ts', step, directory, ...(key === undefined ? [] : [key])];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: home });
  return JSON.parse(stdout) as unknown;
};

const LEFT = { ids: ['h00', 'h20'], count: 29 };

describe('the published package', () => {
  test('is one module that imports rxdb, rxjs, better-sqlite3 and Node alone', () => {
    expect(readdirSync(module).toSorted()).toEqual([
      'README.md',
      'index.d.ts',
      'index.js',
      'package.json',
    ]);
    const text = readFileSync(path.join(module, 'index.js'), 'utf8');
    const imports = [...text.matchAll(/^import [^;]*? from "([^"]+)"/gm)].map(([, from]) => from);
    expect(imports.length).toBeGreaterThan(3);
    const isAllowed = /^(node:.*|rxdb(\/.*)?|rxjs(\/.*)?|better-sqlite3)$/;
    expect(imports.filter((from) => !isAllowed.test(from ?? ''))).toEqual([]);
    expect(text).not.toMatch(/\bimport\(|\brequire\(/);
    expect(size).toBe(Buffer.byteLength(text));
    expect(size).toBeLessThan(150 * 1024);
  });

  test('knows no table of the suite', () => {
    const text = readFileSync(path.join(module, 'index.js'), 'utf8');
    expect(TABLE_NAMES.filter((name) => name.includes('_') && text.includes(name))).toEqual([]);
  });

  test('names in its package.json what it needs', () => {
    const text = readFileSync(path.join(module, 'package.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      name: 'rxdb-storage-sqlcipher',
      dependencies: { 'better-sqlite3': expect.stringContaining('multiple-ciphers') },
      peerDependencies: {
        rxdb: expect.stringMatching(/^~17\.6/),
        rxjs: expect.stringMatching(/^\^7/),
      },
    });
  });
});

describe.each([
  ['encrypted', TEST_KEY],
  ['not encrypted', undefined],
])('a program of another project, its files %s', (_, key) => {
  test('writes, follows, reads again, migrates and removes, each in a process of its own', async () => {
    const directory = path.join(temporaryFolder(), 'made/by the storage');
    expect(await run('write', directory, key)).toEqual({ shown: 2, count: 29 });
    const [file = ''] = readdirSync(directory).filter((name) => name.endsWith('.db'));
    const head = readFileSync(path.join(directory, file)).subarray(0, 15).toString('latin1');
    expect(head === 'SQLite format 3').toBe(key === undefined);
    expect(await run('read', directory, key)).toEqual(LEFT);
    expect(await run('migrate', directory, key)).toEqual(LEFT);
    expect(await run('migrate', directory, key)).toEqual(LEFT);
    expect(await run('remove', directory, key)).toEqual({ removed: true });
    expect(readdirSync(directory).filter((name) => !name.endsWith('-lock'))).toEqual([]);
  });

  test('is refused with another key, and the file stays as it was', async () => {
    const directory = temporaryFolder();
    await run('write', directory, key);
    const wrong = { code: 'STORE_KEY_WRONG', message: 'STORE_KEY_WRONG' };
    expect(await run('read', directory, OTHER_KEY)).toEqual(wrong);
    if (key !== undefined) expect(await run('read', directory)).toEqual(wrong);
    expect(await run('read', directory, 'abc')).toEqual(wrong);
    expect(await run('read', directory, key)).toEqual(LEFT);
  });

  test('is refused while another process has the database open', async () => {
    const directory = temporaryFolder();
    await run('write', directory, key);
    const args = ['program.ts', 'hold', directory, ...(key === undefined ? [] : [key])];
    const holder = spawn(process.execPath, args, { cwd: home, stdio: ['pipe', 'pipe', 'ignore'] });
    onTestFinished(() => void holder.kill('SIGKILL'));
    await once(holder.stdout, 'data');
    expect(await run('read', directory, key)).toMatchObject({ code: 'STORE_IN_USE' });
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(await run('read', directory, key)).toEqual(LEFT);
  });

  test('is told of a file whose first page is damaged', async () => {
    const directory = temporaryFolder();
    await run('write', directory, key);
    const [file = ''] = readdirSync(directory).filter((name) => name.endsWith('.db'));
    writeFileSync(path.join(directory, file), 'not a database');
    expect(await run('read', directory, key)).toMatchObject({ code: 'STORE_DAMAGED' });
  });
});
