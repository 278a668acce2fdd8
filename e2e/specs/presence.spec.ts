import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { SCREENSHOTS, startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import { openItem } from '../screens.ts';
import { PEOPLE } from '../../supabase/demo/people.ts';

const SKU = 'LID-1-EPI';
const GONE_WITHIN_MS = 10_000;
/** From window to window, on a machine that does nothing else. */
const GOAL_MS = 150;
const TURNS = 12;

let world: World;
let manager: Device;
let satellite: Device;
let desk: Device;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  world = await startWorld();
  manager = await world.device('manager');
  satellite = await world.device('satellite');
  desk = await world.device('desk');
});
test.afterAll(async () => {
  await world?.close();
});

const here = (page: Page) => page.getByTestId('people-here');
const field = (page: Page) => page.getByTestId('shared-description');

/** The time at which a window shows that somebody is in the field, or nobody any more. */
const shownAt = (page: Page, taken: boolean): Promise<number> =>
  page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const look = (): void => {
          const found = document.querySelector<HTMLElement>('[data-testid="shared-description"]');
          if (found?.dataset['taken'] === wanted) resolve(Date.now());
          else setTimeout(look, 4);
        };
        look();
      }),
    String(taken),
  );

test('three people on one item see each other by name, whatever their order', async () => {
  await manager.signIn(PEOPLE.manager.email);
  await satellite.signIn(PEOPLE.satellite.email);
  await desk.signIn(PEOPLE.frontDesk.email);
  for (const device of [manager, satellite, desk]) {
    await device.expectSync('synced', 60_000);
    await openItem(device.page, SKU);
  }
  for (const [device, others] of [
    [manager, [PEOPLE.satellite.name, PEOPLE.frontDesk.name]],
    [satellite, [PEOPLE.manager.name, PEOPLE.frontDesk.name]],
    [desk, [PEOPLE.manager.name, PEOPLE.satellite.name]],
  ] as const) {
    await expect(here(device.page)).toHaveAttribute('data-count', '2');
    // In words, for whoever does not see the marks; read out without interrupting.
    for (const name of others) await expect(here(device.page)).toContainText(name);
    await expect(here(device.page)).toHaveAttribute('aria-live', 'polite');
  }
});

test('one types, and the others see who and where, within the time of a glance', async () => {
  const input = manager.page.getByTestId('description-input');
  await input.focus();
  await input.pressSequentially('Keep cold', { delay: 40 });
  await expect(field(satellite.page)).toContainText(`${PEOPLE.manager.name} is typing…`);
  await expect(field(desk.page)).toHaveAttribute('data-taken', 'true');
  await satellite.page.screenshot({ path: path.join(SCREENSHOTS, 'presence.png') });
  // Who has stopped typing is still in the field, until they leave it.
  await expect(field(satellite.page)).toContainText(`Here: ${PEOPLE.manager.name}`);
  await manager.page.keyboard.press('Escape');
  await expect(field(satellite.page)).toHaveAttribute('data-taken', 'false');

  const times: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const seen = shownAt(satellite.page, true);
    const began = await input.evaluate((element: HTMLElement) => {
      const now = Date.now();
      element.focus();
      return now;
    });
    times.push((await seen) - began);
    const left = shownAt(satellite.page, false);
    await input.evaluate((element: HTMLElement) => element.blur());
    await left;
  }
  const sorted = times.toSorted((a, b) => a - b);
  const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
  const middle = sorted[sorted.length >> 1] ?? Number.NaN;
  console.log(
    `in a field → seen in another app: p50 ${middle} ms, p95 ${p95} ms of ${TURNS} (goal ${GOAL_MS})`,
  );
  expect(p95).toBeLessThan(2_000);
});

test('whoever goes offline sees nobody at once, and is back by themselves', async () => {
  desk.pullNetwork();
  await expect(here(desk.page)).toHaveAttribute('data-count', '0');
  await expect(here(manager.page)).toHaveAttribute('data-count', '1');
  desk.restoreNetwork();
  await expect(here(desk.page)).toHaveAttribute('data-count', '2', { timeout: 30_000 });
  await expect(here(manager.page)).toHaveAttribute('data-count', '2', { timeout: 30_000 });
});

test('an app that is killed is gone for the others within ten seconds', async () => {
  await satellite.powerCut();
  const began = Date.now();
  await expect(here(manager.page)).toHaveAttribute('data-count', '1', { timeout: GONE_WITHIN_MS });
  await expect(here(manager.page)).toContainText(PEOPLE.frontDesk.name);
  console.log(`killed → gone for the others: ${((Date.now() - began) / 1000).toFixed(2)} s`);
});
