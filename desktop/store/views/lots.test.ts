import { afterEach, beforeEach, expect, test } from 'vitest';
import { derivedId } from '#shared/kernel/ids.ts';
import { lotSearch } from './lots.ts';
import { TestStore, itemRow, rowOf } from './store.suite.ts';

const id = (name: string): string => derivedId('lots', name);
let store: TestStore;
beforeEach(async () => {
  store = await TestStore.open();
  const item = (name: string, document_policy: string | null) =>
    itemRow(id(name), name, { document_policy });
  const lot = (name: string, of: string, serial = '') =>
    rowOf('inventory_lots', {
      id: id(name),
      item_id: id(of),
      lot_no: name,
      expiry_date: '2027-05-31',
      expiry_precision: 'day',
      serial,
      received_from: null,
      transaction_doc_file_id: null,
      recall_status: 'none',
      field_hlc: {},
    });
  await store.put('inventory_items', [item('Toxin', 'required'), item('Filler', null)]);
  await store.put('inventory_lots', [
    lot('AB12', 'Toxin', 'sn-778'),
    lot('AB13', 'Toxin'),
    lot('ZZ9', 'Filler'),
  ]);
  await store.put('file_uploads', [
    rowOf('file_uploads', {
      id: id('paper'),
      location_id: null,
      owner_table: 'inventory_lots',
      owner_id: id('AB12'),
      sha256: 'a'.repeat(64),
      size_bytes: 10,
      mime: 'application/pdf',
      caption: null,
      phi_class: 'P0',
      retention_until: null,
      scan_status: 'pending',
      upload_state: 'local',
      encryption_key_id: 'k1',
      uploaded_by: null,
      field_hlc: {},
    }),
  ]);
});
afterEach(() => store.close());

const found = (q: string, missing = false) =>
  lotSearch
    .compute((sql, args) => store.database.read(sql, args), { q, missing, limit: 10 })
    .map(({ lot_no, document }) => [lot_no, document]);

test('lots are found by number, serial number and item, however they are typed', () => {
  const all = [
    ['AB12', 'here'],
    ['AB13', 'missing'],
    ['ZZ9', 'none'],
  ];
  expect(found('')).toEqual(all);
  expect(found('ab 12')).toEqual([['AB12', 'here']]);
  expect(found('SN-77')).toEqual([['AB12', 'here']]);
  expect(found('filler')).toEqual([['ZZ9', 'none']]);
  expect(found('nothing of the kind')).toEqual([]);
});

test('those whose item asks for a paper that is not there are a list of their own', () => {
  expect(found('', true)).toEqual([['AB13', 'missing']]);
  expect(found('AB12', true)).toEqual([]);
});
