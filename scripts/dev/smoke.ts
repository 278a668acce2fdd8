import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { _electron } from 'playwright';
import type { Locator, Page } from 'playwright';
import { appArgs } from './app-env.ts';
import { DEMO_PASSWORD, FRONT_DESK } from './demo-people.ts';
import { electronBinary } from './electron-binary.ts';
import { ROOT } from './paths.ts';

const PATIENCE_MS = 30_000;

/**
 * Does in a real window what a person at the front desk would: signs in, waits for the first sync,
 * receives stock and reads it back.
 * @returns what was written and read
 */
export async function smoke(options: {
  env: NodeJS.ProcessEnv;
  dataDir: string;
  stage: (name: string) => void;
}): Promise<{ item: string; before: string; after: string }> {
  const { env, dataDir, stage } = options;
  const userData = path.join(dataDir, `smoke-${process.pid}`);
  const app = await _electron.launch({
    executablePath: electronBinary(),
    args: [...appArgs(userData), ROOT],
    env: env as Record<string, string>,
  });
  try {
    const page = await app.firstWindow();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.getByTestId('sign-in-email').waitFor();
    stage('window');

    await page.getByTestId('sign-in-email').fill(FRONT_DESK);
    await page.getByTestId('sign-in-password').fill(DEMO_PASSWORD);
    await page.getByTestId('sign-in-submit').click();
    const row = page.locator('[data-testid^="item-row-"]').first();
    await row.waitFor();
    stage('sign-in');
    await page.locator('[data-testid="sync-chip"][data-state="synced"]').waitFor();
    stage('first sync');

    await row.click();
    const name = (await page.getByTestId('item-detail').getByRole('heading').innerText()).trim();
    const onHand = page.getByTestId('on-hand-AA');
    const before = (await onHand.innerText()).trim();
    await receive(page, name);
    const after = await changedText(onHand, before);
    stage('write and read');
    await page.locator('[data-testid="sync-chip"][data-state="synced"]').waitFor();
    stage('sent');
    return { item: name, before, after };
  } finally {
    await app.close();
    await rm(userData, { recursive: true, force: true });
    stage('close');
  }
}

/** Waits until an element shows another text than before. */
async function changedText(element: Locator, before: string): Promise<string> {
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    const text = (await element.innerText()).trim();
    if (text !== before) return text;
    await sleep(25);
  }
  throw new Error('On-hand did not change after stock was received.');
}

async function receive(page: Page, item: string): Promise<void> {
  await page.getByTestId('receive-open').click();
  const field = page.getByTestId('receive-item');
  await field.fill(item);
  await page.getByRole('option', { name: item }).first().waitFor();
  await field.press('Enter');
  await page.getByTestId('receive-qty').fill('3');
  for (const [testId, value] of [
    ['receive-lot', 'SMOKE-1'],
    ['receive-expiry', '2028-12-31'],
  ] as const) {
    const part = page.getByTestId(testId);
    if ((await part.count()) > 0 && (await part.isEnabled())) await part.fill(value);
  }
  await page.getByTestId('receive-finish').click();
}
