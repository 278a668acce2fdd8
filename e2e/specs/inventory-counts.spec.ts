import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { clinicDate } from '#shared/kernel/dates.ts';
import { expectAccessible } from '../axe.ts';
import { DEMO_AUTH_KEY } from '../../scripts/dev/dev-stack.ts';
import { DEMO_PASSWORD } from '../../scripts/dev/demo-people.ts';
import { ROOT } from '../../scripts/dev/paths.ts';
import { PEOPLE, SITES } from '../../supabase/demo/people.ts';
import { SCREENSHOTS, startWorld } from '../devices.ts';
import type { Device, World } from '../devices.ts';
import { scan } from '../scanner.ts';
import { onHand, openItem } from '../screens.ts';
import { driveClient } from '../stranger/driven-client.ts';
import type { DrivenClient } from '../stranger/driven-client.ts';

/**
 * Counts of two people in one room without a network, judged by a third, all on real windows. The zone
 * has two aisles: each counts one, and both count the first item of the second one.
 */
const ZONE = ['A', 'B'] as const;
const UNIT = 10_000;
/** By how much a movement comes too late, milliseconds. */
const BEHIND_MS = 300_000;

let world: World;
let priya: Device;
let rosa: Device;
let office: Device;
let late: DrivenClient;
let folder = '';

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  test.setTimeout(240_000);
  world = await startWorld();
  folder = await mkdtemp(path.join(os.tmpdir(), 'ganger-late-'));
  priya = await world.device('shelf-a');
  rosa = await world.device('shelf-b');
  await priya.signIn(PEOPLE.clinical.email);
  await rosa.signIn(PEOPLE.frontDesk.email);
  for (const device of [priya, rosa]) await device.expectSync('synced', 90_000);
  late = driveClient(path.join(ROOT, 'e2e/stranger/client.mjs'));
  await late.start({
    server: world.stack.serverUrl,
    auth: `${world.stack.authUrl}/auth/v1`,
    key: DEMO_AUTH_KEY,
    email: PEOPLE.clinical.email,
    password: DEMO_PASSWORD,
    folder,
    tables: ['inventory_items', 'stock_acts', 'stock_movements'],
  });
  await late.sync();
});
test.afterAll(async () => {
  await late?.kill();
  await world?.close();
  await rm(folder, { recursive: true, force: true });
});

const press = (page: Page, keys: string) => page.keyboard.press(keys);
const detail = (page: Page) => page.getByTestId('count-detail');
const rows = (page: Page) => page.getByTestId('plan-row');

/** The screen in both color schemes, without anything that axe objects to. */
async function picture(page: Page, name: string): Promise<void> {
  await expectAccessible(page, name);
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page, `${name}, dark`);
  await page.screenshot({ path: test.info().outputPath(`${name}-dark.png`) });
  await page.emulateMedia({ colorScheme: 'light' });
}

interface Shelf {
  readonly name: string;
  readonly sku: string;
  readonly item: string;
  readonly lot: string | null;
  readonly bin: string;
  readonly qty: number;
}
/** What the books have in a zone at Ann Arbor, in base units, lot by lot. */
async function books(aisle: string): Promise<Shelf[]> {
  const { rows: found } = await world.db.query<Shelf>(
    `select i.name, i.sku, i.id as item, nullif(o.lot_id, '') as lot, p.bin,
            (o.on_hand / 10000)::float8 as qty
     from on_hand o join inventory_items i on i.id = o.item_id
     join item_locations p on p.item_id = i.id and p.location_id = o.location_id
     where o.location_id = $1 and p.bin like $2 and o.on_hand <> 0
     order by p.bin, i.name`,
    [SITES.AA.id, `${aisle}%`],
  );
  return found;
}

/** Types a quantity for what the list has at hand, by keys alone; the next one is at hand then. */
async function walk(page: Page, quantity: (item: string, lot: string) => number): Promise<void> {
  const at = page.getByTestId('count-at');
  const no = await at.getAttribute('data-no');
  const lot = await page.getByTestId('count-lot').inputValue();
  const item = await page.getByTestId('count-item').inputValue();
  await page.keyboard.type(String(quantity(item, lot)), { delay: 120 });
  await press(page, 'Enter');
  await expect(at).not.toHaveAttribute('data-no', no ?? '');
}

let shelves: { A: Shelf[]; B: Shelf[] };
const inBooks = (item: string, lot: string): number => {
  const all = [...shelves.A, ...shelves.B].filter(({ name, sku }) => item === `${name} · ${sku}`);
  if (all.length <= 1) return all[0]?.qty ?? 0;
  return all.find((shelf) => lotNo.get(shelf.lot ?? '') === lot.split(' · ')[0])?.qty ?? 0;
};
const lotNo = new Map<string, string>();

