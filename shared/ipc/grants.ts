import { z } from 'zod';
import { ROLES } from '#shared/schema/roles.ts';

/** A grant as the screen needs it, to offer only what its user may do. */
export const GrantView = z.object({
  role: z.enum(ROLES),
  locationId: z.string().nullable(),
  validFrom: z.number(),
  validTo: z.number().nullable(),
});
export type GrantView = z.infer<typeof GrantView>;
