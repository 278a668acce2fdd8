import { expect, test } from '@playwright/test';
import { expectAccessible } from '../axe.ts';
import { startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import { onHand, openItem } from '../screens.ts';

const FRONT_DESK = 'frontdesk@ganger.example';
/** An item that asks for lot and expiry. */
const ITEM = { sku: 'LID-1-EPI', name: 'Lidocaine 1 % with epinephrine' };

let world: World;
let device: Device;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  world = await startWorld();
  device = await world.device('desk');
  await device.signIn(FRONT_DESK);
  await device.expectSync('synced');
});
test.afterAll(async () => {
  await world?.close();
});

const acts = async (): Promise<number> => {
  const { rows } = await world.db.query<{ n: number }>('select count(*)::int as n from stock_acts');
  return rows[0]?.n ?? 0;
};

test('a date that does not exist and a quantity below nothing are said beside the field; nothing is written', async () => {
  const { page } = device;
  const before = await acts();
  await openItem(page, ITEM.sku);
  await page.getByTestId('receive-open').click();
  const item = page.getByTestId('receive-item');
  await item.fill(ITEM.name);
  await page.getByRole('option', { name: ITEM.name }).first().waitFor();
  await item.press('Enter');
  await page.getByTestId('receive-qty').fill('-3');
  await page.getByTestId('receive-lot').fill('BAD-1');
  await page.getByTestId('receive-expiry').fill('2027-02-30');
  await page.getByTestId('receive-finish').click();
  await expect(page.getByTestId('receive-summary')).toBeVisible();
  await expect(page.getByTestId('receive-qty')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByTestId('receive-expiry')).toHaveAttribute('aria-invalid', 'true');
  expect(await acts()).toBe(before);
});

test('what was typed survives going away and coming back', async () => {
  const { page } = device;
  await page.getByTestId('nav-inventory').click();
  await page.getByTestId('receive-open').click();
  await expect(page.getByTestId('receive-lot')).toHaveValue('BAD-1');
});

test('put right, it is received by keyboard alone, once, and the server has it with its person', async () => {
  const { page } = device;
  const before = await acts();
  await page.getByTestId('receive-qty').fill('3');
  await page.getByTestId('receive-expiry').fill('2027-02-28');
  await page.getByTestId('receive-expiry').press('Control+Enter');
  await expect(page.getByTestId('toast').first()).toContainText('Ann Arbor');
  await device.expectSync('synced');
  await expect.poll(acts).toBe(before + 1);
  const { rows } = await world.db.query<{ email: string; qty: string; lot: string }>(
    `select u.email, m.qty_base::text as qty, l.lot_no as lot
     from stock_movements m join users u on u.id = m.performed_by
     join inventory_lots l on l.id = m.lot_id where l.lot_no = 'BAD-1'`,
  );
  expect(rows).toEqual([{ email: FRONT_DESK, qty: '30000', lot: 'BAD-1' }]);
});

test('the front desk sees stock of its own site only, and is not offered what it may not do', async () => {
  const { page } = device;
  await openItem(page, ITEM.sku);
  await expect(page.getByTestId('on-hand-AA')).toBeVisible();
  await expect(page.getByTestId('on-hand-PY')).toHaveCount(0);
  await expect(page.getByTestId('par-input-AA')).toHaveCount(0);
  // It decides about coverage of its own site; conflicts of stock are not shown to it.
  await page.getByTestId('nav-review').click();
  await expect(page.getByText('Nothing to review')).toBeVisible();
});

test('how the list is arranged is there again when the window loads anew', async () => {
  const { page } = device;
  await page.getByTestId('nav-inventory').click();
  const sku = page.getByRole('columnheader', { name: 'SKU' });
  await expect(sku).toBeVisible();
  const arrange = async (): Promise<void> => {
    await page.getByTestId('grid-columns').click();
    await page.getByRole('checkbox', { name: 'SKU' }).click();
    await page.keyboard.press('Escape');
    // Kept after a pause, so that ten clicks are one write.
    await page.waitForTimeout(800);
  };
  await arrange();
  await expect(sku).toHaveCount(0);
  await page.reload();
  await expect(page.getByTestId('grid-columns')).toBeVisible();
  await expect(sku).toHaveCount(0);
  await arrange();
  await expect(sku).toBeVisible();
});

test('the store process dies: the window stays, and work goes on', async () => {
  const { page, app } = device;
  await openItem(page, ITEM.sku);
  const before = await onHand(page, 'AA');
  const pid = await app.evaluate(
    ({ app: electron }) =>
      electron
        .getAppMetrics()
        .find((m) => m.serviceName === 'Ganger store' || m.name === 'Ganger store')?.pid,
  );
  expect(pid).toBeGreaterThan(0);
  process.kill(pid ?? 0, 'SIGKILL');
  await device.expectSync('synced');
  await page.getByTestId('receive-open').click();
  const item = page.getByTestId('receive-item');
  await item.fill(ITEM.name);
  await page.getByRole('option', { name: ITEM.name }).first().waitFor();
  await item.press('Enter');
  await page.getByTestId('receive-qty').fill('2');
  await page.getByTestId('receive-lot').fill('AFTER-1');
  await page.getByTestId('receive-expiry').fill('12/2028');
  await page.getByTestId('receive-finish').click();
  await openItem(page, ITEM.sku);
  await expect.poll(() => onHand(page, 'AA')).toBe(before + 20_000);
  await device.expectSync('synced');
});

test('no window can leave its place: sandbox, no node, own pages only', async () => {
  const { page, app } = device;
  const preferences = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map(({ webContents }) => {
      // Not in Electron's types, but the only way to ask a window what it was made with.
      const asked = webContents as unknown as {
        getLastWebPreferences(): Electron.WebPreferences;
      };
      const { sandbox, contextIsolation, nodeIntegration, webviewTag } =
        asked.getLastWebPreferences();
      return { sandbox, contextIsolation, nodeIntegration, webviewTag };
    }),
  );
  expect(preferences).toEqual([
    { sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false },
  ]);
  const inside = await page.evaluate(async () => {
    const away = await fetch('https://example.com').then(
      () => 'reached',
      () => 'refused',
    );
    return {
      away,
      node: typeof Reflect.get(globalThis, 'require'),
      opened: window.open('about:blank'),
    };
  });
  expect(inside).toEqual({ away: 'refused', node: 'undefined', opened: null });
  const refused = await page.evaluate(() =>
    (Reflect.get(window, 'ganger') as { call(name: string, arg: unknown): Promise<unknown> }).call(
      'app.info',
      { sudo: true },
    ),
  );
  expect(refused).toMatchObject({ ok: false, code: 'REQUEST_INVALID' });
});

test('the screens have no accessibility violations, in English and in Spanish', async () => {
  const { page } = device;
  const check = async (where: string): Promise<void> => {
    await expectAccessible(page, where);
  };
  await openItem(page, ITEM.sku);
  await check('items');
  await page.getByTestId('receive-open').click();
  await check('receive');
  await page.getByTestId('user-menu').click();
  await page.getByTestId('language-es').click();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('nav-inventory')).toContainText('Inventario');
  await page.getByTestId('nav-inventory').click();
  await check('artículos');
});
