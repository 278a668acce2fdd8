import { ZERO_HLC } from '#shared/kernel/hlc.ts';
import { sameContent } from '#shared/kernel/json.ts';
import type { Row } from '#shared/schema/define.ts';
import type { inventoryItems } from '#shared/schema/tables/inventory-items.ts';
import type { MergeLine } from '#shared/schema/tables/item-merges.ts';
import { applyEdit } from './decide.ts';
import type { RecordEdit } from './decide.ts';
import { stampsOf } from './join.ts';

/** Two items become one: which edits that stands for, and when it cannot be. Pure on both sides. */

/** Fields of the item that stays which may take the other one's value. Its number stays its own. */
export const MERGED_FIELDS = [
  'name',
  'description',
  'category',
  'manufacturer',
  'kind',
  'packs',
  'lot_policy',
  'expiry_policy',
  'document_policy',
  'controlled_schedule',
  'hazardous',
  'image_file_id',
  'expiry_alert_days',
  'open_days',
] as const satisfies readonly (keyof typeof inventoryItems.fields)[];
export type MergedField = (typeof MERGED_FIELDS)[number];

const isMergedField = (field: string): field is MergedField =>
  (MERGED_FIELDS as readonly string[]).includes(field);

export const mergeLinesOf = (merge: Row): readonly MergeLine[] =>
  merge['lines'] as readonly MergeLine[];

/**
 * The edits that a merge, or its undo, stands for, all with its stamp. The merged item comes first, since
 * only then its trade numbers are free for the other; in an undo the other gives them back first.
 */
export function mergeEdits(merge: Row): RecordEdit[] {
  const { hlc = ZERO_HLC } = merge;
  const table = 'inventory_items' as const;
  const isUndo = (merge['reverses_id'] ?? null) !== null;
  const merged: RecordEdit = {
    table,
    id: String(merge['merged_id']),
    fields: isUndo
      ? { status: merge['status_before'], merged_into_id: null }
      : { status: 'merged', merged_into_id: merge['survivor_id'] },
    hlc,
  };
  const lines = mergeLinesOf(merge).map(({ field, value }) => [field, value] as const);
  if (lines.length === 0) return [merged];
  const fields = Object.fromEntries(lines) as Record<string, unknown>;
  const survivor = { table, id: String(merge['survivor_id']), fields, hlc };
  return isUndo ? [survivor, merged] : [merged, survivor];
}

/**
 * An item with an edit of a merge made on it. Into which item it was merged goes with its state: that has
 * no stamp of its own on devices.
 */
export function applyMergeEdit(row: Row, edit: RecordEdit): Row {
  const { merged_into_id: into, ...fields } = edit.fields;
  const joined = applyEdit(row, { ...edit, fields });
  // Stamps of the server on fields that devices never stamp stay as they are.
  const edited = { ...joined, field_hlc: { ...stampsOf(row), ...stampsOf(joined) } };
  if (into === undefined || stampsOf(edited)['status'] !== edit.hlc) return edited;
  return { ...edited, merged_into_id: into };
}

/** Why two items cannot be merged, or a merge not be undone; each is a code of the catalogue of errors. */
export type MergeFault = 'SYNC_ROW_INVALID' | 'ITEM_MERGED' | 'REVIEW_UNDO_MOVED';

const unitOf = (item: Row): string => String(item['base_unit']).trim().toLowerCase();

/**
 * Judges a merge against the items as they stand, rights left aside. Only what stands for itself is merged
 * into what stands for itself: so whoever comes second is refused, and no chain ever leads back.
 * @param original the merge that this one takes back
 */
export function judgeMerge(options: {
  readonly merge: Row;
  readonly survivor: Row;
  readonly merged: Row;
  readonly original: Row | null;
}): MergeFault | null {
  const { merge, survivor, merged, original } = options;
  const fields = mergeLinesOf(merge).map(({ field }) => field);
  if (survivor.id === merged.id) return 'SYNC_ROW_INVALID';
  if (new Set(fields).size !== fields.length || !fields.every(isMergedField)) {
    return 'SYNC_ROW_INVALID';
  }
  if (original) return judgeUndo(merge, merged, original);
  if (survivor['status'] === 'merged' || merged['status'] === 'merged') return 'ITEM_MERGED';
  // A quantity of one would mean something else at the other.
  if (unitOf(survivor) !== unitOf(merged)) return 'SYNC_ROW_INVALID';
  return merged['status'] === merge['status_before'] ? null : 'ITEM_MERGED';
}

function judgeUndo(undo: Row, merged: Row, original: Row): MergeFault | null {
  const isOfIt =
    (original['reverses_id'] ?? null) === null &&
    undo['survivor_id'] === original['survivor_id'] &&
    undo['merged_id'] === original['merged_id'] &&
    undo['status_before'] === original['status_before'];
  if (!isOfIt) return 'SYNC_ROW_INVALID';
  const stands =
    merged['status'] === 'merged' && merged['merged_into_id'] === original['survivor_id'];
  return stands ? null : 'REVIEW_UNDO_MOVED';
}

/** What a person fills in to take a merge back: what was changed on top of it stays. */
export function undoOfMerge(merge: Row, survivor: Row): Record<string, unknown> {
  const lines = mergeLinesOf(merge).filter(
    ({ field, value }) =>
      stampsOf(survivor)[field] === merge.hlc && sameContent(survivor[field], value),
  );
  return {
    survivor_id: merge['survivor_id'],
    merged_id: merge['merged_id'],
    status_before: merge['status_before'],
    reverses_id: merge.id,
    lines: lines.map(({ field, value, before }) => ({
      field,
      value: before,
      before: value,
      seen: merge.hlc ?? null,
    })),
  };
}

/**
 * The items that stand for others: id → the one that it leads to in the end. An item that leads back to
 * itself stands for itself: a device may see that for a moment, while its own merge waits to be judged.
 */
export function rootsOf(
  items: Iterable<{ readonly id: string; readonly merged_into_id: string | null }>,
): ReadonlyMap<string, string> {
  const into = new Map<string, string>();
  for (const { id, merged_into_id: next } of items) if (next !== null) into.set(id, next);
  const roots = new Map<string, string>();
  for (const id of into.keys()) {
    const seen = new Set<string>();
    let at: string | undefined = id;
    while (at !== undefined && !seen.has(at) && into.has(at)) {
      seen.add(at);
      at = into.get(at);
    }
    if (at !== undefined && !into.has(at)) roots.set(id, at);
  }
  return roots;
}
