import { defineTable, instant, oneOf, uuid } from '../define.ts';
import { ROLES } from '../roles.ts';

/** A grant: this person has this role, at one site or at all, for a time. */
export const userRoles = defineTable({
  name: 'user_roles',
  module: 'shared',
  kind: 'central',
  scope: { location: 'location_id', own: 'user_id', everywhere: true },
  priority: 1,
  retentionYears: 7,
  stays: { ends: 'valid_to' },
  fields: {
    user_id: uuid({ phi: 'P0', merge: 'CEN', references: 'users' }),
    role: oneOf(ROLES, { phi: 'P0', merge: 'CEN' }),
    location_id: uuid({ phi: 'P0', merge: 'CEN', nullable: true, references: 'locations' }),
    valid_from: instant({ phi: 'P0', merge: 'CEN' }),
    valid_to: instant({ phi: 'P0', merge: 'CEN', nullable: true }),
    granted_by: uuid({ phi: 'P0', merge: 'CEN', nullable: true, references: 'users' }),
  },
  indexes: [['user_id']],
  unique: [['user_id', 'role', 'location_id', 'valid_from']],
});
