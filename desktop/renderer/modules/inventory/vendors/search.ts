import { z } from 'zod';

/** What the address of the page of vendors can say. */
export const VendorsSearch = z.object({
  vendor: z.string().optional().catch(undefined),
  make: z.boolean().optional().catch(undefined),
  /** Also those of whom nothing is bought any more. */
  all: z.boolean().optional().catch(undefined),
});
export type VendorsSearch = z.infer<typeof VendorsSearch>;
