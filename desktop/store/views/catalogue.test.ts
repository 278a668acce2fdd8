import { afterEach, beforeEach, expect, test } from 'vitest';
import { derivedId } from '#shared/kernel/ids.ts';
import { itemPictures, itemPlaces, safetySheets } from './catalogue.ts';
import { TestStore, itemRow, rowOf } from './store.suite.ts';

const id = (name: string) => derivedId('catalogue', name);
let store: TestStore;
beforeEach(async () => {
  store = await TestStore.open();
});
afterEach(() => store.close());
const read: TestStore['database']['read'] = (sql, args) => store.database.read(sql, args);

const item = (name: string, more: Record<string, unknown> = {}) => itemRow(id(name), name, more);
const sheet = (name: string, more: Record<string, unknown>) =>
  rowOf('sds_documents', {
    id: id(name),
    product_name: name,
    first_aid: 'Rinse with water.',
    language: 'en',
    status: 'current',
    field_hlc: {},
    ...more,
  });
const file = (name: string, ownerTable: string, owner: string) =>
  rowOf('file_uploads', {
    id: id(name),
    location_id: null,
    sha256: 'a'.repeat(64),
    size_bytes: 1234,
    mime: 'application/pdf',
    owner_table: ownerTable,
    owner_id: id(owner),
    phi_class: 'P0',
    encryption_key_id: 'device:x',
    scan_status: 'pending',
    upload_state: 'local',
    field_hlc: {},
  });

test('a hazardous item has a sheet, a draft of one, or is said to have none', async () => {
  await store.put('inventory_items', [
    item('formalin', { hazardous: true }),
    item('nitrogen', { hazardous: true }),
    item('phenol', { hazardous: true }),
    item('gauze'),
    item('gone', { hazardous: true, status: 'discontinued' }),
  ]);
  await store.put('sds_documents', [
    sheet('Formalin 10 %', { item_id: id('formalin'), file_id: id('pdf'), cas_no: '50-00-0' }),
    sheet('Old nitrogen', { item_id: id('nitrogen'), status: 'superseded' }),
    sheet('Phenol', { item_id: id('phenol'), status: 'draft' }),
    sheet('Toner of the printer', {}),
  ]);
  await store.put('file_uploads', [file('pdf', 'sds_documents', 'Formalin 10 %')]);
  const found = safetySheets.compute(read, {});
  expect(found.map(({ product_name, status, sku }) => [product_name, status, sku])).toEqual([
    ['Formalin 10 %', 'current', 'SKU-formalin'],
    ['Phenol', 'draft', 'SKU-phenol'],
    ['Toner of the printer', 'current', null],
    ['nitrogen', 'missing', 'SKU-nitrogen'],
  ]);
  expect(found[0]?.file).toEqual({ id: id('pdf'), mime: 'application/pdf', size: 1234 });
  expect(found[3]).toMatchObject({ id: id('nitrogen'), item_id: id('nitrogen'), file: null });
});

test('what sites want to hold, and pictures', async () => {
  await store.put('inventory_items', [item('gauze', { image_file_id: id('photo') }), item('tape')]);
  await store.put('file_uploads', [file('photo', 'inventory_items', 'gauze')]);
  await store.put('item_locations', [
    rowOf('item_locations', {
      id: id('place'),
      item_id: id('gauze'),
      location_id: id('site'),
      par: 50_000,
      min: 10_000,
      max: 90_000,
      reorder_qty: 20_000,
      bin: 'A-1',
      is_stocked: false,
      field_hlc: {},
    }),
  ]);
  expect(itemPlaces.compute(read, {})).toEqual([
    {
      id: id('place'),
      item_id: id('gauze'),
      location_id: id('site'),
      par: 50_000,
      min: 10_000,
      max: 90_000,
      reorder_qty: 20_000,
      bin: 'A-1',
      is_stocked: false,
    },
  ]);
  expect(itemPictures.compute(read, {})).toMatchObject([
    { item_id: id('gauze'), file: { id: id('photo'), size: 1234 } },
  ]);
});
