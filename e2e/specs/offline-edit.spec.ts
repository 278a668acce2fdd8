import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { SCREENSHOTS, startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import { count, edit, onHand, openItem, receive } from '../screens.ts';

const MANAGER = 'manager@ganger.example';
const SATELLITE = 'satellite@ganger.example';
/** An item with lots for receiving, another one for counting. */
const RECEIVED = { sku: 'LID-1-EPI', name: 'Lidocaine 1 % with epinephrine' };
const COUNTED = { sku: 'GAU-44', name: 'Gauze sponge 4 × 4 in' };
const LOT = 'E2E-77';
const DESCRIPTION = 'Keep below 25 degrees, away from light';

let world: World;
let satellite: Device;
let manager: Device;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  world = await startWorld();
  satellite = await world.device('satellite');
  manager = await world.device('manager');
});

test.afterAll(async () => {
  await world?.close();
});

test('a satellite manager and a manager sign in on two machines', async () => {
  await expect(satellite.page.getByTestId('sign-in-email')).toBeVisible();
  await satellite.page.screenshot({ path: path.join(SCREENSHOTS, 'sign-in.png') });
  await satellite.signIn(SATELLITE);
  await manager.signIn(MANAGER);
  await satellite.expectSync('synced');
  await manager.expectSync('synced');
  await manager.page.screenshot({ path: path.join(SCREENSHOTS, 'item-list.png') });
});

test('cut off, the satellite receives, counts and changes bin and par; nothing waits for the network', async () => {
  const { page } = satellite;
  satellite.pullNetwork();
  await satellite.expectSync('offline');

  await openItem(page, RECEIVED.sku);
  const before = await onHand(page, 'PY');
  await receive(page, {
    item: RECEIVED.name,
    quantity: '10',
    lot: LOT,
    expiry: '2028-06-30',
    picture: path.join(SCREENSHOTS, 'receive.png'),
  });
  await openItem(page, RECEIVED.sku);
  await expect.poll(() => onHand(page, 'PY')).toBe(before + 100_000);

  await edit(page, 'bin-input-PY', 'E2E-1');
  await edit(page, 'par-input-PY', '31');
  await expect(page.getByTestId('offline-banner')).toContainText('2 changes');
  await page.screenshot({ path: path.join(SCREENSHOTS, 'offline.png') });

  await count(page, { item: COUNTED.name, quantity: '555' });
});

test('meanwhile the manager changes par and description of the same item', async () => {
  const { page } = manager;
  await openItem(page, RECEIVED.sku);
  await edit(page, 'par-input-PY', '47');
  await edit(page, 'description-input', DESCRIPTION);
  await manager.expectSync('synced');
});

test('back in the network both show the same: stock within 5 s, bin and description of each, par by the later clock', async () => {
  await openItem(satellite.page, RECEIVED.sku);
  const expected = await onHand(satellite.page, 'PY');
  const began = Date.now();
  satellite.restoreNetwork();
  await expect
    .poll(() => onHand(manager.page, 'PY'), { timeout: 5_000, intervals: [50] })
    .toBe(expected);
  console.log(`same on-hand on both machines ${Date.now() - began} ms after the network was back`);
  await satellite.expectSync('synced');
  await manager.expectSync('synced');
  for (const { page } of [satellite, manager]) {
    await expect(page.getByTestId('bin-input-PY')).toHaveValue('E2E-1');
    await expect(page.getByTestId('par-input-PY')).toHaveValue('47');
    await expect(page.getByText(DESCRIPTION)).toBeVisible();
  }
});

test('the count differs too much to post itself: the manager approves it, and both show it', async () => {
  const { page } = manager;
  await page.getByTestId('nav-review').click();
  await page.getByTestId('count-review-row').getByTestId('count-approve').click();
  for (const device of [manager, satellite]) {
    await openItem(device.page, COUNTED.sku);
    await expect.poll(() => onHand(device.page, 'PY'), { timeout: 10_000 }).toBe(5_550_000);
  }
});

test('the value that lost is readable and comes back with one click', async () => {
  const { page } = satellite;
  await page.getByTestId('nav-review').click();
  const question = page.locator('[data-testid="review-step"][data-field="par"]');
  const values = question.getByTestId('review-choice');
  await expect(values.nth(0)).toContainText('47');
  await expect(values.nth(0)).toContainText('Maya Okafor');
  await expect(values.nth(1)).toContainText('31');
  await expect(values.nth(1)).toContainText('Luis Ferrer');
  await values.nth(1).click();
  await question.getByTestId('review-confirm').click();
  await expect(question).toHaveCount(0);
  for (const device of [satellite, manager]) {
    await openItem(device.page, RECEIVED.sku);
    await expect(device.page.getByTestId('par-input-PY')).toHaveValue('31', { timeout: 10_000 });
  }
});

