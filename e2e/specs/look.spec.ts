import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { ROOT } from '../../scripts/dev/paths.ts';
import { startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import { violationsIn } from '../gallery.ts';
import { faultsOf, faultsOfFocus } from '../look/faults.ts';
import { keepPicture, lookAt, LOOKS, settle } from '../look/looks.ts';
import type { LookName } from '../look/looks.ts';
import { screensOf, WHO } from '../look/screens.ts';
import type { Screen, Who } from '../look/screens.ts';
import { englishIn } from '../look/words.ts';

/**
 * Every screen of the app on demo data, as people of all kinds see it. Two looks always; with
 * `GANGER_LOOK=all` all of them, with `GANGER_LOOK=dark,zoom` those, and pictures in `out/look`.
 */
const wanted = process.env['GANGER_LOOK'] ?? 'light,es';
const names = (
  wanted === 'all' ? Object.keys(LOOKS) : wanted.split(',')
) as LookName[];
const only = process.env['GANGER_LOOK_SCREENS']?.split(',');
const PICTURES = process.env['GANGER_LOOK'] === undefined ? null : path.join(ROOT, 'out/look');

let world: World;
const devices = new Map<Who, Device>();
let screens: readonly Screen[] = [];

test.describe.configure({ mode: 'default' });
test.beforeAll(async () => {
  world = await startWorld({ clinic: true });
  const all = await screensOf(world.db);
  screens = only ? all.filter(({ name }) => only.includes(name)) : all;
  for (const who of new Set(screens.map((screen) => screen.who))) {
    const device = await world.device(who);
    devices.set(who, device);
    await device.signIn(WHO[who]);
    await device.expectSync('synced', 90_000);
  }
});
test.afterAll(async () => {
  await world?.close();
});

for (const name of names) {
  test(`${name}: every screen fits, is in its language, and axe finds nothing`, async () => {
    test.setTimeout(30 * 60_000);
    const look = LOOKS[name];
    const folder = PICTURES === null ? null : path.join(PICTURES, name);
    if (folder !== null) await mkdir(folder, { recursive: true });
    const faults: string[] = [];
    const looked = new Set<Device>();
    for (const screen of screens) {
      const device = devices.get(screen.who);
      if (!device) throw new Error(`${screen.who} has not signed in`);
      if (!looked.has(device)) await lookAt(device, look);
      looked.add(device);
      const found = await test.step(screen.name, () => faultsAt(device, screen, name));
      faults.push(...found.map((fault) => `${screen.name}: ${fault}`));
      if (folder !== null) await keepPicture(device, look, path.join(folder, `${screen.name}.png`));
    }
    expect(faults).toEqual([]);
  });
}

async function faultsAt(device: Device, screen: Screen, name: LookName): Promise<string[]> {
  const { page } = device;
  const faults: string[] = [];
  try {
    // What is open over a page goes before the next one comes.
    for (let nth = 0; nth < 3 && (await page.getByRole('dialog').count()) > 0; nth += 1) {
      await page.keyboard.press('Escape');
    }
    await page.evaluate((at) => {
      location.hash = '#/help/start';
      location.hash = `#${at}`;
    }, screen.at);
    await settle(page);
    await screen.open?.(page);
    await settle(page);
    faults.push(...(await faultsOf(page)));
    if (LOOKS[name].language === 'es') faults.push(...(await englishIn(page)));
    if (name === 'light') faults.push(...(await faultsOfFocus(page)));
    faults.push(...(await violationsIn(page)));
  } catch (error) {
    faults.push(`does not open: ${String(error)}`);
  }
  return faults;
}
