import path from 'node:path';
import { expect, test } from '@playwright/test';
import { gs1CheckDigit } from '#shared/barcode/check-digits.ts';
import { expectAccessible } from '../axe.ts';
import { SCREENSHOTS, startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import { scan } from '../scanner.ts';
import { finishCount } from '../screens.ts';

const MANAGER = 'manager@ganger.example';
const GS = '\u001D';
/** An item of the demo that asks for lot and expiry, one with a box, one that no code names. */
const LIDOCAINE = { sku: 'LID-1-EPI', name: 'Lidocaine 1 % with epinephrine' };
const GLOVES = { each: '00400000000015', box: '10400000000012', name: 'Nitrile gloves, small' };

let world: World;
let device: Device;
let lidocaine = '';

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  world = await startWorld();
  const { rows } = await world.db.query<{ gtin: string }>(
    `select packs->0->>'gtin' as gtin from inventory_items where sku = $1`,
    [LIDOCAINE.sku],
  );
  lidocaine = rows[0]?.gtin ?? '';
  device = await world.device('storeroom');
  await device.signIn(MANAGER);
  await device.expectSync('synced');
});
test.afterAll(async () => {
  await world?.close();
});

const lines = () => device.page.getByTestId('receive-line');
const said = () => device.page.getByTestId('scan-said');

test('a scan on any page opens the item, and the field in which the cursor is keeps what was typed', async () => {
  const { page } = device;
  await page.getByTestId('nav-inventory').click();
  const field = page.getByTestId('inventory-search');
  await field.click();
  for (const key of 'gau') await page.keyboard.type(key, { delay: 150 });
  await page.waitForTimeout(150);
  await scan(device, GLOVES.each);
  await expect(page.getByTestId('item-detail')).toHaveAttribute('data-sku', 'GLV-NIT-S');
  await expect(field).toHaveValue('gau');
  await expect(field).toBeFocused();
  await field.fill('');
});

test('cut off: receiving by scanner fills lot, month and serial, and the same again raises the line', async () => {
  const { page } = device;
  device.pullNetwork();
  await page.getByTestId('receive-open').click();
  await page.getByTestId('receive-item').click();
  await scan(device, GLOVES.box, { msPerKey: 50 });
  await expect(lines()).toHaveCount(1);
  await scan(device, GLOVES.box);
  await expect(lines().first()).toContainText('2 box');
  await scan(device, `01${lidocaine}1728020010WX77${GS}21S1`, { msPerKey: 20 });
  await expect(lines()).toHaveCount(2);
  await expect(lines().nth(1)).toContainText('WX77');
  await expect(lines().nth(1)).toContainText('S1');
  await expect(lines().nth(1)).toContainText('Feb 29, 2028');
  await expect(said()).toContainText('month');
  await expect(page.getByTestId('receive-item')).toHaveValue('');
  await page.screenshot({ path: path.join(SCREENSHOTS, 'receive-scan.png') });
});

test('a damaged label is said to be damaged, expired stock needs a reason', async () => {
  const { page } = device;
  await scan(device, '010040000000001717270101');
  await expect(said()).toContainText('not read whole');
  await scan(device, `01${lidocaine}1724010110OLD1${GS}21S9`);
  await expect(said()).toContainText('expired');
  await page.getByTestId('receive-finish').click();
  await expect(page.getByTestId('receive-reason')).toHaveAttribute('aria-invalid', 'true');
  await page.getByTestId('receive-reason').click();
  await page.getByRole('option').first().click();
  await page.getByTestId('receive-finish').click();
  await expect(page.getByTestId('toast').first()).toContainText('3 lines');
});

test('a swallowed separator is asked about until the scanner has shown that it sends them', async () => {
  const { page } = device;
  // What this device has learned is forgotten: a scanner that sends none.
  await page.evaluate(() => localStorage.removeItem('ganger.scanner'));
  await page.reload();
  await page.getByTestId('nav-inventory').click();
  await page.getByTestId('receive-open').click();
  await expect(page.getByTestId('scan-hint')).toBeVisible();
  await scan(device, `01${lidocaine}1728010110ABC12321XYZ`, { msPerKey: 100 });
  const answers = page.getByTestId('scan-answer');
  await expect(answers.nth(1)).toContainText('Serial XYZ');
  await page.screenshot({ path: path.join(SCREENSHOTS, 'scan-question.png') });
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(lines()).toHaveCount(1);
  await expect(lines().first()).toContainText('ABC123');
  await scan(device, `01${lidocaine}1728010110DEF12321UVW${GS}`);
  await expect(lines()).toHaveCount(2);
  await expect(lines().nth(1)).toContainText('DEF12321UVW');
  // As a number on the keypad it is a separator, too, and no shortcut to another page.
  await scan(device, `01${lidocaine}1728010110GHI1${GS}21S3`, { separator: 'alt' });
  await expect(lines().nth(2)).toContainText('GHI1');
  await expect(lines().nth(2)).toContainText('Serial S3');
});

