import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { expectNoViolations, openGallery } from '../gallery.ts';
import type { Gallery } from '../gallery.ts';

/** Fields, forms, signatures and charts, as people use them. */
let gallery: Gallery;
let page: Page;

test.beforeAll(async () => {
  gallery = await openGallery();
  ({ page } = gallery);
  await gallery.look('light');
});
test.afterAll(async () => {
  await gallery?.close();
});
test.beforeEach(async () => {
  await gallery.open('fields');
});

test('a date is typed in short and stands in full; arrows go by days', async () => {
  const field = page.getByTestId('expiry-null');
  const value = page.getByTestId('expiry-null-value');
  await field.fill('3/4');
  await field.press('Enter');
  await expect(value).toHaveText('2027-03-04');
  await expect(field).toHaveValue('Mar 4, 2027');
  await field.press('ArrowDown');
  await expect(value).toHaveText('2027-03-05');
  await field.fill('+7');
  await field.press('Tab');
  await expect(value).toHaveText('2026-12-07');
});

test('what is no date stays in the field, is said, and changes nothing', async () => {
  const field = page.getByTestId('expiry-2027-03-31');
  await field.fill('2/30');
  await field.press('Tab');
  await expect(field).toHaveValue('2/30');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByTestId('expiry-2027-03-31-value')).toHaveText('2027-03-31');
  await field.press('Escape');
  await expect(field).toHaveValue('Mar 31, 2027');
  // With the focus it stands as it is typed, all selected: the first key takes its place.
  await page.getByTestId('visit-2026-12-04').focus();
  await field.focus();
  await expect(field).toHaveValue('3/31/2027');
  await page.keyboard.type('+1');
  await page.keyboard.press('Tab');
  await expect(page.getByTestId('expiry-2027-03-31-value')).toHaveText('2026-12-01');
});

test('a date is chosen in the calendar by keyboard alone, and only where it may lie', async () => {
  await page.getByTestId('visit-2026-12-04-calendar').focus();
  await page.keyboard.press('Enter');
  const day = page.getByRole('button', { name: '4 December 2026', exact: true });
  await expect(day).toBeVisible();
  await expectNoViolations(page, 'calendar');
  await day.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('visit-2026-12-04-value')).toHaveText('2026-12-05');
  const field = page.getByTestId('visit-2026-12-04');
  await field.fill('12/25');
  await field.press('Enter');
  await expect(page.getByText('Not after Dec 24, 2026')).toBeVisible();
});

test('an amount is kept in cents, whatever way it is typed', async () => {
  const field = page.getByTestId('price-123450');
  await expect(field).toHaveValue('$1,234.50');
  await field.focus();
  await expect(field).toHaveValue('1234.50');
  await field.fill('19,9');
  await field.press('Tab');
  await expect(page.getByTestId('price-123450-value')).toHaveText('1990');
  await expect(field).toHaveValue('$19.90');
  await field.fill('a few');
  await field.press('Tab');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByTestId('price-123450-value')).toHaveText('1990');
});

test('searching shows the answer to what was typed last, and Enter takes the first', async () => {
  const field = page.getByTestId('sought-patient');
  await field.click();
  await expect(page.getByRole('option')).toHaveCount(4);
  // The answer to one letter comes late, after that to the whole word.
  await field.pressSequentially('m', { delay: 200 });
  await field.fill('mckesson sp');
  await expect(page.getByRole('option')).toHaveCount(1);
  // The list hangs beside the page, as all that opens over it; what is in it is looked at all the same.
  await expectNoViolations(page, 'search', ['region']);
  await page.waitForTimeout(1_000);
  await expect(page.getByRole('option')).toHaveCount(1);
  await field.press('Enter');
  await expect(field).toHaveValue('McKesson Specialty');
});

test('when the search is out of reach, the list says so', async () => {
  await page.getByTestId('sought-pharmacy').click();
  await expect(page.getByText('We could not reach the server').first()).toBeVisible();
});

test('a form says what its table does not take, and leads to each field', async () => {
  await page.getByTestId('item-finish').click();
  const summary = page.getByTestId('form-summary');
  await expect(summary).toBeFocused();
  await expect(summary.getByRole('listitem')).toHaveCount(2);
  await expectNoViolations(page, 'form with problems');
  await summary.getByRole('button', { name: 'Name' }).click();
  await expect(page.getByTestId('item-name')).toBeFocused();
  await page.keyboard.type('Gauze');
  await expect(summary.getByRole('listitem')).toHaveCount(1);
  await page.getByTestId('item-kind').click();
  await page.getByRole('option', { name: 'supply' }).click();
  await page.getByTestId('item-expiry_alert_days').fill('500');
  await page.getByTestId('item-finish').click();
  await expect(summary).toContainText('At most 400');
  await page.getByTestId('item-expiry_alert_days').fill('90');
  await page.getByTestId('item-finish').click();
  await expect(page.getByText('Added')).toBeVisible();
});

test('a signature is drawn, or typed by whom a pointer is no use', async () => {
  const value = async (): Promise<unknown> => {
    const text = (await page.getByTestId('sign-value').textContent()) ?? '';
    return text === '' ? null : JSON.parse(text);
  };
  const pad = page.getByTestId('sign-pad');
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (!box) throw new Error('no pad');
  await page.mouse.move(box.x + 40, box.y + 60);
  await page.mouse.down();
  for (let n = 1; n <= 20; n += 1) {
    await page.mouse.move(box.x + 40 + n * 8, box.y + 60 + Math.sin(n) * 20);
  }
  await page.mouse.up();
  await expect.poll(value).toMatchObject({ kind: 'drawn', height: 140 });
  await page.getByTestId('sign-clear').click();
  await expect.poll(value).toBeNull();

  await page.getByText('Type your name').click();
  await page.getByTestId('sign-name').fill('Ana Ruiz');
  await expect.poll(value).toEqual({ kind: 'typed', name: 'Ana Ruiz' });
});

test('what a chart shows stands beside it as a table', async () => {
  await gallery.open('figures');
  const chart = page.getByTestId('bars');
  await chart.getByText('As a table').click();
  await expect(chart.getByRole('row')).toHaveCount(7);
  await expect(chart.getByRole('row').nth(1)).toContainText('12,400');
  await expectNoViolations(page, 'chart with its table');
});
