import path from 'node:path';
import { expect, test } from '@playwright/test';
import { expectAccessible } from '../axe.ts';
import { SCREENSHOTS, startWorld } from '../devices.ts';
import type { Page } from '@playwright/test';
import type { Device, World } from '../devices.ts';
import { scan } from '../scanner.ts';
import { finishCount } from '../screens.ts';

/**
 * A count by scanner, without a network. Small by default; `GANGER_SCAN_ITEMS=1000` counts as many at
 * every pace (at 100 ms a key that takes half an hour).
 */
const ITEMS = Number(process.env['GANGER_SCAN_ITEMS'] ?? 0);
const PACES = [
  { msPerKey: 10, items: ITEMS || 60 },
  { msPerKey: 50, items: ITEMS || 8 },
  { msPerKey: 100, items: ITEMS || 5 },
];
/** From one trigger to the next. */
const BETWEEN_MS = 150;
const SYNC_MS = 45_000;
/** A key that comes later than this after its time is one of a busy machine. */
const LATE_MS = 12;
/** A scan of a long count on a machine that does other work, too. */
const LONGEST_MS = 300;
/** A busy machine may leave open where a code begins: of so many scans one is asked about. */
const HARDLY_ASKED = 50;
const EMAIL = 'manager@ganger.example';

interface Counted {
  readonly id: string;
  readonly gtin: string;
  readonly times: number;
}

let world: World;
let device: Device;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  test.setTimeout(240_000);
  world = await startWorld();
  await moreItems(Math.max(...PACES.map(({ items }) => items)));
  device = await world.device('storeroom');
  await device.signIn(EMAIL);
  await device.expectSync('synced', 120_000);
});
test.afterAll(async () => {
  await world?.close();
});

for (const { msPerKey, items } of PACES) {
  test(`${items} items at ${msPerKey} ms a key: no scan lost or doubled, and the server has them in time`, async () => {
    test.setTimeout(120_000 + items * (15 * msPerKey + 2 * BETWEEN_MS + LONGEST_MS) * 2);
    const { page } = device;
    const wanted = await toCount(items);
    await page.getByTestId('nav-counts').click();
    await page.getByTestId('count-start').click();
    await page.getByTestId('count-begin').click();
    await expect(page.getByTestId('scan-hint')).toBeVisible();
    device.pullNetwork();
    const lateKeys = await listenForLateKeys(page, msPerKey);
    let scans = 0;
    let asked = 0;
    for (const { gtin, times } of wanted) {
      for (let n = 0; n < times; n += 1) {
        await scan(device, gtin, { msPerKey });
        scans += 1;
        await page.waitForTimeout(BETWEEN_MS);
        if (await sayAllIsOfTheCode(page)) asked += 1;
      }
    }
    // Each scan is answered, the last one too; one that comes while another is saved waits its turn.
    const typed = Date.now();
    console.log(await lateKeys());
    const answered = async (): Promise<string | null> => {
      if (await sayAllIsOfTheCode(page)) asked += 1;
      return page.getByTestId('scan-said').getAttribute('data-n');
    };
    const timeout = 15_000 + scans * LONGEST_MS;
    await expect.poll(answered, { timeout, intervals: [100] }).toBe(String(scans));
    console.log(
      `the last of ${scans} scans was answered ${Date.now() - typed} ms after it, ${asked} were asked about`,
    );
    expect(asked).toBeLessThanOrEqual(Math.ceil(scans / HARDLY_ASKED));
    await finishCount(page);
    await expect(page.getByTestId('count-detail')).toHaveAttribute('data-status', 'submitted');
    const began = Date.now();
    device.restoreNetwork();
    await expect.poll(() => counted(), { timeout: SYNC_MS, intervals: [500] }).toBe(items);
    const took = Date.now() - began;
    console.log(
      `${scans} scans of ${items} items at ${msPerKey} ms a key: on the server after ${took} ms`,
    );
    expect(took).toBeLessThan(SYNC_MS);
    // The line that holds is the latest of its item: an Enter in between saves one earlier, and the next
    // scan goes on from it.
    const { rows } = await world.db.query<{ item_id: string; qty: number }>(
      `select item_id, counted_qty::int as qty from count_lines
       where session_id = (${LATEST}) order by hlc`,
    );
    const held = new Map(rows.map(({ item_id, qty }) => [item_id, qty]));
    const right = wanted.filter(({ id, times }) => held.get(id) === times * 10_000);
    console.log(`${right.length} of ${items} items right, in ${rows.length} lines`);
    expect(held).toEqual(new Map(wanted.map(({ id, times }) => [id, times * 10_000])));
    await device.expectSync('synced', SYNC_MS);
  });
}

