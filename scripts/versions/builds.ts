import { bool, text } from '#shared/schema/define.ts';
import type { Row, TableDefinition } from '#shared/schema/define.ts';
import type { History } from '#shared/schema/history.ts';
import { itemLocations } from '#shared/schema/tables/item-locations.ts';
import { stockActs } from '#shared/schema/tables/stock-acts.ts';

/**
 * The build after this one, as a test invents it with the means that a real one has: an entry in the
 * history, definitions with upgrades, and a migration.
 */
const p0 = { phi: 'P0' } as const;

/** What the next version changes in the tables; added to the history behind the present version. */
export const NEXT_CHANGES: History[number] = {
  changed: {
    item_locations: {
      added: { shelf: null, count_daily: false },
      was: { bin: { field: itemLocations.fields.bin } },
    },
    stock_acts: { added: { source: null } },
  },
};

export const NEXT_TABLES: Readonly<Record<string, unknown>> = {
  item_locations: {
    ...itemLocations,
    version: itemLocations.version + 1,
    fields: {
      ...itemLocations.fields,
      bin: text({ ...p0, merge: 'LWW', max: 80, nullable: true }),
      shelf: text({ ...p0, merge: 'LWW', max: 40, nullable: true }),
      count_daily: bool({ ...p0, merge: 'LWW' }),
    },
    upgrades: {
      ...itemLocations.upgrades,
      [itemLocations.version + 1]: (row: Row): Row => ({ ...row, count_daily: false }),
    },
  } satisfies TableDefinition,
  stock_acts: {
    ...stockActs,
    fields: {
      ...stockActs.fields,
      source: text({ ...p0, merge: 'AO', max: 40, nullable: true }),
    },
  } satisfies TableDefinition,
};

/** Its migration. Columns of old servers' inserts are left out, so what is not null has a default. */
export const NEXT_MIGRATION = `
  alter table public.item_locations add column shelf text check (char_length(shelf) <= 40);
  alter table public.item_locations add column count_daily boolean not null default false;
  alter table public.item_locations drop constraint item_locations_bin_check;
  alter table public.item_locations
    add constraint item_locations_bin_check check (char_length(bin) <= 80);
  grant insert (shelf, count_daily), update (shelf, count_daily)
    on table public.item_locations to authenticated;
  alter table public.stock_acts add column source text check (char_length(source) <= 40);
  grant insert (source) on table public.stock_acts to authenticated;`;
