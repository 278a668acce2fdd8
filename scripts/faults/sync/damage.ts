import { readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Rng } from '../../demo-data/rng.ts';
import type { FaultKind } from '../fault-kind.ts';
import { ALWAYS_CHECKED, checkAll } from './checks.ts';
import type { Device } from './device.ts';
import { caseIn } from './with-clinic.ts';
import type { InClinic } from './with-clinic.ts';

/**
 * Bits turned, files cut, keys lost: what each does to a file is counted by `npm run faults -- store`,
 * hundreds of times. Here once a kind with a real server: the profile is loaded again, and what the
 * server did not have yet comes back from the side log.
 */
export const damage: FaultKind = {
  name: 'damage',
  mustCheck: [...ALWAYS_CHECKED, 'loaded again', 'writes that only the device had'],
  async start(context) {
    return {
      cases: Object.entries(HARMS).map(([name, harm]) =>
        caseIn(context, name, (inClinic) => run(inClinic, harm)),
      ),
    };
  },
};

interface Harm {
  readonly do: (device: Device, rng: Rng) => void;
  /** The side log is under the same key: when that is lost, what only the device had is, too. */
  readonly keepsKey: boolean;
}

const fileOf = ({ dataDir, person }: Device): string =>
  path.join(dataDir, 'profiles', person.id, 'ganger.db');

const HARMS: Readonly<Record<string, Harm>> = {
  'bits turned': {
    keepsKey: true,
    do(device, rng) {
      const bytes = readFileSync(fileOf(device));
      // Every page of the second half, so that the damage is met at once.
      for (let at = bytes.length >> 1; at < bytes.length; at += 4_096) {
        const hit = Math.min(bytes.length - 1, at + rng.int(0, 4_000));
        bytes[hit] = (bytes[hit] ?? 0) ^ (1 << rng.int(0, 7));
      }
      writeFileSync(fileOf(device), bytes);
    },
  },
  'a file cut short': {
    keepsKey: true,
    do(device) {
      truncateSync(fileOf(device), statSync(fileOf(device)).size >> 1);
    },
  },
  'a lost key': {
    keepsKey: false,
    do({ dataDir }) {
      for (const name of readdirSync(path.join(dataDir, 'keys'))) {
        if (name.startsWith('vault-')) rmSync(path.join(dataDir, 'keys', name));
      }
    },
  },
};

async function run(inClinic: InClinic, harm: Harm): Promise<void> {
  const { found, clinic, pool, rng, device } = inClinic;
  const one = await device('harmed');
  const order = { pool, everyMs: 0, stepMs: 0, weights: { bin: 2, par: 1, act: 2 } };
  await one.call('work', { ...order, seed: rng.uint32(), count: 20 });
  await one.until(({ state }) => state === 'synced', 'before the damage');
  const sent = one.acks.length;
  one.network.cut();
  await one.call('work', { ...order, seed: rng.uint32(), count: 20 });
  await one.stop();
  harm.do(one, rng);
  await one.start();
  const { auth, problem } = await one.status();
  if (auth !== 'stuck') found.problem(`after the damage: ${auth}, ${problem}`);
  one.network.restore();
  const code = await one.call('ask', { call: 'profile.reload', arg: {} });
  if (code !== 'ok') found.problem(`loading again: ${code}`);
  found.checked('loaded again');
  const alone = one.acks.splice(harm.keepsKey ? one.acks.length : sent);
  found.checked('writes that only the device had', harm.keepsKey ? one.acks.length - sent : 0);
  if (alone.length > 0) {
    // Without its key nothing of the machine can be read: said, set aside, never overwritten.
    const aside = readdirSync(path.join(one.dataDir, 'set-aside'));
    if (aside.length === 0) found.lost('the files were not set aside');
  }
  await checkAll(found, clinic, [one], { stamps: false });
}
