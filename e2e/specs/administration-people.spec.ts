import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../axe.ts';
import { NEWCOMER } from '../../scripts/dev/demo-people.ts';
import { catchBrowser, followBrowser } from '../browser.ts';
import { SCREENSHOTS, startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import { edit, openItem } from '../screens.ts';

const SUPERADMIN = 'superadmin@ganger.example';
const SATELLITE = 'satellite@ganger.example';
const ITEM = 'LID-1-EPI';

let world: World;
let boss: Device;
let desk: Device;
let nina = '';

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  world = await startWorld();
  boss = await world.device('office');
  desk = await world.device('wixom-desk');
});
test.afterAll(async () => {
  await world?.close();
});

/** Checks a screen in light and dark, and keeps its picture. */
async function picture(page: Page, name: string): Promise<void> {
  await expectAccessible(page, name);
  await page.screenshot({ path: path.join(SCREENSHOTS, `administration-${name}.png`) });
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page, `${name}, dark`);
  await page.screenshot({ path: test.info().outputPath(`${name}-dark.png`) });
  await page.emulateMedia({ colorScheme: 'light' });
}
const choose = async (page: Page, field: string, option: string): Promise<void> => {
  await page.getByTestId(field).click();
  await page.getByRole('option', { name: option, exact: true }).click();
};
const person = (page: Page, name: string) =>
  page.getByTestId('person-row').filter({ hasText: name });
const said = (page: Page, words: string) =>
  expect(page.getByTestId('toast').filter({ hasText: words })).toBeVisible();

/** By Google, in a browser that is not ours. */
async function arrive(device: Device): Promise<void> {
  const browser = await catchBrowser(device);
  world.stack.google.setAuto({ email: NEWCOMER.email });
  await device.page.getByTestId('sign-in-google').click();
  await followBrowser(await browser.next());
}

test('an administrator invites a person, by keyboard', async () => {
  const { page } = boss;
  await boss.signIn(SUPERADMIN);
  await boss.expectSync('synced');
  await page.getByTestId('nav-administration').click();
  await expect(page.getByTestId('person-row')).toHaveCount(8);
  await page.getByTestId('person-invite').focus();
  await page.keyboard.press('Enter');
  // Nothing is sent before it is whole, and what is missing is said beside its field.
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('person-name')).toHaveAttribute('aria-invalid', 'true');
  await page.getByTestId('person-name').fill(NEWCOMER.name);
  await page.getByTestId('person-email').fill('superadmin@ganger.example');
  await choose(page, 'person-home', 'Wixom');
  await page.getByTestId('person-dialog-do').click();
  await expect(page.getByTestId('admin-error')).toContainText('has this address already');
  await picture(page, 'invite');
  await page.getByTestId('person-email').fill(NEWCOMER.email);
  await page.keyboard.press('Enter');
  await said(page, `${NEWCOMER.name} is invited`);
  await expect(person(page, NEWCOMER.name)).toHaveAttribute('data-status', 'invited');
  await expect(page.getByTestId('account-sign-in')).toHaveText('Possible');
  nina = (await person(page, NEWCOMER.name).getAttribute('data-id')) ?? '';
});

test('without a role the person is told so', async () => {
  await arrive(desk);
  await expect(desk.page.getByTestId('sign-in-error')).toContainText('no role');
});

test('a role at one site is given with its days; a wider one waits for a second person', async () => {
  const { page } = boss;
  await page.getByTestId('person-give').click();
  await choose(page, 'role-site', 'All sites');
  await choose(page, 'role-role', 'Superadmin');
  await expect(page.getByTestId('role-second')).toBeVisible();
  await page.getByTestId('role-dialog-do').click();
  await said(page, 'waits for a second person');
  await expect(page.getByTestId('proposal')).toContainText('proposed by Grace Lindqvist');
  await page.getByTestId('person-give').click();
  await choose(page, 'role-site', 'Wixom');
  await choose(page, 'role-role', 'Clinical staff');
  await page.getByTestId('role-to').fill('+30');
  await page.getByTestId('role-to').press('Tab');
  await expect(page.getByTestId('role-summary')).toContainText(
    `${NEWCOMER.name} is Clinical staff at Wixom`,
  );
  await picture(page, 'role');
  await page.getByTestId('role-dialog-do').click();
  await expect(page.getByTestId('grant-row')).toHaveCount(1);
});

