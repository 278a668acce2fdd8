import { expect, test } from '@playwright/test';
import { DEMO_PASSWORD } from '../../scripts/dev/demo-people.ts';
import { catchBrowser, followBrowser } from '../browser.ts';
import { startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import { edit, openItem } from '../screens.ts';

const SATELLITE = 'satellite@ganger.example';
const SKU = 'LID-1-EPI';

let world: World;
let device: Device;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  // Tokens that end while the test runs, so that the refresh is part of it.
  world = await startWorld({ tokenLifetimeS: 65 });
  device = await world.device('desk');
});
test.afterAll(async () => {
  await world?.close();
});

test('a wrong password is said in words, and what was typed stays', async () => {
  const { page } = device;
  await device.signIn(SATELLITE, 'not the password');
  const error = page.getByTestId('sign-in-error');
  await expect(error).toContainText('E-mail address or password is not right');
  await expect(error).toContainText('AUTH_WRONG_PASSWORD');
  await expect(page.getByTestId('sign-in-email')).toHaveValue(SATELLITE);
});

test('an address that is none is said beside the field before anything is sent', async () => {
  const { page } = device;
  await page.getByTestId('sign-in-email').fill('nobody');
  await page.getByTestId('sign-in-submit').click();
  await expect(page.getByTestId('sign-in-email')).toHaveAttribute('aria-invalid', 'true');
});

test('with the server out of reach the person reads so, and can try again', async () => {
  const { page } = device;
  device.pullNetwork();
  await device.signIn(SATELLITE);
  await expect(page.getByTestId('sign-in-error')).toContainText('could not reach the server');
  await expect(page.getByTestId('sign-in-password')).toHaveValue(DEMO_PASSWORD);
  await page.getByTestId('sign-in-google').click();
  await expect(page.getByTestId('sign-in-error')).toContainText('could not reach the server');
  device.restoreNetwork();
});

test('Google: the browser opens, the person says no, then yes, and is in', async () => {
  const { page } = device;
  const opened = await catchBrowser(device);

  world.stack.google.setAuto('deny');
  await page.getByTestId('sign-in-google').click();
  await followBrowser(await opened.next());
  // Who said no needs no error; the way in stands open again.
  await expect(page.getByTestId('sign-in-google')).toBeVisible();
  await expect(page.getByTestId('sign-in-error')).toHaveCount(0);

  world.stack.google.setAuto({ email: SATELLITE });
  await page.getByTestId('sign-in-google').click();
  await expect(page.getByTestId('sign-in-google-waiting')).toBeVisible();
  await followBrowser(await opened.next());
  await device.expectSync('synced');
  await page.getByTestId('user-menu').click();
  await expect(page.getByTestId('user-name')).toContainText('Luis Ferrer');
  await page.keyboard.press('Escape');
});

test('a token that ends in the middle of work is renewed unseen, and the change arrives', async () => {
  const { page } = device;
  await openItem(page, SKU);
  // Older than a minute left: the next request has to renew it first.
  await page.waitForTimeout(7_000);
  await edit(page, 'par-input-PY', '61');
  await device.expectSync('synced');
  await expect.poll(() => parOnServer()).toBe(610_000);
});

test('signed out and in again, the profile is there with what was done', async () => {
  const { page } = device;
  await page.getByTestId('user-menu').click();
  await page.getByTestId('sign-out').click();
  await expect(page.getByTestId('sign-in-email')).toBeVisible();
  await device.signIn(SATELLITE);
  await device.expectSync('synced');
  await openItem(page, SKU);
  await expect(page.getByTestId('par-input-PY')).toHaveValue('61');
});

test('started again without any network, the person works on with the data of the device', async () => {
  await device.quit();
  device.pullNetwork();
  await device.start();
  await device.expectSync('offline');
  await openItem(device.page, SKU);
  await edit(device.page, 'par-input-PY', '62');
  device.restoreNetwork();
  await device.expectSync('synced');
  await expect.poll(() => parOnServer()).toBe(620_000);
});

test('a person whose role was taken away while away is signed out with the reason', async () => {
  await world.db.query(
    `update user_roles set valid_to = now()
     where user_id = (select id from users where email = $1)`,
    [SATELLITE],
  );
  await device.quit();
  await device.start();
  await expect(device.page.getByTestId('sign-in-because')).toContainText('no role');
});

async function parOnServer(): Promise<number | undefined> {
  const { rows } = await world.db.query<{ par: number }>(
    `select p.par::int as par from item_locations p
     join inventory_items i on i.id = p.item_id join locations l on l.id = p.location_id
     where i.sku = $1 and l.code = 'PY'`,
    [SKU],
  );
  return rows[0]?.par;
}
