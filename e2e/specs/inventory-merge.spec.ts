import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../axe.ts';
import { SCREENSHOTS, startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import { scan } from '../scanner.ts';
import { chooseItem, onHand, openItem, receive } from '../screens.ts';

/** Two items that are one, the papers of lots, and vendors: on two devices, offline and on. */

const GAUZE = { sku: 'GAU-44', name: 'Gauze sponge 4 × 4 in, 12 ply' };
const TWICE = { sku: 'GZ-OLD-44', name: 'Sponge, gauze 4 × 4 in 12 ply' };
const ALIKE = { sku: 'ALC-BLUE', name: 'Alcohol prep pad, medium, blue' };
const LIDO = { sku: 'LID-1-EPI', name: 'Lidocaine 1 % with epinephrine' };
const LOT = 'DSC-77';
const PAPER = 'Transaction statement.pdf';
const UNIT = 10_000;

let world: World;
let manager: Device;
let other: Device;
let folder: string;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'ganger-e2e-merge-'));
  writeFileSync(path.join(folder, PAPER), Buffer.from(`%PDF-1.7\n${'x'.repeat(20_000)}`));
  world = await startWorld();
  manager = await world.device('manager');
  other = await world.device('other');
  await manager.signIn('manager@ganger.example');
  await other.signIn('manager@ganger.example');
  for (const device of [manager, other]) await device.expectSync('synced');
});
test.afterAll(async () => {
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** No violation in light and dark, and a picture of both. */
async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectAccessible(page, name);
    const dark = colorScheme === 'dark' ? '-dark' : '';
    await page.screenshot({ path: path.join(SCREENSHOTS, `${name}${dark}.png`) });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}
const command = async (page: Page, id: string): Promise<void> => {
  await page.keyboard.press('Control+k');
  await page.getByTestId(`command-${id}`).click();
};
const itemRow = async (sku: string): Promise<Record<string, unknown> | undefined> => {
  const { rows } = await world.db.query<Record<string, unknown>>(
    `select i.status, o.sku as into_sku from inventory_items i
      left join inventory_items o on o.id = i.merged_into_id where i.sku = $1`,
    [sku],
  );
  return rows[0];
};

let before = 0;

test('two that only look alike are told apart, offline, and are not listed for anybody any more', async () => {
  const { page } = manager;
  await page.keyboard.press('Alt+n');
  await page.getByTestId('item-name').fill(ALIKE.name);
  await page.getByTestId('item-sku').fill(ALIKE.sku);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId('item-detail')).toHaveAttribute('data-sku', ALIKE.sku);
  await manager.expectSync('synced');
  const pairOn = (device: Device) =>
    device.page.getByTestId('duplicate-row').filter({ hasText: ALIKE.sku });
  await command(other.page, 'duplicates');
  await expect(pairOn(other)).toHaveCount(1);

  manager.pullNetwork();
  await manager.expectSync('offline');
  await command(page, 'duplicates');
  await pairOn(manager).click();
  await page.getByTestId('merge-differ').click();
  await expect(page.getByTestId('toast').last()).toContainText('not the same');
  await expect(pairOn(manager)).toHaveCount(0);
  await page.getByTestId('duplicates-which').getByText('Not the same').click();
  await pairOn(manager).click();
  await expect(page.getByTestId('merge-apart')).toBeVisible();
  await look(page, 'item-apart');
  manager.restoreNetwork();
  await manager.expectSync('synced');
  await expect(pairOn(other)).toHaveCount(0);

  // Whoever finds that they are one after all has them listed again.
  await other.page.getByTestId('duplicates-which').getByText('Not the same').click();
  await pairOn(other).click();
  await other.page.getByTestId('merge-differ').click();
  await other.expectSync('synced');
  await page.getByTestId('duplicates-which').getByText('To look at').click();
  await expect(pairOn(manager)).toHaveCount(1);
});

