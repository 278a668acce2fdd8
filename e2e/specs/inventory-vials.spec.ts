import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../axe.ts';
import { SCREENSHOTS, startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import { chooseItem, onHand, openItem, receive } from '../screens.ts';

const MANAGER = 'manager@ganger.example';
const CLINICAL = 'clinical@ganger.example';
const FRONT_DESK = 'frontdesk@ganger.example';
const PIN = '407182';
/** Made a controlled toxin of 100 U, good for 24 hours once opened. */
const TOXIN = { sku: 'TRI-40', name: 'Triamcinolone 40 mg/ml' };
const SAMPLE = { sku: 'SMP-BPO', name: '' };
const LOT = 'E2E-VIAL';

/** What an opened container, a use for a patient and the closet of samples are to people, on the real app. */
let world: World;
let room: Device;
let other: Device;
let desk: Device;
let patient: { id: string; family_name: string; given_name: string; birth_date: string };

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  // A whole clinic and three devices take longer than a test may.
  test.setTimeout(300_000);
  world = await startWorld({ clinic: true });
  await world.db.query(
    `update inventory_items set controlled_schedule = 'IV', vial_units = 1000000, vial_unit = 'U',
       open_hours = 24, open_days = null where sku = '${TOXIN.sku}'`,
  );
  const { rows: names } = await world.db.query<{ name: string }>(
    `select name from inventory_items where sku = '${SAMPLE.sku}'`,
  );
  SAMPLE.name = names[0]?.name ?? '';
  const { rows } = await world.db.query<typeof patient>(
    `select p.id, p.family_name, p.given_name, p.birth_date::text
       from appointments a join patients p on p.id = a.patient_id
       join locations l on l.id = a.location_id
      where l.code = 'AA' and a.starts_at between now() - interval '10 days' and now() + interval '10 days'
      order by a.starts_at, a.id limit 1`,
  );
  if (!rows[0]) throw new Error('nobody comes these days');
  patient = rows[0];
  room = await world.device('room');
  other = await world.device('other');
  desk = await world.device('desk');
  // Whoever is to confirm has signed in at this machine once and set a PIN.
  await room.signIn(MANAGER);
  await room.expectSync('synced', 90_000);
  await room.page.keyboard.press('Control+L');
  await room.page.getByTestId('pin-new').fill(PIN);
  await room.page.getByTestId('pin-repeat').fill(PIN);
  await room.page.getByTestId('pin-submit').click();
  await expect(room.page.getByTestId('pin-change')).toBeVisible();
  await room.page.keyboard.press('Escape');
  await room.page.getByTestId('user-menu').click();
  await room.page.getByTestId('sign-out').click();
  await room.signIn(CLINICAL);
  await other.signIn(MANAGER);
  await desk.signIn(FRONT_DESK);
  for (const device of [room, other, desk]) await device.expectSync('synced', 90_000);
});
test.afterAll(async () => {
  await world?.close();
});

/** No violation in light and dark, and a picture of both. */
async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expectAccessible(page, name);
    const dark = colorScheme === 'dark' ? '-dark' : '';
    await page.screenshot({ path: path.join(SCREENSHOTS, `vials-${name}${dark}.png`) });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

async function go(page: Page, where: string): Promise<void> {
  await page.getByTestId('nav-inventory').click();
  await page.getByTestId('stock-menu').click();
  await page.getByTestId(`stock-menu-${where}`).click();
}

async function openVial(page: Page, item: string, lot?: string): Promise<void> {
  await go(page, 'vials');
  await page.getByTestId('vials-open').click();
  const site = page.getByTestId('open-vial-site');
  if (await site.isVisible()) {
    await site.click();
    await page.getByRole('option', { name: 'Ann Arbor' }).click();
  }
  await chooseItem(page, 'open-vial-item', item);
  if (lot) {
    await page.getByTestId('open-vial-lot').click();
    await page.getByRole('option', { name: lot }).click();
  }
  await expect(page.getByTestId('open-vial-until')).not.toBeEmpty();
  await page.getByTestId('open-vial-finish').click();
  await expect(page.getByTestId('vial-detail')).toBeVisible();
}

async function choosePatient(page: Page, testId: string): Promise<void> {
  const field = page.getByTestId(testId);
  await field.fill(`${patient.family_name} ${patient.given_name} ${patient.birth_date}`);
  await page
    .getByRole('option', { name: `${patient.family_name}, ${patient.given_name}` })
    .first()
    .click();
}

