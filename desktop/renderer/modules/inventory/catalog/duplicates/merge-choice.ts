import { sameContent } from '#shared/kernel/json.ts';
import { MERGED_FIELDS } from '#shared/merge/item-merge.ts';
import type { MergedField } from '#shared/merge/item-merge.ts';
import type { Pack } from '#shared/schema/tables/inventory-items.ts';
import type { MergeLine } from '#shared/schema/tables/item-merges.ts';
import type { TableRow } from '#shared/schema/tables.ts';
import type { NewRow } from '#desktop/collections/tables.ts';
import { MOST_PACKS } from '../pack-text.ts';

export type Item = TableRow<'inventory_items'>;

/** Whose value a field has from now on; both: of packs, those of either. */
export type Choice = 'survivor' | 'other' | 'both';
export type Choices = Partial<Readonly<Record<MergedField, Choice>>>;

/** Packs of both items; of two that are called alike, or hold the same number, that of the first counts. */
export function bothPacks(first: readonly Pack[], second: readonly Pack[]): Pack[] {
  const more = second.filter(
    ({ unit, gtin }) =>
      !first.some((pack) => pack.unit === unit || (gtin !== null && pack.gtin === gtin)),
  );
  return [...first, ...more].slice(0, MOST_PACKS);
}

/** Fields in which two items differ, in the order of the table. */
export const differingFields = (survivor: Item, other: Item): MergedField[] =>
  MERGED_FIELDS.filter((field) => !sameContent(survivor[field], other[field]));

/**
 * What is chosen before anybody has: what the item that stays says, what only the other one says where it
 * says nothing, the packs of both, and of safety the stricter one.
 */
export function firstChoice(field: MergedField, survivor: Item, other: Item): Choice {
  if (field === 'packs') return 'both';
  if (field === 'hazardous') return other.hazardous && !survivor.hazardous ? 'other' : 'survivor';
  if (field === 'controlled_schedule') {
    return survivor.controlled_schedule === 'none' ? 'other' : 'survivor';
  }
  return survivor[field] === null ? 'other' : 'survivor';
}

export const valueOf = (field: MergedField, choice: Choice, survivor: Item, other: Item): unknown =>
  choice === 'both'
    ? bothPacks(survivor.packs, other.packs)
    : (choice === 'other' ? other : survivor)[field];

/** The document of one merge; only fields that change are in it. */
export function mergeDocument(
  id: string,
  survivor: Item,
  other: Item,
  choices: Choices,
): NewRow<'item_merges'> {
  const lines = differingFields(survivor, other).flatMap((field): MergeLine[] => {
    const choice = choices[field] ?? firstChoice(field, survivor, other);
    const value = valueOf(field, choice, survivor, other);
    if (sameContent(value, survivor[field])) return [];
    return [
      {
        field,
        value: value as MergeLine['value'],
        before: survivor[field] as MergeLine['before'],
        seen: survivor.field_hlc?.[field] ?? null,
      },
    ];
  });
  return {
    id,
    survivor_id: survivor.id,
    merged_id: other.id,
    status_before: other.status as NewRow<'item_merges'>['status_before'],
    reverses_id: null,
    lines,
  };
}
