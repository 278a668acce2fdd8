import { date, defineTable, oneOf, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** Safety data sheet of an item: on every device, since the law wants it in reach each shift. */
export const sdsDocuments = defineTable({
  name: 'sds_documents',
  module: 'inventory',
  kind: 'record',
  scope: {},
  priority: 3,
  retentionYears: null,
  machine: { field: 'status', name: 'sds_document' },
  fields: {
    item_id: uuid({ ...P0.ao, nullable: true, references: 'inventory_items' }),
    product_name: text({ ...P0.lww, min: 1, max: 200 }),
    cas_no: text({ ...P0.lww, nullable: true, max: 40 }),
    hazard_class: text({ ...P0.lww, nullable: true, max: 80 }),
    first_aid: text({ ...P0.lww, min: 1, max: 4000 }),
    spill: text({ ...P0.lww, nullable: true, max: 2000 }),
    file_id: uuid({ ...P0.lww, nullable: true, references: 'file_uploads' }),
    language: oneOf(['en', 'es'], P0.ao),
    revised_on: date({ ...P0.lww, nullable: true }),
    status: oneOf(['draft', 'current', 'superseded'], P0.sm),
  },
  indexes: [['product_name']],
});