async function draw(page: Page, units: string, forPatient = false): Promise<void> {
  await page.getByTestId('vial-draw').click();
  await page.getByTestId('draw-units').fill(units);
  if (forPatient) await choosePatient(page, 'used-for');
  await page.getByTestId('draw-finish').click();
  await expect(page.getByTestId('draw')).toHaveCount(0);
}

const rest = (page: Page) => page.getByTestId('vial-rest');
const openRow = (page: Page, lot: string) =>
  page.locator(`[data-testid="vial-row"][data-lot="${lot}"]`);

test('a vial is opened without a network: it leaves the shelf, has a clock, and says what is left', async () => {
  const { page } = room;
  await receive(page, { item: TOXIN.name, quantity: '3', lot: LOT, expiry: '2028-03-31' });
  await room.expectSync('synced');
  await openItem(page, TOXIN.sku);
  const before = await onHand(page, 'AA');
  room.pullNetwork();
  await room.expectSync('offline');
  await openVial(page, TOXIN.name, LOT);
  await expect(rest(page)).toHaveText('100 of 100 U');
  await expect(openRow(page, LOT)).toContainText('23 h');
  await draw(page, '20', true);
  await expect(rest(page)).toHaveText('80 of 100 U');
  await expect(page.getByTestId('vial-for')).toContainText(patient.family_name);
  await draw(page, '12.5');
  await expect(rest(page)).toHaveText('67.5 of 100 U');
  // What was drawn by mistake is taken back, once.
  await page.getByTestId('vial-undo').first().click();
  await expect(rest(page)).toHaveText('80 of 100 U');
  await look(page, 'open');
  await openItem(page, TOXIN.sku);
  expect(await onHand(page, 'AA')).toBe(before - 10_000);
  room.restoreNetwork();
  await room.expectSync('synced');
});

test('more than is left is not drawn; from two at once only for a patient', async () => {
  const { page } = room;
  await openVial(page, TOXIN.name, LOT);
  await page.getByTestId('vial-draw').click();
  await page.getByTestId('draw-units').fill('500');
  await page.getByTestId('draw-finish').click();
  await expect(page.getByTestId('draw')).toContainText('Open another one first');
  await page.getByTestId('draw-units').fill('90');
  await expect(page.getByTestId('draw')).toContainText('It takes two containers');
  await choosePatient(page, 'used-for');
  await expect(page.getByTestId('draw')).toContainText('80 U of');
  await look(page, 'draw');
  await page.getByTestId('draw-finish').click();
  await expect(page.getByTestId('draw')).toHaveCount(0);
  await expect(rest(page)).toHaveText('90 of 100 U');
  await room.expectSync('synced');
});

test('two devices that are cut off draw the same vial empty: both stand, and one question opens', async () => {
  await go(other.page, 'vials');
  await openRow(other.page, LOT).first().click();
  await expect(rest(other.page)).toHaveText('90 of 100 U');
  for (const device of [room, other]) {
    device.pullNetwork();
    await device.expectSync('offline');
  }
  await go(room.page, 'vials');
  await openRow(room.page, LOT).first().click();
  await draw(room.page, '60');
  await draw(other.page, '60');
  for (const device of [room, other]) {
    device.restoreNetwork();
    await device.expectSync('synced');
  }
  const { rows } = await world.db.query<{ facts: { over: number }; status: string }>(
    `select facts, status from review_items where kind = 'vial_overdrawn'`,
  );
  expect(rows).toMatchObject([{ facts: { over: 300_000 }, status: 'open' }]);
  await other.page.getByTestId('nav-review').click();
  await expect(other.page.getByText('More drawn than was in it').first()).toBeVisible();
  await look(other.page, 'review');
});

