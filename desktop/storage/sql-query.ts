import { getQueryMatcher, getSortComparator } from 'rxdb/plugins/core';
import type { FilledMangoQuery, PreparedQuery, RxDocumentData } from 'rxdb/plugins/core';
import { FACT, ordersAlike } from './column-facts.ts';
import type { EncryptedDatabase, SqlValue } from './open-database.ts';
import { compileSelector, fixedFields } from './sql-selector.ts';
import type { Condition, QueryTable } from './sql-selector.ts';

type Query<T> = FilledMangoQuery<T>;
type Selector = Readonly<Record<string, unknown>>;
type Documents<T> = RxDocumentData<T>[];

/** How a query runs: what SQL does, and what is left to RxDB's own matcher and sorting. */
interface QueryRun {
  readonly condition: Condition;
  /** The ORDER BY list, or null when SQL would sort differently than RxDB. */
  readonly orderBy: string | null;
  readonly skip: number;
  readonly limit: number;
}

/** Documents looked at in one step where the matcher decides and the order comes from an index. */
const CHUNK = 500;

/**
 * RxDB's plan says which index fits; here the whole selector goes into SQL, which then finds its
 * index itself, and the matcher runs only over what SQL cannot tell exactly.
 */
function planRun<T>(table: QueryTable, query: Query<T>): QueryRun {
  const selector = query.selector as Selector;
  return {
    condition: compileSelector(table, selector),
    orderBy: orderBy(table, query),
    skip: query.skip,
    limit: query.limit ?? Number.POSITIVE_INFINITY,
  };
}

function orderBy<T>(table: QueryTable, query: Query<T>): string | null {
  const { layout, facts } = table;
  // A fixed column in ORDER BY would keep SQLite from using an index for the order.
  const fixed = fixedFields(table, query.selector as Selector);
  const terms: string[] = [];
  let hasId = false;
  for (const part of query.sort) {
    const [field, direction] = Object.entries(part)[0] as [string, string];
    if (fixed.has(field)) continue;
    const column = layout.byField.get(field);
    if (!column) return null;
    const known = facts.of(column);
    const mixesNulls = (known & FACT.null) !== 0 && (known & FACT.absent) !== 0;
    if (!ordersAlike(known) || mixesNulls) return null;
    terms.push(direction === 'desc' ? `${column.sql} desc` : column.sql);
    hasId ||= field === layout.primaryPath;
  }
  return (hasId ? terms : [...terms, 'id']).join(', ');
}

/** Runs a query. @returns the documents in order */
export function runQuery<T>(
  database: EncryptedDatabase,
  table: QueryTable,
  prepared: PreparedQuery<T>,
  schema: unknown,
): Documents<T> {
  const { query } = prepared;
  const run = planRun(table, query);
  if (run.limit <= 0) return [];
  if (run.condition.isExact && run.orderBy !== null) {
    return parseAll(pageOfTexts(database, table, run));
  }
  const matches = run.condition.isExact ? always : getQueryMatcher(schema as never, query);
  if (run.orderBy !== null) return matchInOrder(database, table, run, matches);
  const found = parseAll<T>(allTexts(database, table, run)).filter((one) => matches(one as never));
  const compare = getSortComparator(schema as never, query);
  // The comparator answers undefined for rows that are equal in all that is sorted by.
  found.sort((a, b) => compare(a as never, b as never) ?? 0);
  return found.slice(run.skip, run.skip + run.limit);
}

/** As `runQuery`, as the JSON text of `{ documents }`, without parsing where SQL answers alone. */
export function runQueryAsJson<T>(
  database: EncryptedDatabase,
  table: QueryTable,
  prepared: PreparedQuery<T>,
  schema: unknown,
): string {
  const run = planRun(table, prepared.query);
  if (run.condition.isExact && run.orderBy !== null && run.limit > 0) {
    return `{"documents":[${pageOfTexts(database, table, run).join(',')}]}`;
  }
  return JSON.stringify({ documents: runQuery(database, table, prepared, schema) });
}

/** Counts without loading documents where SQL answers alone, which is then called fast. */
export function runCount<T>(
  database: EncryptedDatabase,
  table: QueryTable,
  prepared: PreparedQuery<T>,
  schema: unknown,
): { count: number; mode: 'fast' | 'slow' } {
  const { query } = prepared;
  const { condition, skip, limit } = planRun(table, query);
  const from = `from ${table.layout.sql} where ${condition.sql}`;
  let total: number;
  if (condition.isExact) {
    const count = database.prepare(`select count(*) ${from}`, 'pluck');
    total = count.get(...condition.params) as number;
  } else {
    const matches = getQueryMatcher(schema as never, query);
    const texts = database.prepare(`select doc ${from}`, 'pluck').all(...condition.params);
    total = parseAll(texts as string[]).filter((one) => matches(one as never)).length;
  }
  const count = Math.min(Math.max(0, total - skip), limit);
  return { count, mode: condition.isExact ? 'fast' : 'slow' };
}

const always = (): boolean => true;

function pageOfTexts(database: EncryptedDatabase, table: QueryTable, run: QueryRun): string[] {
  const { condition, skip, limit } = run;
  const isPaged = skip > 0 || Number.isFinite(limit);
  const sql = `${selectTexts(table, run)}${isPaged ? ' limit ? offset ?' : ''}`;
  const page: SqlValue[] = isPaged ? [Number.isFinite(limit) ? limit : -1, skip] : [];
  return database.prepare(sql, 'pluck').all(...condition.params, ...page) as string[];
}

function allTexts(database: EncryptedDatabase, table: QueryTable, run: QueryRun): string[] {
  const sql = selectTexts(table, run);
  return database.prepare(sql, 'pluck').all(...run.condition.params) as string[];
}

function selectTexts(table: QueryTable, { condition, orderBy: order }: QueryRun): string {
  const sorted = order === null || order === '' ? '' : ` order by ${order}`;
  return `select doc from ${table.layout.sql} where ${condition.sql}${sorted}`;
}

/** SQL gives the order, the matcher decides; stops as soon as the page is full. */
function matchInOrder<T>(
  database: EncryptedDatabase,
  table: QueryTable,
  run: QueryRun,
  matches: (document: never) => boolean,
): Documents<T> {
  const wanted = run.skip + run.limit;
  const found: Documents<T> = [];
  const take = (texts: readonly string[]): boolean => {
    for (const one of parseAll<T>(texts)) {
      if (matches(one as never)) found.push(one);
      if (found.length >= wanted) return true;
    }
    return false;
  };
  if (!Number.isFinite(wanted)) {
    take(allTexts(database, table, run));
    return found.slice(run.skip);
  }
  let chunk: string[] = [];
  const rows = database.prepare(selectTexts(table, run), 'pluck').iterate(...run.condition.params);
  for (const text of rows) {
    chunk.push(text as string);
    if (chunk.length < CHUNK) continue;
    if (take(chunk)) return found.slice(run.skip);
    chunk = [];
  }
  take(chunk);
  return found.slice(run.skip);
}

/** Measured: one call each is a quarter faster than one call for all of them joined. */
export function parseAll<T>(texts: readonly string[]): Documents<T> {
  return texts.map((text) => JSON.parse(text) as RxDocumentData<T>);
}
