import { bool, defineTable, instant, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** A code that named nothing, kept until somebody says what it was. */
export const unmatchedScans = defineTable({
  name: 'unmatched_scans',
  module: 'inventory',
  kind: 'record',
  scope: { location: 'location_id' },
  priority: 6,
  retentionYears: 2,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    /** The bytes as the scanner sent them, base64. */
    raw: text({ ...P0.ao, min: 1, max: 1000 }),
    symbology: text({ ...P0.ao, nullable: true, max: 40 }),
    scanned_at: instant(P0.ao),
    photo_file_id: uuid({ ...P0.lww, nullable: true, references: 'file_uploads' }),
    resolved_item_id: uuid({ ...P0.lww, nullable: true, references: 'inventory_items' }),
    dismissed: bool(P0.lww),
  },
});