test('the rest of a controlled item is thrown away in front of somebody who types their own PIN, offline', async () => {
  const { page } = room;
  room.pullNetwork();
  await room.expectSync('offline');
  await openVial(page, TOXIN.name, LOT);
  await page.getByTestId('vial-discard').click();
  await page.getByTestId('discard-reason').click();
  await page.getByRole('option', { name: 'Contaminated' }).click();
  await page.getByTestId('discard-finish').click();
  await expect(page.getByTestId('discard')).toContainText('has to confirm it with their own PIN');
  await page.getByTestId('take-witness').click();
  // Who has no PIN on this machine cannot be chosen.
  await expect(page.getByRole('option', { name: /Solberg.*no PIN/ })).toHaveAttribute(
    'data-combobox-disabled',
    'true',
  );
  await page.getByRole('option', { name: 'Maya Okafor' }).click();
  await page.getByTestId('witness-pin').fill('830274');
  await page.getByTestId('witness-confirm').click();
  await expect(page.getByTestId('witness-error')).toBeVisible();
  await look(page, 'witness');
  await page.getByTestId('witness-pin').fill(PIN);
  await page.getByTestId('witness-confirm').click();
  await expect(page.getByTestId('witness-confirmed')).toContainText('Maya Okafor');
  await page.getByTestId('discard-finish').click();
  await expect(page.getByTestId('discard')).toHaveCount(0);
  room.restoreNetwork();
  await room.expectSync('synced');
  const { rows } = await world.db.query<{ name: string; reason_code: string }>(
    `select u.display_name as name, v.reason_code from vial_acts v join users u on u.id = v.witnessed_by`,
  );
  expect(rows).toEqual([{ name: 'Maya Okafor', reason_code: 'contaminated' }]);
});

test('stock is used for a patient; the desk sees that it was, and nobody but clinical staff of whom', async () => {
  const { page } = room;
  await go(page, 'issue');
  await chooseItem(page, 'take-item', TOXIN.name);
  await page.getByTestId('take-qty').fill('1');
  await choosePatient(page, 'used-for');
  await look(page, 'used-for');
  await page.getByTestId('take-finish').click();
  await expect(page.getByTestId('toast').last()).toBeVisible();
  await room.expectSync('synced');
  const { rows: lots } = await world.db.query<{ id: string }>(
    `select id from inventory_lots where lot_no = '${LOT}'`,
  );
  const lot = lots[0]?.id ?? '';
  for (const device of [room, other, desk]) {
    await openItem(device.page, TOXIN.sku);
    await device.page.getByTestId('tab-lots').click();
    await device.page.getByTestId(`lot-row-${LOT}`).getByRole('link').click();
    await expect(device.page.getByTestId('trace')).toBeVisible();
  }
  await expect(page.getByTestId('lot-patients-table')).toContainText(patient.family_name);
  await look(page, 'recall');
  // The manager decides about recalls and gets numbers; so does the desk.
  for (const device of [other, desk]) {
    await expect(device.page.getByTestId('lot-patients-known')).toContainText('times');
    await expect(device.page.getByText(patient.family_name)).toHaveCount(0);
    await device.page.getByTestId('lot-patients-ask').click();
    await expect(device.page.getByTestId('lot-patients-counts')).toContainText('1 patient');
    await expect(device.page.getByText(patient.family_name)).toHaveCount(0);
  }
  await page.getByTestId('lot-patients-ask').click();
  await expect(page.getByTestId('lot-patients-counts')).toContainText('1 patient');
  const where = test.info().outputPath('recall.csv');
  const named = room.app.evaluate(
    ({ session }, file) =>
      new Promise<string>((resolve) => {
        session.defaultSession.once('will-download', (_event, item) => {
          item.setSavePath(file);
          resolve(item.getFilename());
        });
      }),
    where,
  );
  await page.getByTestId('lot-patients-csv').click();
  expect(await named).toBe(`recall-${LOT}.csv`);
  await expect.poll(() => readFile(where, 'utf8').catch(() => '')).toContain(patient.family_name);
  const { rows: read } = await world.db.query<{ n: number }>(
    `select count(*)::int as n from audit_logs where purpose = 'recall of a lot' and action = 'read'
       and patient_ref = '${patient.id}'`,
  );
  expect(read).toEqual([{ n: 1 }]);
  expect(lot).not.toBe('');
});

test('an alert leads to a vial that stood open for too long', async () => {
  await world.db.query(
    `insert into vial_acts (id, hlc, created_by, location_id, step, item_id, lot_id, line, units, unit,
       use_by, occurred_at, local_date, for_patient)
     select gen_random_uuid(), hlc, created_by, location_id, step, item_id, lot_id, line, units, unit,
       now() - interval '1 hour', now() - interval '2 days', local_date, false
       from vial_acts where step = 'open' and unit = 'U' limit 1`,
  );
  const { page } = other;
  await go(page, 'alerts');
  const alert = page.locator('[data-testid="alert-row"][data-kind="beyond_use"]').first();
  await expect(alert).toBeVisible({ timeout: 70_000 });
  await alert.click();
  await page.getByTestId('alert-vial').click();
  await expect(page.getByTestId('vial-detail')).toContainText('Over for');
  await expect(page.getByTestId('vial-draw')).toBeDisabled();
  await look(page, 'over');
});

