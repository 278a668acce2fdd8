import { z } from 'zod';
import { LOT_VIEWS } from './lot-views.ts';
import { ORDER_VIEWS } from './order-views.ts';
import { PATIENT_VIEWS } from './patient-views.ts';
import { CATALOGUE_VIEWS } from './catalogue-views.ts';
import { STOCK_VIEWS } from './views.stock.ts';
import { VENDOR_VIEWS } from './vendor-views.ts';
import { VIAL_VIEWS } from './views.vials.ts';
import { CountPlanRow, CountSessionRow } from './views.counts.ts';

export type { CountPlanRow, CountSessionRow } from './views.counts.ts';

/**
 * Derived reads: computed by SQL in the store process, served as reactive answers. Quantities are
 * integers of 1/10,000 base unit, instants milliseconds since the Unix epoch.
 */

const SiteStock = z.object({
  location_id: z.string(),
  item_location_id: z.string().nullable(),
  on_hand: z.number(),
  par: z.number().nullable(),
  bin: z.string().nullable(),
  next_expiry: z.string().nullable(),
});
export type SiteStock = z.infer<typeof SiteStock>;

export const InventoryListRow = z.object({
  item_id: z.string(),
  name: z.string(),
  sku: z.string(),
  category: z.string().nullable(),
  base_unit: z.string(),
  status: z.string(),
  lot_policy: z.string(),
  expiry_policy: z.string(),
  /** One entry for each site that this person may see. */
  sites: z.array(SiteStock),
});
export type InventoryListRow = z.infer<typeof InventoryListRow>;

export const LotStock = z.object({
  lot_id: z.string(),
  lot_no: z.string(),
  expiry_date: z.string().nullable(),
  location_id: z.string(),
  on_hand: z.number(),
});
export type LotStock = z.infer<typeof LotStock>;

/** A code that names an item. */
export const ScanCode = z.object({
  id: z.string(),
  item_id: z.string(),
  /** gtin: of a pack · sku: our own number · vendor: theirs · linked: a scan that people linked. */
  kind: z.enum(['gtin', 'sku', 'vendor', 'linked']),
  /** Of a linked one the bytes of the scan, base64. */
  code: z.string(),
  /** The pack that it stands on; null where it names the item only. */
  unit: z.string().nullable(),
});
export type ScanCode = z.infer<typeof ScanCode>;

export const HistoryRow = z.object({
  id: z.string(),
  /** Type of the movement, or `count` for a posted observation. */
  type: z.string(),
  occurred_at: z.number(),
  item_id: z.string(),
  item_name: z.string(),
  lot_id: z.string().nullable(),
  lot_no: z.string().nullable(),
  location_id: z.string(),
  location_code: z.string(),
  /** Signed for movements; the counted quantity for counts. */
  qty_base: z.number(),
  base_unit: z.string(),
  entered_unit: z.string().nullable(),
  entered_qty: z.string().nullable(),
  who: z.string().nullable(),
  reason_code: z.string().nullable(),
  /** The movement that this one takes back. */
  reverses_id: z.string().nullable(),
  /** True while the server has not confirmed it. */
  waiting: z.boolean(),
});
export type HistoryRow = z.infer<typeof HistoryRow>;

/** A value of a field, and who entered it, when and where. */
export const ReviewSide = z.object({
  value: z.unknown(),
  /** Name of what the value refers to, where it refers to something that is here. */
  label: z.string().nullable(),
  by: z.string().nullable(),
  at: z.number(),
  device: z.string().nullable(),
  /** Site of that device. */
  site_id: z.string().nullable(),
});
export type ReviewSide = z.infer<typeof ReviewSide>;

/** Something about a record that two people made without seeing each other, or that waits for one. */
export const ReviewEntry = z.object({
  about: z.enum(['review_items', 'conflict_log']),
  id: z.string(),
  kind: z.string(),
  field: z.string().nullable(),
  /** How the field is merged; HR: a person decides. Null where it is not about one field. */
  rule: z.enum(['LWW', 'HR']).nullable(),
  /** settled: by a later edit of somebody who had seen it, or void. */
  state: z.enum(['open', 'decided', 'settled']),
  opened_at: z.number(),
  kept: ReviewSide.nullable(),
  lost: ReviewSide.nullable(),
  /** A row that came after its author's rights had ended, and is not applied. */
  late: z
    .object({
      by: z.string().nullable(),
      received_at: z.number(),
      /** Why it could not be applied when somebody tried. */
      problem: z.string().nullable(),
      row: z.record(z.string(), z.unknown()),
      /** It is for leaders of its team and its owner: `row` is empty. */
      private: z.boolean(),
    })
    .nullable(),
  /** Items that were given the same trade number. */
  clash: z
    .object({
      gtin: z.string(),
      items: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          packs: z.unknown(),
          seen: z.string().nullable(),
        }),
      ),
    })
    .nullable(),
});
export type ReviewEntry = z.infer<typeof ReviewEntry>;

