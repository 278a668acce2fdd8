import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runNpm } from '../setup/npm.mjs';
import { repoRoot } from '../setup/paths.mjs';

/**
 * What others make and the benches run beside ours is no part of the project: it has a package file
 * of its own and is installed when a bench needs it.
 */
export interface Peers {
  /** Folder with the package file that they are resolved from. */
  readonly folder: string;
  /** Why they cannot be run, or null. */
  readonly missing: string | null;
}

/**
 * Installs peers as their lockfile says, unless they are there. Runs no install scripts.
 * @param source folder of their package file, with a slash at the end
 * @param name of the folder below the cache
 * @param more files beside package file and lockfile
 */
export async function installPeers(
  source: URL,
  name: string,
  more: readonly string[] = [],
): Promise<Peers> {
  const from = fileURLToPath(source);
  const folder = path.join(repoRoot, '.cache', 'bench', name);
  const stamp = path.join(folder, 'installed');
  const files = ['package.json', 'package-lock.json', ...more];
  const content = await Promise.all(files.map((file) => readFile(path.join(from, file))));
  const wanted = createHash('sha256')
    .update(files.join())
    .update(Buffer.concat(content))
    .digest('hex');
  const installed = await readFile(stamp, 'utf8').catch(() => '');
  if (installed === wanted) return { folder, missing: null };
  await mkdir(folder, { recursive: true });
  for (const file of files) await copyFile(path.join(from, file), path.join(folder, file));
  const { code, output } = await runNpm(repoRoot, ['ci', '--ignore-scripts'], { cwd: folder });
  if (code !== 0) {
    const last = output.trim().split('\n').slice(-3).join(' ');
    return { folder, missing: `npm could not install them: ${last}` };
  }
  await writeFile(stamp, wanted);
  return { folder, missing: null };
}
