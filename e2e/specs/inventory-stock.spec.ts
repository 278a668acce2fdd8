import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../axe.ts';
import { SCREENSHOTS, startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import { chooseItem, onHand, openItem, receive } from '../screens.ts';

const MANAGER = 'manager@ganger.example';
const CLINICAL = 'clinical@ganger.example';
const SATELLITE = 'satellite@ganger.example';
/** Two items of the demo that ask for lot and expiry, and one that has no lots. */
const LIDO = { sku: 'LID-1-EPI', name: 'Lidocaine 1 % with epinephrine' };
const PLAIN = { sku: 'LID-2', name: 'Lidocaine 2 % plain' };
const GAUZE = { sku: 'GAU-44', name: 'Gauze sponge 4 × 4 in' };
const LOT = 'E2E-FIVE';
const OLD = 'E2E-OLD';

const DAY_MS = 86_400_000;
const inDays = (days: number): string =>
  new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

let world: World;
let manager: Device;
let room: Device;
let satellite: Device;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  world = await startWorld();
  manager = await world.device('manager');
  room = await world.device('room');
  satellite = await world.device('satellite');
  await manager.signIn(MANAGER);
  await room.signIn(CLINICAL);
  await satellite.signIn(SATELLITE);
  for (const device of [manager, room, satellite]) await device.expectSync('synced');
});
test.afterAll(async () => {
  await world?.close();
});

/** No violation in light and dark, and a picture of both. */
async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectAccessible(page, name);
    const dark = colorScheme === 'dark' ? '-dark' : '';
    await page.screenshot({ path: path.join(SCREENSHOTS, `stock-${name}${dark}.png`) });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

async function go(page: Page, where: string): Promise<void> {
  await page.getByTestId('nav-inventory').click();
  await page.getByTestId('stock-menu').click();
  await page.getByTestId(`stock-menu-${where}`).click();
}

/** Fills one line of a form that takes stock; nothing is finished. */
async function fill(
  page: Page,
  line: { item: string; quantity: string; lot?: string; site?: string },
): Promise<void> {
  if (line.site) {
    await page.getByTestId('take-site').click();
    await page.getByRole('option', { name: line.site }).click();
  }
  await chooseItem(page, 'take-item', line.item);
  await page.getByTestId('take-qty').fill(line.quantity);
  if (line.lot) {
    await page.getByTestId('take-lot').click();
    await page.getByRole('option', { name: line.lot }).click();
  }
}

async function choose(page: Page, testId: string, option: string): Promise<void> {
  await page.getByTestId(testId).click();
  await page.getByRole('option', { name: option }).click();
}

/** The form has gone and what it did is said. */
async function finished(page: Page): Promise<void> {
  await expect(page.getByTestId('take-finish')).toHaveCount(0);
  await expect(page.getByTestId('toast').last()).toBeVisible();
}
const itemIs = (sku: string): string => `(select id from inventory_items where sku = '${sku}')`;

test('two devices that are cut off each use 3 of 5: nothing is lost, one question says why', async () => {
  await receive(manager.page, {
    item: LIDO.name,
    quantity: '5',
    lot: LOT,
    expiry: inDays(5),
  });
  await manager.expectSync('synced');
  await openItem(room.page, LIDO.sku);
  await room.page.getByTestId('tab-lots').click();
  await expect(room.page.getByTestId(`lot-row-${LOT}`)).toBeVisible();

  for (const device of [manager, room]) {
    device.pullNetwork();
    await device.expectSync('offline');
    await go(device.page, 'issue');
    await fill(device.page, { item: LIDO.name, quantity: '3' });
    // The one that expires first is proposed, without a question.
    await expect(device.page.getByText(`3 of ${LOT}`)).toBeVisible();
    if (device === room) await look(device.page, 'issue');
    await device.page.getByTestId('take-finish').click();
    await finished(device.page);
  }
  for (const device of [manager, room]) {
    device.restoreNetwork();
    await device.expectSync('synced');
  }
  const { rows } = await world.db.query<{ on_hand: string; issues: string; reviews: string }>(
    `select
       (select sum(on_hand) from on_hand o join inventory_lots l on l.id::text = o.lot_id
         where l.lot_no = '${LOT}') as on_hand,
       (select count(*) from stock_movements m join inventory_lots l on l.id = m.lot_id
         where l.lot_no = '${LOT}' and m.type = 'issue') as issues,
       (select count(*) from review_items where kind = 'negative_stock') as reviews`,
  );
  expect(rows[0]).toEqual({ on_hand: '-10000', issues: '2', reviews: '1' });

  for (const { page } of [manager, room]) {
    await openItem(page, LIDO.sku);
    await page.getByTestId('tab-lots').click();
    await expect(page.getByTestId(`lot-row-${LOT}`)).toContainText('−1', { timeout: 10_000 });
  }
  const { page } = manager;
  await page.getByTestId('nav-review').click();
  const cause = page.getByTestId('negative-cause').first();
  await expect(cause).toHaveAttribute('data-cause', 'double_issue');
  await expect(cause).toContainText('Maya Okafor');
  await expect(cause).toContainText('Priya Nair');
  await look(page, 'negative-review');
});

