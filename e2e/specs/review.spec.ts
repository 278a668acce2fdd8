import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../axe.ts';
import { SCREENSHOTS, startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import { edit, openItem } from '../screens.ts';

const MANAGER = 'manager@ganger.example';
const SATELLITE = 'satellite@ganger.example';
const ONE = 'LID-1-EPI';
const TWO = 'GAU-44';

let world: World;
let satellite: Device;
let manager: Device;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  world = await startWorld();
  satellite = await world.device('satellite');
  manager = await world.device('manager');
});

test.afterAll(async () => {
  await world?.close();
});

const step = (page: Page) => page.getByTestId('review-step');
const press = (page: Page, key: string) => page.keyboard.press(key);
/** What Postgres has of the places of two items at the satellite. */
async function places(): Promise<Record<string, { par: number; bin: string | null }>> {
  const { rows } = await world.db.query<{ sku: string; par: string; bin: string | null }>(
    `select i.sku, p.par, p.bin from item_locations p
       join inventory_items i on i.id = p.item_id join locations l on l.id = p.location_id
      where l.code = 'PY' and i.sku in ($1, $2)`,
    [ONE, TWO],
  );
  return Object.fromEntries(rows.map(({ sku, par, bin }) => [sku, { par: Number(par), bin }]));
}
test('two machines change the same three fields, and one more, without seeing each other', async () => {
  await satellite.signIn(SATELLITE);
  await manager.signIn(MANAGER);
  await satellite.expectSync('synced');
  await manager.expectSync('synced');
  satellite.pullNetwork();
  manager.pullNetwork();
  await satellite.expectSync('offline');
  await manager.expectSync('offline');
  // First the satellite, so that what the manager says is later, and kept.
  await openItem(satellite.page, ONE);
  await edit(satellite.page, 'par-input-PY', '31');
  await edit(satellite.page, 'bin-input-PY', 'B7');
  await openItem(satellite.page, TWO);
  await edit(satellite.page, 'par-input-PY', '12');
  await edit(satellite.page, 'bin-input-PY', 'S2');
  await openItem(manager.page, ONE);
  await edit(manager.page, 'par-input-PY', '47');
  await edit(manager.page, 'bin-input-PY', 'A3');
  await openItem(manager.page, TWO);
  await edit(manager.page, 'par-input-PY', '90');
  await edit(manager.page, 'bin-input-PY', 'T9');
  manager.restoreNetwork();
  await manager.expectSync('synced');
  satellite.restoreNetwork();
  await satellite.expectSync('synced');
  await expect(manager.page.getByTestId('nav-review')).toContainText('4', { timeout: 15_000 });
});

test('the manager decides three of them by keys alone: the focus goes with the questions', async () => {
  const { page } = manager;
  await page.getByTestId('nav-review').focus();
  await press(page, 'Enter');
  await expect(step(page)).toBeVisible();
  await expect(page.getByTestId('review-record')).toHaveCount(2);
  await press(page, '?');
  await expect(page.getByTestId('keys-sheet')).toBeVisible();
  await expectAccessible(page, 'keys');
  await press(page, 'Escape');
  await expect(page.getByTestId('keys-sheet')).toHaveCount(0);
  await expectAccessible(page, 'review');
  await page.screenshot({ path: path.join(SCREENSHOTS, 'conflict.png') });
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page, 'review, dark');
  await page.screenshot({ path: test.info().outputPath('review-dark.png') });
  await page.emulateMedia({ colorScheme: 'light' });

  const seen: string[] = [];
  for (const place of ['1 of 2', '2 of 2', '1 of 2']) {
    await expect(page.getByTestId('review-place')).toHaveText(place);
    seen.push(
      `${await step(page).getAttribute('data-field')} ${await page.getByTestId('review-choice').nth(1).getByTestId('review-value').innerText()}`,
    );
    await press(page, '2');
    await expect(page.getByTestId('review-choice').nth(1)).toHaveAttribute('aria-checked', 'true');
    await press(page, 'Enter');
    await expect(page.getByTestId('review-said')).toContainText('decided');
    await expect(page.locator('#review-step')).toBeFocused();
  }
  expect(new Set(seen).size).toBe(3);
  await expect(page.getByTestId('nav-review')).toContainText('1');
  await manager.expectSync('synced');
});

