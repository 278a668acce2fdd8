import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CaseResult, FaultCase, FaultKind } from '../fault-kind.ts';
import { DISK_SITES } from './disk-sites.ts';

/**
 * The disk is full at every place where the store writes: a small file system of its own is filled
 * to the last block, then to the last but one, and so on until the write goes through. Each time:
 * the code that says so, everything as it was, space given back, and the same store goes on.
 */

const WORKER = fileURLToPath(new URL('disk-worker.ts', import.meta.url));
const SIZE = '48m';
/** Sites of the small run: one of each way of writing. */
const SMALL = new Set(['insertOne', 'act', 'creation', 'side log']);

/** Ways to a mount that nobody else sees; a user namespace needs no privilege where it is allowed. */
const NAMESPACES: readonly (readonly string[])[] = [
  ['unshare', '-rm'],
  ['unshare', '-m'],
  ['sudo', '-n', 'unshare', '-m'],
];

/** @returns the command in front of another that gives it such a mount here, or null */
export function namespaceHere(folder: string): readonly string[] | null {
  for (const [command = '', ...flags] of NAMESPACES) {
    const script = `mount -t tmpfs -o size=64k tmpfs '${folder}'`;
    const { status } = spawnSync(command, [...flags, 'sh', '-c', script], { stdio: 'ignore' });
    if (status === 0) return [command, ...flags];
  }
  return null;
}

export const disk: FaultKind = {
  name: 'disk',
  mustCheck: ['times full', 'told STORE_DISK_FULL', 'went on', 'rows'],
  async start({ sizes, folder, rng }) {
    const root = path.join(folder, 'small');
    mkdirSync(root);
    const namespace = namespaceHere(root);
    if (!namespace)
      throw new Error('a file system of its own cannot be mounted here (Linux, unshare)');
    const names = Object.keys(DISK_SITES).filter((name) => !sizes.small || SMALL.has(name));
    const cases = names.map((name): FaultCase => {
      const seed = rng(name).uint32();
      const args = [process.execPath, WORKER, root, name, String(seed)];
      const mount = `mount -t tmpfs -o size=${SIZE} tmpfs '${root}' && exec "$@"`;
      const size = sizes.small ? 'small' : 'full';
      return {
        name,
        run: () => runWorker([...namespace, 'sh', '-c', mount, 'sh', ...args, size]),
      };
    });
    return { cases };
  },
};

function runWorker([command = '', ...args]: readonly string[]): Promise<CaseResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let told = '';
    child.stdout.on('data', (chunk: Buffer) => (told += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
    child.once('close', (code, signal) => {
      const [, json] = /^result (.*)$/m.exec(told) ?? [];
      if (json !== undefined) resolve(JSON.parse(json) as CaseResult);
      else resolve({ checked: {}, problems: [`the process died (${code ?? signal}): ${told}`] });
    });
  });
}
