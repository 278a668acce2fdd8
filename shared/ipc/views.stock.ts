import { z } from 'zod';
import { NamedPatient } from './views.vials.ts';

/**
 * Derived reads of stock work: lots to choose from, levels and what is wrong with them, transfers, where a
 * lot is. Quantities are integers of 1/10,000 base unit, instants milliseconds since the Unix epoch.
 */

const LotFacts = {
  lot_id: z.string(),
  lot_no: z.string(),
  expiry_date: z.string().nullable(),
  expiry_precision: z.enum(['day', 'month']).nullable(),
  serial: z.string(),
  recall_status: z.string(),
};

/** A lot of an item with what one site has of it. */
export const LotAtSite = z.object({
  ...LotFacts,
  item_id: z.string(),
  location_id: z.string(),
  on_hand: z.number(),
});
export type LotAtSite = z.infer<typeof LotAtSite>;

const LevelLot = z.object({
  ...LotFacts,
  on_hand: z.number(),
  /** A container that stands open without having been opened by an act, as far as the quantity shows it. */
  open: z.object({ rest: z.number(), opened_at: z.number(), last_day: z.string() }).nullable(),
});
export type LevelLot = z.infer<typeof LevelLot>;

/** A container that stands open. */
export const LevelVial = z.object({
  vial_id: z.string(),
  lot_id: z.string().nullable(),
  /** 1/10,000 of `unit`. */
  rest: z.number(),
  unit: z.string(),
  use_by: z.number().nullable(),
});
export type LevelVial = z.infer<typeof LevelVial>;

const LevelSite = z.object({
  location_id: z.string(),
  item_location_id: z.string().nullable(),
  on_hand: z.number(),
  par: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  is_stocked: z.boolean(),
  /** Taken for use since the day that was asked for. */
  used: z.number(),
  lots: z.array(LevelLot),
  vials: z.array(LevelVial),
});
export type LevelSite = z.infer<typeof LevelSite>;

/** An item with its levels at each site that this person may see. */
export const StockLevelRow = z.object({
  item_id: z.string(),
  name: z.string(),
  sku: z.string(),
  base_unit: z.string(),
  status: z.string(),
  expiry_alert_days: z.number().nullable(),
  sites: z.array(LevelSite),
});
export type StockLevelRow = z.infer<typeof StockLevelRow>;

const TransferLine = z.object({
  item_id: z.string(),
  item_name: z.string(),
  base_unit: z.string(),
  lot_id: z.string().nullable(),
  lot_no: z.string().nullable(),
  expiry_date: z.string().nullable(),
  expiry_precision: z.enum(['day', 'month']).nullable(),
  serial: z.string(),
  sent: z.number(),
  received: z.number(),
});
export type TransferLine = z.infer<typeof TransferLine>;

export const TransferRow = z.object({
  id: z.string(),
  location_id: z.string(),
  location_code: z.string(),
  to_location_id: z.string(),
  to_location_code: z.string(),
  site_ids: z.array(z.string()),
  status: z.string(),
  note: z.string().nullable(),
  created_at: z.number(),
  created_by: z.string().nullable(),
  who: z.string().nullable(),
  /** When its first leg of each kind was made; null while there is none. */
  shipped_at: z.number().nullable(),
  received_at: z.number().nullable(),
  /** True while the server has not confirmed it. */
  waiting: z.boolean(),
  wanted: z.array(
    z.object({
      item_id: z.string(),
      item_name: z.string(),
      base_unit: z.string(),
      qty_base: z.number(),
    }),
  ),
  /** Both legs side by side, by item and lot. */
  lines: z.array(TransferLine),
});
export type TransferRow = z.infer<typeof TransferRow>;

/** A lot and everything that happened to it, at all sites that this person may see. */
export const LotTrace = z.object({
  ...LotFacts,
  item_id: z.string(),
  item_name: z.string(),
  sku: z.string(),
  base_unit: z.string(),
  sites: z.array(
    z.object({
      location_id: z.string(),
      location_code: z.string(),
      on_hand: z.number(),
      received: z.number(),
      used: z.number(),
      wasted: z.number(),
      /** Sent to other sites less what came from them. */
      moved: z.number(),
    }),
  ),
  events: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      occurred_at: z.number(),
      location_code: z.string(),
      qty_base: z.number(),
      /** Of what was drawn from an opened container: how much, in the unit of its content. */
      units: z.number().nullable(),
      unit: z.string().nullable(),
      who: z.string().nullable(),
      reason_code: z.string().nullable(),
      note: z.string().nullable(),
      for_patient: z.boolean(),
      /** Null for those who may not know, and where this device does not hold them. */
      patient: NamedPatient.nullable(),
      undoes: z.boolean(),
      undone: z.boolean(),
      waiting: z.boolean(),
    }),
  ),
});
export type LotTrace = z.infer<typeof LotTrace>;

const Cause = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('double_issue'),
    takings: z.array(
      z.object({
        who: z.string().nullable(),
        occurred_at: z.number(),
        qty_base: z.number(),
      }),
    ),
  }),
  z.object({ kind: z.literal('transfer_waiting'), quantity: z.number() }),
  z.object({ kind: z.literal('never_received') }),
  z.object({
    kind: z.literal('unit_mixup'),
    entered_qty: z.string(),
    entered_unit: z.string(),
    unit: z.string(),
    occurred_at: z.number(),
    who: z.string().nullable(),
  }),
  z.object({ kind: z.literal('other_lot'), lot_no: z.string().nullable(), quantity: z.number() }),
]);
export type ShownCause = z.infer<typeof Cause>;

/** A lot of an item that a site has less than nothing of, and why that may be. */
export const NegativeLot = z.object({
  lot_id: z.string().nullable(),
  lot_no: z.string().nullable(),
  on_hand: z.number(),
  base_unit: z.string(),
  causes: z.array(Cause),
});
export type NegativeLot = z.infer<typeof NegativeLot>;

export const STOCK_VIEWS = {
  /** Lots of some items at a site, also those of which nothing is left. */
  'stock.lots': {
    arg: z.object({ itemIds: z.array(z.string()).max(200), siteId: z.string() }),
    out: z.array(LotAtSite),
  },
  'stock.levels': {
    arg: z.object({ usedSince: z.string().max(10) }),
    out: z.array(StockLevelRow),
  },
  'stock.transfers': {
    arg: z.object({ limit: z.int().min(1).max(500) }),
    out: z.array(TransferRow),
  },
  'stock.trace': {
    arg: z.object({ lotId: z.string() }),
    out: LotTrace.nullable(),
  },
  'stock.negative': {
    arg: z.object({ itemId: z.string(), siteId: z.string() }),
    out: z.array(NegativeLot),
  },
} as const;
