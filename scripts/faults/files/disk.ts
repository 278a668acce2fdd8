import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CaseResult, FaultKind } from '../fault-kind.ts';

const WORKER = fileURLToPath(new URL('disk-worker.ts', import.meta.url));
const SIZE = '6m';

/** Ways to a mount that nobody else sees; a user namespace needs no privilege where it is allowed. */
const NAMESPACES: readonly (readonly string[])[] = [
  ['unshare', '-rm'],
  ['unshare', '-m'],
];

/** A disk that has no room for a file: on the device, and under the server's folder. */
export const filesDisk: FaultKind = {
  name: 'disk',
  mustCheck: ['times full', 'went on'],
  start({ folder }) {
    const root = path.join(folder, 'small');
    mkdirSync(root);
    const namespace = NAMESPACES.find(([command = '', ...flags]) => {
      const script = `mount -t tmpfs -o size=64k tmpfs '${root}'`;
      return spawnSync(command, [...flags, 'sh', '-c', script], { stdio: 'ignore' }).status === 0;
    });
    if (!namespace) throw new Error('a file system of its own cannot be mounted here');
    const [command = '', ...flags] = namespace;
    const script = `mount -t tmpfs -o size=${SIZE} tmpfs '${root}' && exec "$@"`;
    const run = (site: string): Promise<CaseResult> =>
      new Promise((resolve, reject) => {
        const args = [...flags, 'sh', '-c', script, 'sh', process.execPath, WORKER, root, site];
        const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
        let out = '';
        let problem = '';
        child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
        child.stderr.on('data', (chunk: Buffer) => (problem += chunk.toString()));
        child.once('close', (code) => {
          if (code === 0) resolve(JSON.parse(out) as CaseResult);
          else reject(new Error(problem.slice(0, 600)));
        });
      });
    return Promise.resolve({
      cases: ['device', 'server'].map((name) => ({ name, run: () => run(name) })),
    });
  },
};
