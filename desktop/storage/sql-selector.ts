import { FACT, factsOfText, ordersAlike } from './column-facts.ts';
import type { ColumnFacts } from './column-facts.ts';
import type { SqlValue } from './open-database.ts';
import { ANYTHING, all, any, exact, not, widened } from './sql-condition.ts';
import type { Condition } from './sql-condition.ts';
import { compileRegex } from './sql-regex.ts';
import type { Column, TableLayout } from './table-layout.ts';

/** What SQL needs to know of a table to answer a query as RxDB would. */
export interface QueryTable {
  readonly layout: TableLayout;
  readonly facts: ColumnFacts;
}

type Selector = Readonly<Record<string, unknown>>;

/** SQLite takes 32,766. */
const MOST_PARAMETERS = 30_000;
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
    const isFit = (table.facts.of(column) & FACT.unfit) === 0;
    const value = matcher['$eq'];
    return isFit && value !== null && value !== undefined;
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
  const facts = table.facts.of(column);
  if ((facts & FACT.unfit) !== 0) return ANYTHING;
  if (matcher instanceof RegExp) return ANYTHING;
  if (!isPlainObject(matcher)) return equals(column, matcher);
  const operators = Object.keys(matcher);
  if (operators.length === 0 || operators.some((name) => !name.startsWith('$'))) return ANYTHING;
  const parts = operators.map((name): Condition => {
    if (name === '$not') return negated(table, field, matcher['$not']);
    // The matcher takes it together with the pattern, and refuses it alone.
    if (name === '$options') return '$regex' in matcher ? exact('true') : ANYTHING;
    if (name !== '$regex') return compileOperator(column, facts, name, matcher[name]);
    if (column.kind !== 'text') return widened(exact('false'));
    return compileRegex(column.sql, matcher['$regex'], matcher['$options']);
  });
  return all(parts);
}

/** What the matcher would refuse (a pattern that is none) must not be answered here. */
function negated(table: QueryTable, field: string, operand: unknown): Condition {
  return isPlainObject(operand) ? not(compileField(table, field, operand)) : ANYTHING;
}

function compileOperator(
  column: Column,
  facts: number,
  operator: string,
  operand: unknown,
): Condition {
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
    case '$type':
      return hasType(column, facts, operand);
    case '$mod':
      return leaves(column, facts, operand);
    case '$size':
    case '$elemMatch':
      // Of lists only; the matcher is asked so that it can refuse what it does not know.
      return widened(exact('false'));
    default:
      return ANYTHING;
  }
}

/** RxDB lets null stand for an absent value too, which is what SQL's NULL is. */
function equals(column: Column, operand: unknown): Condition {
  if (operand === null || operand === undefined) return exact(`${column.sql} is null`);
  const value = operandFor(column, operand);
  if (value === undefined) return exact('false');
  // A parameter here would make SQLite plan the statement anew at every run, since the value decides
  // whether the partial index of tombstones can serve (measured: 12 instead of 4 µs).
  if (column.kind === 'boolean') return exact(`${column.sql} = ${value}`);
  return exact(`${column.sql} = ?`, [value]);
}

function isOneOf(column: Column, operand: unknown): Condition {
  if (!Array.isArray(operand) || operand.some((one) => one instanceof RegExp)) return ANYTHING;
  const given = operand.map((one) => operandFor(column, one)).filter((one) => one !== undefined);
  if (given.length > MOST_PARAMETERS) return widened(exact(`${column.sql} is not null`));
  const isIn = isIntegerOrText(given)
    ? // One parameter for any number of values, so that the statement can be kept.
      exact(`${column.sql} in (select value from json_each(?))`, [JSON.stringify(given)])
    : // SQLite may read a long fraction in JSON one unit off.
      exact(`${column.sql} in (${given.map(() => '?').join(', ')})`, given);
  return operand.includes(null) ? any([isIn, exact(`${column.sql} is null`)]) : isIn;
}

