import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { glob, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from './paths.ts';

const STAMP = path.join(ROOT, 'out', 'build-stamp');
const SOURCES = [
  'desktop/**/*.{ts,tsx,css,html}',
  'shared/**/*.ts',
  'electron.vite.config.ts',
  'package-lock.json',
];

/**
 * Builds the app into `out/` unless what is there was built from the same sources.
 * @returns true when it was built now
 * @throws Error with the words of the build tool when it fails
 */
export async function buildApp(): Promise<boolean> {
  const stamp = await sourcesHash();
  if (existsSync(STAMP) && (await readFile(STAMP, 'utf8')) === stamp) return false;
  const tool = path.join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js');
  const child = spawn(process.execPath, [tool, 'build', '--logLevel', 'warn'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let words = '';
  child.stdout.on('data', (chunk: Buffer) => (words += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString('utf8')));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`The app could not be built.\n${words}`);
  await writeFile(STAMP, stamp);
  return true;
}

async function sourcesHash(): Promise<string> {
  const files: string[] = [];
  for await (const file of glob(SOURCES, { cwd: ROOT })) files.push(file);
  const hash = createHash('sha256');
  for (const file of files.toSorted()) {
    hash.update(file).update('\0');
    hash.update(await readFile(path.join(ROOT, file)));
  }
  return hash.digest('hex');
}
