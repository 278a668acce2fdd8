import type { SearchRecord } from '#shared/ipc/views.ts';
import { live } from './definition.ts';
import type { ViewDefinition } from './definition.ts';

/** A merged item is found as the one that it was merged into. */
const RECORDS = `
  select 'item ' || id as key, 'item' as kind, id, name as title, sku as code
  from ${live('inventory_items')} where merged_into_id is null
  union all
  select 'vendor ' || id, 'vendor', id, name, account_no from ${live('vendors')}
  order by 2, 4, 3`;

/**
 * What Ctrl+K finds by its name or number. Small on purpose: all of it goes to the window once, where
 * each key searches it without asking anybody. Nothing about patients, whose reading is written down.
 */
export const searchRecords: ViewDefinition<object, SearchRecord[]> = {
  reads: ['inventory_items', 'vendors'],
  compute: (read) => read<SearchRecord>(RECORDS),
  list: { key: ({ key }) => key },
};
