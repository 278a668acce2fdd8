import { bool, defineTable, oneOf, text, uuid } from '../define.ts';

/**
 * People who work here. Devices hold a projection: who somebody is, not how to reach them.
 * The id equals the id of the sign-in service.
 */
export const users = defineTable({
  name: 'users',
  module: 'shared',
  kind: 'central',
  scope: { location: 'home_location_id', own: 'id' },
  priority: 1,
  retentionYears: 7,
  stays: { until: { field: 'status', is: ['left'] } },
  fields: {
    display_name: text({ phi: 'PII', merge: 'CEN', min: 1, max: 120 }),
    home_location_id: uuid({ phi: 'P0', merge: 'CEN', nullable: true, references: 'locations' }),
    status: oneOf(['invited', 'active', 'suspended', 'left'], { phi: 'P0', merge: 'CEN' }),
    email: text({ phi: 'PII', merge: 'CEN', min: 3, max: 254, onDevice: false }),
    provider_npi: text({ phi: 'PII', merge: 'CEN', max: 10, nullable: true, onDevice: false }),
    employee_id: text({ phi: 'PII', merge: 'CEN', max: 40, nullable: true, onDevice: false }),
    mfa_required: bool({ phi: 'P3', merge: 'CEN' }),
  },
  unique: [['email']],
});
