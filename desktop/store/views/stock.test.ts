import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { derivedId } from '#shared/kernel/ids.ts';
import { lotId } from '#shared/schema/lots.ts';
import { stockLevels, stockLots, stockNegative } from './stock.ts';
import { TestStore, at, rowOf } from './store.suite.ts';
import { lotTrace, stockTransfers } from './transfers.ts';

const id = (name: string): string => derivedId('stock-view', name);
const UNIT = 10_000;
const LOT = lotId({ itemId: id('lido'), lotNo: 'L1', expiryDate: '2027-05-31', serial: '' });
const [AA, PY] = [id('AA'), id('PY')];

let store: TestStore;
const read = ((sql: string, values: readonly unknown[] = []) =>
  store.database.read(sql, values as never)) as TestStore['database']['read'];

beforeEach(async () => {
  store = await TestStore.open();
  await store.put(
    'locations',
    ['AA', 'PY'].map((code) =>
      rowOf('locations', {
        id: id(code),
        code,
        name: code,
        time_zone: 'America/New_York',
        active: true,
      }),
    ),
  );
  await store.put(
    'users',
    ['ana', 'ben'].map((name) =>
      rowOf('users', { id: id(name), display_name: name, status: 'active' }),
    ),
  );
  await store.put('inventory_items', [
    rowOf('inventory_items', {
      id: id('lido'),
      name: 'Lidocaine',
      kind: 'treatment',
      sku: 'LID',
      base_unit: 'vial',
      packs: [{ unit: 'box', qty_per_base: 25 * UNIT, gtin: null }],
      lot_policy: 'required',
      expiry_policy: 'required',
      controlled_schedule: 'none',
      hazardous: false,
      status: 'active',
      open_days: 28,
      field_hlc: {},
    }),
  ]);
});
afterEach(() => store.close());

let made = 0;
async function act(
  kind: string,
  minute: number,
  quantity: number,
  over: { site?: string; by?: string; device?: string; line?: Record<string, unknown> } = {},
) {
  const { ms, hlc } = at(minute);
  made += 1;
  const row = rowOf('stock_acts', {
    id: id(`act ${made}`),
    created_at: ms,
    created_by: id(over.by ?? 'ana'),
    device_id: id(over.device ?? 'one'),
    hlc,
    kind,
    location_id: over.site ?? AA,
    occurred_at: ms,
    local_date: '2026-09-21',
    lines: [
      {
        item_id: id('lido'),
        qty_base: quantity,
        lot_no: 'L1',
        expiry_date: '2027-05-31',
        serial: '',
        entered_unit: 'vial',
        entered_qty: String(quantity / UNIT),
        unit_cost_cents: null,
        ...over.line,
      },
    ],
  });
  await store.act([row]);
  return row;
}

describe('levels', () => {
  test('say of each site what there is, what was used lately, and which container stands open', async () => {
    await act('receive', 1, 5 * UNIT);
    await act('issue', 2, 2_000);
    const [row] = stockLevels.compute(read, { usedSince: '2026-09-01' });
    expect(row?.sites).toHaveLength(1);
    expect(row?.sites[0]).toMatchObject({
      location_id: AA,
      on_hand: 48_000,
      used: 2_000,
      is_stocked: false,
      lots: [{ lot_id: LOT, on_hand: 48_000, open: { rest: 8_000, opened_at: at(2).ms } }],
    });
    const [later] = stockLevels.compute(read, { usedSince: '2026-10-01' });
    expect(later?.sites[0]?.used).toBe(0);
  });

  test('lots to choose from are those of that site', async () => {
    await act('receive', 1, 5 * UNIT);
    await act('receive', 2, 3 * UNIT, { site: PY });
    const lots = stockLots.compute(read, { itemIds: [id('lido')], siteId: PY });
    expect(lots).toMatchObject([{ lot_id: LOT, location_id: PY, on_hand: 3 * UNIT }]);
  });
});