test('a lot that is known with another date is asked about', async () => {
  const { page } = device;
  await scan(device, `01${lidocaine}1728033110WX77${GS}21S2`);
  await expect(page.getByTestId('scan-question')).toContainText('WX77');
  await page.getByTestId('scan-answer').first().click();
  await expect(lines().last()).toContainText('Mar 31, 2028');
});

test('an unknown code waits, is linked by keyboard alone, and is known from then on', async () => {
  const { page } = device;
  const body = '0040000099999';
  const code = body + gs1CheckDigit(body);
  await scan(device, code);
  await expect(said()).toContainText('No item has this code');
  await page.keyboard.press('Alt+u');
  const row = page.getByTestId('unmatched-row');
  await expect(row).toHaveCount(1);
  await expectAccessible(page, 'unmatched scans');
  await page.getByRole('grid').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('unmatched-item')).toBeFocused();
  // At the pace of a person: as fast as it can, it would be a scanner.
  await page.keyboard.type('lidoc', { delay: 130 });
  await page.getByRole('option', { name: LIDOCAINE.name }).first().waitFor();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('unmatched-link')).toBeFocused();
  await page.screenshot({ path: path.join(SCREENSHOTS, 'unmatched.png') });
  await page.keyboard.press('Enter');
  await expect(row).toHaveCount(0);
  await scan(device, code);
  await expect(page.getByTestId('item-detail')).toHaveAttribute('data-sku', LIDOCAINE.sku);
});

test('our own label of an item says the item, and prints alone', async () => {
  const { page } = device;
  await page.keyboard.press('Control+p');
  await expect(page.getByTestId('item-label')).toBeVisible();
  await page.screenshot({ path: path.join(SCREENSHOTS, 'item-label.png') });
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.g-print').getByTestId('label-qr')).toBeVisible();
  await expect(page.getByTestId('frame')).toBeHidden();
  await page.emulateMedia({ media: null });
  await page.keyboard.press('Escape');
  const { rows } = await world.db.query<{ id: string }>(
    `select id from inventory_items where sku = 'GAU-44'`,
  );
  await scan(device, `ganger://inventory/items/${rows[0]?.id}`);
  await expect(page.getByTestId('item-detail')).toHaveAttribute('data-sku', 'GAU-44');
});

test('with the network back the server has it all, once', async () => {
  device.restoreNetwork();
  await device.expectSync('synced', 60_000);
  const { rows } = await world.db.query<Record<string, unknown>>(
    `select l.lot_no, l.serial, l.expiry_date::text, l.expiry_precision, m.qty_base::int as qty, m.reason_code
     from stock_movements m join inventory_lots l on l.id = m.lot_id
     where l.lot_no in ('WX77', 'OLD1') order by l.lot_no desc`,
  );
  expect(rows).toEqual([
    {
      lot_no: 'WX77',
      serial: 'S1',
      expiry_date: '2028-02-29',
      expiry_precision: 'month',
      qty: 10_000,
      reason_code: 'expired_to_return',
    },
    {
      lot_no: 'OLD1',
      serial: 'S9',
      expiry_date: '2024-01-01',
      expiry_precision: 'day',
      qty: 10_000,
      reason_code: 'expired_to_return',
    },
  ]);
  const { rows: kept } = await world.db.query<{ linked: boolean }>(
    'select resolved_item_id is not null as linked from unmatched_scans',
  );
  expect(kept).toEqual([{ linked: true }]);
});

test('a count by scanner asks for the lot, takes it from the other code of the pack, and goes on from there', async () => {
  const { page } = device;
  await page.getByTestId('nav-counts').click();
  await page.getByTestId('count-start').click();
  await page.getByTestId('count-begin').click();
  await expect(page.getByTestId('scan-hint')).toBeVisible();
  await scan(device, lidocaine);
  await expect(said()).toContainText('which lot');
  await scan(device, `01${lidocaine}1728020010WX77${GS}21S1`);
  await page.getByTestId('scan-answer').first().click();
  await expect(page.getByTestId('count-lot')).toHaveValue(/WX77/);
  await expect(page.getByTestId('count-qty')).toHaveValue('1');
  await scan(device, lidocaine);
  await expect(page.getByTestId('count-qty')).toHaveValue('2');
  await page.keyboard.type('7', { delay: 130 });
  await expect(page.getByTestId('count-qty')).toHaveValue('7');
  await scan(device, GLOVES.box);
  await expect(page.getByTestId('count-line')).toHaveCount(1);
  await expect(page.getByTestId('count-line')).toContainText('WX77');
  await expect(page.getByTestId('count-line')).toContainText('7');
  await page.screenshot({ path: path.join(SCREENSHOTS, 'count-scan.png') });
  await finishCount(page);
  await device.expectSync('synced');
  const { rows } = await world.db.query<{ qty: number }>(
    'select (counted_qty / 10000)::int as qty from count_lines order by counted_at desc limit 2',
  );
  expect(rows).toEqual([{ qty: 50 }, { qty: 7 }]);
});