test('offline, two items that are one are found, compared and merged in one act', async () => {
  const { page } = manager;
  await page.keyboard.press('Alt+n');
  await page.getByTestId('item-name').fill(TWICE.name);
  await page.getByTestId('item-sku').fill(TWICE.sku);
  await page.getByTestId('item-description').fill('The white ones');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId('item-detail')).toHaveAttribute('data-sku', TWICE.sku);
  await receive(page, { item: TWICE.name, quantity: '7' });
  await openItem(page, GAUZE.sku);
  before = await onHand(page, 'AA');
  await manager.expectSync('synced');

  manager.pullNetwork();
  await manager.expectSync('offline');
  await command(page, 'duplicates');
  const pair = page.getByTestId('duplicate-row').filter({ hasText: TWICE.sku });
  await expect(pair).toContainText('same name');
  await pair.click();
  await expect(page.getByTestId('merge-table')).toContainText('The white ones');
  // The one that was there first stays, unless somebody says otherwise.
  await expect(page.getByTestId('merge-run')).toContainText(GAUZE.sku);
  await page.getByTestId('merge-description-other').check();
  await look(page, 'item-merge');
  await command(page, 'language');
  await expect(page.getByTestId('merge-run')).toContainText('Fusionar');
  await page.screenshot({ path: path.join(SCREENSHOTS, 'item-merge-es.png') });
  await command(page, 'language');
  await page.getByTestId('merge-run').click();
  await expect(page.getByTestId('item-detail')).toHaveAttribute('data-sku', GAUZE.sku);
  // The item was open before: its numbers of then stand there until they are read anew.
  await expect.poll(() => onHand(page, 'AA')).toBe(before + 7 * UNIT);
  await expect(page.getByTestId(`item-row-${TWICE.sku}`)).toHaveCount(0);
  await page.getByTestId('tab-item').click();
  await expect(page.getByTestId('item-description')).toHaveValue('The white ones');
  await expect(page.getByTestId(`merged-${TWICE.sku}`)).toContainText('waits for the server');

  manager.restoreNetwork();
  await manager.expectSync('synced');
  await expect.poll(() => itemRow(TWICE.sku)).toEqual({ status: 'merged', into_sku: GAUZE.sku });
  await expect(page.getByTestId(`merged-${TWICE.sku}`)).not.toContainText('waits');
});

test('at another device the old code finds the one that stays, with all that was booked', async () => {
  const { page } = other;
  await openItem(page, GAUZE.sku);
  await expect.poll(() => onHand(page, 'AA')).toBe(before + 7 * UNIT);
  await page.getByTestId('detail-close').click();
  await scan(other, TWICE.sku);
  await expect(page.getByTestId('item-detail')).toHaveAttribute('data-sku', GAUZE.sku);
  await page.getByTestId('tab-history').click();
  await expect(page.getByText('7 each').first()).toBeVisible();
  await page.getByTestId('tab-item').click();
  await look(page, 'item-merged');
});

test('separated again, both stand by themselves; two merges that lead to each other end alike', async () => {
  const { page } = other;
  await page.getByTestId(`merged-separate-${TWICE.sku}`).click();
  await expect(page.getByTestId('toast').last()).toContainText('stands by itself again');
  await other.expectSync('synced');
  await expect.poll(() => itemRow(TWICE.sku)).toMatchObject({ status: 'active', into_sku: null });
  await openItem(manager.page, TWICE.sku);
  await expect.poll(() => onHand(manager.page, 'AA')).toBe(7 * UNIT);

  for (const device of [manager, other]) {
    device.pullNetwork();
    await device.expectSync('offline');
    await command(device.page, 'duplicates');
    await device.page.getByTestId('duplicate-row').filter({ hasText: TWICE.sku }).click();
    const stays = device === manager ? GAUZE.sku : TWICE.sku;
    const run = device.page.getByTestId('merge-run');
    await expect(run).toBeVisible();
    if (!(await run.innerText()).includes(stays)) {
      await device.page.getByTestId('merge-swap').click();
    }
    await run.click();
    await expect(device.page.getByTestId('item-detail')).toHaveAttribute('data-sku', stays);
  }
  manager.restoreNetwork();
  await manager.expectSync('synced');
  other.restoreNetwork();
  // The server had taken the other one: that is said, and nothing is lost.
  await other.expectSync('needs-you');
  await expect.poll(() => itemRow(TWICE.sku)).toEqual({ status: 'merged', into_sku: GAUZE.sku });
  expect(await itemRow(GAUZE.sku)).toEqual({ status: 'active', into_sku: null });
  await openItem(page, GAUZE.sku);
  await expect.poll(() => onHand(page, 'AA')).toBe(before + 7 * UNIT);
  await expect(page.getByTestId(`item-row-${TWICE.sku}`)).toHaveCount(0);
  await page.getByTestId('sync-chip').click();
  const refused = page.getByTestId('parked-row').filter({ hasText: 'ITEM_MERGED' });
  await expect(refused).toContainText('has been merged');
  await refused.getByTestId('parked-discard').click();
  await page.getByTestId('parked-discard-confirm').click();
  await other.expectSync('synced');
});

