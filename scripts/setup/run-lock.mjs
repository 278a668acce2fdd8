import { rmSync } from 'node:fs';
import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { isAlive } from './atomic-cache.mjs';
import { say } from './progress.mjs';
import { SetupError } from './setup-error.mjs';

const BEAT_MS = 2000;
// A holder that was killed stops beating. Its process id does not always tell: containers reuse
// them, and share a cache folder across hosts.
const STALE_MS = 20_000;
const POLL_MS = 250;

/**
 * Lets one run at a time do the work: `npm start` and `npm test` right after each other on a fresh
 * clone must not both replace node_modules.
 *
 * @template T
 * @param {string} file absolute path of the lock
 * @param {import('./progress.mjs').Log | undefined} log
 * @param {() => Promise<T>} work
 * @param {{ staleMs?: number }} [options] milliseconds without a sign of life after which a lock
 *   is taken over
 * @returns {Promise<T>}
 */
export async function withRunLock(file, log, work, options = {}) {
  await acquire(file, log, options.staleMs ?? STALE_MS);
  const beat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, BEAT_MS);
  beat.unref();
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.off('exit', release);
    release();
  }
}

/**
 * @param {string} file
 * @param {import('./progress.mjs').Log | undefined} log
 * @param {number} staleMs
 */
async function acquire(file, log, staleMs) {
  await makeFolder(path.dirname(file));
  let told = false;
  for (;;) {
    try {
      await writeFile(file, `${hostname()} ${process.pid}`, { flag: 'wx' });
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    if (await isAbandoned(file, staleMs)) {
      await rm(file, { force: true });
      continue;
    }
    if (!told) say(log, 'Waiting for another run that prepares this folder…');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/**
 * @param {string} file
 * @param {number} staleMs
 * @returns {Promise<boolean>}
 */
async function isAbandoned(file, staleMs) {
  try {
    if (Date.now() - (await stat(file)).mtimeMs > staleMs) return true;
    const [host, pid] = (await readFile(file, 'utf8')).split(' ');
    return host === hostname() && pid !== undefined && !isAlive(Number(pid));
  } catch {
    // It was released meanwhile.
    return false;
  }
}

/** @param {string} folder */
async function makeFolder(folder) {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new SetupError(
      `The cache folder ${folder} cannot be made.`,
      'Make it writable, or let XDG_CACHE_HOME name a folder that is.',
      { cause },
    );
  }
}
