import type { FaultKind } from '../fault-kind.ts';
import { ALWAYS_CHECKED, checkAll } from './checks.ts';
import { keepWorking, MIXED_WORK } from './kills.ts';
import { caseIn } from './with-clinic.ts';
import type { InClinic } from './with-clinic.ts';
import type { Device } from './device.ts';

/**
 * A machine is cloned from a copy of its folder (an image, a restored virtual machine): two devices
 * with one id, one session, one place in the numbering of facts. Both run on.
 */
export const clone: FaultKind = {
  name: 'clone',
  mustCheck: [...ALWAYS_CHECKED, 'clones', 'values accounted for', 'numbers taken twice'],
  async start(context) {
    return {
      cases: [
        caseIn(context, 'both offline, one after the other', offline),
        caseIn(context, 'both at once', atOnce),
      ],
    };
  },
};

/** The machine and its clone, as they are at the moment of the copy. */
async function cloned(inClinic: InClinic): Promise<readonly [Device, Device]> {
  const { found, clinic, pool, rng, folder, device } = inClinic;
  const one = await device('original');
  await one.call('work', {
    seed: rng.uint32(),
    pool,
    count: 20,
    everyMs: 0,
    stepMs: 0,
    weights: MIXED_WORK,
  });
  await one.until(({ state }) => state === 'synced', 'before the copy');
  await one.stop();
  const dataDir = `${folder}/clone`;
  one.copyTo(dataDir);
  const two = await clinic.device('clone', { dataDir });
  await Promise.all([one.start(), two.start()]);
  found.checked('clones');
  return [one, two];
}

async function offline(inClinic: InClinic): Promise<void> {
  const { found, clinic, pool, rng, small } = inClinic;
  const devices = await cloned(inClinic);
  for (const { network } of devices) network.cut();
  const few = { ...pool, places: pool.places.slice(0, 5), items: pool.items.slice(0, 4) };
  for (const device of devices) {
    await device.call('work', {
      seed: rng.uint32(),
      pool: few,
      count: small ? 40 : 400,
      everyMs: 0,
      stepMs: 0,
      weights: MIXED_WORK,
    });
  }
  for (const device of devices) {
    device.network.restore();
    await device.call('sync', null);
    await device.until(({ waiting }) => waiting === 0, 'sends what it did alone');
  }
  await checkAll(found, clinic, devices);
  await countTaken(inClinic, devices);
}

async function atOnce(inClinic: InClinic): Promise<void> {
  const { found, clinic, pool, rng, small } = inClinic;
  const devices = await cloned(inClinic);
  for (const device of devices) keepWorking(device, pool, rng.uint32());
  await new Promise((resolve) => setTimeout(resolve, small ? 2_000 : 20_000));
  for (const device of devices) await device.call('rest', null);
  await checkAll(found, clinic, devices);
  await countTaken(inClinic, devices);
}

/** What happened counts more than its number: facts whose number was taken are kept without one. */
async function countTaken({ found, clinic }: InClinic, devices: readonly Device[]): Promise<void> {
  const ids = devices.flatMap(({ acks }) => acks.map(({ id }) => id));
  const { rows } = await clinic.admin.query<{ n: number }>(
    `select count(*)::int as n from public.stock_acts
      where id = any($1::uuid[]) and origin_seq is null`,
    [ids],
  );
  found.checked('numbers taken twice', rows[0]?.n ?? 0);
}
