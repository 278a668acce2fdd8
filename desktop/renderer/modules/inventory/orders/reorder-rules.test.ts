import { describe, expect, test } from 'vitest';
import type { ReorderRow, VendorOffer } from '#shared/ipc/order-views.ts';
import { linesByVendor, suggestedOf } from './reorder-rules.ts';

const U = 10_000;
const TODAY = '2026-11-30';
const offer = (vendor: string, changes: Partial<VendorOffer> = {}): VendorOffer => ({
  vendor_id: vendor,
  vendor_name: vendor,
  vendor_sku: null,
  min_qty: null,
  lead_days: 5,
  is_primary: true,
  price: { unit: 'each', price_cents: 12, seen_on: TODAY, before_cents: null },
  ...changes,
});
const row = (item: string, changes: Partial<ReorderRow> = {}): ReorderRow => ({
  item_id: item,
  name: item,
  sku: item,
  base_unit: 'each',
  packs: [{ unit: 'box', qty_per_base: 20 * U }],
  on_hand: 5 * U,
  par: 40 * U,
  min: null,
  max: null,
  reorder_qty: null,
  used: 0,
  first_on: null,
  on_order: 0,
  requests: [],
  offers: [offer('Henry')],
  ...changes,
});
const request = (status: string, pieces: number): ReorderRow['requests'][number] => ({
  id: `${status} ${pieces}`,
  qty_base: pieces * U,
  reason: null,
  who: null,
  created_by: null,
  created_at: 0,
  status,
  waiting: false,
});

describe('what would be ordered', () => {
  test('is what is suggested, with its price in the unit that is ordered', () => {
    expect(suggestedOf(row('gauze'), TODAY)).toMatchObject({
      unit: 'box',
      count: 2,
      priceCents: 240,
    });
  });

  test('is what was granted, where that is more; what still waits does not count', () => {
    const asked = row('gauze', {
      on_hand: 50 * U,
      requests: [request('approved', 30), request('approved', 31), request('pending', 900)],
    });
    expect(suggestedOf(asked, TODAY)).toMatchObject({ asked: 61 * U, unit: 'box', count: 4 });
  });

  test('is the least that can be had, where it is not due', () => {
    const full = row('gauze', { on_hand: 50 * U });
    expect(suggestedOf(full, TODAY)).toMatchObject({ unit: 'each', count: 1 });
    const least = row('gauze', {
      on_hand: 50 * U,
      offers: [offer('Henry', { min_qty: 20 * U })],
    });
    expect(suggestedOf(least, TODAY)).toMatchObject({ unit: 'box', count: 1 });
  });
});

test('one draft a vendor, and nothing that no vendor sells', () => {
  const chosen = [
    row('gauze'),
    row('tape', { offers: [offer('Amazon', { price: null })] }),
    row('gloves'),
    row('nobody', { offers: [] }),
  ].map((one) => suggestedOf(one, TODAY));
  expect(linesByVendor(chosen)).toEqual([
    {
      vendorId: 'Henry',
      lines: [
        { item_id: 'gauze', unit: 'box', qty_ordered: 2 * U, unit_price_cents: 240 },
        { item_id: 'gloves', unit: 'box', qty_ordered: 2 * U, unit_price_cents: 240 },
      ],
    },
    {
      vendorId: 'Amazon',
      lines: [{ item_id: 'tape', unit: 'box', qty_ordered: 2 * U, unit_price_cents: null }],
    },
  ]);
});
