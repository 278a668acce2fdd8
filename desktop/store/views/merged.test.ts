import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { derivedId } from '#shared/kernel/ids.ts';
import { lotId } from '#shared/schema/lots.ts';
import { itemPlaces, mergedItems } from './catalogue.ts';
import { countFar, countPlan, inventoryCounts } from './counts.ts';
import { inventoryHistory, inventoryList, inventoryLots } from './inventory.ts';
import { relatives } from './merged.ts';
import { reorderList } from './orders.ts';
import { scanCodes } from './scan-codes.ts';
import { stockLevels, stockLots } from './stock.ts';
import { TestStore, at, itemRow, rowOf } from './store.suite.ts';
import { lotTrace } from './transfers.ts';

/** What was booked of an item is found at the one that it was merged into, wherever stock is read. */

const id = (name: string): string => derivedId('merged', name);
const [AA, WX] = [id('AA'), id('WX')];
let store: TestStore;
const read: Parameters<typeof inventoryList.compute>[0] = (sql, args) =>
  store.database.read(sql, args);

beforeEach(async () => {
  store = await openStore();
});
afterEach(() => store.close());

async function openStore(): Promise<TestStore> {
  const opened = await TestStore.open();
  await opened.put(
    'locations',
    ['AA', 'WX'].map((code) =>
      rowOf('locations', {
        id: id(code),
        code,
        name: code,
        time_zone: 'America/New_York',
        active: true,
      }),
    ),
  );
  return opened;
}

const item = (name: string, more: Record<string, unknown> = {}) =>
  itemRow(id(name), name, { lot_policy: 'optional', expiry_policy: 'optional', ...more });
const merge = (from: string, into: string, more: Record<string, unknown> = {}) =>
  rowOf('item_merges', {
    id: id(`merge ${from} ${into}`),
    survivor_id: id(into),
    merged_id: id(from),
    status_before: 'active',
    lines: [],
    reverses_id: null,
    hlc: at(500).hlc,
    ...more,
  });
const merged = (from: string, into: string) =>
  item(from, { status: 'merged', merged_into_id: id(into) });

interface Booked {
  readonly item: string;
  readonly site?: string;
  readonly kind?: string;
  readonly qty: number;
  readonly lot?: string | null;
  readonly minute: number;
}
const act = ({ item: name, site = AA, kind = 'receive', qty, lot = null, minute }: Booked) =>
  rowOf('stock_acts', {
    id: id(`act ${name} ${minute}`),
    created_at: at(minute).ms,
    hlc: at(minute).hlc,
    kind,
    location_id: site,
    occurred_at: at(minute).ms,
    local_date: '2026-11-22',
    lines: [
      {
        item_id: id(name),
        qty_base: qty * 10_000,
        lot_no: lot,
        expiry_date: lot === null ? null : '2027-05-31',
        serial: '',
        entered_unit: 'each',
        entered_qty: String(qty),
        unit_cost_cents: null,
      },
    ],
  });

async function count(at_: {
  of: TestStore;
  item: string;
  minute: number;
  qty: number;
  lot?: string | null;
  site?: string;
}) {
  const { of, item: name, minute, qty, lot = null, site = AA } = at_;
  const session = id(`count ${name} ${minute}`);
  await of.put('count_sessions', [
    rowOf('count_sessions', {
      id: session,
      location_id: site,
      kind: 'spot',
      zone: null,
      blind: false,
      status: 'posted',
      started_at: at(minute).ms,
      counted_by: id('me'),
      field_hlc: {},
    }),
  ]);
  await of.put('count_lines', [
    rowOf('count_lines', {
      id: id(`line ${name} ${minute}`),
      session_id: session,
      item_id: id(name),
      lot_id: lot === null ? null : lotOf(name, lot),
      location_id: site,
      counted_qty: qty * 10_000,
      counted_at: at(minute).ms,
      counter_id: id('me'),
      pass: 1,
      hlc: at(minute).hlc,
    }),
  ]);
}
const lotOf = (name: string, lotNo: string): string =>
  lotId({ itemId: id(name), lotNo, expiryDate: '2027-05-31', serial: '' });

const onHandOf = (of: TestStore, name: string) => {
  const rows = inventoryList.compute((sql, args) => of.database.read(sql, args), {});
  const found = rows.find(({ item_id }) => item_id === id(name));
  return Object.fromEntries(
    (found?.sites ?? []).map(({ location_id: site, on_hand }) => [
      site === AA ? 'AA' : 'WX',
      on_hand / 10_000,
    ]),
  );
};

