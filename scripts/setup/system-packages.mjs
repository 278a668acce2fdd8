import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { findCommand } from './paths.mjs';
import { say, step } from './progress.mjs';
import { run } from './run.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * @typedef {{ electron?: boolean, display?: boolean, redis?: boolean, compiler?: boolean }} Needs
 *   electron: its libraries; display: an X server for hosts that have none; compiler: for native
 *   modules
 */

/** Programs, by the need for them, with the Debian package that holds each. */
const PROGRAMS = {
  display: { Xvfb: 'xvfb', openbox: 'openbox' },
  redis: { 'redis-server': 'redis-server' },
  compiler: { python3: 'python3', make: 'make', 'g++': 'g++' },
};

// Debian 13 and Ubuntu 24.04 renamed some for the 64-bit time_t.
const ELECTRON_LIBRARIES = [
  ['libgtk-3-0', 'libgtk-3-0t64'],
  ['libnss3'],
  ['libasound2', 'libasound2t64'],
  ['libgbm1'],
];

const POLICY_FILE = '/usr/sbin/policy-rc.d';

/**
 * Makes the system's libraries and programs available that the run needs. On Debian and Ubuntu as
 * root it installs what is missing; otherwise it tells the one command that does. Does nothing on
 * other systems than Linux.
 *
 * @param {{ needs: Needs, log?: import('./progress.mjs').Log | undefined }} options
 * @returns {Promise<void>}
 * @throws {SetupError} when something is missing and cannot be installed from here
 */
export async function ensureSystemPackages({ needs, log }) {
  if (process.platform !== 'linux') return;
  const missing = [...missingPrograms(needs), ...(await missingLibraries(needs))];
  if (missing.length === 0) return;
  const names = missing.map(({ packages }) => packages[0]).join(', ');
  if (!findCommand('apt-get')) {
    const wanted = missing.map(({ program, packages }) => program ?? packages[0]).join(', ');
    throw new SetupError(
      `This system lacks: ${wanted}.`,
      'Install them with the package manager of this system (names are Debian’s), start again.',
    );
  }
  if (process.getuid?.() !== 0) {
    const packages = await resolveNames(missing.map((item) => item.packages));
    throw new SetupError(
      `This system lacks: ${names}.`,
      `Run this once, then start again: sudo apt-get install -y ${packages.join(' ')}`,
    );
  }
  say(log, `This system lacks: ${names}.`);
  await step(log, 'Installing system packages', () => install(missing));
}

/**
 * @typedef {{ program?: string, packages: readonly string[] }} Missing packages: names of the same
 *   package in different releases
 */

/**
 * @param {Needs} needs
 * @returns {Missing[]}
 */
function missingPrograms(needs) {
  const wanted = {
    ...(needs.display ? PROGRAMS.display : {}),
    ...(needs.redis ? PROGRAMS.redis : {}),
    ...(needs.compiler ? PROGRAMS.compiler : {}),
  };
  return Object.entries(wanted)
    .filter(([program]) => !findCommand(program))
    .map(([program, name]) => ({ program, packages: [name] }));
}

/**
 * @param {Needs} needs
 * @returns {Promise<Missing[]>} nothing where the libraries cannot be looked up
 */
async function missingLibraries(needs) {
  if (!needs.electron || !findCommand('dpkg-query')) return [];
  const format = '${db:Status-Abbrev}${Package}\n';
  // It fails when one name is unknown, and still prints the others.
  const result = await run('dpkg-query', ['-W', '-f', format, ...ELECTRON_LIBRARIES.flat()]);
  const installed = new Set(
    result.output
      .split('\n')
      .filter((line) => line.startsWith('ii '))
      .map((line) => line.slice(3).trim()),
  );
  return ELECTRON_LIBRARIES.filter((names) => !names.some((name) => installed.has(name))).map(
    (packages) => ({ packages }),
  );
}

/**
 * Chooses the names that this release knows; the newer one first, for the older may live on as a
 * mere alias of several packages.
 *
 * @param {readonly (readonly string[])[]} packages
 * @returns {Promise<string[]>}
 */
async function resolveNames(packages) {
  const result = await run('apt-cache', ['pkgnames']);
  const known = new Set(result.output.split('\n'));
  return packages.map(
    (names) => names.toReversed().find((name) => known.has(name)) ?? names[0] ?? '',
  );
}

/** @param {readonly Missing[]} missing */
async function install(missing) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Failures (one of several sources is away) matter only when the installation fails too.
  const update = await run('apt-get', ['update', '-q'], { env });
  const packages = await resolveNames(missing.map((item) => item.packages));
  const result = await withoutServices(() =>
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { env }),
  );
  if (result.code !== 0) {
    throw new SetupError(
      'apt-get could not install what is missing.',
      `Run this by hand and look at its messages: apt-get install -y ${packages.join(' ')}`,
      { detail: `${update.code === 0 ? '' : update.output}\n${result.output}` },
    );
  }
  // The server is started by the tests that need it, with their own data, not by the system.
  if (packages.includes('redis-server') && findCommand('systemctl')) {
    await run('systemctl', ['disable', '--now', 'redis-server']);
  }
}

/**
 * Debian starts services right when their package is installed, unless this file forbids it.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withoutServices(work) {
  if (existsSync(POLICY_FILE)) return work();
  await writeFile(POLICY_FILE, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await work();
  } finally {
    await rm(POLICY_FILE, { force: true });
  }
}
