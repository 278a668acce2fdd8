import { createHash } from 'node:crypto';
import path from 'node:path';
import { isReady } from './atomic-cache.mjs';
import { hasDisplay } from './display.mjs';
import { ensureElectron } from './electron.mjs';
import { buildNativeModule, nativeBindingFile, needsRebuild } from './native-module.mjs';
import { ensurePackages } from './packages.mjs';
import { cacheRoot, projectNode, repoRoot } from './paths.mjs';
import { say, step } from './progress.mjs';
import { withRunLock } from './run-lock.mjs';
import { whyNoSandbox } from './sandbox.mjs';
import { SetupError } from './setup-error.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

/**
 * @typedef {{ electron?: boolean, redis?: boolean, display?: boolean }} Want
 *   electron: Electron and what it needs; redis: a `redis-server` on the PATH; display: windows
 *   will be opened, so an X server must be at hand where there is no screen
 *
 * @typedef {{
 *   nodePath: string,
 *   electronPath: string | null,
 *   electronVersion: string | null,
 *   nativeBinding: string | null,
 *   env: Record<string, string>,
 * }} Ensured
 *   nodePath: the project's Node 24; electronPath and electronVersion: null unless wanted;
 *   nativeBinding: file for better-sqlite3's option of that name, null when its own binary works;
 *   env: for every process started from here
 */

/**
 * Makes a fresh clone runnable on a host that has Node 20 and npm: packages, Electron, native
 * module, system packages. When all is there it takes a fraction of a second and prints nothing.
 * Without `log` it writes to the terminal, with live progress.
 *
 * @param {{
 *   want?: Want,
 *   log?: import('./progress.mjs').Log | undefined,
 *   root?: string,
 *   cache?: string,
 * }} [options] root and cache: absolute folders, for tests
 * @returns {Promise<Ensured>}
 * @throws {SetupError} with one sentence on what to do, when something cannot be made available
 */
export async function ensureAll(options = {}) {
  const { want = {}, log, root = repoRoot, cache = cacheRoot() } = options;
  requireNode20();
  const clone = createHash('sha256').update(root).digest('hex').slice(0, 12);
  const lock = path.join(cache, `run-${clone}.lock`);
  return withRunLock(lock, log, () => ensureInOrder({ want, log, root, cache }));
}

/**
 * @param {{
 *   want: Want,
 *   log: import('./progress.mjs').Log | undefined,
 *   root: string,
 *   cache: string,
 * }} options
 * @returns {Promise<Ensured>}
 */
async function ensureInOrder({ want, log, root, cache }) {
  await ensurePackages({ root, log });
  const electron = want.electron ? await ensureElectron({ root, cache, log }) : null;
  const where = electron && { root, cache, electronVersion: electron.version };
  const rebuild = where && needsRebuild(where.electronVersion) ? where : null;
  const compiled = rebuild !== null && (await isReady(path.dirname(nativeBindingFile(rebuild))));
  await ensureSystemPackages({
    needs: {
      electron: electron !== null,
      display: Boolean(want.display) && !hasDisplay(),
      redis: Boolean(want.redis),
      compiler: rebuild !== null && !compiled,
    },
    log,
  });
  if (rebuild && !compiled) {
    await step(log, `Compiling SQLite for Electron ${rebuild.electronVersion}`, () =>
      buildNativeModule(rebuild),
    );
  }
  const nativeBinding = rebuild && nativeBindingFile(rebuild);
  const noSandbox = electron && whyNoSandbox(electron.path);
  if (noSandbox && process.getuid?.() !== 0) {
    say(log, `Electron runs without its sandbox: ${noSandbox}.`);
  }
  return {
    nodePath: projectNode(root),
    electronPath: electron?.path ?? null,
    electronVersion: electron?.version ?? null,
    nativeBinding,
    env: {
      ...pathWithBinaries(root),
      // What was compiled once (types taken out of the source included) starts in half the time.
      NODE_COMPILE_CACHE: path.join(root, '.cache', 'compiled'),
      ...electron?.env,
      ...(nativeBinding ? { GANGER_NATIVE_BINDING: nativeBinding } : {}),
      ...(noSandbox ? { GANGER_NO_SANDBOX: '1' } : {}),
    },
  };
}

function requireNode20() {
  if (Number.parseInt(process.versions.node, 10) >= 20) return;
  throw new SetupError(
    `This is Node.js ${process.versions.node}.`,
    'Install Node.js 20 or newer (https://nodejs.org) and start again.',
  );
}

/**
 * @param {string} root
 * @returns {Record<string, string>} the PATH on which `node` is the project's
 */
function pathWithBinaries(root) {
  // On Windows the variable is spelled Path, and must not be given twice.
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const binaries = path.join(root, 'node_modules', '.bin');
  const folders = (process.env[name] ?? '').split(path.delimiter).filter(Boolean);
  const rest = folders.filter((folder) => folder !== binaries);
  return { [name]: [binaries, ...rest].join(path.delimiter) };
}