export const ReviewDecided = z.object({
  id: z.string(),
  by: z.string().nullable(),
  by_id: z.string().nullable(),
  at: z.number(),
  /** When the server took it; null while it waits. */
  accepted_at: z.number().nullable(),
  undone: z.boolean(),
  lines: z.array(
    z.object({
      field: z.string().nullable(),
      choice: z.string(),
      value: z.unknown(),
      label: z.string().nullable(),
    }),
  ),
  /** The decision itself, from which an undo is made. */
  row: z.record(z.string(), z.unknown()),
});
export type ReviewDecided = z.infer<typeof ReviewDecided>;

/** All that there is to review about one record. */
export const ReviewGroup = z.object({
  key: z.string(),
  table_name: z.string(),
  row_id: z.string(),
  name: z.string().nullable(),
  item_id: z.string().nullable(),
  location_id: z.string().nullable(),
  location_code: z.string().nullable(),
  newest_at: z.number(),
  /** What rights on the record are judged by. */
  scope: z.record(z.string(), z.unknown()),
  /** Field → what stands there now. */
  current: z.record(
    z.string(),
    z.object({ value: z.unknown(), label: z.string().nullable(), seen: z.string().nullable() }),
  ),
  entries: z.array(ReviewEntry),
  decisions: z.array(ReviewDecided),
});
export type ReviewGroup = z.infer<typeof ReviewGroup>;

export const AttachedFile = z.object({
  id: z.string(),
  mime: z.string(),
  /** Bytes. */
  size: z.number(),
  caption: z.string().nullable(),
  who: z.string().nullable(),
  attached_at: z.number(),
  /** True when this device attached it. */
  is_from_here: z.boolean(),
  upload_state: z.enum(['local', 'partial', 'complete']),
  /** True when the server found that the bytes are not of the type that they should be. */
  is_refused: z.boolean(),
  /** Last day on which the bytes are kept; null: for ever. */
  kept_until: z.string().nullable(),
});
export type AttachedFile = z.infer<typeof AttachedFile>;

/** An item as Ctrl+K finds it, by its name or number. */
export const SearchItem = z.object({ id: z.string(), title: z.string(), code: z.string() });
export type SearchItem = z.infer<typeof SearchItem>;

/** How much others did since an instant, as far as it is on this device. */
export const AwayNews = z.object({
  received: z.number(),
  /** Stock that was used, wasted or moved. */
  moved: z.number(),
  counted: z.number(),
  /** New items of the catalogue. */
  items: z.number(),
});
export type AwayNews = z.infer<typeof AwayNews>;

export const VIEWS = {
  'away.news': {
    arg: z.object({ since: z.number(), userId: z.string().max(36) }),
    out: AwayNews,
  },
  'search.items': {
    arg: z.object({}),
    out: z.array(SearchItem),
  },
  ...ORDER_VIEWS,
  ...PATIENT_VIEWS,
  ...CATALOGUE_VIEWS,
  ...STOCK_VIEWS,
  ...LOT_VIEWS,
  ...VENDOR_VIEWS,
  ...VIAL_VIEWS,
  'inventory.list': {
    arg: z.object({}),
    out: z.array(InventoryListRow),
  },
  /** The first rows of `inventory.list`, which come sooner. */
  'inventory.first': {
    arg: z.object({}),
    out: z.array(InventoryListRow),
  },
  'inventory.lots': {
    arg: z.object({ itemId: z.string() }),
    out: z.array(LotStock),
  },
  'inventory.codes': {
    arg: z.object({}),
    out: z.array(ScanCode),
  },
  'inventory.history': {
    arg: z.object({
      itemId: z.string().nullable(),
      limit: z.int().min(1).max(5000),
    }),
    out: z.array(HistoryRow),
  },
  'inventory.counts': {
    arg: z.object({ limit: z.int().min(1).max(500) }),
    out: z.array(CountSessionRow),
  },
  /** What is to be counted at a site, by item. */
  'inventory.countPlan': {
    arg: z.object({ locationId: z.string() }),
    out: z.array(CountPlanRow),
  },
  /** Ids of lines of a count that are further from the books than counting may miss. */
  'inventory.countFar': {
    arg: z.object({ sessionId: z.string() }),
    out: z.array(z.object({ id: z.string() })),
  },
  /** Files of one record, the latest first; the same bytes twice are one. */
  'files.of': {
    arg: z.object({
      ownerTable: z.string().max(63),
      ownerId: z.string().max(36),
      deviceId: z.string().max(36),
    }),
    out: z.array(AttachedFile),
  },
  'review.inbox': {
    arg: z.object({ limit: z.int().min(1).max(500), itemId: z.string().nullable() }),
    out: z.array(ReviewGroup),
  },
} as const satisfies Record<string, { arg: z.ZodType; out: z.ZodType }>;

export type ViewName = keyof typeof VIEWS;
export type ViewArg<V extends ViewName> = z.input<(typeof VIEWS)[V]['arg']>;
export type ViewOut<V extends ViewName> = z.output<(typeof VIEWS)[V]['out']>;
