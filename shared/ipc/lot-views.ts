import { z } from 'zod';

/** A lot as it is looked up by its number. */
export const FoundLot = z.object({
  lot_id: z.string(),
  lot_no: z.string(),
  serial: z.string(),
  expiry_date: z.string().nullable(),
  expiry_precision: z.enum(['day', 'month']).nullable(),
  recall_status: z.string(),
  item_id: z.string(),
  item_name: z.string(),
  sku: z.string(),
  /** missing: the item asks for a document, and none is attached · none: the item asks for none. */
  document: z.enum(['here', 'missing', 'none']),
});
export type FoundLot = z.infer<typeof FoundLot>;

export const LOT_VIEWS = {
  /** Lots whose number, serial number or item holds what is sought, by number. */
  'lots.search': {
    arg: z.object({
      q: z.string().max(80),
      /** Only those whose document is missing. */
      missing: z.boolean(),
      limit: z.int().min(1).max(1000),
    }),
    out: z.array(FoundLot),
  },
} as const satisfies Record<string, { arg: z.ZodType; out: z.ZodType }>;
