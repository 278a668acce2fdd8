import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../axe.ts';
import { SCREENSHOTS, startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';

const IT = 'it@ganger.example';
const MINUTE = 60_000;

let world: World;
let it: Device;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  world = await startWorld();
  it = await world.device('it-desk');
});

test.afterAll(async () => {
  await world?.close();
});

async function picture(page: Page, name: string): Promise<void> {
  await expectAccessible(page, name);
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page, `${name}, dark`);
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}-dark.png`) });
  await page.emulateMedia({ colorScheme: 'light' });
}

/** A day of figures, as the monitor keeps them once a minute; every sixth minute is enough for a chart. */
async function liveADay(): Promise<void> {
  const now = Date.now();
  for (let at = now - 23 * 60 * MINUTE; at < now; at += 6 * MINUTE) {
    const hour = new Date(at).getUTCHours();
    const busy = Math.max(0, Math.sin(((hour - 12) / 10) * Math.PI));
    // For an hour no server was there: the line has a gap.
    if (hour === 6) continue;
    await world.db.query(
      `insert into private.health_samples (at, figures) values (to_timestamp($1), $2)
       on conflict do nothing`,
      [
        at / 1000,
        JSON.stringify({
          at,
          requests: 20 + 480 * busy + (at % 7),
          errorPercent: busy > 0.9 ? 0.4 : 0,
          p95Ms: busy > 0.8 ? 100 : 50,
          databaseMs: 4 + 6 * busy,
          liveConnections: 8 + Math.round(60 * busy),
          memoryBytes: 140e6 + 60e6 * busy,
          outboxWaiting: Math.round(3 * busy),
          deviceChanges: Math.round(12 * busy),
          cacheHitPercent: null,
        }),
      ],
    );
  }
}

test('the page says that nothing fires, over which servers, and how the day was', async () => {
  await it.signIn(IT);
  await it.expectSync('synced');
  await liveADay();
  const { page } = it;
  await page.getByTestId('nav-administration').click();
  await page.getByTestId('admin-health').click();
  await expect(page.getByTestId('monitor-firing')).toContainText('Nothing fires');
  await expect(page.getByTestId('replica-row')).toHaveAttribute('data-state', 'ok');
  await expect(page.getByTestId('monitor-charts').locator('figure')).toHaveCount(6);
  await expect(page.getByTestId('monitor-past')).toContainText('Nothing has fired yet');
  await expectAccessible(page, 'health, quiet');
});

test('a message that was given up fires within a round; IT takes it up and silences it by keyboard', async () => {
  const { page } = it;
  await world.db.query(
    `insert into private.outbox (id, kind, audience, table_name, row_id, failed_at, problem)
     values (gen_random_uuid(), 'handout.queued', 'outside', 'delivery_tracking',
             gen_random_uuid(), now(), 'HUB_REFUSED')`,
  );
  const alert = page.getByTestId('alert-row');
  await expect(async () => {
    await page.getByTestId('health-reload').click();
    await expect(alert).toHaveAttribute('data-rule', 'outbox-failed', { timeout: 1_000 });
  }).toPass({ timeout: 45_000 });
  await expect(alert).toContainText('in the app');
  await page.getByTestId('alert-take-up').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('alert-taken')).toContainText('looks after it');
  await page.getByTestId('alert-silence').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('silence-reason')).toBeFocused();
  await page.keyboard.type('The print shop is closed today');
  await expectAccessible(page, 'silence');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('silence-row')).toContainText('The print shop is closed today');
  await picture(page, 'administration-monitor');
});

test('what is over stands below, with who was told', async () => {
  const { page } = it;
  await page.getByTestId('silence-end').click();
  await expect(page.getByTestId('silence-row')).toHaveCount(0);
  await world.db.query(
    `with over as (
       update private.alerts set cleared_at = now() where rule = 'outbox-failed' returning id)
     delete from private.outbox where problem = 'HUB_REFUSED' and exists (select from over)`,
  );
  await page.getByTestId('health-reload').click();
  await expect(page.getByTestId('past-row')).toHaveAttribute('data-rule', 'outbox-failed');
  await expect(page.getByTestId('past-row')).toContainText('in the app');
  await expect(page.getByTestId('monitor-firing')).toContainText('Nothing fires');
});

test('offline the page keeps what it had and lets nothing be done; Spanish has words for all of it', async () => {
  const { page } = it;
  it.pullNetwork();
  await it.expectSync('offline');
  await expect(page.getByTestId('admin-offline')).toBeVisible();
  await expect(page.getByTestId('monitor-past')).toContainText('Messages were given up');
  await expectAccessible(page, 'health, offline');
  await page.getByTestId('user-menu').click();
  await page.getByTestId('language-es').click();
  // The menu closes, and only the menu.
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('monitor-firing')).toContainText('No hay alertas');
  await expect(page.getByTestId('monitor-past')).toContainText('en la aplicación');
  await page.screenshot({ path: test.info().outputPath('health-es-offline.png') });
});
