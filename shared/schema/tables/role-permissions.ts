import { z } from 'zod';
import { defineTable, instant, int, json, oneOf, text } from '../define.ts';
import { ROLES } from '../roles.ts';
import { P0 } from '../marks.ts';

/** What a role may do beyond the access matrix, under which conditions; a new version is a new row. */
export const rolePermissions = defineTable({
  name: 'role_permissions',
  module: 'shared',
  kind: 'central',
  scope: {},
  priority: 1,
  retentionYears: null,
  fields: {
    role: oneOf(ROLES, P0.cen),
    permission: text({ ...P0.cen, min: 1, max: 80 }),
    /** own, location, state, amount: what has to hold of the row. */
    conditions: json(z.record(z.string().max(40), z.json()), P0.cen),
    version_no: int({ ...P0.cen, min: 1 }),
    effective_from: instant(P0.cen),
  },
  unique: [['role', 'permission', 'version_no']],
});
