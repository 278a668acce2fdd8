import { z } from 'zod';
import { AUDIT_ACTIONS } from '#shared/schema/tables/audit-logs.ts';

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
  action: z.enum(AUDIT_ACTIONS).optional().catch(undefined),
  from: Text,
  to: Text,
});
export type AuditSearch = z.infer<typeof AuditSearch>;
