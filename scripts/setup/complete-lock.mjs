// Completes package-lock.json for all systems: node scripts/setup/complete-lock.mjs
//
// A registry that holds the binaries of some systems only makes npm write a lock file that `npm ci`
// then refuses everywhere. Run this after `npm install` behind such a registry; elsewhere it
// changes nothing. The added entries carry no checksum: npm checks them against the registry's.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { repoRoot } from './paths.mjs';

/**
 * @typedef {{
 *   version?: string, optional?: boolean, dev?: boolean, os?: string[], cpu?: string[],
 *   libc?: string[], optionalDependencies?: Record<string, string>,
 * }} LockEntry
 */

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x'];

/**
 * Adds an entry for every binary package that another one names as optional, at one exact version,
 * and that the lock file lacks. A package is one of these when its name tells its system.
 *
 * @param {{ packages: Record<string, LockEntry> }} lock is changed
 * @returns {string[]} names of the added packages
 */
export function completeLock(lock) {
  const added = [];
  for (const entry of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const folder = `node_modules/${name}`;
      const made = lock.packages[folder] ? null : entryFromName(name, version);
      if (!made) continue;
      lock.packages[folder] = { ...made, ...(entry.dev ? { dev: true } : {}), optional: true };
      added.push(name);
    }
  }
  const sorted = Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (added.length > 0) lock.packages = Object.fromEntries(sorted);
  return added;
}

/**
 * @param {string} name e.g. @oxfmt/binding-linux-arm64-musl
 * @param {string} version
 * @returns {LockEntry | null} null when name or version do not tell enough
 */
function entryFromName(name, version) {
  if (!/^\d+\.\d+\.\d+[\w.+-]*$/.test(version)) return null;
  const words = name.split(/[/@-]/);
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  if (!os || !cpu) return null;
  const abi = words.at(-1) ?? '';
  const libc = os !== 'linux' ? null : abi.startsWith('musl') ? 'musl' : 'glibc';
  return {
    version,
    cpu: [cpu],
    ...(libc && /gnu|musl/.test(abi) ? { libc: [libc] } : {}),
    os: [os],
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const file = path.join(repoRoot, 'package-lock.json');
  const lock = /** @type {{ packages: Record<string, LockEntry> }} */ (
    JSON.parse(await readFile(file, 'utf8'))
  );
  const added = completeLock(lock);
  if (added.length > 0) await writeFile(file, `${JSON.stringify(lock, null, 2)}\n`);
  process.stdout.write(`package-lock.json: ${added.length} packages of other systems added\n`);
}
