import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { repoRoot } from '../../setup/paths.mjs';
import type { MemoryReply } from './memory-process.ts';

const ENTRY = fileURLToPath(new URL('./memory-process.ts', import.meta.url));
const BUNDLE = path.join(repoRoot, '.cache', 'bench', 'store-memory');

/**
 * Fills and asks a store in a process that does nothing else, bundled as the product's is: Node
 * itself takes 50 MB more to run it from its sources. Its young generation is as large as Electron
 * makes it in a utility process (17 MB, measured in Electron 33; Node 24 alone would keep 67).
 */
export async function measureMemory(folder: string, rows: number): Promise<MemoryReply> {
  await mkdir(folder, { recursive: true });
  await rm(BUNDLE, { recursive: true, force: true });
  await build({
    root: repoRoot,
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true, external: ['better-sqlite3'] },
    build: { ssr: ENTRY, outDir: BUNDLE, target: 'node24', minify: true },
  });
  const child = fork(path.join(BUNDLE, 'memory-process.js'), [folder, String(rows)], {
    execArgv: ['--max-semi-space-size=8'],
  });
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('the memory process has failed'))),
  ])) as [MemoryReply];
  return message;
}