test('a number typed between two scans is the quantity; a zero that may be of the code is asked about', async () => {
  const { page } = device;
  const [first, second] = await toCount(2);
  if (!first || !second) throw new Error('no items to scan');
  await page.getByTestId('nav-counts').click();
  await page.getByTestId('count-start').click();
  await page.getByTestId('count-begin').click();
  await scan(device, first.gtin, { msPerKey: 100 });
  await expect(page.getByTestId('scan-said')).toHaveAttribute('data-n', '1');
  // The hand goes to the keys and back to the scanner.
  await page.keyboard.type('12', { delay: 180 });
  await page.waitForTimeout(700);
  expect(second.gtin).toMatch(/^00/);
  await scan(device, second.gtin, { msPerKey: 100, pause: { after: 0, ms: 18 } });
  await expect(page.getByTestId('scan-said')).toHaveAttribute('data-n', '2');
  await expect(page.getByTestId('count-line')).toHaveCount(1);
  await expect(page.getByTestId('count-line')).toContainText('12');

  // Nothing tells whether the first digit is one of the code here: without it the code is whole, too.
  await scan(device, first.gtin, { msPerKey: 100, pause: { after: 0, ms: 70 } });
  await expect(page.getByTestId('scan-question')).toHaveCSS('opacity', '1');
  await expectAccessible(page, 'the question');
  await page.screenshot({ path: path.join(SCREENSHOTS, 'scan-start-question.png') });
  await page.getByTestId('scan-answer').filter({ hasText: 'I typed 0' }).click();
  await expect(page.getByTestId('scan-said')).toHaveAttribute('data-n', '3');
  await finishCount(page);
  await device.expectSync('synced', SYNC_MS);
  const { rows } = await world.db.query<{ item_id: string; qty: number }>(
    `select distinct on (item_id) item_id, counted_qty::int as qty from count_lines
     where session_id = (${LATEST}) order by item_id, hlc desc`,
  );
  // What was counted of the first one in this count goes on.
  expect(new Map(rows.map(({ item_id, qty }) => [item_id, qty]))).toEqual(
    new Map([
      [first.id, 130_000],
      [second.id, 0],
    ]),
  );
});

/** Nothing was typed before the scan: who is asked looks at the label and says so. */
async function sayAllIsOfTheCode(page: Page): Promise<boolean> {
  const all = page.getByTestId('scan-answer').first();
  if (!(await all.isVisible())) return false;
  await all.click();
  return true;
}

/** @returns tells how many keys have come late, and by how much at most: how busy the machine is */
async function listenForLateKeys(page: Page, msPerKey: number): Promise<() => Promise<string>> {
  await page.evaluate(() => {
    const stamps: number[] = [];
    Object.assign(window, { stamps });
    const keep = ({ timeStamp }: KeyboardEvent): unknown => stamps.push(timeStamp);
    window.addEventListener('keydown', keep, { capture: true });
  });
  return async () => {
    const stamps = await page.evaluate(() => (window as unknown as { stamps: number[] }).stamps);
    const late = stamps
      .slice(1)
      .map((at, index) => at - (stamps[index] ?? at) - msPerKey)
      .filter((ms) => ms > LATE_MS && ms < BETWEEN_MS);
    return `${late.length} of ${stamps.length} keys came late, by ${Math.round(Math.max(0, ...late))} ms at most`;
  };
}

const LATEST = 'select id from count_sessions order by created_at desc limit 1';

async function counted(): Promise<number> {
  const { rows } = await world.db.query<{ n: number }>(
    `select count(distinct item_id)::int as n from count_lines where session_id = (${LATEST})`,
  );
  return rows[0]?.n ?? 0;
}

/** Items without lots, every fifth of them twice on the shelf. */
async function toCount(items: number): Promise<Counted[]> {
  const { rows } = await world.db.query<{ id: string; gtin: string }>(
    `select id, packs->0->>'gtin' as gtin from inventory_items
     where lot_policy = 'none' and status = 'active' and packs->0->>'gtin' is not null
       and packs->0->>'unit' = base_unit
     order by sku limit $1`,
    [items],
  );
  expect(rows).toHaveLength(items);
  return rows.map((row, index) => ({ ...row, times: index % 5 === 0 ? 2 : 1 }));
}

/** As many items as are to be counted: copies of one of the demo, each with a trade number. */
async function moreItems(wanted: number): Promise<void> {
  const { rows } = await world.db.query<{ n: number }>(
    `select count(*)::int as n from inventory_items
     where lot_policy = 'none' and status = 'active' and packs->0->>'gtin' is not null`,
  );
  const missing = wanted - (rows[0]?.n ?? 0);
  if (missing <= 0) return;
  await world.db.query(
    `insert into inventory_items (
       id, created_at, created_by, device_id, field_hlc, name, kind, sku, base_unit, packs,
       lot_policy, expiry_policy, controlled_schedule, hazardous, status)
     select gen_random_uuid(), i.created_at, i.created_by, null, '{}', 'Counted item ' || n,
       i.kind, 'CNT-' || n, i.base_unit,
       jsonb_build_array(jsonb_build_object('unit', i.base_unit, 'qty_per_base', 10000,
         'gtin', private_gtin.body || private_gtin.digit)),
       'none', 'none', 'none', false, 'active'
     from generate_series(1, $1::int) n
     cross join (select * from inventory_items where sku = 'GLV-NIT-S') i
     cross join lateral (select '00499' || lpad(n::text, 8, '0') as body) b
     cross join lateral (
       select b.body, ((10 - sum(substr(b.body, at, 1)::int * case when at % 2 = 1 then 3 else 1 end)
         % 10) % 10)::text as digit
       from generate_series(1, 13) at) private_gtin`,
    [missing],
  );
}
