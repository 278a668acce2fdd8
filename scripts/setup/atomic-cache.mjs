import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The last file written into a cache folder; one without it is half-made and worth nothing. */
export const READY_FILE = '.ganger-ready.json';

/**
 * @param {string} folder
 * @returns {Promise<boolean>} whether the folder is complete
 */
export async function isReady(folder) {
  try {
    JSON.parse(await readFile(path.join(folder, READY_FILE), 'utf8'));
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes a cache folder at most once. The work happens in a folder beside it, which gets the right
 * name only when everything is in place: a kill in the middle leaves nothing that looks ready, and
 * of two runs at the same time the first to finish wins.
 *
 * @param {string} folder absolute path of the finished folder
 * @param {(work: string) => Promise<void>} build fills the empty folder that it is given; paths
 *   inside must not depend on that folder's name
 * @returns {Promise<void>}
 */
export async function buildOnce(folder, build) {
  if (await isReady(folder)) return;
  await mkdir(path.dirname(folder), { recursive: true });
  await sweepLeftovers(folder);
  const work = `${folder}.tmp-${process.pid}`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work);
  try {
    await build(work);
    await writeFile(path.join(work, READY_FILE), `${JSON.stringify({ madeAt: new Date() })}\n`);
    if (await isReady(folder)) return;
    await rm(folder, { recursive: true, force: true });
    await rename(work, folder);
  } catch (error) {
    // Another run may have put its finished folder there between our look and our rename.
    if (!(await isReady(folder))) throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * Removes the work folders of runs that were killed: they can hold a gigabyte.
 *
 * @param {string} folder
 */
async function sweepLeftovers(folder) {
  const prefix = `${path.basename(folder)}.tmp-`;
  for (const name of await readdir(path.dirname(folder))) {
    if (!name.startsWith(prefix) || isAlive(Number(name.slice(prefix.length)))) continue;
    await rm(path.join(path.dirname(folder), name), { recursive: true, force: true });
  }
}

/**
 * @param {number} pid
 * @returns {boolean} whether such a process runs on this host
 */
export function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
