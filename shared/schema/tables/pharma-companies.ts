import { defineTable, oneOf, orSet, text } from '../define.ts';
import { P0 } from '../marks.ts';

/** A company whose representatives visit. */
export const pharmaCompanies = defineTable({
  name: 'pharma_companies',
  module: 'pharma',
  kind: 'record',
  scope: {},
  priority: 4,
  retentionYears: 7,
  stays: { until: { field: 'status', is: ['active', 'paused'] } },
  fields: {
    name: text({ ...P0.lww, min: 1, max: 120 }),
    domains: orSet({ phi: 'P0' }),
    status: oneOf(['active', 'paused', 'blocked'], P0.lww),
    note: text({ ...P0.lww, nullable: true, max: 500 }),
  },
  unique: [['name']],
});