test('the person signs in on a second machine and sees that site only', async () => {
  await arrive(desk);
  await desk.expectSync('synced');
  const { page } = desk;
  await expect(page.locator('.g-top')).toContainText('Wixom');
  await expect(page.getByTestId('site-select')).toHaveCount(0);
  await openItem(page, ITEM);
  await expect(page.getByTestId('on-hand-WX')).toBeVisible();
  await expect(page.getByTestId('on-hand-AA')).toHaveCount(0);
  // Once there, they are active on the other machine too, and their role is in force.
  await expect(person(boss.page, NEWCOMER.name)).toHaveAttribute('data-status', 'active', {
    timeout: 70_000,
  });
  await expect(boss.page.getByTestId('account-last')).not.toHaveText('Never');
  await picture(boss.page, 'person');
});

test('a second site comes within a minute and goes as it came', async () => {
  const { page } = boss;
  await page.getByTestId('person-give').click();
  await choose(page, 'role-site', 'Ann Arbor');
  await choose(page, 'role-role', 'Front desk');
  await page.getByTestId('role-dialog-do').click();
  await expect(page.getByTestId('grant-row')).toHaveCount(2);
  const second = page.getByTestId('grant-row').filter({ hasText: 'Front desk' });
  await expect(second).toHaveAttribute('data-state', 'now', { timeout: 5000 });
  // The right comes within seconds; its rows have been seen to come with the next safety pull alone.
  await expect(desk.page.getByTestId('on-hand-AA')).toBeVisible({ timeout: 75_000 });
  await second.getByTestId('grant-end').click();
  await picture(page, 'end-role');
  await page.getByTestId('end-dialog-do').click();
  await said(page, 'has ended');
  await expect(desk.page.getByTestId('on-hand-AA')).toHaveCount(0, { timeout: 30_000 });
  // Not only out of sight: off the disk. The site leaves the screen with its own row, and each table
  // follows with its next pull: whoever quits in between leaves the rest to the next start.
  const sitesOnDisk = async (): Promise<number> => {
    await desk.quit();
    const file = await desk.openFile(nina);
    const sites = file.read(`select distinct location_id from live_item_locations`, []);
    file.close();
    await desk.start();
    await desk.expectSync('synced');
    return sites.length;
  };
  await expect.poll(sitesOnDisk, { timeout: 60_000 }).toBe(1);
});

test('suspended, the person is out at the next contact; let in again, they come back', async () => {
  const { page } = boss;
  await page.getByTestId('person-suspend').click();
  await picture(page, 'suspend');
  await page.getByTestId('state-dialog-do').click();
  await said(page, 'is suspended');
  await expect(desk.page.getByTestId('sign-in-because')).toBeVisible({ timeout: 30_000 });
  await arrive(desk);
  await expect(desk.page.getByTestId('sign-in-error')).toBeVisible();
  await page.getByTestId('person-resume').click();
  await page.getByTestId('state-dialog-do').click();
  await said(page, 'is let in again');
  await arrive(desk);
  await desk.expectSync('synced');
});

test('who has left has no role, no session and no profile any more', async () => {
  const { page } = boss;
  const folder = path.join(desk.userData, 'ganger', 'profiles', nina);
  expect(existsSync(folder)).toBe(true);
  await page.getByTestId('person-leave').click();
  const dialog = page.getByTestId('state-dialog');
  await expect(dialog.getByTestId('leave-device')).toHaveCount(1);
  // The desk is the site's: it stays when she goes.
  await dialog.getByTestId('leave-device').uncheck();
  await expect(page.getByTestId('state-dialog-do')).toBeDisabled();
  await page.getByTestId('state-name').fill(NEWCOMER.name);
  await picture(page, 'leave');
  await page.keyboard.press('Enter');
  await said(page, 'is closed');
  await expect(person(page, NEWCOMER.name)).toHaveAttribute('data-status', 'left');
  await expect(page.locator('[data-testid=grant-row][data-state=ended]')).toHaveCount(2);
  await expect(page.getByTestId('account-sign-in')).toHaveText('Closed');
  await expect(desk.page.getByTestId('sign-in-because')).toContainText('account here was closed', {
    timeout: 30_000,
  });
  await expect.poll(() => existsSync(folder)).toBe(false);
  await expectAccessible(desk.page, 'account closed');
  await desk.page.screenshot({ path: path.join(SCREENSHOTS, 'administration-closed.png') });
  // The machine itself is as good as before.
  await desk.signIn(SATELLITE);
  await desk.expectSync('synced');
});

