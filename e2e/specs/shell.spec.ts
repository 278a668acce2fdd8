import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../axe.ts';
import { SCREENSHOTS, startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import { edit, openItem } from '../screens.ts';

/** The frame around every page: search and commands, keys, the state of the data. */

const MANAGER = 'manager@ganger.example';
const ITEM = { sku: 'GAU-44', name: 'Gauze sponge 4 × 4 in' };

let world: World;
let device: Device;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  world = await startWorld();
  device = await world.device('shell');
  await device.signIn(MANAGER);
  await device.expectSync('synced');
});

test.afterAll(async () => {
  await world?.close();
});

/** A picture of the screen, in light and dark. */
async function pictures(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page, `${name}, dark`);
  await page.screenshot({ path: test.info().outputPath(`${name}-dark.png`) });
  await page.emulateMedia({ colorScheme: 'light' });
}

test('Ctrl+K finds an item by its name and by its number, and a command by its words', async () => {
  const { page } = device;
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-input').fill('sponge 4');
  await expect(page.getByRole('option').first()).toContainText(ITEM.name);
  await expectAccessible(page, 'search');
  await pictures(page, 'search');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('item-detail')).toHaveAttribute('data-sku', ITEM.sku);

  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-input').fill('start count');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('count-begin')).toBeVisible();
  await page.keyboard.press('Escape');
});

test('what was chosen lately stands first, also after the app was closed', async () => {
  await device.quit();
  await device.start();
  const { page } = device;
  await device.expectSync('synced');
  await page.keyboard.press('Control+k');
  const options = page.getByRole('option');
  await expect(options.nth(0)).toContainText('Start count');
  await expect(options.nth(1)).toContainText(ITEM.name);
  await page.keyboard.press('Escape');
});

test('"?" shows every key, those of the page first; each of them does what it says', async () => {
  const { page } = device;
  await page.keyboard.press('Alt+1');
  await expect(page.getByTestId('inventory-search')).toBeVisible();
  await page.keyboard.press('Shift+?');
  const sheet = page.getByTestId('keys-sheet');
  await expect(sheet.getByTestId('keys-receive')).toContainText('Alt');
  await expect(sheet.getByRole('group').first()).toContainText('Search on this page');
  await expectAccessible(page, 'keys');
  await pictures(page, 'shortcuts');
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);

  await page.keyboard.press('Alt+r');
  await expect(page.getByTestId('receive-item')).toBeVisible();
  // In a field as well.
  await page.keyboard.press('Control+/');
  await expect(sheet).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+S');
  await expect(page.getByTestId('sync-page')).toBeVisible();
});

test('the page about the data says that all is saved and what is on this device', async () => {
  const { page } = device;
  await expect(page.getByTestId('sync-page-state')).toHaveText('All saved');
  await expect(page.getByTestId('sync-first')).toContainText('Everything');
  await page.getByTestId('sync-module-inventory').locator('summary').click();
  await expectAccessible(page, 'state of the data');
  await pictures(page, 'sync');
});

test('offline it lists what waits and since when, and the way to each; back again the list is empty', async () => {
  const { page } = device;
  device.pullNetwork();
  await device.expectSync('offline');
  await openItem(page, ITEM.sku);
  await edit(page, 'par-input-PY', '61');
  await edit(page, 'bin-input-PY', 'Q1');
  await page.getByTestId('sync-chip').click();
  await page.getByTestId('sync-more').click();
  const row = page.getByTestId('sync-waiting-row');
  await expect(row).toHaveCount(1);
  await expect(row).toContainText('Par');
  await expect(row).toContainText('Bin');
  await expect(page.getByTestId('offline-banner')).toBeVisible();
  await expectAccessible(page, 'state of the data, offline');
  await pictures(page, 'sync-offline');
  await row.getByRole('button').click();
  await expect(page.getByTestId('item-detail')).toHaveAttribute('data-sku', ITEM.sku);
  await page.keyboard.press('Control+Shift+S');
  device.restoreNetwork();
  await expect(page.getByTestId('sync-page-state')).toHaveText('All saved', { timeout: 15_000 });
  await expect(page.getByTestId('sync-waiting-row')).toHaveCount(0);
});
