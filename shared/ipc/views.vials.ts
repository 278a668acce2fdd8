import { z } from 'zod';

/**
 * Derived reads of opened containers, of what was used for whom, and of the closet of samples. Quantities
 * are integers of 1/10,000 of the unit that stands beside them, instants milliseconds since the Unix epoch.
 */

/** One opened container. */
export const VialRow = z.object({
  vial_id: z.string(),
  location_id: z.string(),
  location_code: z.string(),
  item_id: z.string(),
  item_name: z.string(),
  sku: z.string(),
  controlled: z.boolean(),
  lot_id: z.string().nullable(),
  lot_no: z.string().nullable(),
  expiry_date: z.string().nullable(),
  expiry_precision: z.enum(['day', 'month']).nullable(),
  recall_status: z.string(),
  unit: z.string(),
  content: z.number(),
  rest: z.number(),
  /** By so much more was taken than was in it. */
  over: z.number(),
  use_by: z.number().nullable(),
  opened_at: z.number(),
  opened_by: z.string().nullable(),
  last_at: z.number(),
  is_closed: z.boolean(),
  /** True while the server has not confirmed all that is known of it. */
  waiting: z.boolean(),
});
export type VialRow = z.infer<typeof VialRow>;

/** Somebody who may be named to those who may know. */
export const NamedPatient = z.object({
  patient_id: z.string(),
  family_name: z.string(),
  given_name: z.string(),
  birth_date: z.string(),
});
export type NamedPatient = z.infer<typeof NamedPatient>;

/** What happened to one container, the latest first. */
export const VialEvent = z.object({
  id: z.string(),
  step: z.enum(['open', 'draw', 'discard']),
  units: z.number(),
  occurred_at: z.number(),
  who: z.string().nullable(),
  witness: z.string().nullable(),
  reason_code: z.string().nullable(),
  note: z.string().nullable(),
  for_patient: z.boolean(),
  /** Null for those who may not know, and where this device does not hold them. */
  patient: NamedPatient.nullable(),
  undoes: z.boolean(),
  undone: z.boolean(),
  waiting: z.boolean(),
});
export type VialEvent = z.infer<typeof VialEvent>;

/** An entry of the log of samples, or a receipt of some. */
export const SampleEntry = z.object({
  id: z.string(),
  kind: z.enum(['in', 'out']),
  occurred_at: z.number(),
  location_id: z.string(),
  location_code: z.string(),
  item_id: z.string(),
  item_name: z.string(),
  lot_id: z.string().nullable(),
  lot_no: z.string().nullable(),
  expiry_date: z.string().nullable(),
  qty_base: z.number(),
  base_unit: z.string(),
  who: z.string().nullable(),
  prescriber: z.string().nullable(),
  witness: z.string().nullable(),
  note: z.string().nullable(),
  patient: NamedPatient.nullable(),
  signature: z.string().nullable(),
  waiting: z.boolean(),
});
export type SampleEntry = z.infer<typeof SampleEntry>;

export const VIAL_VIEWS = {
  /** Containers that stand open, what has to be used up first on top; closed ones since an instant after them. */
  'vials.list': { arg: z.object({ closedSince: z.number() }), out: z.array(VialRow) },
  'vials.events': { arg: z.object({ vialId: z.string() }), out: z.array(VialEvent) },
  /** What came into the closet and what left it, the latest first; of what left, as far as it may be read. */
  'samples.log': {
    arg: z.object({ since: z.number(), limit: z.int().min(1).max(2000) }),
    out: z.array(SampleEntry),
  },
} as const;
