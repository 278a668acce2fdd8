import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { newId } from '#shared/kernel/ids.ts';
import { rowIdOf } from '#shared/schema/rows.ts';
import { expectAccessible } from '../axe.ts';
import { SCREENSHOTS, startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';

const MANAGER = 'manager@ganger.example';
const SATELLITE = 'satellite@ganger.example';
const VENDOR = 'Lakeside Medical Supply';
/** Of no lot and no date, so that a delivery is a number only. */
const ITEM = { sku: 'GAU-44', name: 'Gauze sponge 4 × 4 in' };

let world: World;
let satellite: Device;
let manager: Device;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  world = await startWorld();
  await addVendors();
  satellite = await world.device('satellite');
  manager = await world.device('manager');
  await satellite.signIn(SATELLITE);
  await manager.signIn(MANAGER);
  await satellite.expectSync('synced');
  await manager.expectSync('synced');
});

test.afterAll(async () => {
  await world?.close();
});

/** The seed has no vendors: a usual one, dearer than before, and one beside it. */
async function addVendors(): Promise<void> {
  const ids = Array.from({ length: 5 }, () => newId());
  const [usual, other] = ids;
  const { rows } = await world.db.query<{ id: string }>(
    'select id from inventory_items where sku = $1',
    [ITEM.sku],
  );
  itemId = rows[0]?.id ?? '';
  const item = itemId;
  await world.db.query(
    `insert into vendors (id, name, order_channel, email, active, free_shipping_cents)
     values ($1, 'Northfield Surgical', 'slack', 'orders@northfield.example', true, null),
            ($2, $3, 'email', 'orders@lakeside.example', true, 25000)`,
    [usual, other, VENDOR],
  );
  for (const [vendor, days, primary] of [
    [usual, 6, true],
    [other, 2, false],
  ] as const) {
    await world.db.query(
      `insert into vendor_items (id, vendor_id, item_id, vendor_sku, lead_days, is_primary)
       values ($1, $2, $3, 'GZ-44', $4, $5)`,
      [rowIdOf('vendor_items', { vendor_id: vendor, item_id: item }), vendor, item, days, primary],
    );
  }
  for (const [at, [vendor, cents, on]] of (
    [
      [usual, 400, '2026-06-01'],
      [usual, 460, '2026-10-01'],
      [other, 450, '2026-10-05'],
    ] as const
  ).entries()) {
    await world.db.query(
      `insert into vendor_prices (id, hlc, vendor_id, item_id, unit, price_cents, seen_on, source)
       select $1, $2, $3, id, base_unit, $4, $5, 'quote' from inventory_items where id = $6`,
      [ids[at + 2], `000000000001-0000-00000000000${at}`, vendor, cents, on, item],
    );
  }
}

const press = (page: Page, key: string) => page.keyboard.press(key);
const detail = (page: Page) => page.getByTestId('order-detail');
const row = (page: Page) => page.locator(`[data-testid="order-row"][data-id="${orderId}"]`);
let orderId = '';
let itemId = '';

/** A picture in light and in dark, both free of what axe finds. */
async function picture(page: Page, name: string): Promise<void> {
  await expect(page.getByTestId('toast')).toHaveCount(0, { timeout: 20_000 });
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
  await expectAccessible(page, name);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.evaluate(() => {
    document.documentElement.dataset['mantineColorScheme'] = 'dark';
  });
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}-dark.png`) });
  await expectAccessible(page, `${name} dark`);
  await page.evaluate(() => {
    document.documentElement.dataset['mantineColorScheme'] = 'light';
  });
}

/** The suggestion for the item, whether it is due or not. */
async function openSuggestion(page: Page): Promise<void> {
  await press(page, 'Alt+S');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Reorder');
  await page.evaluate((item) => {
    location.hash = `#/orders/reorder?show=all&item=${item}`;
  }, itemId);
  await expect(page.getByTestId('reorder-detail')).toHaveAttribute('data-sku', ITEM.sku);
}

