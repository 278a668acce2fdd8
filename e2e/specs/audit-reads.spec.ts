import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../axe.ts';
import { SCREENSHOTS, startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';

/** What was read on a device reaches the audit, once, whatever happens to device, network and people. */

const FRONT_DESK = 'frontdesk@ganger.example';
const CLINICAL = 'clinical@ganger.example';
const SUPERADMIN = 'superadmin@ganger.example';

let world: World;
let desk: Device;
let office: Device;
let dir: string;
let rosa: { id: string; mrn: string; visit: string };

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'ganger-reads-'));
  world = await startWorld({ clinic: true });
  await world.db.query(
    `update appointments a set local_date = (now() at time zone l.time_zone)::date, status = 'booked'
       from locations l where l.id = a.location_id and a.id in (
         select b.id from appointments b join locations m on m.id = b.location_id
          where m.code = 'AA' and b.status = 'booked' and b.starts_at > now()
          order by b.starts_at, b.id limit 3)`,
  );
  const { rows } = await world.db.query<typeof rosa>(
    `select p.id, p.mrn, a.id as visit from appointments a join patients p on p.id = a.patient_id
       join locations l on l.id = a.location_id
      where l.code = 'AA' and a.status = 'booked'
        and a.local_date = (now() at time zone l.time_zone)::date
      order by a.starts_at, a.id limit 1`,
  );
  if (!rows[0]) throw new Error('nobody comes today');
  rosa = rows[0];
  desk = await world.device('desk');
  office = await world.device('office');
  await desk.signIn(FRONT_DESK);
  await office.signIn(SUPERADMIN);
  await desk.expectSync('synced', 90_000);
  await office.expectSync('synced', 90_000);
});
test.afterAll(async () => {
  await world?.close();
  await rm(dir, { recursive: true, force: true });
});

async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page, name);
    const end = colorScheme === 'dark' ? '-dark' : '';
    await page.screenshot({ path: path.join(SCREENSHOTS, `${name}${end}.png`) });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

const open = async (page: Page): Promise<void> => {
  await page.getByTestId('nav-patients').click();
  await page.getByTestId('patient-search').fill(rosa.mrn);
  await expect(page.getByTestId('patient-row')).toHaveCount(1);
  await page.getByTestId('patient-search').press('Enter');
  await expect(page.getByTestId('patient-name')).toBeVisible();
};

/** The reads of one patient in the office, as the list of the audit shows them. */
async function reads(): Promise<Page> {
  const { page } = office;
  await page.getByTestId('nav-administration').click();
  await page.getByTestId('admin-audit').click();
  await page.getByTestId('audit-kind').click();
  await page.getByRole('option', { name: 'Reads only' }).click();
  await page.getByTestId('audit-patient').fill(rosa.id);
  await page.getByTestId('audit-patient').press('Enter');
  await expect(page.getByTestId('audit-row').first()).toBeVisible();
  return page;
}
const rows = (page: Page, action: string) =>
  page.locator(`[data-testid="audit-row"][data-action="${action}"][data-source="device"]`);

/** Entries of the desk that the server has, by what they say. */
const taken = async (action: string): Promise<number> => {
  const { rows: found } = await world.db.query<{ n: number }>(
    `select count(*)::int as n from private.device_entries
      where action = $1 and $2 = any (patient_ids)`,
    [action, rosa.id],
  );
  return found[0]?.n ?? -1;
};

test('a patient opened offline, the machine killed, started again, the network back: one entry', async () => {
  desk.pullNetwork();
  await desk.expectSync('offline', 60_000);
  await open(desk.page);
  // Away and back: the same read.
  await desk.page.getByTestId('patient-close').click();
  await desk.page.getByTestId('patient-row').first().click();
  await expect(desk.page.getByTestId('patient-name')).toBeVisible();
  await desk.powerCut();
  await desk.start();
  // The page that was open is open again, and read on.
  await open(desk.page);
  expect(await taken('read')).toBe(0);
  desk.restoreNetwork();
  await desk.expectSync('synced', 60_000);
  await expect.poll(() => taken('read'), { timeout: 60_000 }).toBe(1);

  const page = await reads();
  await expect(rows(page, 'read')).toHaveCount(1);
  await rows(page, 'read').click();
  const detail = page.getByTestId('audit-detail');
  await expect(detail).toContainText(rosa.id);
  await expect(detail).toContainText('found by a search');
  await expect(page.getByTestId('read-chains')).toHaveAttribute('data-broken', '0');
  await look(page, 'administration-reads');
});

