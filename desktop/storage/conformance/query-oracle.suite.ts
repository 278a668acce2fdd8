/**
 * What a query has to answer, in plain JavaScript, from the documented meaning of Mongo's operators:
 * nothing of RxDB, of its matcher or of the storage is used. Where RxDB 17.6 differs from Mongo the
 * oracle follows RxDB, and says so.
 */

type Document = Readonly<Record<string, unknown>>;
type Test = (document: unknown) => boolean;

export interface OracleQuery {
  readonly selector: Document;
  readonly sort: readonly Readonly<Record<string, 'asc' | 'desc'>>[];
  readonly skip?: number;
  readonly limit?: number;
}

/** The ids of the page of a query, and the number of all its matches. */
export function answerOf(
  documents: readonly Document[],
  { selector, sort, skip = 0, limit = Number.POSITIVE_INFINITY }: OracleQuery,
): { page: unknown[]; total: number } {
  const matches = selectorTest(selector);
  const found = documents.filter((document) => matches(document));
  const sorted = found.toSorted((a, b) => {
    for (const part of sort) {
      const [field, direction] = Object.entries(part)[0] ?? ['', 'asc'];
      const order = orderOf(plainValue(a, field), plainValue(b, field));
      if (order !== 0) return direction === 'asc' ? order : -order;
    }
    return 0;
  });
  return {
    page: sorted.slice(skip, skip + limit).map((document) => document['id']),
    total: found.length,
  };
}

function selectorTest(selector: unknown): Test {
  const tests = Object.entries(selector as Document).map(([key, value]): Test => {
    const branches = (): Test[] => (value as unknown[]).map(selectorTest);
    if (key === '$and') {
      const parts = branches();
      return (document) => parts.every((part) => part(document));
    }
    if (key === '$or') {
      const parts = branches();
      return (document) => parts.some((part) => part(document));
    }
    if (key === '$nor') {
      const parts = branches();
      return (document) => !parts.some((part) => part(document));
    }
    return fieldTest(key, value);
  });
  return (document) => tests.every((test) => test(document));
}

function fieldTest(path: string, matcher: unknown): Test {
  if (!isObject(matcher) || !Object.keys(matcher).some((key) => key.startsWith('$'))) {
    return fieldTest(path, { $eq: matcher });
  }
  const tests = Object.entries(matcher).flatMap(([operator, operand]): Test[] => {
    if (operator === '$options') return [];
    if (operator === '$not') {
      const test = fieldTest(path, operand);
      return [(document) => !test(document)];
    }
    if (operator === '$exists') return [(document) => hasValue(document, path) === operand];
    const test = operatorTest(operator, operand, matcher, path.split('.').length - 1);
    return [(document) => test(valueAt(document, path))];
  });
  return (document) => tests.every((test) => test(document));
}

function operatorTest(
  operator: string,
  operand: unknown,
  matcher: Document,
  steps: number,
): (value: unknown) => boolean {
  switch (operator) {
    case '$eq':
      return (value) => equals(value, operand, steps);
    case '$ne':
      return (value) => !equals(value, operand, steps);
    case '$in':
      return (value) => isOneOf(value, operand as unknown[]);
    case '$nin':
      return (value) => !isOneOf(value, operand as unknown[]);
    case '$gt':
      return (value) => compares(value, operand, (order) => order > 0);
    case '$gte':
      return (value) => compares(value, operand, (order) => order >= 0);
    case '$lt':
      return (value) => compares(value, operand, (order) => order < 0);
    case '$lte':
      return (value) => compares(value, operand, (order) => order <= 0);
    case '$type': {
      const types = Array.isArray(operand) ? operand : [operand];
      // Mongo also looks at the elements of a list; RxDB only at the list.
      return (value) => types.some((type) => isOfType(value, type));
    }
    case '$size':
      return (value) => Array.isArray(value) && value.length === operand;
    case '$mod': {
      const [divisor, rest] = operand as [number, number];
      // Mongo takes numbers alone; in RxDB null counts as 0, texts as the numbers that they read.
      return (value) => listOf(value).some((one) => (one as number) % divisor === rest);
    }
    case '$regex': {
      const pattern = new RegExp(operand as string, matcher['$options'] as string | undefined);
      const matches = (one: unknown): boolean => typeof one === 'string' && pattern.test(one);
      return (value) => listOf(value).some((one) => listOf(one).some(matches));
    }
    case '$elemMatch': {
      const test = elementTest(operand as Document);
      return (value) => Array.isArray(value) && value.some((one) => test(one));
    }
    default:
      throw new Error(`the oracle does not know ${operator}`);
  }
}

