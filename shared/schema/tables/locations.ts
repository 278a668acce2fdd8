import { bool, defineTable, text } from '../define.ts';

/** A site of the group. */
export const locations = defineTable({
  name: 'locations',
  module: 'shared',
  kind: 'central',
  scope: {},
  priority: 0,
  retentionYears: null,
  fields: {
    code: text({ phi: 'P0', merge: 'CEN', min: 2, max: 8 }),
    name: text({ phi: 'P0', merge: 'CEN', min: 1, max: 80 }),
    time_zone: text({ phi: 'P0', merge: 'CEN', min: 3, max: 60 }),
    address: text({ phi: 'P0', merge: 'CEN', max: 300, nullable: true }),
    phone: text({ phi: 'P0', merge: 'CEN', max: 30, nullable: true }),
    active: bool({ phi: 'P0', merge: 'CEN' }),
  },
  unique: [['code']],
});
