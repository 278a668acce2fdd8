import { z } from 'zod';
import { GRANTED_ROLES } from '#shared/schema/roles.ts';
import type { GrantedRole } from '#shared/schema/roles.ts';

/** A grant as the screen needs it, to offer only what its user may do. */
export const GrantView = z.object({
  role: z.enum(GRANTED_ROLES as [GrantedRole, ...GrantedRole[]]),
  locationId: z.string().nullable(),
  teamId: z.string().nullable().optional(),
  validFrom: z.number(),
  validTo: z.number().nullable(),
});
export type GrantView = z.infer<typeof GrantView>;