test('Postgres, both files and the audit log agree', async () => {
  await satellite.expectSync('synced');
  await manager.expectSync('synced');
  const { rows: people } = await world.db.query<{ id: string; email: string }>(
    'select id, email from users',
  );
  const idOf = (email: string): string => people.find((p) => p.email === email)?.id ?? '';

  const { rows: acts } = await world.db.query<{ actor: string; action: string; fields: string[] }>(
    `select u.email as actor, a.action, a.field_names as fields
     from audit_logs a join users u on u.id = a.actor_id
     where a.table_name = 'item_locations' or a.table_name = 'stock_acts'
     order by a.recorded_at, a.seq`,
  );
  expect(acts).toContainEqual(expect.objectContaining({ actor: SATELLITE, action: 'insert' }));
  expect(acts.some((a) => a.actor === SATELLITE && a.fields.includes('bin'))).toBe(true);
  expect(acts.some((a) => a.actor === MANAGER && a.fields.includes('par'))).toBe(true);
  const { rows: devices } = await world.db.query<{ id: string }>('select id from devices');
  expect(devices).toHaveLength(2);
  for (const { id } of devices) {
    const { rows } = await world.db.query<{ broken_seq: number | null; checked: number }>(
      'select checked, broken_seq from private.verify_audit($1)',
      [id],
    );
    expect(rows[0]).toMatchObject({ broken_seq: null });
    expect(rows[0]?.checked).toBeGreaterThan(0);
  }

  const server = await serverContent(world);
  await satellite.quit();
  await manager.quit();
  for (const [device, email] of [
    [satellite, SATELLITE],
    [manager, MANAGER],
  ] as const) {
    const file = await device.openFile(idOf(email));
    const rows = file.read<{ id: string; par: number | null; bin: string | null }>(
      `select p.id, p.par, p.bin from live_item_locations p
       join live_locations l on l.id = p.location_id where l.code = 'PY' order by p.id`,
      [],
    );
    expect(rows).toEqual(server.places);
    const movements = file.read<{ id: string; qty: number }>(
      `select m.id, m.qty_base as qty from live_stock_movements m
       join live_locations l on l.id = m.location_id where l.code = 'PY' order by m.id`,
      [],
    );
    expect(movements).toEqual(server.movements);
    file.close();
  }
});

test('no plain text of a record lies on the disk, and the file is SQLCipher that needs its key', async () => {
  for (const device of [satellite, manager]) {
    const files = allFiles(device.userData);
    expect(files.some((file) => file.endsWith('ganger.db'))).toBe(true);
    for (const file of files) {
      const text = printable(file);
      for (const secret of [DESCRIPTION, LOT, RECEIVED.name, 'Luis Ferrer']) {
        expect(text.includes(secret), `${path.relative(device.userData, file)}`).toBe(false);
      }
    }
  }
  const { rows } = await world.db.query<{ id: string }>('select id from users where email = $1', [
    SATELLITE,
  ]);
  const userId = rows[0]?.id ?? '';
  const file = await satellite.openFile(userId);
  expect(file.read('pragma cipher', [])).toEqual([{ sqlcipher: 'sqlcipher' }]);
  file.close();
  await expect(satellite.openFile(userId, '00'.repeat(32))).rejects.toMatchObject({
    code: 'STORE_KEY_WRONG',
  });
});

test('killed in the middle of writing and started again, nothing acknowledged is lost', async () => {
  await satellite.start();
  const { page } = satellite;
  await satellite.expectSync('synced');
  satellite.pullNetwork();
  await openItem(page, RECEIVED.sku);

  let acknowledged = 0;
  const writing = (async () => {
    for (let par = 100; par < 400; par += 1) {
      const field = page.getByTestId('par-input-PY');
      await field.fill(String(par));
      await field.press('Enter');
      // The list reads what the store has committed: only what it shows counts as acknowledged.
      await expect(page.getByTestId(`item-row-${RECEIVED.sku}`)).toContainText(String(par));
      acknowledged = par;
    }
  })().catch(() => undefined);
  await expect.poll(() => acknowledged, { timeout: 30_000 }).toBeGreaterThan(105);
  await satellite.powerCut();
  await writing;

  await satellite.start();
  await openItem(satellite.page, RECEIVED.sku);
  const par = Number(await satellite.page.getByTestId('par-input-PY').inputValue());
  expect(par).toBeGreaterThanOrEqual(acknowledged);
  satellite.restoreNetwork();
  await satellite.expectSync('synced', 60_000);
  const { rows } = await world.db.query<{ par: number }>(
    `select p.par::int as par from item_locations p
     join inventory_items i on i.id = p.item_id join locations l on l.id = p.location_id
     where i.sku = $1 and l.code = 'PY'`,
    [RECEIVED.sku],
  );
  expect(rows[0]?.par).toBe(par * 10_000);
});

async function serverContent(of: World) {
  const places = await of.db.query<{ id: string; par: number | null; bin: string | null }>(
    `select p.id, p.par::float8 as par, p.bin from item_locations p
     join locations l on l.id = p.location_id where l.code = 'PY' order by p.id`,
  );
  const movements = await of.db.query<{ id: string; qty: number }>(
    `select m.id, m.qty_base::float8 as qty from stock_movements m
     join locations l on l.id = m.location_id where l.code = 'PY' order by m.id`,
  );
  return { places: places.rows, movements: movements.rows };
}

function allFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false);
}

/** The readable runs of a file, as the `strings` program finds them. */
function printable(file: string): string {
  const runs = readFileSync(file)
    .toString('latin1')
    .match(/[\x20-\x7e]{4,}/g);
  return runs?.join('\n') ?? '';
}
