import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import { openItem } from '../screens.ts';
import { ROOT } from '../../scripts/dev/paths.ts';

/** Three windows of one app write while the store process is killed under them, again and again. */
const MANAGER = 'manager@ganger.example';
/** The site that the manager's list shows. */
const SITE = 'AA';
const KILLS = 6;
/** As the main process names it. */
const STORE_PROCESS = 'Ganger store';

const PRELOAD = path.join(ROOT, 'out/preload/index.cjs');

let world: World;
let device: Device;
let skus: string[] = [];

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  world = await startWorld();
  device = await world.device('three-windows');
  const { rows } = await world.db.query<{ sku: string }>(
    `select i.sku from inventory_items i join item_locations p on p.item_id = i.id
     join locations l on l.id = p.location_id where l.code = $1 and p.is_stocked
     order by i.sku limit 3`,
    [SITE],
  );
  skus = rows.map(({ sku }) => sku);
});

test.afterAll(async () => {
  await world?.close();
});

/** One more window of the running app, made as the first one was. */
async function openWindow(): Promise<Page> {
  const opened = device.app.waitForEvent('window');
  await device.app.evaluate(async ({ BrowserWindow }, preload) => {
    const [first] = BrowserWindow.getAllWindows();
    if (!first) throw new Error('no window');
    // As wide as the first: a narrow one shows the list or the item, not both.
    const window = new BrowserWindow({
      width: 1280,
      height: 800,
      webPreferences: { preload, sandbox: true, contextIsolation: true, nodeIntegration: false },
    });
    await window.loadURL(first.webContents.getURL());
  }, PRELOAD);
  const page = await opened;
  page.setDefaultTimeout(20_000);
  return page;
}

async function storePid(): Promise<number> {
  const metrics = await device.app.evaluate(({ app }) =>
    app.getAppMetrics().map(({ pid, name, serviceName }) => ({ pid, name, serviceName })),
  );
  const store = metrics.find((one) => [one.name, one.serviceName].includes(STORE_PROCESS));
  if (!store) throw new Error('no store process');
  return store.pid;
}

/** Kills the store and waits until another one runs. */
async function killStore(): Promise<void> {
  const former = await storePid();
  process.kill(former, 'SIGKILL');
  await expect.poll(() => storePid().catch(() => former), { timeout: 20_000 }).not.toBe(former);
}

test('every window goes on in place; what was shown as saved is there, in all three and on the server', async () => {
  test.setTimeout(240_000);
  await device.signIn(MANAGER);
  await device.expectSync('synced');
  const pages = [device.page, await openWindow(), await openWindow()];
  expect(skus).toHaveLength(3);
  for (const page of pages) {
    // Only one window has the focus, and a field saves itself when it loses it.
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setFocusEmulationEnabled', { enabled: true });
  }
  for (const [at, page] of pages.entries()) await openItem(page, skus[at] ?? '');

  const saved = [0, 0, 0];
  let isOver = false;
  const failures: string[] = [];
  const writers = pages.map(async (page, at) => {
    for (let par = 100 + at * 250; !isOver; par += 1) {
      await expect(async () => {
        const field = page.getByTestId(`par-input-${SITE}`);
        await field.fill(String(par));
        await field.press('Enter');
        // The list reads what the store has committed: only what it shows counts as saved.
        const row = page.getByTestId(`item-row-${skus[at]}`);
        await expect(row).toContainText(String(par), { timeout: 4_000 });
      }).toPass({ timeout: 40_000 });
      saved[at] = par;
    }
  });
  for (const writer of writers) writer.catch((error: unknown) => failures.push(String(error)));

  /** Until every window has saved something more. */
  const allWrite = async (): Promise<void> => {
    const before = [...saved];
    await expect
      .poll(
        () => (failures.length > 0 ? failures : saved.map((par, at) => par > (before[at] ?? 0))),
        { timeout: 60_000 },
      )
      .toEqual([true, true, true]);
  };
  await allWrite();
  for (let kill = 0; kill < KILLS; kill += 1) {
    await sleep(150 + kill * 90);
    await killStore();
    // All windows write again, without having been loaded anew.
    await allWrite();
  }
  isOver = true;
  await Promise.all(writers);

  for (const page of pages) {
    for (const [at, sku] of skus.entries()) {
      await openItem(page, sku);
      await expect(page.getByTestId(`par-input-${SITE}`)).toHaveValue(String(saved[at]));
    }
  }
  await device.expectSync('synced', 60_000);
  const { rows } = await world.db.query<{ sku: string; par: number }>(
    `select i.sku, (p.par / 10000)::int as par from item_locations p
     join inventory_items i on i.id = p.item_id join locations l on l.id = p.location_id
     where l.code = $2 and i.sku = any($1) order by i.sku`,
    [skus, SITE],
  );
  expect(rows).toEqual(skus.map((sku, at) => ({ sku, par: saved[at] })));
});
