import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultKind } from '../fault-kind.ts';
import type { Rng } from '../../demo-data/rng.ts';
import { ALWAYS_CHECKED, checkAll, checkOwnReads } from './checks.ts';
import type { Device } from './device.ts';
import type { Pool, WorkOrder } from './device-messages.ts';
import { checkReplays } from './replay.ts';
import { caseIn } from './with-clinic.ts';
import type { InClinic } from './with-clinic.ts';

/**
 * Devices and the server are killed with SIGKILL at chance moments while all devices write without a
 * pause; what dies is started again at once.
 */

/** Kills of devices, and as many of the server, in one clinic. */
const KILLS_A_CLINIC = 15;
const DEVICES = 3;

export const MIXED_WORK: WorkOrder['weights'] = {
  bin: 5,
  par: 5,
  packs: 1,
  act: 4,
  count: 1,
  item: 1,
  read: 4,
};

/** Begins to write until told to rest; a kill ends it, and that is no failure. */
export function keepWorking(device: Device, pool: Pool, seed: number, everyMs = 25): void {
  const order = { seed, pool, count: null, everyMs, stepMs: 0, weights: MIXED_WORK };
  device.call('work', order).catch((error: unknown) => {
    const words = error instanceof Error ? error.message : String(error);
    if (!words.includes('SIGKILL')) device.wrongs.push(`stopped working: ${words}`);
  });
}

export const kills: FaultKind = {
  name: 'kills',
  mustCheck: [
    ...ALWAYS_CHECKED,
    'devices killed',
    'servers killed',
    'own reads',
    'reads in the audit',
    'requests repeated',
    'acts with all their rows',
  ],
  async start(context) {
    const { sizes, rng } = context;
    const all = sizes.small ? Math.max(2, Math.ceil(sizes.kills / 2)) : sizes.kills;
    const clinics = Math.ceil(all / KILLS_A_CLINIC);
    const cases = Array.from({ length: clinics }, (_, nth) => {
      const times = Math.min(KILLS_A_CLINIC, all - nth * KILLS_A_CLINIC);
      const serverRng = rng(`server ${nth}`);
      return caseIn(context, `clinic ${nth}`, (inClinic) => killAll(inClinic, serverRng, times));
    });
    return { cases };
  },
};

async function killAll(inClinic: InClinic, serverRng: Rng, times: number): Promise<void> {
  const { found, clinic, pool, rng, small, folder } = inClinic;
  const recordOf = (name: string): string => path.join(folder, `${name}.pushes`);
  const devices = await Promise.all(
    Array.from({ length: small ? 2 : DEVICES }, (_, at) =>
      inClinic.device(`device-${at}`, { recordTo: recordOf(`device-${at}`) }),
    ),
  );
  for (const device of devices) keepWorking(device, pool, rng.uint32());

  const killDevices = async (): Promise<void> => {
    for (let kill = 0; kill < times; kill += 1) {
      const device = rng.pick(devices);
      await sleep(rng.int(30, 700));
      await device.kill();
      found.checked('devices killed');
      await device.start();
      await checkOwnReads(found, device, true);
      keepWorking(device, pool, rng.uint32());
    }
  };
  const killServers = async (): Promise<void> => {
    for (let kill = 0; kill < times; kill += 1) {
      await sleep(serverRng.int(100, 1_500));
      await clinic.server.kill();
      found.checked('servers killed');
      await clinic.server.start();
    }
  };
  await Promise.all([killDevices(), killServers()]);
  for (const device of devices) await device.call('rest', null);
  await checkAll(found, clinic, devices);
  for (const device of devices) {
    await checkReplays(found, clinic, device, recordOf(device.name), rng, 25);
  }
}
