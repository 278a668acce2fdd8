import type { SqlValue } from './open-database.ts';
import type { Column } from './table-layout.ts';

/**
 * What is known of all values that a column has ever held, as bits. SQL may stand in for RxDB's
 * matcher and sorting only where both give the same answer for every value:
 * - JavaScript orders texts by UTF-16 units, SQLite by code points. The two differ only between a
 *   character beyond U+FFFF (an emoji) and one from U+E000 to U+FFFF.
 * - RxDB sorts an absent value before null; SQL knows one NULL.
 */
export const FACT = {
  /** A text with a character beyond U+FFFF. */
  astral: 1,
  /** A text with a character from U+E000 to U+FFFF. */
  high: 2,
  /**
   * A value of another type than the schema's (a list somewhere on the path of a nested field among
   * them), or a text that SQL does not hold exactly.
   */
  unfit: 4,
  /** An explicit null. */
  null: 8,
  /** No such property. */
  absent: 16,
} as const;

/** Finds JSON text that may hold characters for which the facts about texts matter. */
const RARE_TEXT = /[\ud800-\uffff]|\\u/;
const ASTRAL = /[\ud800-\udfff]/;
const HIGH = /[\ue000-\uffff]/;

/** The facts of one text. */
export function factsOfText(text: string): number {
  if (!RARE_TEXT.test(text) && !text.includes('\u0000')) return 0;
  const isUnfit = text.includes('\u0000') || !text.isWellFormed();
  return (
    (ASTRAL.test(text) ? FACT.astral : 0) |
    (HIGH.test(text) ? FACT.high : 0) |
    (isUnfit ? FACT.unfit : 0)
  );
}

/** True when SQLite orders texts with these facts as JavaScript does. */
export const ordersAlike = (facts: number): boolean =>
  (facts & FACT.unfit) === 0 && (facts & (FACT.astral | FACT.high)) !== (FACT.astral | FACT.high);

export interface ColumnFacts {
  of(column: Column): number;
  /**
   * Appends the values of a document's columns to `params` and takes note of their facts.
   * @param json the document's JSON text, to skip the look at texts when it is plain
   */
  bind(document: Readonly<Record<string, unknown>>, json: string, params: SqlValue[]): void;
  /** True when facts were added since the last `save` or `load`. */
  readonly isChanged: boolean;
  /** The facts as text, to be kept with the table. */
  save(): string;
  /** Puts the facts back to a text that `save` gave. */
  load(saved: string): void;
}

/** Stands for a path that leads through something else than objects; like a list it fits nowhere. */
const NO_PATH: readonly unknown[] = [];

/** What RxDB's matcher and sorting both take for the value at a path, if they agree. */
function valueAt(document: Readonly<Record<string, unknown>>, path: readonly string[]): unknown {
  let value: unknown = document;
  for (const step of path) {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'object' || Array.isArray(value)) return NO_PATH;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return value;
}

/** Keeps the facts of the given columns (and of the id, which is always a fitting text). */
export function createColumnFacts(columns: readonly Column[], id: Column): ColumnFacts {
  const facts = new Uint8Array(columns.length + 1);
  const position = new Map(columns.map((column, at) => [column.field, at]));
  position.set(id.field, columns.length);
  let isChanged = false;

  const note = (at: number, fact: number): void => {
    const before = facts[at] ?? 0;
    if ((before | fact) === before) return;
    facts[at] = before | fact;
    isChanged = true;
  };

  const bind: ColumnFacts['bind'] = (document, json, params) => {
    const isRare = RARE_TEXT.test(json);
    for (let at = 0; at < columns.length; at += 1) {
      const { field, kind, path } = columns[at] as Column;
      const value = path === undefined ? document[field] : valueAt(document, path);
      switch (typeof value) {
        case 'string':
          if (kind === 'text') {
            params.push(value);
            if (isRare) note(at, factsOfText(value));
            continue;
          }
          break;
        case 'number':
          if ((kind === 'integer' || kind === 'real') && Number.isFinite(value)) {
            params.push(value);
            continue;
          }
          break;
        case 'boolean':
          if (kind === 'boolean') {
            params.push(value ? 1 : 0);
            continue;
          }
          break;
        default:
      }
      note(at, value === undefined ? FACT.absent : value === null ? FACT.null : FACT.unfit);
      params.push(null);
    }
    if (isRare) note(columns.length, factsOfText(String(document[id.field])));
  };

  return {
    bind,
    of: (column) => facts[position.get(column.field) ?? -1] ?? 0,
    get isChanged() {
      return isChanged;
    },
    save: () => {
      isChanged = false;
      return JSON.stringify(
        Object.fromEntries([...position].map(([field, at]) => [field, facts[at] ?? 0])),
      );
    },
    load: (saved) => {
      const bits = JSON.parse(saved) as Record<string, number>;
      for (const [field, at] of position) facts[at] = bits[field] ?? 0;
      isChanged = false;
    },
  };
}
