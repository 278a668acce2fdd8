import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { gs1CheckDigit } from '#shared/barcode/check-digits.ts';
import { SCREENSHOTS, startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';

/**
 * A large catalogue from a file, and the power cut in the middle of it. Small by default;
 * `GANGER_IMPORT_ROWS=5000` imports as many.
 */
const ROWS = Number(process.env['GANGER_IMPORT_ROWS'] ?? 1200);
const PREFIX = 'BIG';
/** A part is written in one go. */
const CUT_AFTER = Math.min(ROWS / 2, 1500);
const MS_PER_ROW = 20;
const WRITTEN_MS = 15_000 + ROWS * MS_PER_ROW;

let world: World;
let device: Device;
let folder: string;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  test.setTimeout(240_000);
  folder = mkdtempSync(path.join(os.tmpdir(), 'ganger-e2e-import-'));
  writeFileSync(path.join(folder, 'items.csv'), catalogue());
  world = await startWorld();
  device = await world.device('manager');
  await device.signIn('manager@ganger.example');
  await device.expectSync('synced', 120_000);
});
test.afterAll(async () => {
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

function catalogue(): string {
  const lines = Array.from({ length: ROWS }, (_, n) => {
    const body = `953${String(n).padStart(9, '0')}`;
    return [
      `${PREFIX}-${n}`,
      `Catalogue item ${n}`,
      ['Wound care', 'Instruments', 'Injectables'][n % 3],
      'piece',
      `${body}${gs1CheckDigit(body)}`,
      'box',
      String(10 + (n % 5) * 10),
    ].join(',');
  });
  return ['SKU,Name,Category,Unit,GTIN,Pack 1 unit,Pack 1 qty', ...lines].join('\n');
}

async function choose(page: Page): Promise<void> {
  await page.getByTestId('import-file-input').setInputFiles(path.join(folder, 'items.csv'));
}

const onServer = async (): Promise<{ n: number; skus: number; gtins: number }> => {
  const { rows } = await world.db.query<{ n: number; skus: number; gtins: number }>(
    `select count(*)::int as n, count(distinct sku)::int as skus,
            count(distinct packs->0->>'gtin')::int as gtins
     from inventory_items where sku like $1`,
    [`${PREFIX}-%`],
  );
  return rows[0] ?? { n: 0, skus: 0, gtins: 0 };
};

test(`${ROWS} rows: the power goes in the middle, and the same file goes on where it was`, async () => {
  test.setTimeout(120_000 + 3 * WRITTEN_MS);
  await device.page.keyboard.press('Control+k');
  await device.page.getByTestId('command-import-items').click();
  const began = Date.now();
  await choose(device.page);
  await expect(device.page.getByText(`New ${ROWS}`)).toBeVisible({ timeout: WRITTEN_MS });
  console.log(`${ROWS} rows read and planned in ${Date.now() - began} ms`);
  device.pullNetwork();
  await device.page.getByTestId('import-run').click();
  const progress = device.page.getByTestId('import-progress');
  await expect
    .poll(async () => Number(await progress.getAttribute('data-done')), { intervals: [20] })
    .toBeGreaterThanOrEqual(CUT_AFTER);
  const shown = Number(await progress.getAttribute('data-done'));
  await device.powerCut();

  await device.start();
  const { page } = device;
  await expect(page.getByTestId('import-cut-short')).toContainText('items.csv');
  await page.screenshot({ path: path.join(SCREENSHOTS, 'import-cut-short.png') });
  await choose(page);
  await expect(page.getByText(/^Unchanged [1-9]/)).toBeVisible({ timeout: WRITTEN_MS });
  const there = Number((await page.getByText(/^Unchanged \d/).innerText()).split(' ')[1]);
  // What was said to be written is.
  expect(there).toBeGreaterThanOrEqual(shown);
  expect(there).toBeLessThan(ROWS);
  console.log(`${shown} rows were said to be written at the power cut, ${there} were`);
  const again = Date.now();
  await page.getByTestId('import-run').click();
  await expect(page.getByTestId('import-result')).toBeVisible({ timeout: WRITTEN_MS });
  console.log(`the other ${ROWS - there} written in ${Date.now() - again} ms`);
  device.restoreNetwork();
  const online = Date.now();
  await device.expectSync('synced', 60_000 + 2 * WRITTEN_MS);
  console.log(`${ROWS} items on the server after ${Date.now() - online} ms`);
  expect(await onServer()).toEqual({ n: ROWS, skus: ROWS, gtins: ROWS });

  // The same once more does nothing, and nothing is said to be missing.
  await page.getByRole('button', { name: 'Another file' }).click();
  await expect(page.getByTestId('import-file-input')).toBeAttached();
  await expect(page.getByTestId('import-cut-short')).toHaveCount(0);
  await choose(page);
  await expect(page.getByText(`Unchanged ${ROWS}`)).toBeVisible({ timeout: WRITTEN_MS });
  await expect(page.getByTestId('import-run')).toBeDisabled();
});