describe('a merged item', () => {
  beforeEach(async () => {
    await store.put('inventory_items', [merged('old', 'new'), item('new'), item('other')]);
    await store.put('item_merges', [merge('old', 'new')]);
    await store.act([
      act({ item: 'old', qty: 5, minute: 1 }),
      act({ item: 'new', qty: 3, minute: 2 }),
      act({ item: 'old', qty: 7, lot: 'L1', minute: 3 }),
      act({ item: 'new', qty: 2, lot: 'L1', minute: 4 }),
      act({ item: 'old', qty: 4, site: WX, minute: 5 }),
      act({ item: 'other', qty: 9, minute: 6 }),
    ]);
  });

  test('is in no list, and its stock is at the one that stays', () => {
    const names = inventoryList.compute(read, {}).map(({ name }) => name);
    expect(names).toEqual(['new', 'other']);
    expect(onHandOf(store, 'new')).toEqual({ AA: 17, WX: 4 });
    expect(onHandOf(store, 'other')).toEqual({ AA: 9 });
    expect(
      inventoryList.list?.computeKeys?.(read, {}, [id('new'), id('old')]).map(({ name }) => name),
    ).toEqual(['new']);
    const levels = stockLevels.compute(read, { usedSince: '2026-01-01' });
    expect(levels.map(({ name }) => name)).toEqual(['new', 'other']);
    expect(levels[0]?.sites.find(({ location_id }) => location_id === AA)?.on_hand).toBe(170_000);
  });

  test('has its lots there, two of the same number as one', () => {
    const lots = inventoryLots.compute(read, { itemId: id('new') });
    expect(lots).toMatchObject([{ lot_no: 'L1', on_hand: 90_000, lot_id: lotOf('new', 'L1') }]);
    expect(stockLots.compute(read, { itemIds: [id('new')], siteId: AA })).toMatchObject([
      { item_id: id('new'), lot_no: 'L1', on_hand: 90_000 },
    ]);
  });

  test('hides no recall: of lots of one number the recalled one stands for both', async () => {
    const [old] = await rowsOf('inventory_lots', lotOf('old', 'L1'));
    await store.put('inventory_lots', [{ ...old, recall_status: 'recalled' } as never]);
    expect(stockLots.compute(read, { itemIds: [id('new')], siteId: AA })).toMatchObject([
      { lot_no: 'L1', on_hand: 90_000, recall_status: 'recalled' },
    ]);
  });

  test('has its history and the trace of its lots there', () => {
    expect(inventoryHistory.compute(read, { itemId: id('new'), limit: 50 })).toHaveLength(5);
    for (const name of ['old', 'new']) {
      const trace = lotTrace.compute(read, { lotId: lotOf(name, 'L1') });
      expect(trace).toMatchObject({ item_id: id('new'), sites: [{ on_hand: 90_000 }] });
      expect(trace?.events).toHaveLength(2);
    }
  });

  test('is found by its codes, through several merges', async () => {
    await store.put('inventory_items', [
      item('new', { status: 'merged', merged_into_id: id('other') }),
    ]);
    await store.put('item_merges', [merge('new', 'other')]);
    const codes = scanCodes.compute(read, {});
    expect(codes.map(({ item_id }) => item_id)).toEqual([id('other'), id('other'), id('other')]);
    expect(onHandOf(store, 'other')).toEqual({ AA: 26, WX: 4 });
    expect(mergedItems.compute(read, {}).map(({ name, root_id }) => [name, root_id])).toEqual([
      ['new', id('other')],
      ['old', id('other')],
    ]);
  });

  test('is counted with the one that stays: a count of the shelf sets both', async () => {
    await count({ of: store, item: 'new', minute: 10, qty: 20 });
    expect(onHandOf(store, 'new')).toEqual({ AA: 29, WX: 4 });
    // A lot of the merged one is counted under its own id.
    await count({ of: store, item: 'old', minute: 11, qty: 1, lot: 'L1' });
    expect(onHandOf(store, 'new')).toEqual({ AA: 21, WX: 4 });
    const counts = inventoryCounts.compute(read, { limit: 9 });
    const lines = counts.flatMap(({ lines: own }) => own);
    expect(lines.map(({ item_name, expected_qty }) => [item_name, expected_qty])).toEqual([
      ['new', 90_000],
      ['new', 80_000],
    ]);
    expect(countFar.compute(read, { sessionId: id('count new 10') })).toHaveLength(1);
    const plan = countPlan.compute(read, { locationId: AA });
    expect(plan.map(({ item_name, lots }) => [item_name, lots.length])).toEqual([
      ['new', 2],
      ['other', 1],
    ]);
  });

  test('leaves its par to the one that stays where that site has said nothing of it', async () => {
    const place = (name: string, site: string, par: number) =>
      rowOf('item_locations', {
        id: derivedId('item_location', id(name), site),
        item_id: id(name),
        location_id: site,
        par,
        min: null,
        max: null,
        reorder_qty: null,
        bin: name,
        is_stocked: true,
        field_hlc: {},
      });
    await store.put('item_locations', [
      place('old', AA, 10_000),
      place('new', AA, 20_000),
      place('old', WX, 30_000),
    ]);
    const places = itemPlaces.compute(read, {});
    expect(
      new Set(
        places.map(({ item_id, location_id, par }) =>
          [item_id === id('new'), location_id === AA, par].join(),
        ),
      ),
    ).toEqual(new Set(['true,true,20000', 'true,false,30000']));
    const [row] = inventoryList.compute(read, {});
    expect(row?.sites.map(({ location_id, bin }) => [location_id === AA, bin])).toEqual(
      expect.arrayContaining([
        [true, 'new'],
        [false, 'old'],
      ]),
    );
    const reorder = reorderList.compute(read, { siteId: WX, since: '2026-01-01' });
    expect(reorder).toMatchObject([{ name: 'new', on_hand: 40_000, par: 30_000 }]);
  });

  test('taken back stands by itself again', async () => {
    await store.put('inventory_items', [item('old')]);
    await store.put('item_merges', [
      merge('old', 'new', { id: id('undo'), reverses_id: id('merge old new') }),
    ]);
    expect(onHandOf(store, 'new')).toEqual({ AA: 5 });
    expect(onHandOf(store, 'old')).toEqual({ AA: 12, WX: 4 });
    expect(mergedItems.compute(read, {})).toEqual([]);
    // Whoever shows one of them is told of both.
    expect(relatives(read, [id('new')]).toSorted()).toEqual([id('new'), id('old')].toSorted());
  });

  test('that leads back to itself for a moment stands for itself', async () => {
    await store.put('inventory_items', [merged('new', 'old')]);
    await store.put('item_merges', [merge('new', 'old')]);
    expect(onHandOf(store, 'new')).toEqual({ AA: 5 });
    expect(onHandOf(store, 'old')).toEqual({ AA: 12, WX: 4 });
  });

  async function rowsOf(table: 'inventory_lots', rowId: string) {
    return store.database
      .read<{ doc: string }>(`select doc from live_${table} where id = ?`, [rowId])
      .map(({ doc }) => JSON.parse(doc) as Record<string, unknown>);
  }
});