async function chooseByKeys(page: Page, testId: string, words: string): Promise<void> {
  const field = page.getByTestId(testId);
  await field.fill(words);
  await page.getByRole('option', { name: words }).first().waitFor();
  await field.press('Enter');
}

test('offline, an order is made and submitted by keys alone, under a number for the time being', async () => {
  const { page } = satellite;
  satellite.pullNetwork();
  await satellite.expectSync('offline');
  await press(page, 'Alt+O');
  await expect(page.getByTestId('order-vendor')).toBeFocused();
  await chooseByKeys(page, 'order-vendor', VENDOR);
  await page.getByTestId('order-begin').press('Enter');
  await expect(detail(page)).toHaveAttribute('data-status', 'draft');
  orderId = new URL(page.url().replace('#', '')).searchParams.get('order') ?? '';
  await expect(detail(page)).toContainText('DRAFT-');

  await chooseByKeys(page, 'order-item', ITEM.name);
  await expect(page.getByTestId('order-qty')).toBeFocused();
  await page.keyboard.type('12');
  await expect(page.getByTestId('order-offer')).toContainText(/It takes \d days?\./);
  await page.getByTestId('order-price').fill('4.50');
  await page.getByTestId('order-qty').press('Enter');
  await expect(page.getByTestId('order-line')).toHaveCount(1);
  // A line of a draft saves itself.
  const quantity = page.getByTestId(`order-qty-${ITEM.sku}`);
  await quantity.fill('10');
  await quantity.press('Enter');
  await expect(page.getByTestId('order-total')).toHaveAttribute('data-cents', '4500');
  await picture(page, 'order-draft');

  await press(page, 'Control+Enter');
  await expect(detail(page)).toHaveAttribute('data-status', 'submitted');
  // Its author does not decide about it.
  await expect(page.getByTestId('order-hold')).toContainText('You made this order');
  await expect(page.getByTestId('order-approve')).toHaveCount(0);
});

test('back in the network, a manager sees it, approves it, and it gets its number', async () => {
  satellite.restoreNetwork();
  await satellite.expectSync('synced');
  const { page } = manager;
  await page.getByTestId('nav-orders').focus();
  await press(page, 'Enter');
  await row(page).click();
  await expect(page.getByTestId('order-approve')).toContainText('$45.00');
  await picture(page, 'order-approve');
  await press(page, 'Control+Enter');
  for (const device of [manager, satellite]) {
    await expect(detail(device.page)).toHaveAttribute('data-status', 'approved', {
      timeout: 15_000,
    });
    await expect(detail(device.page)).toHaveAttribute('data-no', /^PO-\d{4}-\d{5}$/);
  }
});

test('it is marked as ordered, and its summary stands to be copied or printed', async () => {
  const { page } = satellite;
  await press(page, 'Control+Enter');
  const text = page.getByTestId('order-summary-text');
  await expect(text).toHaveValue(/1\. 10 \w+ +Gauze sponge/);
  await expect(text).toHaveValue(/Total: \$45\.00/);
  await expect(page.getByTestId('order-summary-dialog')).toContainText('Nothing is sent before');
  await picture(page, 'order-summary');
  await press(page, 'Escape');
  await expect(detail(page)).toHaveAttribute('data-status', 'ordered');
  await satellite.expectSync('synced');
  const { rows } = await world.db.query<{ kind: string }>(
    'select kind from private.outbox where row_id = $1',
    [orderId],
  );
  expect(rows.map(({ kind }) => kind)).toContain('order.placed');
});

