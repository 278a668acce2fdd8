import { expect } from '@playwright/test';
import { startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import type { Look } from './looks.ts';
import { screensOf, WHO } from './screens.ts';
import type { Screen, Who } from './screens.ts';

/** Names as long as they come: of a product, of its maker, of a place for it. */
const LONG_NAME =
  'Sodium tetradecyl sulfate injection 3 % (30 mg/ml), 2 ml single-dose vial, preservative-free, carton of 5, ' +
  'store at 20 to 25 °C, for intravenous use only';
const ITEMS = 3000;

/** What there is to see, and everybody who looks, signed in. */
export interface Scene {
  readonly data: Look['data'];
  readonly screens: readonly Screen[];
  device(who: Who): Device;
  close(): Promise<void>;
}

/** Starts a server with such data and signs in whoever has something to look at. */
export async function openScene(data: Look['data'], only?: readonly string[]): Promise<Scene> {
  const world = await startWorld({ clinic: data !== 'bare' });
  if (data === 'many') await addItems(world);
  const all = await screensOf(world.db, data);
  const screens = only ? all.filter(({ name }) => only.includes(name)) : all;
  const devices = new Map<Who, Device>();
  for (const who of new Set(screens.map((screen) => screen.who))) {
    const device = await world.device(who);
    devices.set(who, device);
    await device.signIn(WHO[who]);
    await device.expectSync('synced', 90_000);
  }
  if (data === 'many') {
    const { page } = devices.get('manager') ?? {};
    if (page) await expect(page.getByTestId('page-count')).toContainText(/^3,\d{3} /);
  }
  return {
    data,
    screens,
    device(who) {
      const device = devices.get(who);
      if (!device) throw new Error(`${who} has nothing to look at`);
      return device;
    },
    close: () => world.close(),
  };
}

/** As many items as a large catalogue has, at every site, some with the longest of names. */
async function addItems(world: World): Promise<void> {
  await world.db.query(
    `insert into inventory_items (
       id, created_at, created_by, device_id, field_hlc, name, category, manufacturer, kind, sku,
       base_unit, packs, lot_policy, expiry_policy, controlled_schedule, hazardous, status)
     select gen_random_uuid(), i.created_at, i.created_by, null, '{}',
       case when n % 50 = 0 then $2 || ', no. ' || n else i.name || ', no. ' || n end,
       i.category, i.manufacturer, i.kind, 'M-' || lpad(n::text, 5, '0'), i.base_unit, '[]',
       'none', 'none', 'none', false, 'active'
     from generate_series(1, $1::int) n
     join lateral (
       select * from inventory_items order by sku offset n % 40 limit 1) i on true`,
    [ITEMS, LONG_NAME],
  );
}
