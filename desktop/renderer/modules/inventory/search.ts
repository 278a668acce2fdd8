import { z } from 'zod';

/** What the address of the inventory page can say. */
export const InventorySearch = z.object({
  item: z.string().optional().catch(undefined),
  tab: z.enum(['stock', 'lots', 'item', 'files', 'history']).optional().catch(undefined),
  q: z.coerce.string().optional().catch(undefined),
  only: z.enum(['below', 'expiring']).optional().catch(undefined),
});
export type InventorySearch = z.infer<typeof InventorySearch>;

/** What the address of the page of counts can say. */
export const CountsSearch = z.object({
  count: z.string().optional().catch(undefined),
  start: z.boolean().optional().catch(undefined),
  /** What is shown of an open count. */
  pane: z.enum(['todo', 'all', 'lines', 'pace']).optional().catch(undefined),
  /** One shelf after the other, in the order of the list. */
  walk: z.boolean().optional().catch(undefined),
  /** Large keys for quantities. */
  pad: z.boolean().optional().catch(undefined),
  /** Prints the sheet at once. */
  print: z.boolean().optional().catch(undefined),
});
export type CountsSearch = z.infer<typeof CountsSearch>;

/** What the address of the page of receiving can say. */
export const ReceiveSearch = z.object({
  /** The order that the delivery belongs to. */
  order: z.string().optional().catch(undefined),
});

/** What the address of the page of unmatched scans can say. */
export const UnmatchedSearch = z.object({
  scan: z.string().optional().catch(undefined),
});
