import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import pg from 'pg';
import { newId } from '#shared/kernel/ids.ts';
import { expectAccessible } from '../axe.ts';
import { SCREENSHOTS, startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';

const MANAGER = 'manager@ganger.example';
const IT = 'it@ganger.example';
const ITEM = 'GAU-44';
/** A dead server's jobs are taken over when it has not been heard of for 30 s, looked for every 10 s. */
const TAKEN_OVER_MS = 60_000;

let world: World;
let manager: Device;
let it: Device;
const vendorId = newId();

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  world = await startWorld();
  await world.db.query(
    `insert into vendors (id, name, order_channel, email, active)
     values ($1, 'Northfield Surgical', 'email', 'orders@northfield.example', true)`,
    [vendorId],
  );
  orderId = await placedOrder('PO-2026-09001');
  manager = await world.device('manager');
  it = await world.device('it-desk');
  await manager.signIn(MANAGER);
  await it.signIn(IT);
  await manager.expectSync('synced');
  await it.expectSync('synced');
});

test.afterAll(async () => {
  await world?.close();
});

/** An order as it stands when it was approved and placed; that way is a spec of its own. */
async function placedOrder(number: string): Promise<string> {
  const id = newId();
  const client = new pg.Client({ connectionString: world.stack.postgres.url() });
  await client.connect();
  try {
    // The steps that led here are not taken again.
    await client.query(`set session_replication_role = 'replica'`);
    await client.query(
      `insert into public.purchase_orders
         (id, location_id, vendor_id, po_no, urgency, status, field_hlc, field_by)
       select $1, l.id, $2, $3, 'routine', 'ordered', '{}', '{}'
         from public.locations l where l.code = 'AA'`,
      [id, vendorId, number],
    );
    await client.query(
      `insert into public.purchase_order_lines
         (id, location_id, order_id, item_id, unit, qty_ordered, unit_price_cents, substitutes,
          removed, field_hlc, field_by)
       select $1, l.id, $2, i.id, i.base_unit, 100000, 450, '{}', false, '{}', '{}'
         from public.locations l, public.inventory_items i where l.code = 'AA' and i.sku = $3`,
      [newId(), id, ITEM],
    );
  } finally {
    await client.end();
  }
  return id;
}

let orderId = '';
const state = (page: Page, channel: 'email' | 'slack') =>
  page.getByTestId('order-summary-dialog').getByTestId(`order-send-state-${channel}`);
const sandbox = async (order: string) =>
  (
    await world.db.query<{ channel: string; destination: string; body: string; times: number }>(
      `select b.channel, b.destination, b.body, b.times from private.sandbox b
        where b.key in (
          select o.id::text from private.outbox o join order_sends s on s.id = o.row_id
           where s.order_id = $1
          union all
          select o.id::text || '-1' from private.outbox o join order_sends s on s.id = o.row_id
           where s.order_id = $1)
        order by b.recorded_at`,
      [order],
    )
  ).rows;

async function openSummary(page: Page, order: string): Promise<void> {
  await page.evaluate((id) => {
    location.hash = `#/orders?order=${id}`;
  }, order);
  await expect(page.getByTestId('order-detail')).toHaveAttribute('data-status', 'ordered');
  await page.getByTestId('order-summary').click();
  await expect(page.getByTestId('order-summary-text')).toHaveValue(/Gauze sponge/);
}

/** A picture that is free of what axe finds, in light and in dark. */
async function picture(page: Page, name: string): Promise<void> {
  await expect(page.getByTestId('toast')).toHaveCount(0, { timeout: 20_000 });
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
  await expectAccessible(page, name);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page, `${name} dark`);
  await page.screenshot({ path: test.info().outputPath(`${name}-dark.png`) });
  await page.emulateMedia({ colorScheme: 'light' });
}

test('offline, the summary is wished for, waits on the device, and cannot be wished twice', async () => {
  const { page } = manager;
  manager.pullNetwork();
  await manager.expectSync('offline');
  await openSummary(page, orderId);
  await page.getByTestId('order-send-email').click();
  await expect(state(page, 'email')).toHaveAttribute('data-state', 'queued');
  await expect(state(page, 'email')).toContainText('Waits on this device');
  await expect(page.getByTestId('order-send-email')).toBeDisabled();
  await picture(page, 'order-send-waiting');
  expect(await sandbox(orderId)).toEqual([]);
});

