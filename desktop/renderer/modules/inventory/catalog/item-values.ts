import type { Pack } from '#shared/schema/tables/inventory-items.ts';
import { inventoryItems } from '#shared/schema/tables/inventory-items.ts';
import type { NewRow } from '#desktop/collections/tables.ts';

/** Fields of an item that people fill in as such; packs and picture have controls of their own. */
export const ITEM_FIELD_NAMES = [
  'name',
  'sku',
  'category',
  'manufacturer',
  'kind',
  'base_unit',
  'lot_policy',
  'expiry_policy',
  'controlled_schedule',
  'hazardous',
  'description',
  'expiry_alert_days',
  'open_days',
  'open_hours',
  'vial_units',
  'vial_unit',
] as const;
export type ItemFieldName = (typeof ITEM_FIELD_NAMES)[number];
export type ItemValue = string | number | boolean | null;
export type ItemValues = Readonly<Record<ItemFieldName, ItemValue>>;

const { fields } = inventoryItems;
/** An empty SKU is no mistake: the item gets one for the time being. */
const sku = { ...fields.sku, nullable: true, zod: fields.sku.zod.nullable() };
export const ITEM_FIELDS = {
  name: fields.name,
  sku,
  category: fields.category,
  manufacturer: fields.manufacturer,
  kind: fields.kind,
  base_unit: fields.base_unit,
  lot_policy: fields.lot_policy,
  expiry_policy: fields.expiry_policy,
  controlled_schedule: fields.controlled_schedule,
  hazardous: fields.hazardous,
  description: fields.description,
  expiry_alert_days: fields.expiry_alert_days,
  open_days: fields.open_days,
  open_hours: fields.open_hours,
  vial_units: fields.vial_units,
  vial_unit: fields.vial_unit,
} as const;

/** What stock and safety rely on: changed one by one, by those who may, with what follows from it said. */
export const DECIDED = [
  'sku',
  'kind',
  'lot_policy',
  'expiry_policy',
  'controlled_schedule',
  'hazardous',
] as const satisfies readonly ItemFieldName[];
export type DecidedName = (typeof DECIDED)[number];

/** What a file of items leaves as it is. The base unit is what all quantities are counted in. */
export const FROZEN = [...DECIDED, 'base_unit'] as const satisfies readonly ItemFieldName[];

/** What a new item is unless somebody says otherwise. */
export const NEW_ITEM: ItemValues = {
  name: null,
  sku: null,
  category: null,
  manufacturer: null,
  kind: 'supply',
  base_unit: 'each',
  lot_policy: 'none',
  expiry_policy: 'none',
  controlled_schedule: 'none',
  hazardous: false,
  description: null,
  expiry_alert_days: null,
  open_days: null,
  open_hours: null,
  vial_units: null,
  vial_unit: null,
};

const RANK: Readonly<Record<string, number>> = { none: 0, optional: 1, required: 2 };

/**
 * True when lot and expiry go together: an expiry date stands with a lot, so where a date can or must
 * be given, a lot can or must be.
 */
export const policiesFit = (lotPolicy: string, expiryPolicy: string): boolean =>
  (RANK[lotPolicy] ?? 0) >= (RANK[expiryPolicy] ?? 0);

const DRAFT_DIGITS = 8;

/** True for a number that an item has for the time being. */
export const isDraftSku = (sku: string): boolean => /^DRAFT-/i.test(sku);

/** A number for the time being, of an item that was made without one: never the same twice. */
export const draftSku = (id: string): string =>
  `DRAFT-${id.replaceAll('-', '').slice(-DRAFT_DIGITS).toUpperCase()}`;

/**
 * The row of a new item.
 * @param values checked against `ITEM_FIELDS`
 * @param status draft for those who may not put an item into use themselves
 */
export function newItemRow(
  id: string,
  values: ItemValues,
  packs: readonly Pack[],
  status: 'draft' | 'active',
): NewRow<'inventory_items'> {
  const text = (name: ItemFieldName): string | null => {
    const value = values[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
  };
  const number = (name: ItemFieldName): number | null => {
    const value = values[name];
    return typeof value === 'number' ? value : null;
  };
  const of = <V extends string>(name: ItemFieldName): V => String(values[name]) as V;
  return {
    id,
    name: text('name') ?? '',
    description: text('description'),
    category: text('category'),
    manufacturer: text('manufacturer'),
    kind: of('kind'),
    sku: text('sku') ?? draftSku(id),
    base_unit: text('base_unit') ?? '',
    packs: [...packs],
    lot_policy: of('lot_policy'),
    expiry_policy: of('expiry_policy'),
    controlled_schedule: of('controlled_schedule'),
    hazardous: values.hazardous === true,
    document_policy: null,
    status,
    image_file_id: null,
    expiry_alert_days: number('expiry_alert_days'),
    open_days: number('open_days'),
    open_hours: number('open_hours'),
    vial_units: number('vial_units'),
    vial_unit: text('vial_unit'),
    merged_into_id: null,
  };
}
