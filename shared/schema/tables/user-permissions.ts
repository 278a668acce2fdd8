import { defineTable, instant, oneOf, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** What one person may do beyond or less than their roles; deny wins, and every row ends. */
export const userPermissions = defineTable({
  name: 'user_permissions',
  module: 'shared',
  kind: 'central',
  scope: { location: 'location_id', own: 'user_id', everywhere: true },
  priority: 1,
  retentionYears: 7,
  stays: { ends: 'valid_to' },
  fields: {
    user_id: uuid({ ...P0.cen, references: 'users' }),
    permission: text({ ...P0.cen, min: 1, max: 80 }),
    effect: oneOf(['allow', 'deny'], P0.cen),
    location_id: uuid({ ...P0.cen, nullable: true, references: 'locations' }),
    valid_from: instant(P0.cen),
    valid_to: instant(P0.cen),
    reason: text({ ...P0.cen, min: 3, max: 300 }),
    granted_by: uuid({ ...P0.cen, references: 'users' }),
  },
});
