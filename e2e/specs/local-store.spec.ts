import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { PEOPLE } from '../../supabase/demo/people.ts';
import { SCREENSHOTS, startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import { edit, onHand, openItem, receive } from '../screens.ts';

/** What happens to work that is not sent when the file, the key or the machine lets a person down. */
const PERSON = 'satellite@ganger.example';
const SKU = 'LID-1-EPI';
const PASSPHRASE = 'seven wet otters sing';

let world: World;
let device: Device;
let stock = 0;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  world = await startWorld();
  device = await world.device('satellite');
  await device.signIn(PERSON);
  await device.expectSync('synced');
});
test.afterAll(async () => {
  await world?.close();
});

const folder = (): string => path.join(device.userData, 'ganger', 'profiles', PEOPLE.satellite.id);

test('a damaged file is said in words; loading again brings back what was not sent, once', async () => {
  device.pullNetwork();
  await openItem(device.page, SKU);
  stock = await onHand(device.page, 'PY');
  await edit(device.page, 'par-input-PY', '64');
  await receive(device.page, { item: 'Lidocaine', quantity: '3', lot: 'D-77', expiry: '2028-01' });
  await openItem(device.page, SKU);
  await expect.poll(() => onHand(device.page, 'PY')).toBe(stock + 30_000);
  await device.powerCut();
  await breakPages(path.join(folder(), 'ganger.db'));
  // The log would bring pages of the file back that are broken in it.
  await rm(path.join(folder(), 'ganger.db-wal'), { force: true });

  await device.start();
  const { page } = device;
  await expect(page.getByTestId('stuck-problem')).toHaveAttribute('data-code', 'STORE_DAMAGED');
  await expect(page.getByTestId('stuck-safe')).toContainText('2 changes');
  await page.screenshot({ path: path.join(SCREENSHOTS, 'damaged.png') });
  await page.getByTestId('stuck-reload').click();
  await page.getByTestId('stuck-reload-now').click();
  await expect(page.getByTestId('stuck-error')).toBeVisible();

  device.restoreNetwork();
  await page.getByTestId('stuck-reload-now').click();
  await device.expectSync('synced');
  await openItem(page, SKU);
  await expect(page.getByTestId('par-input-PY')).toHaveValue('64');
  await expect.poll(() => onHand(page, 'PY')).toBe(stock + 30_000);
  const { rows } = await world.db.query<{ n: string }>(
    'select count(*) as n from stock_acts where kind = \'receive\' and lines @> \'[{"lot_no": "D-77"}]\'',
  );
  expect(rows[0]?.n).toBe('1');
});

test('a backup made offline brings a device back to its day, and loses nothing done since', async () => {
  const { page } = device;
  const file = path.join(device.userData, 'kept.ganger-backup');
  await device.app.evaluate(({ dialog }, where) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: where });
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [where] });
  }, file);
  device.pullNetwork();
  await openItem(page, SKU);
  await edit(page, 'par-input-PY', '65');
  await menu(page, 'backup');
  await page.getByTestId('backup-passphrase').fill(PASSPHRASE);
  await page.getByTestId('backup-repeat').fill(PASSPHRASE);
  await page.getByTestId('backup-save').click();
  await expect(page.getByTestId('backup-dialog')).toHaveCount(0);
  expect((await readFile(file)).includes(PERSON)).toBe(false);

  await openItem(page, SKU);
  await edit(page, 'par-input-PY', '66');
  await menu(page, 'restore');
  const agree = page.getByTestId('restore-agree');
  if (await agree.isVisible()) await agree.click();
  await page.getByTestId('restore-passphrase').fill('not the passphrase');
  await page.getByTestId('restore-now').click();
  await expect(page.getByTestId('restore-error')).toBeVisible();
  await page.getByTestId('restore-passphrase').fill(PASSPHRASE);
  await page.getByTestId('restore-now').click();
  await expect(page.getByTestId('restore-dialog')).toHaveCount(0);
  await device.expectSync('offline');
  await openItem(page, SKU);
  await expect(page.getByTestId('par-input-PY')).toHaveValue('66');
  device.restoreNetwork();
  await device.expectSync('synced');
  const { rows } = await world.db.query<{ par: string }>(
    `select par from item_locations il join inventory_items i on i.id = il.item_id
     join locations l on l.id = il.location_id where i.sku = $1 and l.code = 'PY'`,
    [SKU],
  );
  expect(Number(rows[0]?.par)).toBe(660_000);
});

test('a new data key is made from the menu, and all is there under it', async () => {
  const { page } = device;
  await menu(page, 'keys');
  await page.getByTestId('rotate').click();
  await page.getByTestId('rotate-now').click();
  // While the data is written anew the dialog stays, whatever is pressed.
  await expect(page.getByTestId('rotate')).toBeVisible();
  await device.expectSync('synced');
  await page.keyboard.press('Escape');
  await openItem(page, SKU);
  await expect(page.getByTestId('par-input-PY')).toHaveValue('66');
  await device.quit();
  (await device.openFile(PEOPLE.satellite.id)).close();
  await device.start();
});

test('with the key gone nothing is made over the data; loading again keeps the old files', async () => {
  await device.quit();
  const keys = path.join(device.userData, 'ganger', 'keys');
  await rm(path.join(keys, `vault-${PEOPLE.satellite.id}.key`));
  await device.start();
  const { page } = device;
  await expect(page.getByTestId('stuck-problem')).toHaveAttribute('data-code', 'STORE_KEY_MISSING');
  await page.getByTestId('stuck-retry').click();
  await expect(page.getByTestId('stuck-error')).toBeVisible();
  await page.getByTestId('stuck-reload').click();
  await page.getByTestId('stuck-reload-now').click();
  await device.expectSync('synced');
  await openItem(page, SKU);
  await expect(page.getByTestId('par-input-PY')).toHaveValue('66');
});

/** Bytes of every page but the first turned around, as by a failing disk. */
async function breakPages(file: string): Promise<void> {
  const bytes = await readFile(file);
  for (let at = 4_096 + 100; at < bytes.length; at += 4_096) bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  await writeFile(file, bytes);
}

async function menu(page: Page, action: string): Promise<void> {
  await page.getByTestId('user-menu').click();
  await page.getByTestId(`profile-${action}`).click();
}