test('another lot than the one that expires first asks for a reason, which stays with the movement', async () => {
  const { page } = room;
  await go(page, 'issue');
  await fill(page, { item: LIDO.name, quantity: '2', lot: 'LE-30977' });
  await expect(page.getByTestId('take-fefo')).toBeVisible();
  await page.getByTestId('take-finish').click();
  await expect(page.getByTestId('take-reason')).toHaveAttribute('aria-invalid', 'true');
  await look(page, 'fefo-reason');
  await choose(page, 'take-reason', 'not on the shelf');
  await page.getByTestId('take-finish').click();
  await finished(page);
  await openItem(page, LIDO.sku);
  await page.getByTestId('tab-history').click();
  await expect(
    page.locator('[data-testid="history-row"][data-reason="fefo_not_found"]'),
  ).toHaveAttribute('data-quantity', '-20000');
});

test('an expired lot cannot be used; thrown away it can be, with a reason, and taken back from the history', async () => {
  const { page } = manager;
  await page.getByTestId('nav-inventory').click();
  await page.getByTestId('receive-open').click();
  await chooseItem(page, 'receive-item', PLAIN.name);
  await page.getByTestId('receive-qty').fill('2');
  await page.getByTestId('receive-lot').fill(OLD);
  await page.getByTestId('receive-expiry').fill(inDays(-3));
  await choose(page, 'receive-reason', 'discard');
  await page.getByTestId('receive-finish').click();
  await finished(page);

  await go(page, 'issue');
  await fill(page, { item: PLAIN.name, quantity: '1', lot: OLD });
  await expect(page.getByText('This lot has expired and cannot be used.')).toBeVisible();
  await page.getByTestId('take-finish').click();
  await expect(page.getByTestId('take-finish')).toBeVisible();
  const { rows } = await world.db.query(
    `select 1 from stock_movements m join inventory_lots l on l.id = m.lot_id
     where l.lot_no = '${OLD}' and m.type = 'issue'`,
  );
  expect(rows).toEqual([]);

  await go(page, 'waste');
  await fill(page, { item: PLAIN.name, quantity: '2', lot: OLD });
  await page.getByTestId('take-finish').click();
  await expect(page.getByTestId('take-reason')).toHaveAttribute('aria-invalid', 'true');
  await choose(page, 'take-reason', 'Expired');
  await look(page, 'waste');
  await page.getByTestId('take-finish').click();
  await finished(page);

  await openItem(page, PLAIN.sku);
  const before = await onHand(page, 'AA');
  await page.getByTestId('tab-history').click();
  const waste = page.locator('[data-testid="history-row"][data-type="waste"]');
  await waste.first().getByTestId('history-reverse').click();
  await page.getByTestId('reversal-finish').click();
  await choose(page, 'reversal-reason', 'Did not happen');
  await look(page, 'reversal');
  await page.getByTestId('reversal-finish').click();
  await expect(waste).toHaveCount(2);
  // Taken back once: neither of both offers it again.
  await expect(waste.getByTestId('history-reverse')).toHaveCount(0);
  await page.getByTestId('tab-stock').click();
  await expect.poll(() => onHand(page, 'AA')).toBe(before + 20_000);
  await manager.expectSync('synced');
});

test('a transfer is shipped at one site and received at the other, and what differs is said', async () => {
  const { page } = manager;
  await openItem(satellite.page, GAUZE.sku);
  const atPy = await onHand(satellite.page, 'PY');
  await go(page, 'transfers');
  await page.getByTestId('transfer-new').click();
  await choose(page, 'transfer-from', 'Ann Arbor');
  await choose(page, 'transfer-to', 'Plymouth');
  await chooseItem(page, 'transfer-item', GAUZE.name);
  await page.getByTestId('transfer-qty').fill('40');
  await look(page, 'transfer-new');
  await page.getByTestId('transfer-make').click();
  await expect(page.getByTestId('transfer-detail')).toHaveAttribute('data-state', 'draft');
  await page.getByTestId('transfer-ship').click();
  await expect(page.getByTestId('take-line')).toContainText('40');
  await page.getByTestId('take-finish').click();
  await expect(page.getByTestId('transfer-detail')).toHaveAttribute('data-state', 'in_transit');
  await look(page, 'transfer');

  const other = satellite.page;
  await go(other, 'transfers');
  const row = other.getByTestId('transfer-row');
  await expect(row).toHaveAttribute('data-state', 'in_transit', { timeout: 10_000 });
  satellite.pullNetwork();
  await satellite.expectSync('offline');
  await row.click();
  await other.getByTestId('transfer-receive').click();
  await other.getByTestId('arrive-qty').fill('30');
  await expect(other.getByTestId('arrive-differs')).toBeVisible();
  await look(other, 'transfer-receive');
  await other.getByTestId('arrive-finish').click();
  await expect(other.getByTestId('transfer-detail')).toHaveAttribute('data-state', 'differs');
  await expect(other.getByTestId('transfer-difference')).toBeVisible();
  satellite.restoreNetwork();
  await satellite.expectSync('synced');
  const detail = page.getByTestId('transfer-detail');
  await expect(detail).toHaveAttribute('data-state', 'differs', { timeout: 10_000 });

  await other.getByTestId('transfer-receive').click();
  await expect(other.getByTestId('arrive-qty')).toHaveValue('10');
  await other.getByTestId('arrive-finish').click();
  await expect(detail).toHaveAttribute('data-state', 'received', { timeout: 10_000 });
  await expect
    .poll(async () => (await world.db.query('select status from transfers')).rows)
    .toEqual([{ status: 'received' }]);
  await openItem(other, GAUZE.sku);
  expect(await onHand(other, 'PY')).toBe(atPy + 400_000);
});

