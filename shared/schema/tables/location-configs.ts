import { z } from 'zod';
import { defineTable, instant, int, json, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** A setting of a site (or of all) from a day on. A change is a new row, so the past stays explained. */
export const locationConfigs = defineTable({
  name: 'location_configs',
  module: 'shared',
  kind: 'central',
  scope: { location: 'location_id', everywhere: true },
  priority: 0,
  retentionYears: null,
  fields: {
    location_id: uuid({ ...P0.cen, nullable: true, references: 'locations' }),
    key: text({ ...P0.cen, min: 1, max: 80 }),
    value: json(z.json(), P0.cen),
    value_version: int({ ...P0.cen, min: 1 }),
    effective_from: instant(P0.cen),
    set_by: uuid({ ...P0.cen, nullable: true, references: 'users' }),
  },
  unique: [['location_id', 'key', 'effective_from']],
});
