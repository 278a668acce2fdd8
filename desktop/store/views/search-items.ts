import type { SearchItem } from '#shared/ipc/views.ts';
import { live } from './definition.ts';
import type { ViewDefinition } from './definition.ts';

/** A merged item is found as the one that it was merged into. */
const ITEMS = `
  select id, name as title, sku as code
  from ${live('inventory_items')} where merged_into_id is null
  order by name, id`;

/**
 * What Ctrl+K finds by its name or number. Small on purpose: all of it goes to the window once, where
 * each key searches it without asking anybody. Nothing about patients, whose reading is written down.
 */
export const searchItems: ViewDefinition<object, SearchItem[]> = {
  reads: ['inventory_items'],
  compute: (read) => read<SearchItem>(ITEMS),
  list: { key: ({ id }) => id },
};