test('by keys alone a blind count of a zone is started, with the list of what lies there', async () => {
  shelves = { A: await books('A'), B: await books('B') };
  const { rows: lots } = await world.db.query<{ id: string; lot_no: string }>(
    'select id, lot_no from inventory_lots',
  );
  for (const { id, lot_no } of lots) lotNo.set(id, lot_no);
  const { page } = priya;
  await press(page, 'Alt+c');
  await expect(page.getByTestId('count-begin')).toBeFocused();
  await press(page, 'Shift+Tab');
  await press(page, 'Shift+Tab');
  const zone = page.getByTestId('count-zone');
  await expect(zone).toBeFocused();
  for (const aisle of ZONE) {
    await zone.fill(`${aisle} (`);
    await expect(page.getByRole('option').filter({ hasText: `${aisle} (` })).toBeVisible();
    await press(page, 'ArrowDown');
    await press(page, 'Enter');
  }
  await press(page, 'Escape');
  const n = shelves.A.length + shelves.B.length;
  await expect(page.getByTestId('count-plan-n')).toHaveAttribute('data-n', String(n));
  await page.getByTestId('count-begin').focus();
  await picture(page, 'count-start');
  await press(page, 'Enter');
  await expect(detail(page)).toHaveAttribute('data-status', 'open');
  await expect(rows(page).first()).toBeVisible();
  await priya.expectSync('synced');
});

test('somebody else in the room opens the same count by its code; then both are cut off', async () => {
  await priya.page.getByTestId('count-tool-code').click();
  await expect(priya.page.getByTestId('count-qr')).toBeVisible();
  await expectAccessible(priya.page, 'code');
  await press(priya.page, 'Escape');
  const { rows: found } = await world.db.query<{ id: string }>('select id from count_sessions');
  await rosa.expectSync('synced');
  await scan(rosa, `ganger://inventory/counts/${found[0]?.id}`);
  await expect(detail(rosa.page)).toHaveAttribute('data-status', 'open');
  await expect(rosa.page.getByTestId('count-at')).toBeVisible();
  for (const device of [priya, rosa]) {
    device.pullNetwork();
    await device.expectSync('offline');
  }
});

test('each walks their aisle by keys; nothing of the books is on the screen, in a title or in a file', async () => {
  const [a, b] = [priya.page, rosa.page];
  await press(a, 'Alt+j');
  await expect(a.getByTestId('count-qty')).toBeFocused();
  for (let n = 0; n < shelves.A.length; n += 1) await walk(a, inBooks);
  await expect(a.locator('[data-aisle="A"]')).toHaveAttribute(
    'data-done',
    String(shelves.A.length),
  );
  // Rosa begins in the second aisle.
  await b.getByTestId('plan-row').and(b.locator('[data-bin^="B"]')).first().click();
  for (let n = 0; n < shelves.B.length; n += 1) {
    // The first one is far off: she has seen three only.
    await walk(b, (item, lot) => (n === 0 ? 3 : inBooks(item, lot)));
  }
  await expect(b.locator('[data-aisle="B"]')).toHaveAttribute(
    'data-done',
    String(shelves.B.length),
  );
  // Priya counts the first one of the second aisle too, and sees four.
  await expect(a.getByTestId('count-at')).toContainText(shelves.B[0]?.bin ?? '-');
  await a.keyboard.type('4', { delay: 120 });
  await press(a, 'Enter');
  await expect(a.getByTestId('count-person')).toHaveCount(1);
  await picture(a, 'count-list');
  await a.getByText('All (', { exact: false }).click();
  // What Priya has typed herself stands there; of the rest of the zone the books say what she may not see.
  const typed = new Set(shelves.A.map(({ qty }) => qty));
  const secret = shelves.B.map(({ qty }) => qty).filter((qty) => qty > 20 && !typed.has(qty));
  expect(secret.length).toBeGreaterThan(2);
  const words = await detail(a).evaluate((element) => [
    (element as HTMLElement).innerText,
    ...[...element.querySelectorAll('*')].flatMap((one) =>
      ['title', 'aria-label', 'value'].map((name) => one.getAttribute(name) ?? ''),
    ),
  ]);
  const said = words.flatMap((text) => text.split(/[^\d.,]+/)).map((text) => text.replace(',', ''));
  for (const qty of secret) expect(said).not.toContain(String(qty));
  await expect(detail(a).getByText('Expected')).toHaveCount(0);
});