describe('stock of two items after their merge', () => {
  const step = fc.record({
    item: fc.constantFrom('old', 'new'),
    site: fc.constantFrom(AA, WX),
    lot: fc.constantFrom(null, 'L1', 'L2'),
    what: fc.constantFrom('receive', 'issue', 'count'),
    qty: fc.integer({ min: 1, max: 9 }),
  });

  test('is what it would be had all been written of the one that stays', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const [two, one] = [await openStore(), await openStore()];
        try {
          await two.put('inventory_items', [merged('old', 'new'), item('new')]);
          await two.put('item_merges', [merge('old', 'new')]);
          await one.put('inventory_items', [item('new')]);
          const lots = new Set<string>();
          for (const [minute, { what, ...booked }] of steps.entries()) {
            // A lot is counted that somebody has booked, of whichever of the two.
            const names = [booked.item, 'old', 'new'];
            const known = names.find((name) => lots.has(`${name} ${booked.lot}`));
            if (what === 'count' && booked.lot !== null && known === undefined) continue;
            if (what !== 'count') lots.add(`${booked.item} ${booked.lot}`);
            for (const of of [two, one]) {
              const here = what === 'count' && booked.lot !== null ? known : booked.item;
              const name = of === one ? 'new' : (here ?? booked.item);
              if (what === 'count') await count({ ...booked, of, item: name, minute });
              else await of.act([act({ ...booked, item: name, kind: what, minute })]);
            }
          }
          const shown = (of: TestStore) => {
            const ask: typeof read = (sql, args) => of.database.read(sql, args);
            return {
              sites: onHandOf(of, 'new'),
              lots: inventoryLots
                .compute(ask, { itemId: id('new') })
                .map(({ lot_no, location_id, on_hand }) => `${location_id} ${lot_no} ${on_hand}`)
                .toSorted(),
            };
          };
          expect(shown(two)).toEqual(shown(one));
        } finally {
          two.close();
          one.close();
        }
      }),
      { numRuns: 12 },
    );
  });
});
