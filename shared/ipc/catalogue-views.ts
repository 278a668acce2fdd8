import { z } from 'zod';

/** Derived reads of the catalogue. Quantities are integers of 1/10,000 base unit. */

/** What one site wants to hold of an item, and where it lies there. */
export const ItemPlace = z.object({
  id: z.string(),
  item_id: z.string(),
  location_id: z.string(),
  par: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  reorder_qty: z.number().nullable(),
  bin: z.string().nullable(),
  is_stocked: z.boolean(),
});
export type ItemPlace = z.infer<typeof ItemPlace>;

/** A file as much as is needed to show it. */
const FileRef = z.object({ id: z.string(), mime: z.string(), size: z.number() });
export type FileRef = z.infer<typeof FileRef>;

export const ItemPicture = z.object({ item_id: z.string(), file: FileRef });
export type ItemPicture = z.infer<typeof ItemPicture>;

/** A safety data sheet, or a hazardous item that has none. */
export const SafetySheet = z.object({
  /** Id of the sheet; of an item without one, the item's. */
  id: z.string(),
  /** missing: the item is hazardous, and nobody has entered a sheet. */
  status: z.enum(['draft', 'current', 'missing']),
  item_id: z.string().nullable(),
  item_name: z.string().nullable(),
  sku: z.string().nullable(),
  product_name: z.string(),
  cas_no: z.string().nullable(),
  hazard_class: z.string().nullable(),
  first_aid: z.string(),
  spill: z.string().nullable(),
  language: z.enum(['en', 'es']),
  revised_on: z.string().nullable(),
  /** The sheet of the maker. */
  file: FileRef.nullable(),
});
export type SafetySheet = z.infer<typeof SafetySheet>;

/** An item that was merged into another one, as it is remembered there. */
export const MergedItem = z.object({
  id: z.string(),
  /** The item that it leads to in the end. */
  root_id: z.string(),
  name: z.string(),
  sku: z.string(),
  /** The merge that stands, to be taken back; null where it is not here yet. */
  merge_id: z.string().nullable(),
  at: z.number().nullable(),
  who: z.string().nullable(),
  /** Not yet judged by the server. */
  waiting: z.boolean(),
});
export type MergedItem = z.infer<typeof MergedItem>;

export const CATALOGUE_VIEWS = {
  /** Items that were merged into others. */
  'inventory.merged': { arg: z.object({}), out: z.array(MergedItem) },
  /** Par, bin and the rest for every item and site that has any. */
  'inventory.places': { arg: z.object({}), out: z.array(ItemPlace) },
  /** Items that have a picture. */
  'inventory.pictures': { arg: z.object({}), out: z.array(ItemPicture) },
  /** Safety sheets in force and drafts, and hazardous items without one. */
  'inventory.safety': { arg: z.object({}), out: z.array(SafetySheet) },
} as const satisfies Record<string, { arg: z.ZodType; out: z.ZodType }>;