test('cut off, a part is received: the rest stands as back order, here at once and there after', async () => {
  const { page } = satellite;
  satellite.pullNetwork();
  await satellite.expectSync('offline');
  await press(page, 'Control+Enter');
  await expect(page.getByTestId('receive-order')).toBeVisible();
  await page.getByTestId(`take-${ITEM.sku}`).press('Enter');
  await expect(page.getByTestId('receive-qty')).toHaveValue('10');
  await page.getByTestId('receive-qty').fill('4');
  await picture(page, 'order-receive');
  await press(page, 'Control+Enter');
  await expect(page.getByTestId('line-received')).toHaveAttribute('data-quantity', '40000');
  await expect(page.getByTestId('line-open')).toHaveAttribute('data-quantity', '60000');
  await expect(page.getByTestId('order-back-order')).toContainText('1 line');

  satellite.restoreNetwork();
  for (const device of [satellite, manager]) {
    await expect(detail(device.page)).toHaveAttribute('data-status', 'partially_received', {
      timeout: 15_000,
    });
    await expect(device.page.getByTestId('line-open')).toHaveAttribute('data-quantity', '60000');
    // Something has come: it cannot be cancelled any more.
    await expect(device.page.getByTestId('order-cancel')).toHaveCount(0);
  }
  await picture(manager.page, 'order-back-order');
});

test('more than was ordered is received only with a reason', async () => {
  const { page } = satellite;
  await page.getByTestId('order-receive').click();
  await page.getByTestId(`take-${ITEM.sku}`).click();
  await expect(page.getByTestId('receive-qty')).toHaveValue('6');
  await page.getByTestId('receive-qty').fill('8');
  const reason = page.getByTestId('receive-over-reason');
  await expect(reason).toBeVisible();
  await press(page, 'Control+Enter');
  await expect(reason).toBeFocused();
  await reason.fill('Two added for free');
  await press(page, 'Control+Enter');
  await expect(detail(page)).toHaveAttribute('data-status', 'received', { timeout: 15_000 });
  await expect(detail(page)).toContainText('Two added for free');
  await expect(page.getByTestId('line-open')).toContainText('2 too many');
  const { rows } = await world.db.query<{ n: number }>(
    `select sum(m.qty_base)::int as n from stock_movements m
     join purchase_order_lines l on l.id = m.ref_id where l.order_id = $1`,
    [orderId],
  );
  expect(rows[0]?.n).toBe(120_000);
});

test('what runs low is suggested with its formula, and becomes a draft by one click', async () => {
  const { page } = satellite;
  await openSuggestion(page);
  await expect(page.getByTestId('reorder-formula')).toContainText(/a day × \d+ days \+ .* = /);
  await picture(page, 'reorder');
  await page.getByTestId('reorder-prices').click();
  await expect(page.getByTestId('price-offer').first()).toBeVisible();
  await picture(page, 'prices');
  await press(page, 'Escape');
  await page.getByTestId('reorder-detail').getByTestId('reorder-make').click();
  await expect(detail(page)).toHaveAttribute('data-status', 'draft');
  await expect(page.getByTestId('order-line')).toHaveCount(1);
});

test('a draft from a suggestion is handed in, and comes back with a word', async () => {
  const { page } = satellite;
  orderId = new URL(page.url().replace('#', '')).searchParams.get('order') ?? '';
  await press(page, 'Control+Enter');
  await expect(detail(page)).toHaveAttribute('data-status', 'submitted');
  await row(manager.page).click();
  await manager.page.getByTestId('order-return').click();
  await manager.page.getByTestId('order-return-send').click();
  // Without a word they would have to guess.
  await manager.page.getByTestId('order-return-reason').fill('Two boxes will do');
  await press(manager.page, 'Control+Enter');
  await expect(detail(page)).toHaveAttribute('data-status', 'returned', { timeout: 15_000 });
  await expect(detail(page)).toContainText('Two boxes will do');
  await expect(page.getByTestId('order-submit')).toBeVisible();
});

test('somebody asks for more, and does not grant it to themselves', async () => {
  const { page } = satellite;
  await openSuggestion(page);
  await page.getByTestId('reorder-ask').click();
  await page.getByTestId('ask-qty').fill('25');
  await page.getByTestId('ask-reason').fill('Flu shots next week');
  await page.getByTestId('ask-send').click();
  await expect(page.getByTestId('reorder-request')).toContainText('Flu shots next week');
  await expect(page.getByTestId('request-approve')).toHaveCount(0);
  await satellite.expectSync('synced');
});
