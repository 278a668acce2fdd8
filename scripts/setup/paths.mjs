import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the repository: the one that holds package.json. */
export const repoRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * Folder for everything that is large, can be made again and must survive `npm ci`: it lies
 * outside the tree, where the system keeps caches.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 * @returns {string} absolute path; the folder need not exist yet
 */
export function cacheRoot(env = process.env, platform = process.platform) {
  const home = env['HOME'] || homedir();
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA'] || path.join(homedir(), 'AppData', 'Local');
    return path.join(local, 'ganger-desktop', 'Cache');
  }
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'ganger-desktop');
  // The XDG rule: a relative path there is invalid and is to be ignored.
  const xdg = env['XDG_CACHE_HOME'];
  const base = xdg && path.isAbsolute(xdg) ? xdg : path.join(home, '.cache');
  return path.join(base, 'ganger-desktop');
}

/**
 * Finds a command on the PATH without starting a process.
 *
 * @param {string} name
 * @param {NodeJS.ProcessEnv} [env]
 * @param {(file: string) => boolean} [accept] further condition, e.g. "not inside node_modules"
 * @returns {string | null} absolute path
 */
export function findCommand(name, env = process.env, accept = () => true) {
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(path.delimiter).filter(Boolean);
  const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`, name] : [name];
  for (const folder of folders) {
    for (const candidate of names) {
      const file = path.join(folder, candidate);
      if (isExecutable(file) && accept(file)) return file;
    }
  }
  return null;
}

/**
 * @param {string} file
 * @returns {boolean}
 */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * The Node that `npm ci` put into node_modules (24), which runs everything but this bootstrap.
 *
 * @param {string} root folder of the repository
 * @returns {string} absolute path; present only after the packages are installed
 */
export function projectNode(root) {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return path.join(root, 'node_modules', 'node', 'bin', name);
}

/**
 * A Node that outlives the replacement of node_modules. npm puts node_modules/.bin first on the
 * PATH, so this very process may run on the Node that `npm ci` is about to delete.
 *
 * @param {string} root folder of the repository
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | null} absolute path
 */
export function hostNode(root, env = process.env) {
  const modules = path.join(root, 'node_modules') + path.sep;
  const outside = (/** @type {string} */ file) => !realPath(file).startsWith(modules);
  const fromNpm = env['npm_node_execpath'];
  if (fromNpm && isExecutable(fromNpm) && outside(fromNpm)) return fromNpm;
  if (isExecutable(process.execPath) && outside(process.execPath)) return process.execPath;
  return findCommand('node', env, outside);
}

/**
 * @param {string} file
 * @returns {string} the path with symbolic links resolved, or as given when it does not exist
 */
export function realPath(file) {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}
