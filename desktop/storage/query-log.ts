import type { Logger } from '#shared/logging/logger.ts';
import type { EncryptedDatabase, SqlValue } from './open-database.ts';
import type { QueryTable } from './sql-selector.ts';

/** One query as it ran, and what SQL and the matcher had to do for it. */
export interface LoggedQuery {
  readonly table: QueryTable;
  /** The statement that read the rows, and its parameters. */
  readonly sql: string;
  readonly params: readonly SqlValue[];
  readonly selector: unknown;
  readonly sort: readonly unknown[];
  /** True when RxDB's matcher had to decide about rows. */
  readonly isMatched: boolean;
  /** True when the rows were put into order here. */
  readonly isSorted: boolean;
  /** Rows that SQL handed over (to the matcher, or to the caller). */
  readonly rows: number;
  readonly ms: number;
}

/** Reports queries that no index answers. */
export interface QueryLog {
  note(query: LoggedQuery): void;
}

/** Statements whose plans are remembered. */
const CAPACITY = 1_000;
/** A step that looks at every row: by no index, or along all of one. */
const SCAN = /^SCAN (?!CONSTANT|json_each|wanted)/u;

const logs = new WeakMap<EncryptedDatabase, QueryLog>();

/** The log of a database, if its queries are to be reported. */
export const queryLogOf = (database: EncryptedDatabase): QueryLog | undefined => logs.get(database);

/**
 * Reports from now on every query of a database that falls back to a scan, a sort of its own, or
 * RxDB's matcher, as a line `query falls back` with the table, the shape of the selector (names of
 * fields and operators, never a value), the rows of the table, the rows that were looked at and the
 * milliseconds that it took.
 */
export function logQueriesOf(database: EncryptedDatabase, log: Logger): void {
  const plans = new Map<string, readonly string[]>();

  /** What SQLite's own plan falls back to; asked once for each statement. */
  const planned = ({ sql, params }: LoggedQuery): readonly string[] => {
    const known = plans.get(sql);
    if (known) return known;
    const steps = database.read<{ detail: string }>(`explain query plan ${sql}`, params);
    const reasons = new Set<string>();
    for (const { detail } of steps) {
      if (SCAN.test(detail)) reasons.add(detail.includes(' USING ') ? 'index scan' : 'scan');
      if (detail.includes('TEMP B-TREE')) reasons.add('sort');
    }
    if (plans.size >= CAPACITY) plans.clear();
    plans.set(sql, [...reasons]);
    return [...reasons];
  };

  const note = (query: LoggedQuery): void => {
    const { table, selector, sort, isMatched, isSorted, rows, ms } = query;
    const reasons = new Set(planned(query));
    if (isMatched) reasons.add('matcher');
    if (isSorted) reasons.add('sort');
    // All rows in the order of an index is what was asked for.
    if (!asksForSome(selector)) reasons.delete('index scan');
    if (reasons.size === 0) return;
    const { name, sql } = table.layout;
    const total = database.read<{ n: number }>(`select count(*) as n from ${sql}`)[0]?.n ?? 0;
    const isScan = reasons.has('scan') || reasons.has('index scan');
    log.info('query falls back', {
      table: name,
      reasons: [...reasons].join(', '),
      selector: shapeOf(selector),
      sort: sort.map(shapeOfSort).join(', '),
      rowsInTable: total,
      rowsLookedAt: isScan ? Math.max(total, rows) : rows,
      ms: Math.round(ms * 1_000) / 1_000,
    });
  };

  logs.set(database, { note });
}

/** The names of fields and operators of a selector, in its order, without any value. */
export function shapeOf(selector: unknown): string {
  if (Array.isArray(selector)) return `[${[...new Set(selector.map(shapeOf))].join(' ')}]`;
  if (typeof selector !== 'object' || selector === null || selector instanceof RegExp) return '';
  const parts = Object.entries(selector).map(([name, value]) => {
    const isBranch = SELECTORS.has(name) || !name.startsWith('$');
    const inner = isBranch ? shapeOf(value) : '';
    return inner === '' ? name : `${name}:${inner}`;
  });
  return `{${parts.join(' ')}}`;
}

/** Operators whose operands are selectors; the keys of any other operand would be content. */
const SELECTORS = new Set(['$and', '$or', '$nor', '$not', '$elemMatch']);

const shapeOfSort = (part: unknown): string =>
  Object.entries(part as Record<string, string>)
    .map(([field, direction]) => `${field} ${direction}`)
    .join(' ');

function asksForSome(selector: unknown): boolean {
  const fields = Object.keys(selector as object);
  return fields.some((field) => field !== '_deleted');
}
