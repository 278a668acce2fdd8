import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';

/** The app reopens where it was, half-filled forms included; nothing of one person is another's. */

const MANAGER = 'manager@ganger.example';
const SATELLITE = 'satellite@ganger.example';

let world: World;
let device: Device;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  world = await startWorld();
  device = await world.device('reopen');
  await device.signIn(MANAGER);
  await device.expectSync('synced');
});

test.afterAll(async () => {
  await world?.close();
});

/** Long enough for what was typed to be kept. */
const settle = (page: Page) => page.waitForTimeout(900);

test('closed and opened again, the window shows the same item and tab', async () => {
  await device.page.getByTestId('item-row-GAU-44').click();
  await device.page.getByRole('tab', { name: 'Lots' }).click();
  await settle(device.page);
  await device.quit();
  await device.start();
  const { page } = device;
  await expect(page.getByTestId('item-detail')).toHaveAttribute('data-sku', 'GAU-44');
  await expect(page.getByRole('tab', { name: 'Lots' })).toHaveAttribute('aria-selected', 'true');
});

test('killed while a receipt is half filled, the fields are as they were', async () => {
  await device.page.keyboard.press('Alt+r');
  await device.page.getByTestId('receive-item').fill('Gauze sponge');
  await device.page.getByRole('option', { name: 'Gauze sponge' }).first().waitFor();
  await device.page.getByTestId('receive-item').press('Enter');
  await device.page.getByTestId('receive-qty').fill('17');
  await settle(device.page);
  await device.powerCut();
  await device.start();
  const { page } = device;
  await expect(page.getByTestId('receive-qty')).toHaveValue('17');
});

test('on another page it is offered again', async () => {
  await device.page.keyboard.press('Alt+2');
  await settle(device.page);
  await device.quit();
  await device.start();
  const { page } = device;
  await expect(page.getByTestId('left-form')).toContainText('Receive stock');
  await page.getByTestId('left-form-open').click();
  await expect(page.getByTestId('receive-qty')).toHaveValue('17');
  await expect(page.getByTestId('left-form')).toHaveCount(0);
});

test('somebody else at the same machine begins at their own place with empty forms', async () => {
  const { page } = device;
  await page.keyboard.press('Alt+Shift+q');
  await device.signIn(SATELLITE);
  await device.expectSync('synced');
  await expect(page.getByTestId('inventory-search')).toBeVisible();
  await expect(page.getByTestId('left-form')).toHaveCount(0);
  await page.keyboard.press('Alt+r');
  await expect(page.getByTestId('receive-qty')).toHaveValue('');
  await page.goBack();
  await page.goBack().catch(() => null);
  await expect(page.getByTestId('receive-qty')).toHaveCount(0);
  await page.keyboard.press('Alt+Shift+q');
  await device.signIn(MANAGER);
  await expect(page.getByTestId('receive-qty')).toHaveValue('17');
});

test('a second window has an address and forms of its own, and both come back', async () => {
  const { page: first } = device;
  const opened = device.app.waitForEvent('window');
  await first.keyboard.press('Control+Shift+N');
  const second = await opened;
  await expect(second.getByTestId('inventory-search')).toBeVisible();
  await second.keyboard.press('Alt+r');
  await expect(second.getByTestId('receive-qty')).toHaveValue('');
  await second.keyboard.press('Control+Shift+S');
  await expect(second.getByTestId('sync-page')).toBeVisible();
  await settle(second);
  await device.quit();
  await device.start();
  await expect.poll(() => device.app.windows().length).toBe(2);
  const shown = async () =>
    (
      await Promise.all(
        device.app
          .windows()
          .map(async (window) =>
            (await window.getByTestId('sync-page').count()) > 0
              ? 'sync'
              : (await window.getByTestId('receive-qty').count()) > 0
                ? 'receive'
                : '',
          ),
      )
    ).toSorted();
  await expect.poll(shown, { timeout: 15_000 }).toEqual(['receive', 'sync']);
});

test('what was half filled lies in the encrypted profile alone', async () => {
  const kept = await device.page.evaluate(() =>
    [sessionStorage, localStorage].flatMap((storage) =>
      Object.keys(storage).map((name) => storage.getItem(name)),
    ),
  );
  expect(JSON.stringify(kept)).not.toContain('quantity');
});