test('back in the network it goes out once, as it was seen', async () => {
  const { page } = manager;
  const seen = await page.getByTestId('order-summary-text').inputValue();
  manager.restoreNetwork();
  await expect(state(page, 'email')).toHaveAttribute('data-state', 'sent', { timeout: 30_000 });
  await expect(state(page, 'email')).toContainText('orders@northfield.example');
  await manager.expectSync('synced');
  expect(await sandbox(orderId)).toEqual([
    { channel: 'email', destination: 'orders@northfield.example', body: seen, times: 1 },
  ]);
  await picture(page, 'order-send-sent');
});

test('a person sends it again, by another way as well', async () => {
  const { page } = manager;
  await expect(page.getByTestId('order-send-email')).toContainText('again');
  await page.getByTestId('order-send-email').click();
  await page.getByTestId('order-send-slack').click();
  await expect(state(page, 'slack')).toHaveAttribute('data-state', 'sent', { timeout: 30_000 });
  await expect.poll(async () => (await sandbox(orderId)).length).toBe(3);
  const all = await sandbox(orderId);
  expect(all.map(({ channel, times }) => `${channel} ${times}`).toSorted()).toEqual([
    'email 1',
    'email 1',
    'slack 1',
  ]);
});

test('a server that is killed between sending and noting it leaves exactly one', async () => {
  test.slow();
  const { page } = manager;
  const order = await placedOrder('PO-2026-09002');
  await page.keyboard.press('Escape');
  await expect(async () => openSummary(page, order)).toPass();
  // The end of a send cannot be written while somebody holds its table.
  const client = await world.db.connect();
  await client.query('begin; lock table public.order_send_events in share mode');
  await page.getByTestId('order-send-email').click();
  await expect.poll(async () => (await sandbox(order)).length, { timeout: 20_000 }).toBe(1);
  await world.stack.server().kill();
  await client.query('rollback');
  client.release();
  await world.stack.restartServer();
  await expect(state(page, 'email')).toHaveAttribute('data-state', 'sent', {
    timeout: TAKEN_OVER_MS,
  });
  expect(await sandbox(order)).toMatchObject([{ channel: 'email', times: 1 }]);
  await page.keyboard.press('Escape');
});

test('what cannot be sent says why, waits for a person, and is sent when they say so', async () => {
  const { page } = manager;
  const order = await placedOrder('PO-2026-09003');
  await expect(async () => openSummary(page, order)).toPass();
  // The address goes while this device does not hear of it.
  manager.pullNetwork();
  await manager.expectSync('offline');
  await page.getByTestId('order-send-email').click();
  await expect(state(page, 'email')).toHaveAttribute('data-state', 'queued');
  await world.db.query('update vendors set email = null where id = $1', [vendorId]);
  manager.restoreNetwork();
  await expect(state(page, 'email')).toHaveAttribute('data-state', 'failed', { timeout: 30_000 });
  await expect(state(page, 'email')).toContainText('There is no address');
  await picture(page, 'order-send-failed');

  await it.page.evaluate(() => {
    location.hash = '#/administration/outbox';
  });
  const letter = it.page.getByTestId('dead-letter');
  await expect(letter).toHaveCount(1, { timeout: 15_000 });
  await expect(letter).toHaveAttribute('data-problem', 'MESSAGE_NO_ADDRESS');
  await picture(it.page, 'administration-outbox');
  await world.db.query('update vendors set email = $2 where id = $1', [
    vendorId,
    'new@northfield.example',
  ]);
  await letter.getByTestId('dead-letter-again').click();
  await it.page.getByTestId('letter-do').press('Enter');
  await expect(letter).toHaveCount(0, { timeout: 15_000 });
  await expect(state(page, 'email')).toHaveAttribute('data-state', 'sent', { timeout: 30_000 });
  expect(await sandbox(order)).toMatchObject([{ destination: 'new@northfield.example', times: 1 }]);
});

test('the administration shows what would have been sent', async () => {
  const { page } = it;
  await page.getByTestId('outbox-reload').click();
  const messages = page.getByTestId('sandbox-message');
  await expect(messages).toHaveCount(5);
  await messages.first().locator('summary').click();
  await expect(messages.first()).toContainText('Order PO-2026-09003 to Northfield Surgical');
  await expect(page.getByTestId('outbox-hubs')).toHaveAttribute('data-mode', 'record');
  await picture(page, 'administration-sandbox');
});
