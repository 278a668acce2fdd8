import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { expectNoViolations, openGallery } from '../gallery.ts';
import type { Gallery } from '../gallery.ts';

/** The table that every module uses, by keyboard and by pointer. */
let gallery: Gallery;
let page: Page;
let grid: Locator;

test.beforeAll(async () => {
  gallery = await openGallery();
  ({ page } = gallery);
  await gallery.look('light');
});
test.afterAll(async () => {
  await gallery?.close();
});
test.beforeEach(async () => {
  await gallery.open('tables');
  grid = page.getByRole('grid', { name: 'Items with tools' });
});

const active = (): Promise<string> =>
  grid.evaluate((element) => {
    const id = element.getAttribute('aria-activedescendant');
    return (id && document.getElementById(id)?.textContent) ?? '';
  });

test('of 500 rows only those in sight are in the page, at both ends of the list', async () => {
  expect(await grid.getByRole('row').count()).toBeLessThan(40);
  await expect(grid).toHaveAttribute('aria-rowcount', '501');
  await grid.focus();
  await page.keyboard.press('End');
  await expect.poll(active).toContain('SKU-0499');
  expect(await grid.getByRole('row').count()).toBeLessThan(40);
  // The head stays where it is.
  const [list, head] = [
    await grid.boundingBox(),
    await grid.getByRole('row').first().boundingBox(),
  ];
  expect(Math.abs((list?.y ?? 0) - (head?.y ?? 99))).toBeLessThan(2);
});

test('arrows, pages and letters move; Enter opens', async () => {
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect.poll(active).toContain('SKU-0001');
  await page.keyboard.type('onab');
  await expect.poll(active).toContain('Onabotulinumtoxin');
  await page.keyboard.press('Enter');
  await expect(grid.locator('[data-chosen=true]')).toContainText('SKU-0003');
});

test('columns are sorted by keyboard alone', async () => {
  await grid.focus();
  for (const key of ['ArrowDown', 'ArrowUp', 'ArrowRight']) await page.keyboard.press(key);
  await expect.poll(active).toBe('SKU');
  await page.keyboard.press('Enter');
  const head = grid.getByRole('columnheader', { name: 'SKU' });
  await expect(head).toHaveAttribute('aria-sort', 'ascending');
  await page.keyboard.press('Enter');
  await expect(head).toHaveAttribute('aria-sort', 'descending');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(active).toContain('SKU-0499');
});

test('Space and Shift with arrows select, the bar acts on what is selected, Esc lets go', async () => {
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  for (let n = 0; n < 3; n += 1) await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowUp');
  await expect(page.getByTestId('grid-selected')).toHaveText('3 selected');
  await expectNoViolations(page, 'rows selected');
  await page.getByTestId('bulk-move').click();
  await expect(page.getByTestId('moved')).toHaveText('3');
  await expect(page.getByTestId('grid-selected')).toBeHidden();

  await grid.focus();
  await page.keyboard.press('Control+a');
  await expect(page.getByTestId('grid-selected')).toHaveText('500 selected');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('grid-selected')).toBeHidden();
});

test('a pointer selects one row and, with Shift, all up to another, and opens none', async () => {
  const boxes = grid.getByRole('checkbox');
  await boxes.nth(1).click();
  await boxes.nth(4).click({ modifiers: ['Shift'] });
  await expect(page.getByTestId('grid-selected')).toHaveText('4 selected');
  await expect(grid.locator('[data-chosen=true]')).toHaveCount(0);
  await page.getByTestId('grid-select-all').click();
  await expect(page.getByTestId('grid-selected')).toHaveText('500 selected');
});

test('columns and filters make a view that is saved, and comes back as it was', async () => {
  await page.getByTestId('grid-columns').click();
  await page.getByRole('checkbox', { name: 'SKU' }).uncheck();
  await expectNoViolations(page, 'choice of columns');
  await page.keyboard.press('Escape');
  await expect(grid.getByRole('columnheader', { name: 'SKU' })).toHaveCount(0);

  await page.getByTestId('grid-filter').click();
  await page.getByTestId('grid-filter-category').click();
  await page.getByRole('option', { name: 'Dressings' }).click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(grid).toHaveAttribute('aria-rowcount', '126');

  await page.getByTestId('grid-views').click();
  await page.getByTestId('grid-view-name').fill('Dressings only');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'As at first' }).click();
  await expect(grid).toHaveAttribute('aria-rowcount', '501');
  await page.getByRole('button', { name: 'Dressings only', exact: true }).click();
  await expect(grid).toHaveAttribute('aria-rowcount', '126');
  await page.keyboard.press('Escape');

  // Another page and back: the table is as it was left.
  await page.waitForTimeout(600);
  await page.getByRole('link', { name: 'words' }).click();
  await page.getByRole('link', { name: 'tables' }).click();
  await expect(grid).toHaveAttribute('aria-rowcount', '126');
  await expect(page.getByTestId('grid-views')).toContainText('Dressings only');
});

test('what is shown is exported as a file that spreadsheets read', async () => {
  await page.getByTestId('grid-columns').click();
  await page.getByRole('checkbox', { name: 'Category' }).uncheck();
  await page.keyboard.press('Escape');
  const file = test.info().outputPath('items.csv');
  await gallery.saveNextTo(file);
  await page.getByTestId('grid-export').click();
  const read = () =>
    readFile(file, 'utf8').then(
      (text) => text.split('\r\n'),
      () => [],
    );
  await expect.poll(async () => (await read()).length).toBe(502);
  const lines = await read();
  expect(lines[0]).toBe('\uFEFFItem,SKU,On hand');
  expect(lines[1]).toBe('"Lidocaine 1 % with epinephrine, 30 ml multiple-dose vial",SKU-0000,-20');
});

test('on paper stand all rows of the view, and nothing else of the page', async () => {
  // The system's dialog is none that a test can answer: it is held open until the page was looked at.
  await page.evaluate(() => {
    window.print = () => document.body.setAttribute('data-printing', 'true');
  });
  await page.getByTestId('grid-print').click();
  await expect(page.locator('body[data-printing]')).toBeVisible();
  const paper = page.getByTestId('grid-printed');
  await expect(paper).toBeHidden();
  await page.emulateMedia({ media: 'print' });
  await expect(paper).toBeVisible();
  await expect(page.locator('#root')).toBeHidden();
  await expect(paper.locator('tbody tr')).toHaveCount(500);
  await expect(paper.locator('tbody tr').first()).toContainText('−20');
  const pdf = await gallery.pdf();
  expect(pdf.subarray(0, 5).toString('latin1')).toBe('%PDF-');
  const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g) ?? [];
  expect(pages.length).toBeGreaterThan(5);
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await expect(paper).toHaveCount(0);
  await page.emulateMedia({ media: 'screen' });
});