test('what is wrong with the stock stands in one list, can be handed over and put off', async () => {
  const { page } = manager;
  await go(page, 'alerts');
  const negative = page.locator(`[data-testid="alert-row"][data-kind="negative"]`);
  await expect(negative).toHaveCount(1);
  await negative.click();
  await expect(page.getByTestId('negative-cause').first()).toBeVisible();
  await look(page, 'alerts');
  await choose(page, 'alert-owner', 'Luis Ferrer');
  await finished(page);
  await page.getByTestId('alert-snooze').click();
  await expect(negative).toHaveCount(0);
  await page.getByText('Put off', { exact: true }).first().click();
  await expect(negative).toHaveCount(1);
  const told = async (): Promise<string[]> => {
    const { rows } = await world.db.query<{ who: string }>(
      `select u.display_name as who from notifications n join users u on u.id = n.recipient_id
       where n.kind = 'stock.negative' order by 1`,
    );
    return rows.map(({ who }) => who);
  };
  await expect.poll(told).toEqual(['Luis Ferrer', 'Maya Okafor']);

  await page.getByText('Open', { exact: true }).first().click();
  const low = page.locator(`[data-testid="alert-row"][data-kind="low"]`).first();
  await low.click();
  await page.getByTestId('alert-order').click();
  await page.getByTestId('ask-finish').click();
  await finished(page);
  await manager.expectSync('synced');
  await expect
    .poll(async () => (await world.db.query('select status from reorder_requests')).rows)
    .toContainEqual({ status: 'pending' });
});

test('a lot is traced through all sites on one page, and once recalled no site can use it', async () => {
  const { page } = manager;
  await openItem(page, LIDO.sku);
  await page.getByTestId('tab-lots').click();
  await page.getByTestId('lot-row-LE-30977').first().getByRole('link').click();
  await expect(page.getByTestId('trace-site-AA')).toBeVisible();
  await expect(page.getByTestId('trace-site-PY')).toBeVisible();
  await expect(page.getByTestId('trace-event').first()).toBeVisible();
  await page.getByTestId('recall-recalled').click();
  await page.getByTestId('recall-confirm').click();
  await expect(page.getByTestId('recall-status')).toHaveAttribute('data-status', 'recalled');
  await look(page, 'lot-trace');
  await manager.expectSync('synced');

  await go(room.page, 'issue');
  await fill(room.page, { item: LIDO.name, quantity: '1' });
  await room.page.getByTestId('take-lot').click();
  await expect(room.page.getByRole('option', { name: /LE-30977.*recalled/ })).toBeVisible({
    timeout: 10_000,
  });
  await room.page.getByRole('option', { name: /LE-30977/ }).click();
  await expect(room.page.getByText('This lot is recalled and cannot be used.')).toBeVisible();
});

test('what would expire here and be used elsewhere is proposed, and one click drafts the transfer', async () => {
  const { page } = manager;
  await receive(page, { item: PLAIN.name, quantity: '4', lot: 'E2E-SHORT', expiry: inDays(20) });
  await go(page, 'issue');
  // What was left half filled is there still, with the expired lot.
  await expect(page.getByTestId('take-lot')).toHaveValue(new RegExp(OLD));
  await fill(page, {
    item: PLAIN.name,
    quantity: '20',
    lot: 'First to expire',
    site: 'Wixom',
  });
  await page.getByTestId('take-finish').click();
  await finished(page);
  await go(page, 'expiry');
  await expect(page.getByTestId('expiry-cell').first()).toBeVisible();
  const move = page.getByTestId('expiry-move').filter({ hasText: 'E2E-SHORT' });
  await expect(move).toContainText('WX');
  await look(page, 'expiry');
  await move.getByTestId('expiry-draft').click();
  await expect(page.getByTestId('transfer-detail')).toHaveAttribute('data-state', 'draft');
  const drafts = async () => {
    const { rows } = await world.db.query<{ is_it: boolean; quantity: number }>(
      `select (w ->> 'item_id')::uuid = ${itemIs(PLAIN.sku)} as is_it,
              (w ->> 'qty_base')::int as quantity
       from transfers, jsonb_array_elements(wanted) w where status = 'draft'`,
    );
    return rows;
  };
  await expect.poll(drafts).toEqual([{ is_it: true, quantity: 40_000 }]);
});
