import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../axe.ts';
import { startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import { edit, openItem } from '../screens.ts';

const PERSON = 'satellite@ganger.example';
const SKU = 'LID-1-EPI';
const PIN = '407182';

/** PIN, lock and wipe as a person meets them, on the real app. */
let world: World;
let device: Device;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  world = await startWorld();
  device = await world.device('desk');
  await device.signIn(PERSON);
  await device.expectSync('synced');
});
test.afterAll(async () => {
  await world?.close();
});

test('without a PIN, Ctrl+L offers to set one; a row is refused beside the field', async () => {
  const { page } = device;
  await page.keyboard.press('Control+L');
  await expect(page.getByTestId('key-dialog')).toBeVisible();
  await setPin(page, '123456');
  await expect(page.getByTestId('pin-new')).toHaveAttribute('aria-invalid', 'true');
  await setPin(page, PIN);
  await expect(page.getByTestId('pin-change')).toBeVisible();
  await page.keyboard.press('Escape');
});

test('locked, nothing of the work is on the screen; a wrong PIN counts, the right one opens', async () => {
  const { page } = device;
  await openItem(page, SKU);
  await page.keyboard.press('Control+L');
  await expect(page.getByTestId('lock-screen')).toBeVisible();
  await expect(page.getByText(SKU)).toHaveCount(0);
  await expect(page.getByTestId('lock-pin')).toBeFocused();
  await expectAccessible(page, 'locked');

  await page.getByTestId('lock-pin').fill('830274');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('lock-wrong')).toContainText('left');
  await page.getByTestId('lock-pin').fill(PIN);
  await page.keyboard.press('Enter');
  await device.expectSync('synced');
});

test('a start of the app asks for the PIN', async () => {
  await device.quit();
  await device.start();
  const { page } = device;
  await page.getByTestId('lock-pin').fill(PIN);
  await page.keyboard.press('Enter');
  await device.expectSync('synced');
});

test('who has changes that wait is not removed by a slip; synced and named, they are', async () => {
  const { page } = device;
  device.pullNetwork();
  await openItem(page, SKU);
  await edit(page, 'par-input-PY', '63');
  await menu(page, 'wipe');
  await expect(page.getByTestId('wipe-waiting')).toContainText('1 change');
  await expect(page.getByTestId('wipe-now')).toBeDisabled();

  device.restoreNetwork();
  await page.getByTestId('sync-first').click();
  await expect(page.getByTestId('wipe-nothing-waits')).toBeVisible();
  const name = (await page.getByTestId('wipe-dialog').getByText('type your name').innerText())
    .split(': ')
    .at(-1);
  await page.getByTestId('wipe-name').fill(name ?? '');
  await page.getByTestId('wipe-now').click();
  await expect(page.getByTestId('sign-in-email')).toBeVisible();
});

async function setPin(page: Page, pin: string): Promise<void> {
  await page.getByTestId('pin-new').fill(pin);
  await page.getByTestId('pin-repeat').fill(pin);
  await page.getByTestId('pin-submit').click();
}

async function menu(page: Page, action: string): Promise<void> {
  await page.getByTestId('user-menu').click();
  await page.getByTestId(`profile-${action}`).click();
}