function elementTest(criteria: Document): Test {
  const keys = Object.keys(criteria);
  const isOfValue = keys.every((key) => key.startsWith('$') && !LOGICAL.has(key));
  if (!isOfValue) return selectorTest(criteria);
  const test = fieldTest('element', criteria);
  return (element) => test({ element });
}

const LOGICAL = new Set(['$and', '$or', '$nor']);

/** Null and an absent value are equal, as in Mongo; a list equals also by any of its elements. */
function equals(value: unknown, operand: unknown, steps: number): boolean {
  if (isSame(value, operand)) return true;
  if (isNil(value) && isNil(operand)) return true;
  if (!Array.isArray(value)) return false;
  // RxDB looks into lists within lists as many times as the path has points.
  return [...(value as unknown[]), ...value.flat(steps)].some((one) => isSame(one, operand));
}

/** Mongo also compares a list as a whole; RxDB only its elements. */
function isOneOf(value: unknown, operand: readonly unknown[]): boolean {
  if (isNil(value)) return operand.includes(null);
  return listOf(value).some((one) => operand.some((other) => isSame(one, other)));
}

/**
 * Only values of one type compare, as in Mongo. Of null: an absent value is not null here, in Mongo
 * it is.
 */
function compares(value: unknown, operand: unknown, holds: (order: number) => boolean): boolean {
  return listOf(value).some(
    (one) => typeName(one) === typeName(operand) && holds(orderOf(one, operand)),
  );
}

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'string':
    case 'boolean':
      return typeof value === type;
    case 'number':
      return typeof value === 'number';
    case 'int':
      // Mongo knows an integer by how it is stored; for RxDB any number without a fraction is one.
      return Number.isInteger(value);
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    default:
      throw new Error('the oracle does not know this type');
  }
}

/**
 * The value at a path. Through a list it is the list of the values in its elements, as in Mongo. Two
 * things are RxDB's own: of a value that is no object (in `$elemMatch`) any path gives the value
 * itself, and a list directly within a list is not walked through.
 */
function valueAt(root: unknown, path: string): unknown {
  if (!isObject(root) && !Array.isArray(root)) return root;
  const steps = path.split('.');
  if (steps.length === 1 && isObject(root)) return root[path];
  let lists = 0;
  const walk = (from: unknown, at: number, isElement: boolean): unknown => {
    const step = steps[at];
    if (step === undefined) return from;
    if (Array.isArray(from)) {
      if (/^\d+$/.test(step)) return walk(from[Number(step)], at + 1, false);
      if (isElement && lists > 0) return from;
      lists += 1;
      const values = (from as unknown[]).map((one) => walk(one, at, true));
      return values.filter((value) => value !== undefined);
    }
    return isObject(from) ? walk(from[step], at + 1, false) : undefined;
  };
  let value = walk(root, 0, true);
  // A single list found through lists stands for itself.
  for (; lists > 0 && Array.isArray(value) && value.length === 1; lists -= 1) {
    const [only] = value as unknown[];
    if (!Array.isArray(only)) break;
    value = only;
  }
  return value;
}

/**
 * A field of elements exists when one element has it; in a list without elements none does. RxDB takes
 * a list within the list for one that has it, whatever is in there; Mongo does not.
 */
function hasValue(root: unknown, path: string): boolean {
  if (!isObject(root)) return root !== undefined;
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  if (steps.length === 0 || /^\d+$/.test(last)) return valueAt(root, path) !== undefined;
  const parent = valueAt(root, steps.join('.'));
  if (!Array.isArray(parent)) return valueAt(root, path) !== undefined;
  return parent.some((one) => Array.isArray(one) || (isObject(one) && one[last] !== undefined));
}

/** For sorting, a path never leads through lists (in Mongo it does). */
function plainValue(document: Document, path: string): unknown {
  let value: unknown = document;
  for (const step of path.split('.')) value = isObject(value) ? value[step] : undefined;
  return value;
}

/** RxDB's order of types: absent, null, numbers, texts, objects, lists, booleans. */
const TYPES = ['undefined', 'null', 'number', 'string', 'object', 'array', 'boolean'];

function orderOf(a: unknown, b: unknown): number {
  const types = TYPES.indexOf(typeName(a)) - TYPES.indexOf(typeName(b));
  if (types !== 0) return types;
  if (typeof a === 'object' || typeof a === 'undefined') return 0;
  const [x, y] = [a, b] as [string, string];
  if (x === y) return 0;
  return x < y ? -1 : 1;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Equal in content; the order of properties does not matter (in Mongo it does). */
function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((one, at) => isSame(one, b[at]));
  }
  if (!isObject(a)) return a === b;
  if (!isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]))
  );
}

const isNil = (value: unknown): boolean => value === null || value === undefined;
const isObject = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
