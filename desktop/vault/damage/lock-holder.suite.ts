// Runs as a process of its own (see file-lock.test.ts): holds a profile's lock until it is killed, or
// tries to in a folder that it may not write to, and tells how that ended.
import { chmodSync } from 'node:fs';
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { toAppError } from '#shared/errors/app-error.ts';
import { lockProfile } from './file-lock.ts';

const [, , folder = '', how = ''] = process.argv;
if (how === 'unprivileged') {
  chmodSync(folder, 0o555);
  if (process.getuid?.() === 0) process.setuid?.(65_534);
}
try {
  const lock = lockProfile(folder);
  writeSync(1, 'held');
  if (how !== 'unprivileged') await sleep(60_000);
  lock.release();
} catch (error) {
  writeSync(1, toAppError(error).code);
}
