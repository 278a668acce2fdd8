import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/**
 * Version of an installed package.
 *
 * @param {string} root folder of the repository
 * @param {string} name folder in node_modules
 * @returns {string}
 */
export function installedVersion(root, name) {
  const file = path.join(root, 'node_modules', name, 'package.json');
  const manifest = /** @type {{ version: string }} */ (JSON.parse(readFileSync(file, 'utf8')));
  return manifest.version;
}

/**
 * Loads a dependency of one of our dependencies, wherever npm put it.
 *
 * @param {string} root folder of the repository
 * @param {string} owner the package that has it as a dependency; must export its package.json
 * @returns {NodeJS.Require} resolves as the owner does
 */
export function requireNear(root, owner) {
  const fromRoot = createRequire(path.join(root, 'package.json'));
  return createRequire(fromRoot.resolve(`${owner}/package.json`));
}

/**
 * Unpacks what `npm pack` wrote, without its outermost folder.
 *
 * @param {string} root folder of the repository
 * @param {string} file
 * @param {string} folder must exist
 * @returns {Promise<void>}
 */
export async function unpackTarball(root, file, folder) {
  /** @typedef {{ file: string, cwd: string, strip: number }} ExtractOptions */
  const tar = /** @type {{ extract: (options: ExtractOptions) => Promise<void> }} */ (
    requireNear(root, 'node-gyp')('tar')
  );
  await tar.extract({ file, cwd: folder, strip: 1 });
}
