import type { ScanCode } from '#shared/ipc/views.ts';
import { live } from './definition.ts';
import type { ViewDefinition } from './definition.ts';
import { WITH_MERGED } from './merged.ts';

/** A merged item stands for the one that it was merged into. */
const ITEM = 'coalesce(g.root_id, i.id)';
const MERGED = 'left join merged_items g on g.id = i.id';

const CODES = `
  ${WITH_MERGED}
  select 'gtin ' || i.id || ' ' || p.key as id, ${ITEM} as item_id, 'gtin' as kind,
         json_extract(p.value, '$.gtin') as code, json_extract(p.value, '$.unit') as unit
  from ${live('inventory_items')} i ${MERGED}, json_each(i.doc, '$.packs') p
  where json_extract(p.value, '$.gtin') is not null
  union all
  select 'sku ' || i.id, ${ITEM}, 'sku', i.sku, null from ${live('inventory_items')} i ${MERGED}
  union all
  select 'vendor ' || v.id, ${ITEM}, 'vendor', v.vendor_sku, null
  from ${live('vendor_items')} v join ${live('inventory_items')} i on i.id = v.item_id ${MERGED}
  where v.vendor_sku is not null
  union all
  select 'linked ' || u.id, ${ITEM}, 'linked', u.raw, null
  from ${live('unmatched_scans')} u join ${live('inventory_items')} i on i.id = u.resolved_item_id
  ${MERGED}
  order by 1`;

/** Every code that names an item: of its packs, its own, of its vendors, and what people linked. */
export const scanCodes: ViewDefinition<object, ScanCode[]> = {
  reads: ['inventory_items', 'item_merges', 'vendor_items', 'unmatched_scans'],
  compute: (read) => read<ScanCode>(CODES),
  list: { key: ({ id }) => id },
};
