import type { FileRef, ItemPicture, ItemPlace, SafetySheet } from '#shared/ipc/catalogue-views.ts';
import { byText, live } from './definition.ts';
import type { ViewDefinition } from './definition.ts';

type PlaceSql = Omit<ItemPlace, 'is_stocked'> & { is_stocked: number };

const placesSql = (from: string): string =>
  `select p.id, p.item_id, p.location_id, p.par, p.min, p.max, p.reorder_qty, p.bin, p.is_stocked
   from ${from} order by p.id`;
const ALL_PLACES = placesSql(`${live('item_locations')} p`);
const PLACES = placesSql(
  `json_each(?) wanted cross join ${live('item_locations')} p on p.id = wanted.value`,
);
const placeOf = ({ is_stocked, ...place }: PlaceSql): ItemPlace => ({
  ...place,
  is_stocked: is_stocked === 1,
});

/** What every site wants to hold of every item. */
export const itemPlaces: ViewDefinition<object, ItemPlace[]> = {
  reads: ['item_locations'],
  compute: (read) => read<PlaceSql>(ALL_PLACES).map(placeOf),
  list: {
    key: ({ id }) => id,
    keysOf: (_read, changes) => changes.get('item_locations') ?? [],
    computeKeys: (read, _arg, keys) => read<PlaceSql>(PLACES, [JSON.stringify(keys)]).map(placeOf),
    compare: (a, b) => byText(a.id, b.id),
  },
};

type PictureSql = FileRef & { item_id: string };

const PICTURES = `
  select i.id as item_id, f.id, f.mime, f.size_bytes as size
  from ${live('inventory_items')} i join ${live('file_uploads')} f on f.id = i.image_file_id
  order by i.id`;

/** The picture of each item that has one. */
export const itemPictures: ViewDefinition<object, ItemPicture[]> = {
  reads: ['inventory_items', 'file_uploads'],
  compute: (read) => read<PictureSql>(PICTURES).map(({ item_id, ...file }) => ({ item_id, file })),
  list: { key: ({ item_id }) => item_id },
};

type SheetSql = Omit<SafetySheet, 'file'> & {
  file_id: string | null;
  mime: string | null;
  size: number | null;
};

const SHEETS = `
  select d.id, d.status, d.item_id, i.name as item_name, i.sku, d.product_name, d.cas_no,
         d.hazard_class, d.first_aid, d.spill, d.language, d.revised_on,
         f.id as file_id, f.mime, f.size_bytes as size
  from ${live('sds_documents')} d
  left join ${live('inventory_items')} i on i.id = d.item_id
  left join ${live('file_uploads')} f on f.id = d.file_id
  where d.status <> 'superseded'
  union all
  select i.id, 'missing', i.id, i.name, i.sku, i.name, null, null, '', null, 'en', null,
         null, null, null
  from ${live('inventory_items')} i
  where i.hazardous = 1 and i.status not in ('merged', 'discontinued')
    and not exists (
      select 1 from ${live('sds_documents')} d
      where d.item_id = i.id and d.status <> 'superseded')
  order by 6, 1`;

/** Safety sheets by product, and the hazardous items that have none. Some hundred rows at most. */
export const safetySheets: ViewDefinition<object, SafetySheet[]> = {
  reads: ['sds_documents', 'inventory_items', 'file_uploads'],
  compute: (read) =>
    read<SheetSql>(SHEETS).map(({ file_id: id, mime, size, ...sheet }) => ({
      ...sheet,
      file: id === null ? null : { id, mime: mime ?? '', size: size ?? 0 },
    })),
  list: { key: ({ id }) => id },
};
