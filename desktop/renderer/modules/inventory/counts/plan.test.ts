import { expect, test } from 'vitest';
import type { CountPlanRow } from '#shared/ipc/views.ts';
import { planOf } from './plan.ts';

type Lot = CountPlanRow['lots'][number];
const lot = (lot_no: string, fields: Partial<Lot> = {}): Lot => ({
  lot_id: lot_no,
  lot_no,
  expiry_date: '2027-05-31',
  is_here: true,
  first_at: 10,
  last_at: 10,
  ...fields,
});
const row = (item_name: string, bin: string | null, ...lots: Lot[]): CountPlanRow => ({
  item_id: item_name,
  item_name,
  sku: item_name,
  base_unit: 'piece',
  bin,
  lots,
});
const shown = (rows: CountPlanRow[], startedAt = 100, zone: string | null = null) =>
  planOf(rows, { zone, startedAt }).map(
    ({ no, bin, itemName, lotNo, isLate }) =>
      `${no} ${bin ?? '–'} ${itemName}${lotNo ? `/${lotNo}` : ''}${isLate ? ' late' : ''}`,
  );

test('in the order in which one walks: bins as people number them, what has none at the end', () => {
  const rows = [row('Tape', null), row('Gauze', 'A10'), row('Vial', 'A2'), row('Box', 'A2')];
  expect(shown(rows)).toEqual(['1 A2 Box', '2 A2 Vial', '3 A10 Gauze', '4 – Tape']);
  expect(shown([row('Tape', null), row('Gauze', 'B1')], 100, 'B')).toEqual(['1 B1 Gauze']);
});

test('each lot is a line, what expires first before the others; one that is used up is none', () => {
  const rows = [
    row(
      'Vial',
      'A1',
      lot('L3', { expiry_date: null }),
      lot('L2', { expiry_date: '2028-01-31' }),
      lot('L1'),
      lot('L0', { is_here: false }),
    ),
  ];
  expect(shown(rows)).toEqual(['1 A1 Vial/L1', '2 A1 Vial/L2', '3 A1 Vial/L3']);
});

test('an item without any lot here is one line: an empty shelf is an answer', () => {
  expect(shown([row('Vial', 'A1', lot('L1', { is_here: false }))])).toEqual(['1 A1 Vial']);
});

test('numbers are those of the printed sheet: what went stays, what came stands behind', () => {
  const before = [row('Vial', 'A1', lot('L1')), row('Gauze', 'A2', lot('G1'))];
  const printed = shown(before);
  const later = [
    row('Vial', 'A1', lot('L1', { is_here: false, last_at: 150 }), lot('A0', { first_at: 120 })),
    row('Gauze', 'A2', lot('G1')),
  ];
  expect(shown(later)).toEqual([...printed, '3 A1 Vial/A0 late']);
});
