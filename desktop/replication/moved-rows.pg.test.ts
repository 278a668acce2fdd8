import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { SITE } from '#server/testing/rig.suite.ts';
import { until } from './testing/clinic.suite.ts';
import type { Device } from './testing/device.ts';
import { openRealClinic } from './testing/real-clinic.suite.ts';
import type { RealClinic } from './testing/real-clinic.suite.ts';

/** Rows that move between sites: they go from the disks of the old one, and from no other. */

let clinic: RealClinic;
beforeAll(async () => {
  clinic = await openRealClinic();
});
afterAll(() => clinic.close());

async function homeOf(device: Device, id: string): Promise<unknown> {
  return (await device.all('users')).find((row) => row.id === id)?.['home_location_id'];
}

async function untilHome(device: Device, id: string, wanted: string | undefined): Promise<void> {
  let asked = 0;
  await until(
    async () => {
      // Rows that SQL changed are announced by nobody. Asked without a pause, a pull never ends.
      if (Date.now() - asked > 500) {
        asked = Date.now();
        device.replication.syncNow();
      }
      return (await homeOf(device, id)) === wanted;
    },
    `home ${String(wanted)}`,
  );
}

test('a colleague who changes sites goes from the device of the old one, and comes back with it', async () => {
  const { rig } = clinic;
  const id = newId();
  await rig.db.admin.query(
    `insert into public.users (id, display_name, status, email, mfa_required, home_location_id)
     values ($1, 'Sam Sample', 'active', $2, false, $3)`,
    [id, `${id}@example.com`, SITE.AA],
  );
  const here = await clinic.startDevice(await rig.person(['FD', SITE.AA]));
  const both = await clinic.startDevice(await rig.person(['FD', SITE.AA], ['FD', SITE.WX]));
  const move = (site: string): Promise<unknown> =>
    rig.db.admin.query('update public.users set home_location_id = $2 where id = $1', [id, site]);
  expect(await homeOf(here, id)).toBe(SITE.AA);
  await move(SITE.WX);
  await untilHome(here, id, undefined);
  await untilHome(both, id, SITE.WX);
  await move(SITE.AA);
  await untilHome(here, id, SITE.AA);
  await untilHome(both, id, SITE.AA);
});
