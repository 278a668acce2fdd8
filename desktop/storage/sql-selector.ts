import { FACT, factsOfText, ordersAlike } from './column-facts.ts';
import type { ColumnFacts } from './column-facts.ts';
import type { SqlValue } from './open-database.ts';
import type { Column, TableLayout } from './table-layout.ts';

/** What SQL needs to know of a table to answer a query as RxDB would. */
export interface QueryTable {
  readonly layout: TableLayout;
  readonly facts: ColumnFacts;
}

/** A part of a selector in SQL. */
export interface Condition {
  readonly sql: string;
  readonly params: readonly SqlValue[];
  /** False: rows that satisfy it still have to pass RxDB's matcher. */
  readonly isExact: boolean;
}

type Selector = Readonly<Record<string, unknown>>;

const ANYTHING: Condition = { sql: 'true', params: [], isExact: false };
const COMPARISON: Readonly<Record<string, string>> = {
  $gt: '>',
  $gte: '>=',
  $lt: '<',
  $lte: '<=',
};

/**
 * A selector as an SQL condition. What SQL cannot say exactly as RxDB's matcher means it is widened
 * (never narrowed) and marked, so that the matcher decides about the rows that are left.
 */
export function compileSelector(table: QueryTable, selector: Selector): Condition {
  const parts = Object.entries(selector).map(([key, value]): Condition => {
    switch (key) {
      case '$and':
        return all(branches(table, value));
      case '$or':
        return any(branches(table, value));
      case '$nor':
        return not(any(branches(table, value)));
      default:
        return compileField(table, key, value);
    }
  });
  return all(parts);
}

/** The fields that a selector fixes to one value; sorting by them changes nothing. */
export function fixedFields(table: QueryTable, selector: Selector): Set<string> {
  const fields = Object.keys(selector).filter((field) => {
    const column = table.layout.byField.get(field);
    const matcher = selector[field];
    if (!column || !isPlainObject(matcher) || !('$eq' in matcher)) return false;
    return matcher['$eq'] !== null && compileOperator(table, column, '$eq', matcher['$eq']).isExact;
  });
  return new Set(fields);
}

function branches(table: QueryTable, value: unknown): Condition[] {
  if (!Array.isArray(value) || value.length === 0) return [ANYTHING];
  return value.map((one) => (isPlainObject(one) ? compileSelector(table, one) : ANYTHING));
}

function compileField(table: QueryTable, field: string, matcher: unknown): Condition {
  const column = table.layout.byField.get(field);
  if (!column || field.startsWith('$')) return ANYTHING;
  if (!isPlainObject(matcher)) return compileOperator(table, column, '$eq', matcher);
  const operators = Object.keys(matcher);
  if (operators.length === 0 || operators.some((name) => !name.startsWith('$'))) return ANYTHING;
  return all(operators.map((name) => compileOperator(table, column, name, matcher[name])));
}

function compileOperator(
  table: QueryTable,
  column: Column,
  operator: string,
  operand: unknown,
): Condition {
  const facts = table.facts.of(column);
  if ((facts & FACT.unfit) !== 0) return ANYTHING;
  switch (operator) {
    case '$eq':
      return equals(column, operand);
    case '$ne':
      return not(equals(column, operand));
    case '$in':
      return isOneOf(column, operand);
    case '$nin':
      return not(isOneOf(column, operand));
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return compare(column, facts, COMPARISON[operator] ?? '', operand);
    case '$exists':
      return exists(column, facts, operand);
    case '$not':
      return isPlainObject(operand) ? not(compileField(table, column.field, operand)) : ANYTHING;
    default:
      return ANYTHING;
  }
}

/** RxDB lets null stand for an absent value too, which is what SQL's NULL is. */
function equals(column: Column, operand: unknown): Condition {
  if (operand === null) return exact(`${column.sql} is null`);
  const value = operandFor(column, operand);
  if (value === undefined) return ANYTHING;
  // A parameter here would make SQLite plan the statement anew at every run, since the value decides
  // whether the partial index of tombstones can serve (measured: 12 instead of 4 µs).
  if (column.kind === 'boolean') return exact(`${column.sql} = ${value}`);
  return exact(`${column.sql} = ?`, [value]);
}

function isOneOf(column: Column, operand: unknown): Condition {
  if (!Array.isArray(operand)) return ANYTHING;
  const values: SqlValue[] = [];
  for (const one of operand) {
    const value = one === null ? null : operandFor(column, one);
    if (value === undefined) return ANYTHING;
    values.push(value);
  }
  const given = values.filter((value) => value !== null);
  const isIn = isIntegerOrText(given)
    ? // One parameter for any number of values, so that the statement can be kept.
      exact(`${column.sql} in (select value from json_each(?))`, [JSON.stringify(given)])
    : // SQLite may read a long fraction in JSON one unit off.
      exact(`${column.sql} in (${given.map(() => '?').join(', ')})`, given);
  return given.length < values.length ? any([isIn, exact(`${column.sql} is null`)]) : isIn;
}

const isIntegerOrText = (values: readonly SqlValue[]): boolean =>
  values.every((value) => typeof value === 'string' || Number.isSafeInteger(value));

function compare(column: Column, facts: number, sign: string, operand: unknown): Condition {
  const value = operandFor(column, operand);
  if (value === undefined || column.kind === 'boolean') return ANYTHING;
  if (typeof value === 'string' && !ordersAlike(facts | factsOfText(value))) return ANYTHING;
  return exact(`${column.sql} ${sign} ?`, [value]);
}

function exists(column: Column, facts: number, operand: unknown): Condition {
  if (typeof operand !== 'boolean') return ANYTHING;
  // An explicit null exists, an absent value does not; SQL sees no difference.
  if ((facts & FACT.null) === 0) return exact(`${column.sql} is ${operand ? 'not ' : ''}null`);
  return operand ? ANYTHING : { ...exact(`${column.sql} is null`), isExact: false };
}

/** A value that SQL compares with the column as RxDB would, or undefined. */
function operandFor(column: Column, value: unknown): SqlValue | undefined {
  switch (column.kind) {
    case 'text':
      if (typeof value !== 'string') return undefined;
      return (factsOfText(value) & FACT.unfit) === 0 ? value : undefined;
    case 'integer':
    case 'real':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? Number(value) : undefined;
  }
}

const exact = (sql: string, params: readonly SqlValue[] = []): Condition => ({
  sql,
  params,
  isExact: true,
});

function all(parts: readonly Condition[]): Condition {
  const useful = parts.filter((part) => part !== ANYTHING);
  return join(useful, ' and ', useful.length === parts.length);
}

function any(parts: readonly Condition[]): Condition {
  return parts.some((part) => part === ANYTHING || part.sql === 'true')
    ? ANYTHING
    : join(parts, ' or ', true);
}

function join(parts: readonly Condition[], word: string, isExact: boolean): Condition {
  if (parts.length === 0) return isExact ? exact('true') : ANYTHING;
  return {
    sql: parts.length === 1 ? (parts[0]?.sql ?? '') : `(${parts.map((p) => p.sql).join(word)})`,
    params: parts.flatMap((part) => part.params),
    isExact: isExact && parts.every((part) => part.isExact),
  };
}

/** The opposite of an exact condition; NULL counts as not true, as in the matcher. */
function not(part: Condition): Condition {
  return part.isExact ? { ...part, sql: `(${part.sql}) is not true` } : ANYTHING;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRegExp(value);
}

const isRegExp = (value: unknown): boolean => value instanceof RegExp;