test('a site manager gives the roles of their site and no other', async () => {
  const { page } = desk;
  await page.getByTestId('nav-administration').click();
  await expect(page.getByTestId('person-invite')).toHaveCount(0);
  await person(page, 'Luis Ferrer').click();
  await expect(page.getByTestId('person-give')).toHaveCount(0);
  await page.getByTestId('person-row').filter({ hasNotText: 'Luis Ferrer' }).first().click();
  await page.getByTestId('person-give').click();
  await page.getByTestId('role-role').click();
  await expect(page.getByRole('option')).toHaveText(['Front desk', 'Clinical staff']);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
});

test('a site is added and edited; what is not theirs a site manager cannot write into', async () => {
  const { page } = boss;
  await page.getByTestId('admin-sites').click();
  await page.getByTestId('site-new').click();
  await page.getByTestId('site-code').fill('NV');
  await page.getByTestId('site-name').fill('Novi');
  await page.getByTestId('site-time_zone').fill('Mars/Olympus');
  await page.getByTestId('site-dialog-do').click();
  await expect(page.getByTestId('admin-error')).toContainText('no such time zone');
  await page.getByTestId('site-time_zone').fill('America/Detroit');
  await picture(page, 'site');
  await page.getByTestId('site-dialog-do').click();
  await said(page, 'Novi is there');
  await expect(page.getByTestId('site-row-NV')).toBeVisible();
  await desk.page.getByTestId('admin-sites').click();
  await desk.page.getByTestId('site-row-PY').click();
  await desk.page.getByTestId('site-edit').click();
  await expect(desk.page.getByTestId('site-name')).toBeDisabled();
  await desk.page.getByTestId('site-phone').fill('734-555-0199');
  await desk.page.getByTestId('site-dialog-do').click();
  await said(desk.page, 'Plymouth is changed');
});

test('a lost machine is wiped at its next contact, and both screens say so', async () => {
  const { page } = boss;
  const folder = path.join(desk.userData, 'ganger', 'profiles');
  desk.pullNetwork();
  await openItem(desk.page, ITEM);
  await edit(desk.page, 'bin-input-PY', 'L9');
  await page.getByTestId('admin-devices').click();
  await page.getByTestId('device-row').filter({ hasText: 'wixom-desk' }).click();
  await expect(page.getByTestId('device-version')).toHaveText('0.1.0');
  await page.getByTestId('device-lost').click();
  await page.getByTestId('device-name').fill('wixom-desk');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('device-wipe-waits')).toBeVisible();
  await picture(page, 'wipe-waits');
  desk.restoreNetwork();
  await expect(desk.page.getByTestId('sign-in-because')).toContainText('reported as lost', {
    timeout: 60_000,
  });
  await expect.poll(() => (existsSync(folder) ? readdirSync(folder) : [])).toEqual([]);
  await expectAccessible(desk.page, 'wiped');
  await desk.page.screenshot({ path: path.join(SCREENSHOTS, 'administration-wiped.png') });
  // What waited on it was handed over first.
  const { rows } = await world.db.query<{ n: number }>(
    `select count(*)::int as n from private.quarantine where status = 'waiting'`,
  );
  expect(rows[0]?.n).toBe(1);
  await page.getByTestId('admin-people').click();
  await page.getByTestId('admin-devices').click();
  await page.getByTestId('device-row').filter({ hasText: 'wixom-desk' }).click();
  await expect(page.getByTestId('device-wiped')).toBeVisible();
});

test('in Spanish, and out of reach: the buttons stay and say why they do nothing', async () => {
  const { page } = boss;
  await page.getByTestId('admin-people').click();
  await person(page, 'Henrik Solberg').click();
  await expect(page.getByTestId('account-email')).toBeVisible();
  await page.getByTestId('user-menu').click();
  await page.getByTestId('language-es').click();
  // The menu closes, and only the menu.
  await page.keyboard.press('Escape');
  await page.getByTestId('person-suspend').click();
  await picture(page, 'es');
  await page.keyboard.press('Escape');
  boss.pullNetwork();
  await boss.expectSync('offline');
  await expect(page.getByTestId('person-offline')).toBeVisible();
  for (const button of ['person-invite', 'person-give', 'person-suspend', 'person-leave']) {
    await expect(page.getByTestId(button)).toBeDisabled();
    // It can be reached, so that a screen reader says why.
    await page.getByTestId(button).focus();
    await expect(page.getByTestId(button)).toBeFocused();
    await expect(page.getByTestId(button)).toHaveAttribute('title', /servidor/);
    await page.keyboard.press('Enter');
  }
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await picture(page, 'offline');
});
