import { isTableName, tableOf } from '#shared/schema/tables.ts';

/** How values are written; given by the screen so that this stays pure. */
export interface ValueWords {
  readonly quantity: (value: number) => string;
  readonly date: (isoDate: string) => string;
  readonly exact: (instant: number) => string;
  readonly yes: string;
  readonly no: string;
  readonly empty: string;
}

/** The value of a field as a person reads it. */
export function valueWords(
  table: string,
  field: string,
  value: unknown,
  words: ValueWords,
): string {
  if (value === null || value === undefined || value === '') return words.empty;
  const kind = isTableName(table) ? tableOf(table).fields[field]?.kind : undefined;
  if (kind === 'quantity' && typeof value === 'number') return words.quantity(value);
  if (kind === 'date' && typeof value === 'string') return words.date(value);
  if (kind === 'instant' && typeof value === 'number') return words.exact(value);
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (field === 'packs' && Array.isArray(value)) return packs(value, words);
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
}

function packs(value: readonly unknown[], words: ValueWords): string {
  if (value.length === 0) return words.empty;
  return value
    .map((pack) => {
      const { unit, qty_per_base } = pack as { unit?: unknown; qty_per_base?: unknown };
      return `${String(unit)} = ${words.quantity(Number(qty_per_base))}`;
    })
    .join('\n');
}
