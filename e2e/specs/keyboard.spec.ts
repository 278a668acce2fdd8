import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { DEMO_PASSWORD } from '../../scripts/dev/demo-people.ts';
import { PEOPLE } from '../../supabase/demo/people.ts';
import { startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';

/**
 * Signing in and a delivery without a mouse: every step is a key, and that nothing else was used is
 * counted in the page. Counts and orders by keys stand in their own specs.
 */
const ITEM = { sku: 'LID-1-EPI', name: 'Lidocaine 1 % with epinephrine' };
const LOT = 'KEYS-1';
/** Slower than any scanner, so that it is a person who types. */
const PERSON_MS = 130;

let world: World;
let shelf: Device;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  world = await startWorld();
  shelf = await world.device('shelf');
  await shelf.app.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) window.webContents.focus();
  });
  await shelf.page.evaluate(() => {
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
});
test.afterAll(async () => {
  await world?.close();
});
test.afterEach(async () => {
  await expect(shelf.page.locator('html')).toHaveAttribute('data-pointers', '0');
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

test('somebody signs in', async () => {
  await signIn(shelf, PEOPLE.clinical.email);
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