test('what leaves as a file is noted first, with who is in it', async () => {
  const { page } = desk;
  await page.getByTestId('nav-visits').click();
  await expect(page.getByTestId('visit-row').first()).toBeVisible();
  const file = path.join(dir, 'visits.csv');
  await desk.app.evaluate(({ session }, where) => {
    session.defaultSession.once('will-download', (_event, item) => item.setSavePath(where));
  }, file);
  await page.getByTestId('grid-export').click();
  await expect.poll(() => readFile(file, 'utf8').catch(() => ''), { timeout: 10_000 }).not.toBe('');
  await expect.poll(() => taken('export'), { timeout: 30_000 }).toBe(1);
  await expect.poll(() => taken('list'), { timeout: 30_000 }).toBe(1);
});

test('what somebody read before they left is handed over with nobody signed in', async () => {
  desk.pullNetwork();
  await desk.expectSync('offline', 60_000);
  await desk.page.getByTestId('user-menu').click();
  await desk.page.getByTestId('sign-out').click();
  await expect(desk.page.getByTestId('sign-in-email')).toBeVisible();
  desk.restoreNetwork();
  await expect
    .poll(
      async () =>
        (
          await world.db.query<{ n: number }>(
            `select count(*)::int as n from private.device_entries where action = 'sign_out'`,
          )
        ).rows[0]?.n,
      { timeout: 90_000 },
    )
    .toBeGreaterThan(0);
  await desk.signIn(CLINICAL);
  await desk.expectSync('synced', 90_000);
  // What was on the screen of the one before is nothing that this one has read.
  await desk.page.getByTestId('nav-inventory').click();
  await expect(desk.page.getByTestId('inventory-search')).toBeVisible();
  const theirs = async (): Promise<string[]> => {
    const { rows: read } = await world.db.query<{ action: string }>(
      `select e.action from private.device_entries e join users u on u.id = e.actor_id
        where u.email = $1`,
      [CLINICAL],
    );
    return read.map(({ action }) => action);
  };
  await expect.poll(theirs, { timeout: 30_000 }).toContain('sign_in');
  await desk.page.waitForTimeout(4_000);
  expect(await theirs()).toEqual(['sign_in']);
});

test('each chain says how far it has come; one that was tampered with is said in red', async () => {
  const { page } = office;
  await page.getByTestId('admin-health').click();
  await page.getByTestId('admin-audit').click();
  await page.getByTestId('read-chains-open').click();
  const dialog = page.getByTestId('read-chains-dialog');
  await expect(dialog.getByTestId('read-chain')).toHaveCount(2);
  await dialog.getByTestId('read-chains-check').click();
  await expect(dialog.getByText(/^Whole: /).first()).toBeVisible();
  await look(page, 'administration-read-chains');
  await page.keyboard.press('Escape');

  const admin = await world.db.connect();
  try {
    await admin.query('alter table private.device_entries disable trigger append_only');
    await admin.query(
      `update private.device_entries set body = replace(body, '"action":"read"', '"action":"list"')
        where action = 'read'`,
    );
  } finally {
    await admin.query('alter table private.device_entries enable always trigger append_only');
    admin.release();
  }
  await page.getByTestId('read-chains-open').click();
  await dialog.getByTestId('read-chains-check').click();
  await expect(dialog.locator('[data-fault="changed"]')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('read-chains-broken')).toContainText('An entry was changed');
  await look(page, 'administration-reads-broken');
});
