import { z } from 'zod';

/** Answers about counts. Quantities are integers of 1/10,000 base unit, instants milliseconds. */

/** One observation, and what the books say to it. */
export const CountLineRow = z.object({
  id: z.string(),
  item_id: z.string(),
  item_name: z.string(),
  base_unit: z.string(),
  lot_id: z.string().nullable(),
  lot_no: z.string().nullable(),
  expiry_date: z.string().nullable(),
  bin: z.string().nullable(),
  counter_id: z.string(),
  who: z.string().nullable(),
  /** 1 at first; more: counted again, after what was counted before had been looked at. */
  pass: z.number(),
  counted_qty: z.number(),
  counted_at: z.number(),
  /**
   * What the books say for the moment of the count. Null while a blind count is open: what does not
   * reach a window cannot be shown, searched, exported or read there by anybody.
   */
  expected_qty: z.number().nullable(),
  /** What was booked after the observation; null where it decides nothing (any more). */
  since_qty: z.number().nullable(),
  /** What one base unit cost when it was last booked at the site, cents; null where nobody knows. */
  unit_cost_cents: z.number().nullable(),
});
export type CountLineRow = z.infer<typeof CountLineRow>;

export const CountSessionRow = z.object({
  id: z.string(),
  location_id: z.string(),
  location_code: z.string(),
  kind: z.string(),
  zone: z.string().nullable(),
  blind: z.boolean(),
  status: z.string(),
  started_at: z.number(),
  counted_by: z.string(),
  who: z.string().nullable(),
  waiting: z.boolean(),
  /** Who wants its differences to be counted again; null: nobody. */
  sent_back: z.object({ who: z.string().nullable() }).nullable(),
  /** By stamp, the earliest first: of two about the same shelf the later one holds. */
  lines: z.array(CountLineRow),
});
export type CountSessionRow = z.infer<typeof CountSessionRow>;

/** An item of a site, and its lots there: what somebody who counts should find. Without quantities. */
export const CountPlanRow = z.object({
  item_id: z.string(),
  item_name: z.string(),
  sku: z.string(),
  base_unit: z.string(),
  bin: z.string().nullable(),
  lots: z.array(
    z.object({
      /** Null: what lies there without a lot. */
      lot_id: z.string().nullable(),
      lot_no: z.string().nullable(),
      expiry_date: z.string().nullable(),
      /** True when the books have any of it, or less than nothing. */
      is_here: z.boolean(),
      /** When something of it was booked first and last; null: never. */
      first_at: z.number().nullable(),
      last_at: z.number().nullable(),
    }),
  ),
});
export type CountPlanRow = z.infer<typeof CountPlanRow>;
