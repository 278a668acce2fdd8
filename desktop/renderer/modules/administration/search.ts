import { z } from 'zod';
import { ALL_ACTIONS } from '#shared/ipc/administration.ts';
import type { AnyAction } from '#shared/ipc/administration.ts';

const Text = z.string().max(63).optional().catch(undefined);

/** What the address of a list says: which row is open beside it. */
export const ChosenSearch = z.object({ id: Text });

/**
 * What the address of the audit says. The patient is not in it: an address is copied and remembered.
 */
export const AuditSearch = z.object({
  id: Text,
  person: Text,
  device: Text,
  table: Text,
  kind: z.enum(['writes', 'reads']).optional().catch(undefined),
  action: z
    .enum(ALL_ACTIONS as [AnyAction, ...AnyAction[]])
    .optional()
    .catch(undefined),
  from: Text,
  to: Text,
});
export type AuditSearch = z.infer<typeof AuditSearch>;