const isIntegerOrText = (values: readonly SqlValue[]): boolean =>
  values.every((value) => typeof value === 'string' || Number.isSafeInteger(value));

/** Only values of one type are compared; null equals itself and no absent value. */
function compare(column: Column, facts: number, sign: string, operand: unknown): Condition {
  if (operand === null) return sign.endsWith('=') ? isNull(column, facts) : exact('false');
  if (Number.isNaN(operand)) return ANYTHING;
  if (column.kind === 'text' && typeof operand === 'string') {
    if (!ordersAlike(facts | factsOfText(operand))) {
      return widened(exact(`${column.sql} is not null`));
    }
  }
  const value = operandFor(column, operand);
  if (value === undefined) return exact('false');
  return exact(`${column.sql} ${sign} ?`, [value]);
}

function exists(column: Column, facts: number, operand: unknown): Condition {
  const wanted = Boolean(operand);
  // An explicit null exists, an absent value does not; SQL sees no difference.
  if ((facts & FACT.null) === 0) return exact(`${column.sql} is ${wanted ? 'not ' : ''}null`);
  if ((facts & FACT.absent) === 0) return exact(wanted ? 'true' : 'false');
  return wanted ? ANYTHING : widened(exact(`${column.sql} is null`));
}

/** True of an explicit null alone. */
function isNull(column: Column, facts: number): Condition {
  if ((facts & FACT.null) === 0) return exact('false');
  const condition = exact(`${column.sql} is null`);
  return (facts & FACT.absent) === 0 ? condition : widened(condition);
}

function hasType(column: Column, facts: number, operand: unknown): Condition {
  const types: unknown[] = Array.isArray(operand) ? operand : [operand];
  const isNumber = column.kind === 'integer' || column.kind === 'real';
  const isThere = exact(`${column.sql} is not null`);
  const parts = types.map((type): Condition => {
    switch (type) {
      case 'string':
      case 2:
        return column.kind === 'text' ? isThere : exact('false');
      case 'boolean':
      case 'bool':
      case 8:
        return column.kind === 'boolean' ? isThere : exact('false');
      case 'number':
      case 'double':
      case 'decimal':
      case 1:
      case 19:
        return isNumber ? isThere : exact('false');
      case 'int':
      case 'long':
      case 16:
      case 18:
        return isNumber ? exact(`${column.sql} = floor(${column.sql})`) : exact('false');
      case 'null':
      case 10:
        return isNull(column, facts);
      case 'undefined':
      case 6:
        return exact(`${column.sql} is null`);
      case 'array':
      case 'object':
      case 3:
      case 4:
        return exact('false');
      default:
        return ANYTHING;
    }
  });
  return any(parts);
}

/** SQLite's `%` cuts fractions off; its `mod` is JavaScript's `%`. Null counts as 0 in RxDB. */
function leaves(column: Column, facts: number, operand: unknown): Condition {
  if (column.kind !== 'integer' && column.kind !== 'real') return ANYTHING;
  if (!Array.isArray(operand) || operand.length !== 2) return ANYTHING;
  const [divisor, rest] = operand as unknown[];
  if (!isFiniteNumber(divisor) || !isFiniteNumber(rest) || divisor === 0) return ANYTHING;
  const condition = exact(`mod(${column.sql}, ?) = ?`, [divisor, rest]);
  return rest === 0 ? any([condition, isNull(column, facts)]) : condition;
}

const isFiniteNumber = (value: unknown): value is number => Number.isFinite(value);

/** A value that SQL compares with the column as RxDB would, or undefined when none can equal it. */
function operandFor(column: Column, value: unknown): string | number | undefined {
  switch (column.kind) {
    case 'text':
      if (typeof value !== 'string') return undefined;
      return (factsOfText(value) & FACT.unfit) === 0 ? value : undefined;
    case 'integer':
    case 'real':
      return typeof value === 'number' && !Number.isNaN(value) ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? Number(value) : undefined;
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof RegExp)
  );
}
