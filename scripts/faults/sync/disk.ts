import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { FaultKind } from '../fault-kind.ts';
import { namespaceHere } from '../store/disk.ts';
import { ALWAYS_CHECKED, checkAll } from './checks.ts';
import { keepWorking } from './kills.ts';
import { caseIn } from './with-clinic.ts';
import type { InClinic } from './with-clinic.ts';

const SIZE = '96m';

/** The disk of a device is full while it writes and while it pulls what another one writes. */
export const disk: FaultKind = {
  name: 'disk',
  mustCheck: [
    ...ALWAYS_CHECKED,
    'times full',
    'refused for want of room',
    'rows of others meanwhile',
  ],
  async start(context) {
    const root = path.join(context.folder, 'small');
    mkdirSync(root);
    const namespace = namespaceHere(root);
    if (!namespace) {
      throw new Error('a file system of its own cannot be mounted here (Linux, unshare)');
    }
    return {
      cases: [caseIn(context, 'full and empty', (inClinic) => run(inClinic, namespace, root))],
    };
  },
};

async function run(inClinic: InClinic, namespace: readonly string[], root: string): Promise<void> {
  const { found, clinic, pool, rng, small, device } = inClinic;
  const mount = `mount -t tmpfs -o size=${SIZE} tmpfs '${root}' && exec "$@"`;
  const full = await device('small-disk', {
    dataDir: path.join(root, 'device'),
    command: [...namespace, 'sh', '-c', mount, 'sh'],
  });
  const other = await device('other');
  for (let round = 0; round < (small ? 2 : 12); round += 1) {
    await full.call('fill', { root, blocks: round % 3 });
    found.checked('times full');
    const codes: string[] = [];
    for (let nth = 0; nth < 30 && codes.length < 3; nth += 1) {
      await full
        .call('write', {
          table: 'item_locations',
          id: rng.pick(pool.places),
          values: { bin: `full ${round}.${nth}` },
        })
        .catch((error: Error & { code?: string }) => codes.push(error.code ?? error.message));
    }
    for (const code of codes) {
      found.checked('refused for want of room');
      if (code !== 'STORE_DISK_FULL') found.problem(`a write on a full disk: ${code}`);
    }
    const before = other.acks.length;
    await other.call('work', {
      seed: rng.uint32(),
      pool,
      count: 20,
      everyMs: 10,
      stepMs: 0,
      weights: { bin: 1, act: 1, item: 1 },
    });
    found.checked('rows of others meanwhile', other.acks.length - before);
    await full.call('empty', { root });
  }
  keepWorking(full, pool, rng.uint32());
  await new Promise((resolve) => setTimeout(resolve, 500));
  await full.call('rest', null);
  await checkAll(found, clinic, [full, other]);
}
