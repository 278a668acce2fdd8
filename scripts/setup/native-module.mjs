import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { buildOnce } from './atomic-cache.mjs';
import { runNpm } from './npm.mjs';
import { installedVersion, requireNear, unpackTarball } from './packages-inside.mjs';
import { hostNode, projectNode, realPath } from './paths.mjs';
import { run } from './run.mjs';
import { SetupError } from './setup-error.mjs';

// The package's binaries speak Node-API 10, which Electron has since its major version 35.
const FIRST_MAJOR_WITH_NODE_API_10 = 35;
const RECIPE = 1;

/**
 * @param {string} electronVersion e.g. 33.2.1
 * @returns {boolean} whether better-sqlite3's own binaries crash in this Electron
 */
export function needsRebuild(electronVersion) {
  return Number.parseInt(electronVersion, 10) < FIRST_MAJOR_WITH_NODE_API_10;
}

/**
 * @param {{ root: string, cache: string, electronVersion: string }} where
 * @returns {string} file for better-sqlite3's option `nativeBinding` once it is built
 */
export function nativeBindingFile({ root, cache, electronVersion }) {
  const version = installedVersion(root, 'better-sqlite3');
  const target = `${process.platform}-${process.arch}-${RECIPE}`;
  const folder = `better-sqlite3-${version}-electron-${electronVersion}-${target}`;
  return path.join(cache, folder, 'better_sqlite3.node');
}

/**
 * Compiles better-sqlite3 for an Electron whose Node-API is older than 10, from a copy of the
 * package's own sources: node_modules stays as npm made it, for Node itself needs the other binary.
 *
 * @param {{ root: string, cache: string, electronVersion: string }} where
 * @returns {Promise<string>} the file for the option `nativeBinding`
 * @throws {SetupError} when it cannot be compiled
 */
export async function buildNativeModule(where) {
  const file = nativeBindingFile(where);
  await buildOnce(path.dirname(file), async (work) => {
    const source = path.join(work, 'source');
    await copySources(where.root, source);
    await allowOlderNodeApi(path.join(source, 'binding.gyp'));
    const headers = findHeaders(where.root) ?? (await fetchHeaders(where.root, work));
    await compile(where.root, source, headers);
    const compiled = path.join(source, 'build', 'Release', 'better_sqlite3.node');
    const result = path.join(work, 'better_sqlite3.node');
    await rename(compiled, result);
    await tryOut(where.root, result);
    for (const name of await readdir(work)) {
      if (name !== path.basename(result)) await rm(path.join(work, name), { recursive: true });
    }
  });
  return file;
}

/**
 * @param {string} root
 * @param {string} to
 */
async function copySources(root, to) {
  const require = createRequire(path.join(root, 'package.json'));
  const from = path.dirname(require.resolve('better-sqlite3/package.json'));
  await mkdir(to);
  for (const name of ['package.json', 'binding.gyp', 'deps', 'lib', 'src']) {
    await cp(path.join(from, name), path.join(to, name), { recursive: true });
  }
  const nearPackage = requireNear(root, 'better-sqlite3');
  const headers = path.dirname(nearPackage.resolve('node-addon-api/package.json'));
  await cp(headers, path.join(to, 'node_modules', 'node-addon-api'), { recursive: true });
}

/**
 * Without the define the module asks for no fixed Node-API version; what it needs beyond version 9
 * is there as an experiment. The second define keeps the finalizers as they are in version 10.
 *
 * @param {string} gypFile
 */
async function allowOlderNodeApi(gypFile) {
  const before = await readFile(gypFile, 'utf8');
  const after = before.replace(
    "'NAPI_VERSION=10'",
    "'NAPI_EXPERIMENTAL', 'NODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT'",
  );
  if (after === before) {
    throw new SetupError(
      'better-sqlite3 is no longer built the way this script knows.',
      'Look at its binding.gyp and adapt scripts/setup/native-module.mjs.',
    );
  }
  await writeFile(gypFile, after);
}

/**
 * @param {string} root
 * @returns {string | null} a folder with include/node in it; any Node's will do, for Node-API is
 *   the same in all of them
 */
function findHeaders(root) {
  const host = hostNode(root);
  const prefixes = [
    process.env['npm_config_nodedir'],
    host && path.dirname(path.dirname(realPath(host))),
    '/usr/local',
    '/usr',
  ];
  const found = prefixes.find(
    (prefix) => prefix && existsSync(path.join(prefix, 'include', 'node', 'node_api.h')),
  );
  return found ?? null;
}

/**
 * Takes the headers out of the npm package that carries Node itself.
 *
 * @param {string} root
 * @param {string} work
 * @returns {Promise<string>} a folder with include/node in it
 */
async function fetchHeaders(root, work) {
  const name = `node-${process.platform}-${process.arch}@${installedVersion(root, 'node')}`;
  const folder = path.join(work, 'headers');
  await mkdir(folder);
  const packed = await runNpm(root, ['pack', name, '--pack-destination', folder]);
  const archive = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (packed.code !== 0 || !archive) {
    throw new SetupError(
      'The C headers of Node.js, which better-sqlite3 is compiled with, are not here.',
      'Install Node.js with its headers (include/node beside bin/), or Debian’s libnode-dev.',
      { detail: packed.output },
    );
  }
  await unpackTarball(root, path.join(folder, archive), folder);
  return folder;
}

/**
 * @param {string} root
 * @param {string} source
 * @param {string} headers
 */
async function compile(root, source, headers) {
  const require = createRequire(path.join(root, 'package.json'));
  const nodeGyp = path.join(
    path.dirname(require.resolve('node-gyp/package.json')),
    'bin',
    'node-gyp.js',
  );
  const node = projectNode(root);
  const pathVariable = [path.dirname(node), process.env['PATH']].join(path.delimiter);
  const args = [nodeGyp, 'rebuild', '--release', '--force_build=1', `--nodedir=${headers}`];
  const built = await run(node, args, {
    cwd: source,
    // binding.gyp calls `node`.
    env: { ...process.env, PATH: pathVariable, JOBS: 'max' },
  });
  if (built.code !== 0) {
    throw new SetupError(
      'better-sqlite3 could not be compiled for this Electron.',
      'Make sure that python3, make and g++ (with C++20) work, then start again.',
      { detail: built.output },
    );
  }
}

/**
 * Loads the result once, on Node, which has every Node-API version: a file that does not even load
 * must not get into the cache.
 *
 * @param {string} root
 * @param {string} file
 */
async function tryOut(root, file) {
  const script = `
    const Database = require('better-sqlite3');
    const db = new Database(':memory:', { nativeBinding: ${JSON.stringify(file)} });
    if (db.prepare('select 6 * 7 as n').get().n !== 42) throw new Error('wrong result');`;
  const tried = await run(projectNode(root), ['-e', script], { cwd: root });
  if (tried.code !== 0) {
    throw new SetupError(
      'better-sqlite3 was compiled, but the result does not load.',
      'Remove other compilers from the PATH (Debian’s g++ is known to work), then start again.',
      { detail: tried.output },
    );
  }
}
