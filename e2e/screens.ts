import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';

/** What a person does on the screens of Inventory, in their words. */

/** Opens an item beside the list. */
export async function openItem(page: Page, sku: string): Promise<void> {
  await page.getByTestId('nav-inventory').click();
  await page.getByTestId('inventory-search').fill(sku);
  await page.getByTestId(`item-row-${sku}`).click();
  await expect(page.getByTestId('item-detail')).toBeVisible();
}

/** On-hand of the open item at a site, in 1/10,000 base units. */
export async function onHand(page: Page, site: string): Promise<number> {
  return Number(await page.getByTestId(`on-hand-${site}`).getAttribute('data-quantity'));
}

/** Receives one line; the site is the person's own, or the chosen one. */
export async function receive(
  page: Page,
  line: { item: string; quantity: string; lot?: string; expiry?: string; picture?: string },
): Promise<void> {
  await page.getByTestId('nav-inventory').click();
  await page.getByTestId('receive-open').click();
  await chooseItem(page, 'receive-item', line.item);
  await page.getByTestId('receive-qty').fill(line.quantity);
  if (line.lot) await page.getByTestId('receive-lot').fill(line.lot);
  if (line.expiry) await page.getByTestId('receive-expiry').fill(line.expiry);
  if (line.picture) await page.screenshot({ path: line.picture });
  await page.getByTestId('receive-finish').click();
  await expect(page.getByTestId('toast').first()).toBeVisible();
}

/** Counts one item from start to end: a spot count of one line. */
export async function count(
  page: Page,
  line: { item: string; quantity: string; lot?: string },
): Promise<void> {
  await page.getByTestId('nav-counts').click();
  await page.getByTestId('count-start').click();
  await page.getByTestId('count-begin').click();
  await chooseItem(page, 'count-item', line.item);
  await page.getByTestId('count-qty').fill(line.quantity);
  const lot = page.getByTestId('count-lot');
  if (line.lot !== undefined) {
    await lot.click();
    await page.getByRole('option', { name: line.lot }).first().click();
  }
  await page.getByTestId('count-add').click();
  await expect(page.getByTestId('count-line')).toHaveCount(1);
  await finishCount(page);
}

/** Finishes the open count, whatever speaks against it. */
export async function finishCount(page: Page): Promise<void> {
  await page.getByTestId('count-submit').click();
  const now = page.getByTestId('count-finish-now');
  const open = page.locator('[data-testid="count-detail"][data-status="open"]');
  await expect(
    now.or(page.locator('[data-testid="count-detail"]:not([data-status="open"])')),
  ).toBeVisible();
  if (await now.isVisible()) await now.click();
  await expect(open).toHaveCount(0);
}

/** Types into a field that saves itself and waits until it is saved. */
export async function edit(page: Page, testId: string, value: string): Promise<void> {
  const field = page.getByTestId(testId);
  await field.fill(value);
  await field.press(testId.startsWith('description') ? 'Tab' : 'Enter');
  await expect(page.getByTestId('toast').last()).toBeVisible();
}

/** Chooses an item in a type-ahead. */
export async function chooseItem(page: Page, testId: string, item: string): Promise<void> {
  const field = page.getByTestId(testId);
  await field.fill(item);
  await page.getByRole('option', { name: item }).first().waitFor();
  await field.press('Enter');
}
