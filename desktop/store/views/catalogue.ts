import type {
  FileRef,
  ItemPicture,
  ItemPlace,
  MergedItem,
  SafetySheet,
} from '#shared/ipc/catalogue-views.ts';
import { sameItem } from '#shared/schema/merged-items.ts';
import { byText, live } from './definition.ts';
import type { ViewDefinition } from './definition.ts';
import { PLACES, WITH_MERGED } from './merged.ts';

type PlaceSql = Omit<ItemPlace, 'is_stocked'> & { is_stocked: number };

const placesSql = (from: string): string =>
  `${WITH_MERGED}
   select p.id, p.item_id, p.location_id, p.par, p.min, p.max, p.reorder_qty, p.bin, p.is_stocked
   from ${from} order by p.id`;
const ALL_PLACES = placesSql(`${PLACES} p`);
const SOME_PLACES = placesSql(`${PLACES} p where p.id in (select value from json_each(?))`);
const placeOf = ({ is_stocked, ...place }: PlaceSql): ItemPlace => ({
  ...place,
  is_stocked: is_stocked === 1,
});

/** What every site wants to hold of every item. */
export const itemPlaces: ViewDefinition<object, ItemPlace[]> = {
  reads: ['item_locations', 'inventory_items', 'item_merges'],
  compute: (read) => read<PlaceSql>(ALL_PLACES).map(placeOf),
  list: {
    key: ({ id }) => id,
    // A merge changes whose a row is; of the items themselves it says nothing.
    keysOf: (_read, changes, _arg, last) =>
      changes.has('item_merges') || changes.has('inventory_items')
        ? [...last.keys(), ...(changes.get('item_locations') ?? [])]
        : (changes.get('item_locations') ?? []),
    computeKeys: (read, _arg, keys) =>
      read<PlaceSql>(SOME_PLACES, [JSON.stringify(keys)]).map(placeOf),
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
  ${WITH_MERGED}
  select d.id, d.status, i.id as item_id, i.name as item_name, i.sku, d.product_name, d.cas_no,
         d.hazard_class, d.first_aid, d.spill, d.language, d.revised_on,
         f.id as file_id, f.mime, f.size_bytes as size
  from ${live('sds_documents')} d
  left join merged_items g on g.id = d.item_id
  left join ${live('inventory_items')} i on i.id = coalesce(g.root_id, d.item_id)
  left join ${live('file_uploads')} f on f.id = d.file_id
  where d.status <> 'superseded'
  union all
  select i.id, 'missing', i.id, i.name, i.sku, i.name, null, null, '', null, 'en', null,
         null, null, null
  from ${live('inventory_items')} i
  where i.hazardous = 1 and i.status not in ('merged', 'discontinued')
    and not exists (
      select 1 from ${live('sds_documents')} d
      where ${sameItem('d.item_id', 'i.id')} and d.status <> 'superseded')
  order by 6, 1`;

/** Safety sheets by product, and the hazardous items that have none. Some hundred rows at most. */
export const safetySheets: ViewDefinition<object, SafetySheet[]> = {
  reads: ['sds_documents', 'inventory_items', 'item_merges', 'file_uploads'],
  compute: (read) =>
    read<SheetSql>(SHEETS).map(({ file_id: id, mime, size, ...sheet }) => ({
      ...sheet,
      file: id === null ? null : { id, mime: mime ?? '', size: size ?? 0 },
    })),
  list: { key: ({ id }) => id },
};

const MERGED = `
  ${WITH_MERGED}
  select g.id, g.root_id, i.name, i.sku, m.id as merge_id,
         json_extract(m.doc, '$.created_at') as at, u.display_name as who,
         coalesce(m.origin = 'local', 0) as waiting
  from merged_items g
  join ${live('inventory_items')} i on i.id = g.id
  left join ${live('item_merges')} m on m.id = (
    select x.id from ${live('item_merges')} x
    where x.merged_id = g.id and x.survivor_id = i.merged_into_id and x.reverses_id is null
      and not exists (select 1 from ${live('item_merges')} u where u.reverses_id = x.id)
    order by x.hlc desc, x.id desc limit 1)
  left join ${live('users')} u on u.id = json_extract(m.doc, '$.created_by')
  order by i.name, g.id`;

/** Items that were merged into others, with the merge that can be taken back. */
export const mergedItems: ViewDefinition<object, MergedItem[]> = {
  reads: ['inventory_items', 'item_merges', 'users'],
  compute: (read) =>
    read<Omit<MergedItem, 'waiting'> & { waiting: number }>(MERGED).map((row) => ({
      ...row,
      waiting: row.waiting === 1,
    })),
  list: { key: ({ id }) => id },
};