test('back in the network the lines of both are one count, and what both counted is said and settled', async () => {
  for (const device of [priya, rosa]) device.restoreNetwork();
  for (const device of [priya, rosa]) await device.expectSync('synced', 60_000);
  const { page } = priya;
  await expect(page.getByTestId('count-person')).toHaveCount(2);
  for (const aisle of ZONE) {
    await expect(page.locator(`[data-aisle="${aisle}"]`)).toHaveAttribute(
      'data-done',
      String(shelves[aisle].length),
    );
  }
  const contested = page.getByTestId('count-contested');
  await expect(contested).toHaveCount(1);
  await expect(contested).toContainText('3');
  await expect(contested).toContainText('4');
  await expect(contested).toContainText('not added up');
  await contested.scrollIntoViewIfNeeded();
  await picture(page, 'count-contested');
  // Who would finish now is told what speaks against it.
  await press(page, 'Control+Enter');
  await expect(page.getByTestId('finish-contested')).toBeVisible();
  await expect(page.getByTestId('finish-far')).toContainText(shelves.B[0]?.name ?? '-');
  await picture(page, 'count-finish');
  await press(page, 'Escape');
  await expect(page.getByTestId('count-finish')).toHaveCount(0);
  await contested.getByTestId('contested-one').last().click();
  await expect(contested).toHaveCount(0);
  await priya.expectSync('synced');
  await expect(rosa.page.getByTestId('count-contested')).toHaveCount(0);
});

test('a finger in a glove counts too: keys of 48 pixels and more', async () => {
  const { page } = rosa;
  await press(page, 'Alt+k');
  const keys = page.getByTestId('keypad').getByRole('button');
  await expect(keys).toHaveCount(16);
  for (const key of await keys.all()) {
    const box = await key.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(48);
  }
  await page.getByTestId('key-1').click();
  await page.getByTestId('key-2').click();
  await page.getByTestId('key-more').click();
  await expect(page.getByTestId('count-qty')).toHaveValue('13');
  await picture(page, 'count-keypad');
  await page.getByTestId('key-clear').click();
  await press(page, 'Alt+k');
});

test('the sheet on paper has every line in its order, a place to write and the code, and no quantity', async () => {
  const { page } = rosa;
  await page.evaluate(() => {
    window.print = () => undefined;
  });
  await press(page, 'Alt+p');
  const sheet = page.getByTestId('count-sheet');
  await expect(sheet).toBeAttached();
  await page.emulateMedia({ media: 'print' });
  await page.screenshot({ path: path.join(SCREENSHOTS, 'count-sheet.png') });
  const printed = await sheet.locator('tbody tr').count();
  expect(printed).toBe(shelves.A.length + shelves.B.length + 8);
  await expect(sheet.getByTestId('sheet-qr')).toBeVisible();
  expect(await sheet.locator('.g-sheet-blank').allInnerTexts()).toEqual(
    Array<string>(printed).fill(''),
  );
  await page.emulateMedia({ media: 'screen' });
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await expect(sheet).toHaveCount(0);
});

let settled = 0;
test('an issue from before the count waits on a machine without a network; the count is finished', async () => {
  const first = shelves.B[0];
  await late.setClock(-BEHIND_MS);
  // Made now, by a clock that stands five minutes before the count: nothing of it is sent yet.
  await late.insert('stock_acts', {
    kind: 'issue',
    location_id: SITES.AA.id,
    occurred_at: Date.now() - BEHIND_MS,
    local_date: clinicDate(Date.now(), 'America/New_York'),
    reason_code: null,
    note: null,
    witnessed_by: null,
    lines: [
      {
        item_id: first?.item,
        qty_base: UNIT,
        lot_no: lotNo.get(first?.lot ?? '') ?? null,
        expiry_date: await expiryOf(first?.lot ?? null),
        serial: '',
        entered_unit: 'each',
        entered_qty: '1',
        unit_cost_cents: null,
      },
    ],
  });
  const { page } = priya;
  await press(page, 'Control+Enter');
  // It was settled by one more look, and all is counted: nothing is asked any more.
  await expect(detail(page)).toHaveAttribute('data-status', 'in_review', { timeout: 20_000 });
  // Who counted does not see the books, and does not approve.
  await expect(page.getByTestId('count-blind')).toBeVisible();
  await expect(page.getByTestId('count-difference')).toHaveCount(0);
  await expect(page.getByTestId('count-approve')).toHaveCount(0);
  const { rows: lines } = await world.db.query<{ qty: number }>(
    `select (counted_qty / 10000)::float8 as qty from count_lines
     where item_id = $1 order by hlc desc limit 1`,
    [first?.item],
  );
  settled = lines[0]?.qty ?? 0;
  expect(settled).toBe(3);
});

