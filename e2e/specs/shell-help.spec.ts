import path from 'node:path';
import { expect, test } from '@playwright/test';
import { expectAccessible } from '../axe.ts';
import { SCREENSHOTS, startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';

/** Help of the page at hand, searched without a network, and what somebody missed. */

const MANAGER = 'manager@ganger.example';
const HOUR = 3_600_000;

let world: World;
let device: Device;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  world = await startWorld();
  device = await world.device('help');
  await device.signIn(MANAGER);
  await device.expectSync('synced');
});

test.afterAll(async () => {
  await world?.close();
});

test('F1 opens the help of the page, with the keys that do what it says', async () => {
  const { page } = device;
  device.pullNetwork();
  await page.keyboard.press('Alt+2');
  await page.keyboard.press('F1');
  await expect(page.getByTestId('help-page')).toHaveAttribute('data-page', 'counts');
  await expectAccessible(page, 'help');
  await page.screenshot({ path: path.join(SCREENSHOTS, 'help.png') });
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page, 'help, dark');
  await page.screenshot({ path: test.info().outputPath('help-dark.png') });
  await page.emulateMedia({ colorScheme: 'light' });
});

test('a search finds it by what it says, also from Ctrl+K and in Spanish', async () => {
  const { page } = device;
  await page.getByTestId('help-search').fill('passphrase');
  await page.getByTestId('help-found').getByRole('link').first().click();
  await expect(page.getByTestId('help-page')).toHaveAttribute('data-page', 'data');
  await page.keyboard.press('Alt+1');
  await page.keyboard.press('Alt+Shift+l');
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-input').fill('compartir un equipo');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('help-page')).toHaveAttribute('data-page', 'start');
  await expect(page.getByRole('heading', { name: 'Compartir un equipo' })).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('help-es.png') });
  await page.keyboard.press('Alt+Shift+l');
  device.restoreNetwork();
});

test('who comes back after some hours learns what waits, and looks at it or puts it away', async () => {
  const { page } = device;
  await page.keyboard.press('Alt+1');
  await expect(page.getByTestId('away-banner')).toHaveCount(0);
  await page.clock.setSystemTime(Date.now() + 5 * HOUR);
  await page.keyboard.press('Shift');
  await expect(page.getByTestId('away-banner')).toContainText('below par');
  await expectAccessible(page, 'banner');
  await page.screenshot({ path: test.info().outputPath('away-banner.png') });
  await page.getByTestId('away-open').click();
  await expect(page.getByTestId('away-page')).toBeVisible();
  await expectAccessible(page, 'away');
  await page.screenshot({ path: path.join(SCREENSHOTS, 'away.png') });
  await page.getByTestId('away-belowPar').click();
  await expect(page.getByTestId('inventory-search')).toBeVisible();
  await page.getByTestId('away-close').click();
  await expect(page.getByTestId('away-banner')).toHaveCount(0);
});
