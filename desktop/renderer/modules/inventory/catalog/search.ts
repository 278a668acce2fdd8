import { z } from 'zod';

/** What the addresses of the catalogue's pages can say. */
export const LevelsSearch = z.object({
  site: z.string().optional().catch(undefined),
  stocked: z.boolean().optional().catch(undefined),
});

/** Two items that may be one; `b` is missing while it is still to be chosen. */
export const DuplicatesSearch = z.object({
  /** Those that are not the same. */
  apart: z.boolean().optional().catch(undefined),
  a: z.string().optional().catch(undefined),
  b: z.string().optional().catch(undefined),
});
export type DuplicatesSearch = z.infer<typeof DuplicatesSearch>;

export const SafetySearch = z.object({
  q: z.coerce.string().optional().catch(undefined),
  sheet: z.string().optional().catch(undefined),
  /** Only those that are not complete. */
  incomplete: z.boolean().optional().catch(undefined),
  edit: z.enum(['new', 'edit']).optional().catch(undefined),
  /** The item of a new sheet. */
  item: z.string().optional().catch(undefined),
});
export type SafetySearch = z.infer<typeof SafetySearch>;
