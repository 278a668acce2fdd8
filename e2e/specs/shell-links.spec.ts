import { expect, test } from '@playwright/test';
import { startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import { openItem } from '../screens.ts';

/** Links into the app, the mark beside the clock and notifications, on the real main process. */

const MANAGER = 'manager@ganger.example';

let world: World;
let device: Device;
let link = '';

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  world = await startWorld();
  device = await world.device('links');
});

test.afterAll(async () => {
  await world?.close();
});

/** As the system does when somebody clicks a link while the app runs. */
const clickLink = (url: string): Promise<void> =>
  device.app.evaluate(({ app }, text) => {
    app.emit('second-instance', {}, ['ganger', text], '/');
  }, url);
const clipboard = (): Promise<string> =>
  device.app.evaluate(({ clipboard: board }) => board.readText());

test('a screen has a link that names the page and the record, and not what was typed', async () => {
  await device.signIn(MANAGER);
  await device.expectSync('synced');
  const { page } = device;
  await openItem(page, 'GAU-44');
  await page.keyboard.press('Control+Shift+C');
  await expect.poll(clipboard).toMatch(/^ganger:\/\/inventory\/items\/[0-9a-f-]{36}$/);
  link = await clipboard();
});

test('clicked outside, it opens the item, in front of whatever was there', async () => {
  const { page } = device;
  await page.keyboard.press('Alt+2');
  await expect(page.getByTestId('item-detail')).toHaveCount(0);
  await clickLink(link);
  await expect(page.getByTestId('item-detail')).toHaveAttribute('data-sku', 'GAU-44');
});

test('a link that is none of ours, or leads to no page, says so and changes nothing', async () => {
  const { page } = device;
  await page.keyboard.press('Control+Shift+S');
  for (const bad of ['ganger://..%2f..', 'ganger://no-such-page']) {
    await clickLink(bad);
    await expect(page.getByText('leads nowhere in this app').last()).toBeVisible();
    await expect(page.getByTestId('sync-page')).toBeVisible();
  }
});

test('with nobody signed in it waits for the sign-in and is followed then', async () => {
  const { page } = device;
  await page.keyboard.press('Alt+Shift+q');
  await expect(page.getByTestId('sign-in-email')).toBeVisible();
  await clickLink(link);
  await expect(page.getByTestId('sign-in-email')).toBeVisible();
  await device.signIn(MANAGER);
  await expect(page.getByTestId('item-detail')).toHaveAttribute('data-sku', 'GAU-44');
});

test('the words for the desktop hold no name: a link is an id, a notification a number', async () => {
  expect(link).not.toContain('auze');
  const { page } = device;
  await page.keyboard.press('Alt+Shift+n');
  await expect(page.getByText('Notifications are off.')).toBeVisible();
  await page.keyboard.press('Alt+Shift+n');
  await expect(page.getByText('Notifications are on.')).toBeVisible();
});
