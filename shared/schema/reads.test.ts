import { expect, test } from 'vitest';
import { READ_TABLES, readingOf } from './reads.ts';
import { TABLE_NAMES, tableOf } from './tables.ts';

test('every table with a clinical field that reaches a device counts, and the people themselves', () => {
  const expected = TABLE_NAMES.filter(
    (name) =>
      name === 'patients' ||
      (name !== 'stock_movements' &&
        Object.values(tableOf(name).fields).some(({ phi, onDevice }) => phi === 'P2' && onDevice)),
  );
  expect(READ_TABLES).toEqual(expected);
  expect(READ_TABLES).toEqual(
    expect.arrayContaining([
      'patients',
      'appointments',
      'generated_handouts',
      'authorization_requests',
      'coverages',
      'payment_transactions',
      'patient_refs',
    ]),
  );
});

test('whom a row is about follows from its references', () => {
  expect(readingOf('patients')).toEqual({ patient: 'id' });
  expect(readingOf('appointments')).toEqual({ patient: 'patient_id' });
  expect(readingOf('generated_handouts')).toEqual({ patient: 'patient_id' });
});

test('stock, orders and the ledger do not count', () => {
  for (const table of ['inventory_items', 'stock_movements', 'purchase_orders', 'nothing']) {
    expect(readingOf(table)).toBeNull();
  }
});