describe('stock below zero', () => {
  test('shows the two takings of two devices that did not see each other', async () => {
    await act('receive', 1, 5 * UNIT);
    await act('issue', 2, 3 * UNIT);
    await act('issue', 3, 3 * UNIT, { by: 'ben', device: 'two' });
    const [lot, ...more] = stockNegative.compute(read, { itemId: id('lido'), siteId: AA });
    expect(more).toEqual([]);
    expect(lot).toMatchObject({ lot_id: LOT, lot_no: 'L1', on_hand: -UNIT });
    expect(lot?.causes).toEqual([
      {
        kind: 'double_issue',
        takings: [
          { who: 'ana', occurred_at: at(2).ms, qty_base: -3 * UNIT },
          { who: 'ben', occurred_at: at(3).ms, qty_base: -3 * UNIT },
        ],
      },
    ]);
  });

  test('is no question where there is enough', async () => {
    await act('receive', 1, 5 * UNIT);
    expect(stockNegative.compute(read, { itemId: id('lido'), siteId: AA })).toEqual([]);
  });
});

describe('a transfer', () => {
  const transfer = { ref_type: 'transfer', ref_id: id('transfer') };
  beforeEach(async () => {
    await store.put('transfers', [
      rowOf('transfers', {
        id: id('transfer'),
        created_by: id('ana'),
        site_ids: [AA, PY].toSorted(),
        location_id: AA,
        to_location_id: PY,
        wanted: [{ item_id: id('lido'), qty_base: 4 * UNIT }],
        status: 'draft',
        field_hlc: {},
      }),
    ]);
    await act('receive', 1, 5 * UNIT);
  });
  const shown = () => stockTransfers.compute(read, { limit: 10 })[0];

  test('shows both legs side by side, and what is on its way explains what is missing', async () => {
    expect(shown()).toMatchObject({ status: 'draft', lines: [], shipped_at: null, who: 'ana' });
    await act('transfer_out', 2, 4 * UNIT, { line: transfer });
    expect(shown()).toMatchObject({
      lines: [{ lot_no: 'L1', sent: 4 * UNIT, received: 0 }],
      shipped_at: at(2).ms,
      received_at: null,
    });
    await act('issue', 3, UNIT, { site: PY });
    const [lot] = stockNegative.compute(read, { itemId: id('lido'), siteId: PY });
    expect(lot?.causes).toContainEqual({ kind: 'transfer_waiting', quantity: 4 * UNIT });
    await act('transfer_in', 4, 3 * UNIT, { site: PY, line: transfer });
    expect(shown()?.lines).toMatchObject([{ sent: 4 * UNIT, received: 3 * UNIT }]);
  });

  test('can be received before its shipping leg is known', async () => {
    await act('transfer_in', 2, 4 * UNIT, { site: PY, line: transfer });
    expect(shown()?.lines).toMatchObject([{ sent: 0, received: 4 * UNIT }]);
  });

  test('a leg counts at its own site only', async () => {
    await act('transfer_out', 2, 4 * UNIT, { site: PY, line: transfer });
    expect(shown()?.lines).toEqual([]);
  });
});

describe('the trace of a lot', () => {
  test('says for each site what came, was used and is left, with every movement', async () => {
    await act('receive', 1, 5 * UNIT);
    const used = await act('issue', 2, 2 * UNIT);
    await act('issue', 3, 2 * UNIT, {
      line: { reverses_id: derivedId('movement', used.id, '0') },
    });
    await act('waste', 4, UNIT);
    await act('receive', 5, 3 * UNIT, { site: PY });
    const trace = lotTrace.compute(read, { lotId: LOT });
    expect(trace).toMatchObject({ lot_no: 'L1', recall_status: 'none', item_name: 'Lidocaine' });
    expect(trace?.sites).toMatchObject([
      { location_code: 'AA', received: 5 * UNIT, used: 0, wasted: UNIT, on_hand: 4 * UNIT },
      { location_code: 'PY', received: 3 * UNIT, used: 0, wasted: 0, on_hand: 3 * UNIT },
    ]);
    expect(trace?.events.map(({ type, undoes, undone }) => [type, undoes, undone])).toEqual([
      ['receive', false, false],
      ['waste', false, false],
      ['issue', true, false],
      ['issue', false, true],
      ['receive', false, false],
    ]);
  });

  test('of a lot that is not here is nothing', () => {
    expect(lotTrace.compute(read, { lotId: id('other') })).toBeNull();
  });
});