test('by keys alone the manager sees what differs and why, and sends it back', async () => {
  test.setTimeout(180_000);
  office = await world.device('office');
  await office.signIn(PEOPLE.manager.email);
  await office.expectSync('synced', 90_000);
  const { page } = office;
  await page.getByTestId('nav-counts').focus();
  await press(page, 'Enter');
  await page.getByRole('grid').first().focus();
  await press(page, 'ArrowDown');
  await press(page, 'Enter');
  await expect(detail(page)).toHaveAttribute('data-status', 'in_review');
  await expect(page.getByTestId('count-verdict')).toContainText('two per cent');
  await expect(page.getByTestId('count-difference').first()).toBeVisible();
  await detail(page).getByRole('grid').focus();
  await press(page, 'ArrowDown');
  await press(page, 'Enter');
  await expect(page.getByTestId('count-why')).toBeVisible();
  await expect(page.getByTestId('count-effect')).toBeVisible();
  await picture(page, 'count-review');
  await press(page, 'Alt+h');
  await expect(page.getByTestId('count-sent-back')).toBeVisible();
  await office.expectSync('synced');
});

test('the differences are counted again, blind, and confirm what was seen', async () => {
  const { page } = rosa;
  await rosa.expectSync('synced');
  await expect(page.getByTestId('count-recount')).toBeVisible();
  await press(page, 'Alt+f');
  await expect(page.getByTestId('count-is-recount')).toBeVisible();
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByTestId('count-qty')).toBeFocused();
  await picture(page, 'count-recount');
  await page.keyboard.type('3', { delay: 120 });
  await press(page, 'Enter');
  await expect(rows(page)).toHaveCount(0);
  await press(page, 'Control+Enter');
  await expect(detail(page)).not.toHaveAttribute('data-status', 'open', { timeout: 20_000 });
  await rosa.expectSync('synced');
  const { rows: passes } = await world.db.query<{ pass: number }>(
    'select pass from count_lines order by hlc desc limit 1',
  );
  expect(passes[0]?.pass).toBe(2);
});

test('the manager approves by one key; an issue from before the count that arrives afterwards changes nothing', async () => {
  const first = shelves.B[0];
  const { page } = office;
  await office.expectSync('synced');
  await expect(page.getByTestId('count-sent-back')).toContainText('Rosa Delgado');
  await press(page, 'Alt+a');
  await expect(detail(page)).toHaveAttribute('data-status', 'posted', { timeout: 20_000 });
  await office.expectSync('synced');
  // 13:00: the issue of 09:55 comes in.
  expect(await late.sync()).toMatchObject({ reached: true, waiting: 0, refused: 0 });
  await expect
    .poll(async () => {
      const { rows: found } = await world.db.query<{ n: number }>(
        `select count(*)::int as n from stock_movements where item_id = $1 and type = 'issue'`,
        [first?.item],
      );
      return found[0]?.n;
    })
    .toBeGreaterThan(0);
  await office.expectSync('synced');
  await openItem(page, first?.sku ?? '');
  await expect.poll(() => onHand(page, 'AA'), { timeout: 15_000 }).toBe(settled * UNIT);
  // An issue from after it counts: final = counted − later issues.
  await late.setClock(0);
  await late.insert('stock_acts', {
    kind: 'issue',
    location_id: SITES.AA.id,
    occurred_at: Date.now(),
    local_date: clinicDate(Date.now(), 'America/New_York'),
    reason_code: null,
    note: null,
    witnessed_by: null,
    lines: [
      {
        item_id: first?.item,
        qty_base: UNIT,
        lot_no: lotNo.get(first?.lot ?? '') ?? null,
        expiry_date: await expiryOf(first?.lot ?? null),
        serial: '',
        entered_unit: 'each',
        entered_qty: '1',
        unit_cost_cents: null,
      },
    ],
  });
  await late.sync();
  await expect.poll(() => onHand(page, 'AA'), { timeout: 15_000 }).toBe((settled - 1) * UNIT);
});

async function expiryOf(lot: string | null): Promise<string | null> {
  if (lot === null) return null;
  const { rows: found } = await world.db.query<{ expiry: string | null }>(
    'select expiry_date::text as expiry from inventory_lots where id = $1',
    [lot],
  );
  return found[0]?.expiry ?? null;
}
