import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { DEMO_PASSWORD } from '../../scripts/dev/demo-people.ts';
import { PEOPLE } from '../../supabase/demo/people.ts';
import { startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';

/**
 * A delivery, a count and its approval without a mouse: every step is a key, and that nothing else was
 * used is counted in the page.
 */
const ITEM = { sku: 'LID-1-EPI', name: 'Lidocaine 1 % with epinephrine' };
const LOT = 'KEYS-1';
/** Slower than any scanner, so that it is a person who types. */
const PERSON_MS = 130;

let world: World;
let shelf: Device;
let office: Device;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  world = await startWorld();
  shelf = await world.device('shelf');
  office = await world.device('office');
  for (const device of [shelf, office]) {
    await device.app.evaluate(({ BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows()) window.webContents.focus();
    });
    await device.page.evaluate(() => {
      document.documentElement.dataset['pointers'] = '0';
      for (const name of ['pointerdown', 'wheel']) {
        window.addEventListener(
          name,
          () => {
            const before = Number(document.documentElement.dataset['pointers']);
            document.documentElement.dataset['pointers'] = String(before + 1);
          },
          { capture: true },
        );
      }
    });
  }
});
test.afterAll(async () => {
  await world?.close();
});
test.afterEach(async () => {
  for (const { page } of [shelf, office]) {
    await expect(page.locator('html')).toHaveAttribute('data-pointers', '0');
  }
});

const press = (page: Page, keys: string) => page.keyboard.press(keys);
const type = (page: Page, words: string) => page.keyboard.type(words, { delay: PERSON_MS });
const focused = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? null);

/** Goes on by Tab until it stands on something; what is not reached within a page fails. */
async function tabTo(page: Page, testId: string): Promise<void> {
  for (let nth = 0; nth < MOST_TABS; nth += 1) {
    if ((await focused(page)) === testId) return;
    await press(page, 'Tab');
  }
  throw new Error(`${testId} is not reached by Tab`);
}
const MOST_TABS = 60;

async function signIn(device: Device, email: string): Promise<void> {
  const { page } = device;
  await expect(page.getByTestId('sign-in-email')).toBeFocused();
  await type(page, email);
  await tabTo(page, 'sign-in-password');
  await type(page, DEMO_PASSWORD);
  await press(page, 'Enter');
  await device.expectSync('synced');
}

const atAnnArbor = async (): Promise<number> => {
  const { rows } = await world.db.query<{ n: number }>(
    `select coalesce(sum(o.on_hand), 0)::int / 10000 as n
       from on_hand o join inventory_lots l on l.id::text = o.lot_id
       join locations s on s.id = o.location_id where l.lot_no = $1 and s.code = 'AA'`,
    [LOT],
  );
  return rows[0]?.n ?? 0;
};

test('two people sign in', async () => {
  await signIn(shelf, PEOPLE.clinical.email);
  await signIn(office, PEOPLE.manager.email);
});

test('a delivery is received', async () => {
  const { page } = shelf;
  await press(page, 'Alt+r');
  await expect(page.getByTestId('receive-item')).toBeVisible();
  await expect(page.getByTestId('receive-item')).toBeFocused();
  await type(page, ITEM.sku);
  await page.getByRole('option', { name: ITEM.name }).first().waitFor();
  await press(page, 'Enter');
  await expect(page.getByTestId('receive-qty')).toBeFocused();
  await type(page, '24');
  await tabTo(page, 'receive-lot');
  await type(page, LOT);
  await tabTo(page, 'receive-expiry');
  await type(page, '12/31/2028');
  await press(page, 'Control+Enter');
  await expect(page.getByTestId('toast').first()).toContainText('Ann Arbor');
  await shelf.expectSync('synced');
  await expect.poll(atAnnArbor).toBe(24);
});

test('it is counted, and the difference is too large for one person', async () => {
  const { page } = shelf;
  await press(page, 'Alt+c');
  await expect(page.getByTestId('count-begin')).toBeFocused();
  await press(page, 'Enter');
  const item = page.getByTestId('count-item');
  await expect(item).toBeVisible();
  await tabTo(page, 'count-item');
  await type(page, ITEM.sku);
  await page.getByRole('option', { name: ITEM.name }).first().waitFor();
  await press(page, 'Enter');
  await expect(page.getByTestId('count-qty')).toBeFocused();
  await type(page, '15');
  await tabTo(page, 'count-lot');
  await press(page, 'ArrowDown');
  const option = page.getByRole('option', { name: LOT });
  await option.waitFor();
  for (let nth = 0; nth < MOST_TABS; nth += 1) {
    if ((await option.getAttribute('data-combobox-selected')) === 'true') break;
    await press(page, 'ArrowDown');
  }
  await press(page, 'Enter');
  await expect(page.getByTestId('count-lot')).toHaveValue(new RegExp(LOT));
  await tabTo(page, 'count-add');
  await press(page, 'Enter');
  await expect(page.getByTestId('count-line')).toHaveCount(1);
  await press(page, 'Control+Enter');
  const now = page.getByTestId('count-finish-now');
  const detail = page.getByTestId('count-detail');
  await expect(
    now.or(page.locator('[data-testid="count-detail"][data-status="in_review"]')),
  ).toBeVisible();
  if (await now.isVisible()) {
    await tabTo(page, 'count-finish-now');
    await press(page, 'Enter');
  }
  await expect(detail).toHaveAttribute('data-status', 'in_review');
  await shelf.expectSync('synced');
});

test('somebody who did not count finds it, looks at it and approves it', async () => {
  const { page } = office;
  await expect(page.getByTestId('nav-review')).toContainText('1');
  await press(page, 'Alt+2');
  await expect(page.getByTestId('count-row')).toHaveCount(1);
  const role = () => page.evaluate(() => document.activeElement?.getAttribute('role'));
  for (let nth = 0; nth < MOST_TABS && (await role()) !== 'grid'; nth += 1)
    await press(page, 'Tab');
  expect(await role()).toBe('grid');
  await press(page, 'ArrowDown');
  await press(page, 'Enter');
  const detail = page.getByTestId('count-detail');
  await expect(detail).toHaveAttribute('data-status', 'in_review');
  await press(page, 'Alt+a');
  await expect(detail).toHaveAttribute('data-status', 'posted', { timeout: 20_000 });
  await office.expectSync('synced');
  await expect.poll(atAnnArbor).toBe(15);
});
