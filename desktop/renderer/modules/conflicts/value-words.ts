import { isTableName, tableOf } from '#shared/schema/tables.ts';

/** How values are written; given by the screen so that this stays pure. */
export interface ValueWords {
  readonly quantity: (value: number) => string;
  readonly money: (cents: number) => string;
  readonly date: (isoDate: string) => string;
  readonly exact: (instant: number) => string;
  readonly yes: string;
  readonly no: string;
  readonly empty: string;
}

/**
 * The value of a field as a person reads it.
 * @param label name of what the value refers to, where it is known
 */
export function valueWords(
  table: string,
  field: string,
  value: unknown,
  words: ValueWords,
  label: string | null = null,
): string {
  if (value === null || value === undefined || value === '') return words.empty;
  if (label !== null) return label;
  const definition = isTableName(table) ? tableOf(table).fields[field] : undefined;
  const kind = definition?.kind;
  if (kind === 'quantity' && typeof value === 'number') return words.quantity(value);
  if (kind === 'cents' && typeof value === 'number') return words.money(value);
  if (kind === 'date' && typeof value === 'string') return words.date(value);
  if (kind === 'instant' && typeof value === 'number') return words.exact(value);
  if (kind === 'enum' && typeof value === 'string') return value.replaceAll('_', ' ');
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (field === 'packs' && Array.isArray(value)) return packs(value, words);
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) {
    return value.length === 0 ? words.empty : value.join(', ');
  }
  return JSON.stringify(value);
}

/** True for texts that are told apart better word by word. */
export const isLongText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 40 && /\s/.test(value);

function packs(value: readonly unknown[], words: ValueWords): string {
  if (value.length === 0) return words.empty;
  return value
    .map((pack) => {
      const { unit, qty_per_base, gtin } = pack as Record<string, unknown>;
      const number = typeof gtin === 'string' ? ` (${gtin})` : '';
      return `${String(unit)} = ${words.quantity(Number(qty_per_base))}${number}`;
    })
    .join('\n');
}
