import type { TableRow } from '#shared/schema/tables.ts';

/** A site, or all of them together: the row in whose place settings of all sites stand. */
export interface Place {
  readonly id: string;
  /** Null: all sites. */
  readonly site: TableRow<'locations'> | null;
  readonly name: string;
}

/** In the address, for all sites. */
export const ALL_SITES = 'all';

export type SettingRow = TableRow<'location_configs'>;
