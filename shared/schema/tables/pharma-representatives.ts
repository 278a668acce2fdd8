import { date, defineTable, oneOf, orSet, text, uuid } from '../define.ts';
import { P0, PII } from '../marks.ts';

/** A person who comes for a company. */
export const pharmaRepresentatives = defineTable({
  name: 'pharma_representatives',
  module: 'pharma',
  kind: 'record',
  scope: { own: 'user_id' },
  priority: 4,
  retentionYears: 7,
  stays: { until: { field: 'status', is: ['left', 'invited'] } },
  machine: { field: 'status', name: 'pharma_representative' },
  fields: {
    user_id: uuid({ ...P0.cen, nullable: true, references: 'users' }),
    company_id: uuid({ ...P0.lww, references: 'pharma_companies' }),
    name: text({ ...PII.lww, min: 1, max: 120 }),
    email: text({ ...PII.hr, min: 3, max: 254 }),
    phone: text({ ...PII.lww, nullable: true, max: 30 }),
    territory: text({ ...P0.lww, nullable: true, max: 120 }),
    products: orSet({ phi: 'P0' }),
    supervisor: text({ ...PII.lww, nullable: true, max: 120 }),
    credential_expires_on: date({ ...P0.lww, nullable: true }),
    status: oneOf(['invited', 'verified', 'active', 'suspended', 'left'], P0.sm),
  },
  /** Lower-case at the boundary; two offline duplicates are merged by a person. */
  uniqueWhere: [
    { columns: ['email'], field: 'status', values: ['invited', 'verified', 'active', 'suspended'] },
  ],
  indexes: [['company_id']],
});
