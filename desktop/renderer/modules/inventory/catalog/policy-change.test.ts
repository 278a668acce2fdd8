import { describe, expect, test } from 'vitest';
import { lackingStock } from './policy-change.ts';

const free = { lot_policy: 'optional', expiry_policy: 'optional' } as const;
const sites = [
  { location_id: 'AA', on_hand: 120_000 },
  { location_id: 'WX', on_hand: 30_000 },
];
const lots = [
  { location_id: 'AA', lot_no: 'A1', expiry_date: '2027-01-31', on_hand: 50_000 },
  { location_id: 'AA', lot_no: 'A2', expiry_date: null, on_hand: 20_000 },
  { location_id: 'AA', lot_no: 'A3', expiry_date: null, on_hand: 0 },
  { location_id: 'WX', lot_no: 'A1', expiry_date: '2027-01-31', on_hand: 30_000 },
];
const lacking = (after: Parameters<typeof lackingStock>[1], before: typeof after = free) =>
  lackingStock(before, after, sites, lots);

describe('stock that lacks what becomes required', () => {
  test('of a lot: what a site has beyond its lots', () => {
    expect(lacking({ ...free, lot_policy: 'required' })).toEqual([
      { location_id: 'AA', lot_no: null, on_hand: 50_000 },
    ]);
  });

  test('of a date: lots without one that are not used up, and what has no lot', () => {
    expect(lacking({ lot_policy: 'required', expiry_policy: 'required' })).toEqual([
      { location_id: 'AA', lot_no: null, on_hand: 50_000 },
      { location_id: 'AA', lot_no: 'A2', on_hand: 20_000 },
    ]);
  });

  test('is said where the books are below nothing, too', () => {
    const short = [{ location_id: 'WX', on_hand: 10_000 }];
    expect(lackingStock(free, { ...free, lot_policy: 'required' }, short, lots)).toEqual([
      { location_id: 'WX', lot_no: null, on_hand: -20_000 },
    ]);
  });

  test('is nothing where nothing becomes required', () => {
    expect(lacking({ lot_policy: 'none', expiry_policy: 'none' })).toEqual([]);
    const strict = { lot_policy: 'required', expiry_policy: 'optional' } as const;
    expect(lacking(strict, strict)).toEqual([]);
  });
});
