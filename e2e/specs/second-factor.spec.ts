import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { totp } from '#stack/auth/totp.ts';
import { PEOPLE } from '../../supabase/demo/people.ts';
import { expectAccessible } from '../axe.ts';
import { startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';

/**
 * A manager of whom a second factor is asked sets it up, signs in with it, loses it, and gets a new one
 * from an administrator. What the server and the store demand is tested beside them.
 */
const WHO = PEOPLE.manager;
const NAME = 'Maya Okafor';
const PIN = '804271';

let world: World;
let desk: Device;
let office: Device;
let secret = '';

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  world = await startWorld();
  await world.db.query('update users set mfa_required = true where id = $1', [WHO.id]);
  desk = await world.device('desk');
});
test.afterAll(async () => {
  await world?.close();
});

const code = (): string => totp(secret, Date.now());
async function give(page: Page, digits: string): Promise<void> {
  await page.keyboard.type(digits);
  await page.keyboard.press('Enter');
}
async function look(page: Page, name: string): Promise<void> {
  await expectAccessible(page, name);
  await page.screenshot({ path: test.info().outputPath(`${name}.png`) });
}
async function signOut({ page }: Device): Promise<void> {
  await page.getByTestId('user-menu').click();
  await page.getByTestId('sign-out').click();
}
async function setUp(device: Device, name: string): Promise<void> {
  const { page } = device;
  await expect(page.getByTestId('factor-qr')).toBeVisible();
  const shown = await page.getByTestId('factor-secret').textContent();
  secret = (shown ?? '').replaceAll(' ', '');
  await expect(page.getByTestId('factor-code')).toBeFocused();
  await look(page, name);
  await give(page, code());
}

test('whoever needs a second factor sets it up on the way in', async () => {
  await desk.signIn(WHO.email);
  await expect(desk.page.getByTestId('second-factor')).toContainText('needs a second factor');
  await setUp(desk, 'factor-set-up');
  await desk.expectSync('synced');
});

test('from then on its code is asked for; a wrong one is said in words', async () => {
  const { page } = desk;
  await signOut(desk);
  await desk.signIn(WHO.email);
  await expect(page.getByTestId('factor-code')).toBeFocused();
  await give(page, '12');
  await expect(page.getByTestId('second-factor')).toContainText('Please enter the 6 digits');
  await page.keyboard.press('Control+a');
  await give(page, String((Number(code()) + 500_000) % 1_000_000).padStart(6, '0'));
  await expect(page.getByTestId('factor-error')).toContainText('This code is not right');
  await look(page, 'factor-code');
  await page.getByTestId('language-switch').click();
  await expect(page.getByTestId('factor-error')).toContainText('Este código no es correcto');
  await page.getByTestId('language-switch').click();
  await page.getByTestId('factor-code').fill(code());
  await page.keyboard.press('Enter');
  await desk.expectSync('synced');
});

test('without a network the profile opens by its PIN, and no code is asked for', async () => {
  const { page } = desk;
  await page.keyboard.press('Alt+Shift+K');
  await page.getByTestId('pin-new').fill(PIN);
  await page.getByTestId('pin-repeat').fill(PIN);
  await page.getByTestId('pin-submit').click();
  await page.keyboard.press('Escape');
  await desk.quit();
  desk.pullNetwork();
  await desk.start();
  await desk.page.getByTestId('lock-pin').fill(PIN);
  await desk.page.keyboard.press('Enter');
  await desk.expectSync('offline');
  desk.restoreNetwork();
  await desk.expectSync('synced');
});

test('lost, it is reset by an administrator, stands in the audit, and a new one is set up', async () => {
  office = await world.device('office');
  await office.signIn(PEOPLE.superadmin.email);
  await office.expectSync('synced');
  await office.page.keyboard.press('Alt+Shift+F');
  const dialog = office.page.getByTestId('factor-dialog');
  await expect(dialog).toContainText('Not set up');
  await office.page.keyboard.press('Escape');
  await office.page.getByTestId('nav-administration').click();
  await office.page.getByTestId('person-row').filter({ hasText: NAME }).click();
  await office.page.getByTestId('person-factors').click();
  await expect(office.page.getByTestId('factors-dialog')).toContainText(NAME);
  await office.page.getByTestId('factors-dialog-do').click();
  await expect(office.page.getByTestId('toast').first()).toContainText('is reset');
  const { rows } = await world.db.query<{ purpose: string }>(
    `select purpose from audit_logs where row_id = $1 and purpose is not null`,
    [WHO.id],
  );
  expect(rows).toEqual([{ purpose: 'second factor reset' }]);
  await signOut(desk);
  await desk.signIn(WHO.email);
  await setUp(desk, 'factor-again');
  // The profile on this machine still has its PIN: who knows the password alone gets no further.
  await desk.page.getByTestId('lock-pin').fill(PIN);
  await desk.page.keyboard.press('Enter');
  await desk.expectSync('synced');
});
