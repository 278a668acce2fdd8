import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { temporaryFolder } from '#desktop/storage/fixtures.suite.ts';
import { LOCK_FILE, lockProfile } from './file-lock.ts';

const HOLDER = fileURLToPath(new URL('lock-holder.suite.ts', import.meta.url));

function codeOf(fn: () => unknown): string {
  try {
    fn();
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
  return 'nothing thrown';
}

test('one process at a time, and a killed one lets go', async () => {
  const folder = temporaryFolder();
  const child = spawn(process.execPath, [HOLDER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  expect(codeOf(() => lockProfile(folder))).toBe('STORE_IN_USE');
  child.kill('SIGKILL');
  await once(child, 'close');
  const lock = lockProfile(folder);
  expect(codeOf(() => lockProfile(folder))).toBe('STORE_IN_USE');
  lock.release();
  lock.release();
  lockProfile(folder).release();
  expect(existsSync(path.join(folder, LOCK_FILE))).toBe(true);
});

// Only root can become somebody who may not write here; for everybody else the folder is made so.
test('a folder without the right to write is told as read-only', async () => {
  const folder = temporaryFolder();
  const child = spawn(process.execPath, [HOLDER, folder, 'unprivileged'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  expect(said.toString()).toBe('STORE_READ_ONLY');
  await once(child, 'close');
});
