import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../axe.ts';
import { SCREENSHOTS, startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import { edit, openItem } from '../screens.ts';

const IT = 'it@ganger.example';
const SUPERADMIN = 'superadmin@ganger.example';
const MANAGER = 'manager@ganger.example';
const ITEM = 'LID-1-EPI';

let world: World;
let it: Device;
let boss: Device;
let laptop: Device;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  world = await startWorld();
  it = await world.device('it-desk');
  boss = await world.device('office');
  laptop = await world.device('laptop');
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

const machine = (page: Page, name: string) =>
  page.getByTestId('device-row').filter({ hasText: name });

test('three people sign in', async () => {
  await it.signIn(IT);
  await boss.signIn(SUPERADMIN);
  await laptop.signIn(MANAGER);
  await laptop.expectSync('synced');
  await it.expectSync('synced');
  await boss.expectSync('synced');
});

test('people and their grants are listed with days and states', async () => {
  const { page } = boss;
  await page.getByTestId('nav-administration').click();
  await expect(page.getByTestId('person-row')).toHaveCount(8);
  await page.getByTestId('person-row').filter({ hasText: 'Henrik Solberg' }).click();
  await expect(page.getByTestId('grant-row')).toHaveCount(2);
  await expect(page.getByTestId('grant-row').first()).toHaveAttribute('data-state', 'now');
  await picture(page, 'people');
});

test('IT sees who was on a machine last, by keys from the palette', async () => {
  const { page } = it;
  await openItem(laptop.page, ITEM);
  await edit(laptop.page, 'bin-input-AA', 'L1');
  await laptop.expectSync('synced');
  await page.keyboard.press('Control+K');
  await page.getByTestId('palette-input').fill('Administration: Devices');
  await expect(page.getByTestId('command-admin-devices')).toBeVisible();
  await page.keyboard.press('Enter');
  await machine(page, 'laptop').click();
  await expect(page.getByTestId('device-person')).toHaveText('Maya Okafor');
  // Nobody shuts themselves out.
  await machine(page, 'it-desk').click();
  await expect(page.getByTestId('device-own')).toBeVisible();
  await machine(page, 'laptop').click();
  await picture(page, 'devices');
});

test('a suspended machine learns it from the server; what waits on it stays, and goes out later', async () => {
  laptop.pullNetwork();
  await laptop.expectSync('offline');
  await openItem(laptop.page, ITEM);
  await edit(laptop.page, 'bin-input-AA', 'L2');
  await it.page.getByTestId('device-suspend').click();
  await expectAccessible(it.page, 'suspend');
  await it.page.getByTestId('device-do').click();
  await expect(machine(it.page, 'laptop')).toHaveAttribute('data-status', 'suspended');
  laptop.restoreNetwork();
  await expect(laptop.page.getByTestId('sign-in-because')).toContainText('may not sync', {
    timeout: 60_000,
  });
  const bin = async (): Promise<unknown> =>
    (
      await world.db.query<{ bin: string }>(
        `select p.bin from item_locations p join inventory_items i on i.id = p.item_id
           join locations l on l.id = p.location_id where i.sku = $1 and l.code = 'AA'`,
        [ITEM],
      )
    ).rows[0]?.bin;
  expect(await bin()).toBe('L1');
  await it.page.getByTestId('device-resume').click();
  await it.page.getByTestId('device-do').click();
  await expect(machine(it.page, 'laptop')).toHaveAttribute('data-status', 'active');
  await laptop.signIn(MANAGER);
  await laptop.expectSync('synced', 60_000);
  await expect.poll(bin).toBe('L2');
});

test('a lost laptop is retired by its name; the screen says what happens to data and queue', async () => {
  const { page } = it;
  laptop.pullNetwork();
  await openItem(laptop.page, ITEM);
  await edit(laptop.page, 'bin-input-AA', 'L3');
  await page.getByTestId('device-lost').click();
  const dialog = page.getByTestId('device-dialog');
  await expect(dialog).toContainText('removes every profile on it');
  await expect(dialog).toContainText('for a decision in the review');
  await expect(page.getByTestId('device-do')).toBeDisabled();
  await page.getByTestId('device-name').fill('laptop');
  await expectAccessible(page, 'lost');
  await page.screenshot({ path: path.join(SCREENSHOTS, 'administration-lost.png') });
  await page.keyboard.press('Enter');
  await expect(machine(page, 'laptop')).toHaveAttribute('data-status', 'retired');
  laptop.restoreNetwork();
  await expect(laptop.page.getByTestId('sign-in-because')).toContainText('reported as lost', {
    timeout: 60_000,
  });
  await expect
    .poll(async () => {
      const { rows } = await world.db.query<{ n: number }>(
        `select count(*)::int as n from private.quarantine where status = 'waiting'`,
      );
      return rows[0]?.n;
    })
    .toBe(1);
});

test('a limit holds from a day on; the other machine sees it, and the past stays explained', async () => {
  const { page } = boss;
  await page.getByTestId('admin-sites').click();
  await page.getByTestId('change-po.limit.LM').click();
  await page.getByTestId('setting-value').fill('600');
  await expectAccessible(page, 'setting');
  await page.getByTestId('setting-save').click();
  await expect(page.getByTestId('value-po.limit.LM')).toHaveText('$600.00');
  await page.getByTestId('change-po.limit.LM').click();
  await page.getByTestId('setting-value').fill('750');
  await page.getByTestId('setting-from').fill('+7');
  await page.getByTestId('setting-from').press('Tab');
  await page.getByTestId('setting-save').click();
  await expect(page.getByTestId('next-po.limit.LM')).toContainText('$750.00');
  await expect(page.getByTestId('value-po.limit.LM')).toHaveText('$600.00');
  await picture(page, 'sites');
  await it.page.getByTestId('admin-sites').click();
  await expect(it.page.getByTestId('value-po.limit.LM')).toHaveText('$600.00');
  // IT sets no limit of money.
  await expect(it.page.getByTestId('change-po.limit.LM')).toHaveCount(0);
});

test('the audit is read by filter, its chains are reckoned again, and an export is noted first', async () => {
  const { page } = boss;
  await expect(it.page.getByTestId('admin-audit')).toHaveCount(0);
  await page.getByTestId('admin-audit').click();
  await page.getByTestId('audit-table').click();
  await page.getByTestId('audit-table').fill('Setting of');
  await page.getByRole('option', { name: 'Setting of a site' }).click();
  await expect(page.getByTestId('audit-row')).toHaveCount(2);
  await expect(page.getByTestId('audit-row').first()).toContainText('Grace Lindqvist');
  await page.getByTestId('audit-check').click();
  await expect(page.getByTestId('audit-chains')).toContainText('chains are whole', {
    timeout: 30_000,
  });
  await page.getByTestId('audit-row').first().click();
  await expect(page.getByTestId('audit-detail')).toContainText('po.limit.LM');
  await picture(page, 'audit');
  const where = test.info().outputPath('audit.csv');
  await boss.app.evaluate(({ session }, file) => {
    session.defaultSession.once('will-download', (_event, item) => item.setSavePath(file));
  }, where);
  await page.getByTestId('audit-export').click();
  await expect(page.getByTestId('toast').last()).toContainText('2 entries exported');
  const saved = () => readFile(where, 'utf8').catch(() => '');
  await expect.poll(saved).toContain('po.limit.LM');
  const text = await saved();
  expect(text.split('\r\n')).toHaveLength(4);
  const { rows } = await world.db.query(
    `select outcome, field_names from audit_logs where action = 'export'`,
  );
  expect(rows).toEqual([{ outcome: 'ok, 2 entries', field_names: ['table'] }]);
});

test('a chain that was changed in the database is shown with the place', async () => {
  const { page } = boss;
  const { rows } = await world.db.query<{ device: string }>(
    `select id as device from devices where name = 'office'`,
  );
  await world.db.query('alter table audit_logs disable trigger append_only');
  await world.db.query(
    `update audit_logs set outcome = 'nothing' where device_id = $1 and seq = 2`,
    [rows[0]?.device],
  );
  await world.db.query('alter table audit_logs enable always trigger append_only');
  await page.getByTestId('audit-check').click();
  await expect(page.getByTestId('audit-broken')).toContainText('office: broken at entry 2');
  await expectAccessible(page, 'broken');
});

test('health and about say how all of it is', async () => {
  const { page } = it;
  await page.getByTestId('admin-health').click();
  await expect(page.getByTestId('health-database')).toContainText('Postgres 17');
  await expect(page.getByTestId('health-quarantined')).toHaveText('1');
  await expect(page.getByTestId('health-backup')).toHaveText('None on this device');
  await picture(page, 'health');
  await page.keyboard.press('Control+Alt+V');
  await expect(page.getByTestId('about-version')).toHaveText('0.1.0');
  await page.getByTestId('licences-show').click();
  await expect(page.getByTestId('licences')).toContainText('rxdb');
  await picture(page, 'about');
});

test('offline says so: what is here is shown, nothing can be changed, the audit is not here', async () => {
  const { page } = boss;
  boss.pullNetwork();
  await boss.expectSync('offline');
  await expect(page.getByTestId('admin-offline')).toBeVisible();
  await expect(page.getByTestId('audit-export')).toBeDisabled();
  await page.getByTestId('admin-devices').click();
  await machine(page, 'it-desk').click();
  await expect(page.getByTestId('device-suspend')).toBeDisabled();
  await expectAccessible(page, 'devices, offline');
  await page.getByTestId('admin-sites').click();
  await expect(page.getByTestId('value-po.limit.LM')).toHaveText('$600.00');
  await expect(page.getByTestId('change-po.limit.LM')).toBeDisabled();
  await page.getByTestId('admin-people').click();
  await expect(page.getByTestId('person-row')).toHaveCount(8);
  await page.screenshot({ path: test.info().outputPath('people-offline.png') });
});
