import { z } from 'zod';

/** What the address of the page of orders can say. */
export const OrdersSearch = z.object({
  order: z.string().optional().catch(undefined),
  make: z.boolean().optional().catch(undefined),
  list: z.enum(['mine', 'open']).optional().catch(undefined),
});
export type OrdersSearch = z.infer<typeof OrdersSearch>;

/** What the address of the page of suggestions can say. */
export const ReorderSearch = z.object({
  item: z.string().optional().catch(undefined),
  show: z.enum(['due', 'asked', 'all']).optional().catch(undefined),
});
export type ReorderSearch = z.infer<typeof ReorderSearch>;
