import { formatQuantity, parseQuantity } from '#shared/kernel/quantity.ts';
import type { ItemPlace } from '#shared/ipc/catalogue-views.ts';

/** What a site says of an item in text fields: quantities of the base unit, and a bin. */
export const LEVEL_FIELDS = ['par', 'min', 'max', 'reorder_qty', 'bin'] as const;
export type LevelField = (typeof LEVEL_FIELDS)[number];

export const LONGEST_BIN = 40;

/** The text of a field; '' for nothing. */
export function levelText(place: ItemPlace, field: LevelField): string {
  if (field === 'bin') return place.bin ?? '';
  const value = place[field];
  return value === null ? '' : formatQuantity(value);
}

export type LevelProblem = 'number' | 'binLong';

/** What a typed text means for a field. */
export function readLevel(
  field: LevelField,
  text: string,
): { ok: true; value: number | string | null } | { ok: false; problem: LevelProblem } {
  const typed = text.trim();
  if (field === 'bin') {
    if (typed.length > LONGEST_BIN) return { ok: false, problem: 'binLong' };
    return { ok: true, value: typed === '' ? null : typed };
  }
  const value = typed === '' ? null : parseQuantity(typed);
  if (typed !== '' && (value === null || value < 0)) return { ok: false, problem: 'number' };
  return { ok: true, value };
}

export type LevelWarning = 'minOverMax' | 'parOutside';

/**
 * What does not fit together: the least is no more than the most, and par lies between the two. Said and
 * not refused: who changes all three types one after the other.
 */
export function levelWarning({
  par,
  min,
  max,
}: Pick<ItemPlace, 'par' | 'min' | 'max'>): LevelWarning | null {
  if (min !== null && max !== null && min > max) return 'minOverMax';
  const isOutside = par !== null && ((min !== null && par < min) || (max !== null && par > max));
  return isOutside ? 'parOutside' : null;
}
