import { z } from 'zod';
import { isUuid } from '#shared/kernel/ids.ts';
import { defineTable, json, oneOf, text, uuid, uuids } from '../define.ts';
import { P0 } from '../marks.ts';

/** Stock on its way from one site to another. Its two legs are stock acts that name it. */
export const transfers = defineTable({
  name: 'transfers',
  module: 'inventory',
  kind: 'record',
  scope: { sites: 'site_ids' },
  priority: 4,
  retentionYears: 7,
  machine: { field: 'status', name: 'transfer' },
  editableIn: ['draft'],
  openFields: ['note'],
  fields: {
    /** Both sites, for whoever of either looks. */
    site_ids: uuids({ ...P0.ao, max: 2 }),
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    to_location_id: uuid({ ...P0.ao, references: 'locations' }),
    wanted: json(
      z
        .array(
          z.strictObject({
            item_id: z.string().refine(isUuid, 'is not an id'),
            qty_base: z.int().positive().max(100_000_000_000),
          }),
        )
        .max(200),
      P0.lww,
    ),
    note: text({ ...P0.lww, nullable: true, max: 500 }),
    status: oneOf(['draft', 'shipped', 'received', 'short', 'cancelled'], P0.sm),
  },
});
