import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { ROOT } from '../../scripts/dev/paths.ts';
import type { Device } from '../devices.ts';
import { violationsIn } from '../axe.ts';
import { faultsOf, faultsOfFocus } from '../look/faults.ts';
import { keepPicture, lookAt, LOOKS, settle } from '../look/looks.ts';
import type { Look, LookName } from '../look/looks.ts';
import type { Screen } from '../look/screens.ts';
import { englishIn } from '../look/words.ts';
import { openScene } from '../look/worlds.ts';
import type { Scene } from '../look/worlds.ts';

/**
 * Every screen of the app, as people of all kinds see it: with `GANGER_LOOK=all` in every look, with
 * `GANGER_LOOK=dark,zoom` in these; pictures in `out/look`. `GANGER_LOOK_SCREENS=items,orders` leaves the
 * others out.
 */
const wanted = process.env['GANGER_LOOK'] ?? 'all';
const names: readonly LookName[] =
  wanted === 'all' ? (Object.keys(LOOKS) as LookName[]) : (wanted.split(',') as LookName[]);
const only = process.env['GANGER_LOOK_SCREENS']?.split(',');
const PICTURES = path.join(ROOT, 'out/look');
const isWanted = ({ name }: Screen): boolean => only?.includes(name) ?? true;
/** Long enough for a hundred screens, each looked at in six ways. */
const A_WALK_MS = 30 * 60_000;

let scene: Scene | null = null;

test.describe.configure({ mode: 'default' });
test.afterAll(async () => {
  await scene?.close();
});

async function sceneWith(data: Look['data']): Promise<Scene> {
  if (scene?.data === data) return scene;
  await scene?.close();
  scene = null;
  scene = await openScene(data, isWanted);
  return scene;
}

for (const name of names) {
  test(`${name}: every screen fits, is in its language, and axe finds nothing`, async () => {
    test.setTimeout(A_WALK_MS);
    const look: Look = LOOKS[name];
    const { screens, device: deviceOf } = await sceneWith(look.data);
    const folder = path.join(PICTURES, name);
    await mkdir(folder, { recursive: true });
    const faults: string[] = [];
    for (const who of new Set(screens.map((screen) => screen.who))) {
      const device = deviceOf(who);
      await lookAt(device, look);
      for (const screen of screens.filter((one) => one.who === who)) {
        const file = path.join(folder, `${screen.name}.png`);
        const found = await test.step(screen.name, () => faultsAt(device, screen, { name, file }));
        faults.push(...found.map((fault) => `${screen.name}: ${fault}`));
      }
    }
    expect(faults).toEqual([]);
  });
}

/** Opens a screen, tells what is wrong with it, and keeps its picture. */
async function faultsAt(
  device: Device,
  screen: Screen,
  { name, file }: { name: LookName; file: string },
): Promise<string[]> {
  const { page } = device;
  const look = LOOKS[name];
  try {
    // What is open over a page goes before the next one comes.
    for (let nth = 0; nth < 3 && (await page.getByRole('dialog').count()) > 0; nth += 1) {
      await page.keyboard.press('Escape');
    }
    // By way of another page, so that the same address opens anew.
    for (const at of ['/help/start', screen.at]) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, at);
      await page.waitForFunction(
        (hash) => document.querySelector('main') !== null && location.hash.startsWith(hash),
        `#${at.split('?')[0]}`,
      );
    }
    await settle(page);
    await screen.open?.(page);
    await settle(page);
    const faults = [
      ...(await faultsOf(page)),
      ...(look.language === 'es' ? await englishIn(page) : []),
      ...(await violationsIn(page)),
    ];
    await keepPicture(device, look, file);
    // The last, since it leaves the focus somewhere.
    return name === 'light' ? [...faults, ...(await faultsOfFocus(page))] : faults;
  } catch (error) {
    return [`does not open: ${String(error)}`];
  }
}
