import type { FaultKind } from '../fault-kind.ts';
import { ALWAYS_CHECKED, checkAll } from './checks.ts';
import { MIXED_WORK } from './kills.ts';
import { caseIn } from './with-clinic.ts';
import type { InClinic } from './with-clinic.ts';
import type { Device } from './device.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const YEAR = 365 * 24 * HOUR;

/** By how much two clocks are off, fast and slow. */
const SKEWS: Readonly<Record<string, number>> = {
  '90 s': 90_000,
  '1 h': HOUR,
  '1 y': YEAR,
  '5 y': 5 * YEAR,
};
const SMALL = ['1 h', '5 y'];
/** The night in which the clocks of New York went back, some minutes before. */
const BEFORE_CHANGE = Date.UTC(2026, 10, 1, 5, 58);

/** Two devices whose clocks are wrong in opposite directions, one that jumps, one in a changing night. */
export const clocks: FaultKind = {
  name: 'clocks',
  mustCheck: [...ALWAYS_CHECKED, 'clocks', 'jumps', 'values accounted for'],
  async start(context) {
    const names = Object.keys(SKEWS).filter((name) => !context.sizes.small || SMALL.includes(name));
    return {
      cases: [
        ...names.map((name) =>
          caseIn(context, `±${name}`, (inClinic) => apart(inClinic, SKEWS[name] ?? 0)),
        ),
        caseIn(context, 'jumps and the change of the hour', jumps),
        caseIn(context, 'put right by a month while it sends', month),
      ],
    };
  },
};

async function apart(inClinic: InClinic, skewMs: number): Promise<void> {
  const { found, clinic, small, device } = inClinic;
  const devices = await Promise.all([
    device('fast', { skewMs }),
    device('slow', { skewMs: -skewMs }),
  ]);
  found.checked('clocks', 2);
  await workTogether(inClinic, devices, small ? 15 : 150);
  await checkAll(found, clinic, devices, { stamps: false });
}

async function jumps(inClinic: InClinic): Promise<void> {
  const { found, clinic, rng, small, device } = inClinic;
  const change = BEFORE_CHANGE - Date.now();
  const devices = await Promise.all([
    device('jumping'),
    device('changing-hour', { skewMs: change, env: { TZ: 'America/New_York' } }),
  ]);
  for (let round = 0; round < (small ? 2 : 12); round += 1) {
    const [jumping, changing] = devices;
    await jumping?.setClock(rng.pick([-1, 1]) * rng.pick(Object.values(SKEWS)));
    // A minute a round: over the hour that comes twice.
    await changing?.setClock(change + round * (small ? 4 : 1) * MINUTE);
    found.checked('jumps', 2);
    await workTogether(inClinic, devices, small ? 8 : 40);
  }
  for (const each of devices) await each.setClock(0);
  await checkAll(found, clinic, devices, { stamps: false });
}

/**
 * A clock that is put right by a month while what was made before is being sent: by it, the rights that
 * were told last are too old to work with, and what the server takes must stay on the device all the same.
 */
async function month({ found, clinic, pool, rng, device }: InClinic): Promise<void> {
  const one = await device('month-behind', { skewMs: -30 * 24 * HOUR });
  one.network.cut();
  const order = { seed: rng.uint32(), pool, count: 30, everyMs: 0, stepMs: 0, weights: MIXED_WORK };
  await one.call('work', order);
  one.network.restore();
  await one.call('sync', null);
  await one.until(({ online }) => online, 'has the network back');
  await one.setClock(0);
  found.checked('jumps');
  await checkAll(found, clinic, [one], { stamps: false });
}

/** Half of it with a network, half without. */
async function workTogether(
  { pool, rng }: InClinic,
  devices: readonly Device[],
  count: number,
): Promise<void> {
  const places = pool.places.slice(0, 6);
  const work = (): Promise<unknown> =>
    Promise.all(
      devices.map((device) =>
        device.call('work', {
          seed: rng.uint32(),
          pool: { ...pool, places },
          count,
          everyMs: 5,
          stepMs: 0,
          weights: MIXED_WORK,
        }),
      ),
    );
  await work();
  for (const { network } of devices) network.cut();
  await work();
  for (const device of devices) {
    device.network.restore();
    await device.call('sync', null);
  }
}
