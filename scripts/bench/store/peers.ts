import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runNpm } from '../../setup/npm.mjs';
import { repoRoot } from '../../setup/paths.mjs';

/**
 * The stores of others that the bench runs beside ours are no part of the project: they have a
 * package file of their own and are installed when the bench needs them.
 */
const SOURCE = fileURLToPath(new URL('./peers/', import.meta.url));
const TARGET = path.join(repoRoot, '.cache', 'bench', 'store-peers');
const FILES = ['package.json', 'package-lock.json', 'powersync-worker.js'];
const STAMP = path.join(TARGET, 'installed');

export interface Peers {
  /** Folder with the package file that they are resolved from. */
  readonly folder: string;
  /** Why they cannot be run, or null. */
  readonly missing: string | null;
}

/** Installs the peers as their lockfile says, unless they are there. Runs no install scripts. */
export async function installPeers(): Promise<Peers> {
  const content = await Promise.all(FILES.map((name) => readFile(path.join(SOURCE, name))));
  const wanted = createHash('sha256')
    .update(FILES.join())
    .update(Buffer.concat(content))
    .digest('hex');
  const installed = await readFile(STAMP, 'utf8').catch(() => '');
  if (installed === wanted) return { folder: TARGET, missing: null };
  await mkdir(TARGET, { recursive: true });
  for (const name of FILES) await copyFile(path.join(SOURCE, name), path.join(TARGET, name));
  const { code, output } = await runNpm(repoRoot, ['ci', '--ignore-scripts'], { cwd: TARGET });
  if (code !== 0) {
    const last = output.trim().split('\n').slice(-3).join(' ');
    return { folder: TARGET, missing: `npm could not install them: ${last}` };
  }
  await writeFile(STAMP, wanted);
  return { folder: TARGET, missing: null };
}