test('samples come in, one is given out with the prescriber’s hand, and the month is closed', async () => {
  const { page } = room;
  room.pullNetwork();
  await room.expectSync('offline');
  await go(page, 'samples');
  await page.getByTestId('samples-receive').click();
  await chooseItem(page, 'samples-in-item', SAMPLE.name);
  await page.getByTestId('samples-in-qty').fill('6');
  await page.getByTestId('samples-in-lot').fill('E2E-SMP');
  await page.getByTestId('samples-in-expiry').fill('03/2028');
  await page.getByTestId('samples-in-from').fill('Acme, R. Rep');
  await page.getByTestId('samples-in-finish').click();
  await expect(page.getByTestId('samples-in')).toHaveCount(0);

  await page.getByTestId('samples-give').click();
  await chooseItem(page, 'samples-out-item', SAMPLE.name);
  await page.getByTestId('samples-out-lot').click();
  await page.getByRole('option', { name: 'E2E-SMP' }).click();
  await choosePatient(page, 'samples-out-patient');
  await page.getByTestId('samples-out-prescriber').click();
  await page.getByRole('option', { name: 'Dr. Henrik Solberg' }).click();
  await page.getByTestId('samples-out-finish').click();
  await expect(page.getByTestId('samples-out')).toContainText('A signature is missing');
  await sign(page, 'samples-out-sign');
  await look(page, 'give-sample');
  await page.getByTestId('samples-out-finish').click();
  await expect(page.getByTestId('samples-out')).toHaveCount(0);
  await look(page, 'samples');

  await page.getByTestId('samples-reconcile').click();
  const lines = page.getByTestId('samples-month-line');
  await expect(lines.first()).toBeVisible();
  for (const line of await lines.all()) {
    const book = (await line.locator('td').nth(2).innerText()).split(' ')[0] ?? '';
    await line.locator('input').first().fill(book);
  }
  const last = lines.filter({ hasText: 'E2E-SMP' });
  await last.locator('input').first().fill('4');
  await sign(page, 'samples-month-sign');
  await page.getByTestId('samples-month-finish').click();
  await expect(page.getByTestId('samples-month')).toContainText('Please say why');
  await last.locator('input').nth(1).fill('One tube was broken');
  await look(page, 'month');
  await page.getByTestId('samples-month-finish').click();
  await expect(page.getByTestId('samples-month')).toHaveCount(0);
  await page.getByText('Months').click();
  await expect(page.getByTestId('samples-month-row').first()).toContainText('One tube was broken');
  room.restoreNetwork();
  await room.expectSync('synced');
  const { rows } = await world.db.query<{ patient: string; signed: boolean; left: string }>(
    `select s.patient_id as patient, s.signature is not null as signed,
            (select sum(on_hand) from on_hand o where o.lot_id = s.lot_id::text)::text as left
       from sample_log s join inventory_lots l on l.id = s.lot_id where l.lot_no = 'E2E-SMP'`,
  );
  expect(rows).toEqual([{ patient: patient.id, signed: true, left: '50000' }]);
  // The desk sees neither the closet nor to whom one went.
  await desk.page.getByTestId('nav-inventory').click();
  await desk.page.getByTestId('stock-menu').click();
  await expect(desk.page.getByTestId('stock-menu-samples')).toHaveCount(0);
  await desk.page.keyboard.press('Escape');
});

test('in Spanish', async () => {
  const { page } = room;
  await page.getByTestId('user-menu').click();
  await page.getByTestId('language-es').click();
  await page.keyboard.press('Escape');
  await go(page, 'vials');
  await expect(page.getByRole('heading', { name: 'Viales abiertos' })).toBeVisible();
  await look(page, 'spanish');
});

async function sign(page: Page, testId: string): Promise<void> {
  const pad = page.getByTestId(`${testId}-pad`);
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (!box) throw new Error('no pad');
  await page.mouse.move(box.x + 20, box.y + 60);
  await page.mouse.down();
  for (const [x, y] of [
    [60, 30],
    [90, 90],
    [140, 40],
    [200, 80],
  ] as const) {
    await page.mouse.move(box.x + x, box.y + y, { steps: 4 });
  }
  await page.mouse.up();
}