test('offline, a delivery brings its transaction document, found by its lot and missing where it is not', async () => {
  const { page } = manager;
  await openItem(page, LIDO.sku);
  await page.getByTestId('tab-item').click();
  await page.getByTestId('item-document_policy').click();
  await page.getByRole('option', { name: 'Must be given' }).click();
  await expect(page.getByTestId('toast').last()).toContainText(
    'Transaction document with each lot',
  );
  await manager.expectSync('synced');
  manager.pullNetwork();
  await manager.expectSync('offline');
  const expiry = new Date(Date.now() + 400 * 86_400_000).toISOString().slice(0, 10);
  await page.getByTestId('nav-inventory').click();
  await page.getByTestId('receive-open').click();
  await chooseItem(page, 'receive-item', LIDO.name);
  await page.getByTestId('receive-qty').fill('2');
  await page.getByTestId('receive-lot').fill(LOT);
  await page.getByTestId('receive-expiry').fill(expiry);
  await page.getByTestId('receive-serial').fill('SN-4711');
  await page.getByTestId('receive-document-input').setInputFiles(path.join(folder, PAPER));
  await expect(page.getByTestId('receive-document-name')).toContainText(PAPER);
  await look(page, 'receive-document');
  await page.getByTestId('receive-finish').click();
  await expect(page.getByTestId('item-detail')).toBeVisible();

  // By its serial number, without a network.
  await page.keyboard.press('Alt+q');
  await page.getByTestId('lots-search').fill('sn-4711');
  const row = page.getByTestId('lot-found');
  await expect(row).toHaveCount(1);
  await expect(row).toHaveAttribute('data-document', 'here');
  await row.click();
  await expect(page.getByTestId('file-caption')).toHaveValue('Transaction statement');
  await look(page, 'lot-documents');

  // The older lots of the item lack theirs.
  await page.keyboard.press('Alt+q');
  await page.getByText('Document missing').click();
  const missing = page.locator('[data-testid="lot-found"][data-document="missing"]');
  await expect(missing.first()).toBeVisible();
  const count = await missing.count();
  await look(page, 'lots');
  await missing.first().click();
  await expect(page.getByTestId('lot-document-missing')).toBeVisible();
  await page.getByTestId('lot-attach-input').setInputFiles(path.join(folder, PAPER));
  await expect(page.getByTestId('lot-document-missing')).toHaveCount(0);
  await page.keyboard.press('Alt+q');
  await page.getByText('Document missing').click();
  await expect(missing).toHaveCount(count - 1);
  manager.restoreNetwork();
  await manager.expectSync('synced', 60_000);
  const { rows } = await world.db.query<{ has: boolean; serial: string }>(
    `select l.transaction_doc_file_id is not null as has, l.serial from inventory_lots l
      where l.lot_no = $1`,
    [LOT],
  );
  expect(rows).toEqual([{ has: true, serial: 'SN-4711' }]);
});

test('vendors are records of their own: found by Ctrl+K, with items, prices and orders', async () => {
  const { page } = manager;
  manager.pullNetwork();
  await manager.expectSync('offline');
  await command(page, 'vendors');
  await page.getByTestId('vendor-new').click();
  await page.getByTestId('vendor-name').fill('Superior Derm Supply');
  await page.getByTestId('vendor-account_no').fill('SDS-90');
  await page.getByTestId('vendor-phone').fill('734-555-0142');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId('vendor-detail')).toContainText('Superior Derm Supply');
  await page.getByTestId('vendor-add-item').click();
  await chooseItem(page, 'vendor-add-select', GAUZE.name);
  await page.getByTestId(`vendor-item-edit-${GAUZE.sku}`).click();
  await page.getByTestId('offer-vendor_sku').fill('SD-100');
  await page.getByTestId('offer-lead_days').fill('3');
  await page.getByTestId('offer-lead_days').press('Tab');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId(`vendor-item-${GAUZE.sku}`)).toContainText('SD-100');
  await expect(page.getByTestId(`vendor-item-${GAUZE.sku}`)).toContainText('3 days');

  await page.keyboard.press('Alt+o');
  await page.getByTestId('order-vendor').fill('Superior');
  await page.getByRole('option', { name: 'Superior Derm Supply' }).waitFor();
  await page.getByTestId('order-vendor').press('Enter');
  await page.getByTestId('order-begin').click();
  // It opens once it is saved; who goes elsewhere before is brought back to it.
  await expect(page.getByTestId('order-detail')).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-input').fill('superior');
  await page
    .getByRole('option', { name: /Superior Derm Supply/ })
    .first()
    .click();
  await expect(page.getByTestId('vendor-detail')).toBeVisible();
  await expect(page.getByTestId('vendor-orders')).toContainText('DRAFT-');
  await look(page, 'vendors');
  manager.restoreNetwork();
  await manager.expectSync('synced');
  await command(other.page, 'vendors');
  await expect(other.page.getByTestId('vendor-row').first()).toContainText('Superior');
});