test('undone by one key, a question is open again with what stood there', async () => {
  const { page } = manager;
  const before = await places();
  await press(page, 'u');
  await expect(page.getByTestId('review-said')).toContainText('Undone');
  await expect(page.getByTestId('nav-review')).toContainText('2');
  await manager.expectSync('synced');
  await expect.poll(places).not.toEqual(before);
  const { rows } = await world.db.query<{ n: number; undone: number }>(
    `select count(*)::int as n, count(reverses_id)::int as undone from review_decisions`,
  );
  expect(rows).toEqual([{ n: 4, undone: 1 }]);
});

test('what lost comes back with one click where the item is shown, on every machine', async () => {
  const { page } = satellite;
  await satellite.expectSync('synced');
  const open = (await places())[TWO]?.bin === 'S2' ? ONE : TWO;
  await openItem(page, open);
  const lost = page.getByTestId('lost-value').first();
  await expect(lost).toBeVisible();
  await expectAccessible(page, 'item with a value that lost');
  await page.screenshot({ path: test.info().outputPath('item.png') });
  const field = await lost.getAttribute('data-field');
  await lost.getByTestId('lost-restore').click();
  const wanted = field === 'bin' ? (open === TWO ? 'S2' : 'B7') : open === TWO ? '12' : '31';
  for (const device of [satellite, manager]) {
    await openItem(device.page, open);
    await expect(device.page.getByTestId(`${field}-input-PY`)).toHaveValue(wanted, {
      timeout: 10_000,
    });
  }
});

test('what two people decide at once is decided by the first; the other is told kindly', async () => {
  for (const device of [satellite, manager]) {
    await device.expectSync('synced');
    await device.page.getByTestId('nav-review').click();
    await expect(step(device.page)).toBeVisible();
  }
  satellite.pullNetwork();
  await satellite.expectSync('offline');
  const [theirs, mine] = [manager.page, satellite.page];
  await theirs.getByTestId('review-choice').nth(0).click();
  await theirs.getByTestId('review-confirm').click();
  await manager.expectSync('synced');
  await mine.getByTestId('review-choice').nth(1).click();
  await mine.getByTestId('review-confirm').click();
  await mine.screenshot({ path: test.info().outputPath('offline.png') });
  satellite.restoreNetwork();
  await satellite.expectSync('needs-you');
  const parked = mine.getByTestId('parked-row');
  await expect(parked).toContainText('Maya Okafor decided this first');
  await expectAccessible(mine, 'parked');
  await mine.screenshot({ path: test.info().outputPath('parked.png') });
  await parked.getByTestId('parked-discard').click();
  await parked.getByTestId('parked-discard-confirm').click();
  await expect(parked).toHaveCount(0);
  await satellite.expectSync('synced');
});

test('what was decided stands there for a day, with the way back, in both languages and both lights', async () => {
  const { page } = manager;
  await page.getByTestId('nav-review').click();
  await page.getByText('Decided', { exact: true }).click();
  await expect(page.getByTestId('decided-row').first()).toBeVisible();
  await expectAccessible(page, 'decided');
  await page.screenshot({ path: test.info().outputPath('decided-light.png') });
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page, 'decided, dark');
  await page.screenshot({ path: test.info().outputPath('decided-dark.png') });
  await page.getByTestId('user-menu').click();
  await page.getByTestId('language-es').click();
  await page.keyboard.press('Escape');
  await expect(page.getByText('Le necesitan')).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('decided-es.png') });
});
