import { ZERO_HLC } from '#shared/kernel/hlc.ts';
import type { Hlc } from '#shared/kernel/hlc.ts';
import { canonicalJson, sameContent } from '#shared/kernel/json.ts';
import type { MergeRule, Row } from '#shared/schema/define.ts';
import { deviceFields } from '#shared/schema/rows.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { clampValue, emptyOf, joinValues, joinedShape, stampsInValue } from './join-field.ts';
import type { JoinedShape } from './join-field.ts';
import { restampValue } from './restamp.ts';
import { emptyText, isSharedText } from './shared-text.ts';

/** Field → stamp of its last change. */
export type Stamps = Readonly<Record<string, Hlc>>;

/** A field that two people changed without seeing each other's change. */
export interface Contest {
  readonly field: string;
  readonly rule: 'LWW' | 'HR';
  readonly kept: { readonly value: unknown; readonly hlc: Hlc };
  readonly lost: { readonly value: unknown; readonly hlc: Hlc };
  /** True when the kept value is the one of the row passed as `mine`. */
  readonly keptMine: boolean;
}

export interface Merged {
  readonly row: Row;
  /** Fields in which the merged row differs from `theirs`. */
  readonly changed: readonly string[];
  readonly contests: readonly Contest[];
}

const STAMPED: ReadonlySet<MergeRule> = new Set(['LWW', 'HR', 'SM', 'CLM']);

/** What follows from the definition of a table alone, found once: every row that is merged asks for it. */
function perTable<V extends object>(find: (table: TableName) => V): (table: TableName) => V {
  const known = new Map<TableName, V>();
  return (table) => {
    const before = known.get(table);
    if (before) return before;
    const found = find(table);
    known.set(table, found);
    return found;
  };
}

/** Names of the fields of a record that carry a stamp: the later one wins. */
export const stampedFields = perTable<readonly string[]>((table) =>
  deviceFields(tableOf(table))
    .filter(([, field]) => STAMPED.has(field.merge))
    .map(([name]) => name),
);
const stampedSet = perTable<ReadonlySet<string>>((table) => new Set(stampedFields(table)));

const shapesOf = perTable<ReadonlyMap<string, JoinedShape>>(
  (table) =>
    new Map(
      deviceFields(tableOf(table)).flatMap(([name, field]) => {
        const shape = joinedShape(field);
        return shape ? [[name, shape] as const] : [];
      }),
    ),
);

/** Names of the fields of a record that carry their own history: sets, counters, shared texts. */
export const joinedFields = perTable<readonly string[]>((table) => [...shapesOf(table).keys()]);

/** Names of the fields of a record that may change after it was made. */
export const changeableFields = perTable<readonly string[]>((table) => [
  ...stampedFields(table),
  ...joinedFields(table),
]);
const changeableSet = perTable<ReadonlySet<string>>((table) => new Set(changeableFields(table)));

export const stampsOf = (row: Row | null): Stamps => row?.field_hlc ?? {};

/** The later stamp of every field that stands in either. */
export function joinStamps(a: Stamps, b: Stamps): Stamps {
  const out: Record<string, Hlc> = { ...a };
  for (const [field, hlc] of Object.entries(b)) {
    const other = out[field];
    if (other === undefined || hlc > other) out[field] = hlc;
  }
  return out;
}

/**
 * Two states of one record as one: for every field the later stamp wins; equal stamps are decided by
 * the canonical text of the value; what carries its own history joins by it. A semilattice a field,
 * so that any order, grouping or repetition of states gives the same record.
 */
export function joinRecords(table: TableName, a: Row, b: Row): Row {
  const out: Row = { ...a };
  const stamps: Record<string, Hlc> = {};
  const stamped = stampedSet(table);
  const joined = shapesOf(table);
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (key === 'id' || key === 'field_hlc') continue;
    const shape = joined.get(key);
    if (shape) {
      out[key] = joinValues(shape, a[key], b[key]);
      continue;
    }
    if (!stamped.has(key)) {
      // Set once: both sides say the same, or the canonical order decides alike everywhere.
      out[key] = isFirst(a[key], b[key]) ? a[key] : b[key];
      continue;
    }
    const mine = stampsOf(a)[key] ?? ZERO_HLC;
    const theirs = stampsOf(b)[key] ?? ZERO_HLC;
    out[key] = isLater(mine, a[key], theirs, b[key]) ? a[key] : b[key];
    const latest = mine > theirs ? mine : theirs;
    if (latest !== ZERO_HLC) stamps[key] = latest;
  }
  out.field_hlc = stamps;
  return out;
}

/**
 * Merges a device's state of a record into the master and tells which fields were contested.
 * @param base stamps that the device had seen of the master when it wrote (empty when it knew none)
 * @param mine the device's state
 * @param theirs the master
 */
export function mergeRecord(table: TableName, base: Stamps, mine: Row, theirs: Row): Merged {
  const row = joinRecords(table, mine, theirs);
  // What never changes stays as the master has it; the caller refuses attempts to change it.
  const changeable = changeableSet(table);
  for (const key of Object.keys(row)) {
    if (key !== 'field_hlc' && !changeable.has(key)) row[key] = theirs[key] ?? null;
  }
  const contests: Contest[] = [];
  const changed: string[] = [];
  for (const [field, definition] of deviceFields(tableOf(table))) {
    if (!changeable.has(field)) continue;
    if (!sameContent(row[field], theirs[field])) changed.push(field);
    const rule = definition.merge;
    if (rule !== 'LWW' && rule !== 'HR') continue;
    const seen = base[field] ?? ZERO_HLC;
    const mineHlc = stampsOf(mine)[field] ?? ZERO_HLC;
    const theirHlc = stampsOf(theirs)[field] ?? ZERO_HLC;
    if (mineHlc <= seen || theirHlc <= seen) continue;
    if (sameContent(mine[field], theirs[field])) continue;
    // A machine and its copy can give one stamp to two values.
    const keptMine = isLater(mineHlc, mine[field], theirHlc, theirs[field]);
    const a = { value: mine[field] ?? null, hlc: mineHlc };
    const b = { value: theirs[field] ?? null, hlc: theirHlc };
    contests.push({ field, rule, kept: keptMine ? a : b, lost: keptMine ? b : a, keptMine });
  }
  return { row, changed, contests };
}

/**
 * True when a state of a record holds something that another has not: a later stamp, or of a set, a
 * counter or a text what is not in the other's.
 */
export function isAhead(table: TableName, mine: Row, theirs: Row): boolean {
  const isLaterHere = (field: string): boolean =>
    (stampsOf(mine)[field] ?? ZERO_HLC) > (stampsOf(theirs)[field] ?? ZERO_HLC);
  if (stampedFields(table).some(isLaterHere)) return true;
  return [...shapesOf(table)].some(
    ([field, shape]) =>
      !sameContent(joinValues(shape, mine[field], theirs[field]), theirs[field] ?? emptyOf(shape)),
  );
}

/** Names of the fields that should hold a shared text and do not; see `isSharedText`. */
export function malformedTexts(table: TableName, row: Row): string[] {
  return [...shapesOf(table)].flatMap(([field, shape]) =>
    shape === 'text' && !isSharedText((row[field] ?? emptyText()) as string) ? [field] : [],
  );
}

/** Fields that may not change any more but differ between two states of a row. */
export function frozenDifferences(table: TableName, mine: Row, theirs: Row): string[] {
  const changeable = changeableSet(table);
  return deviceFields(tableOf(table))
    .map(([field]) => field)
    .filter((field) => !changeable.has(field) && !sameContent(mine[field], theirs[field]));
}

/**
 * All stamps of a row.
 * @param table where it is said, the stamps within its sets as well
 */
export function stampsIn(row: Row, table?: TableName): Hlc[] {
  return [
    ...(row.hlc === undefined ? [] : [row.hlc]),
    ...Object.values(stampsOf(row)),
    ...(table === undefined
      ? []
      : [...shapesOf(table)].flatMap(([field, shape]) => stampsInValue(shape, row[field]))),
  ];
}

/**
 * A row with some of its stamps replaced.
 * @param clamped old stamp → new stamp, see `clampStamps`
 * @param table where it is said, the stamps within its sets as well
 */
export function clampRow(row: Row, clamped: ReadonlyMap<Hlc, Hlc>, table?: TableName): Row {
  if (clamped.size === 0 && (table === undefined || shapesOf(table).size === 0)) return row;
  const out: Row = { ...row };
  if (row.hlc !== undefined) out.hlc = clamped.get(row.hlc) ?? row.hlc;
  if (row.field_hlc !== undefined) out.field_hlc = clampBase(row.field_hlc, clamped);
  for (const [field, shape] of table === undefined ? [] : shapesOf(table)) {
    if (field in row) out[field] = clampValue(shape, row[field], clamped);
  }
  return out;
}

/** As `clampRow`, for stamps alone. */
export function clampBase(stamps: Stamps, clamped: ReadonlyMap<Hlc, Hlc>): Record<string, Hlc> {
  if (clamped.size === 0) return { ...stamps };
  return Object.fromEntries(
    Object.entries(stamps).map(([field, hlc]) => [field, clamped.get(hlc) ?? hlc]),
  );
}

/**
 * Stamps what a local edit changed. Fields that did not change keep the stamp that the store holds;
 * what the window sent as stamps counts for nothing. Of sets, counters and shared texts the window
 * only says what it wants; how that came about is written here, on top of what the store holds.
 * @param deviceId the device that edits; needed where a counter grows
 * @throws TypeError when a counter grows and no device is named; RangeError when a shared text is none
 */
export function stampEdit(
  table: TableName,
  before: Row | null,
  after: Row,
  hlc: Hlc,
  deviceId?: string,
): Row {
  const out: Row = { ...after };
  const stamps: Record<string, Hlc> = { ...stampsOf(before) };
  for (const field of stampedFields(table)) {
    if (!before || !sameContent(before[field], after[field])) stamps[field] = hlc;
  }
  for (const [field, shape] of shapesOf(table)) {
    out[field] = restampValue(shape, before?.[field], after[field], hlc, deviceId);
  }
  out.field_hlc = stamps;
  return out;
}

function isLater(aHlc: Hlc, aValue: unknown, bHlc: Hlc, bValue: unknown): boolean {
  if (aHlc !== bHlc) return aHlc > bHlc;
  return isFirst(bValue, aValue);
}

/** True when a value stands before another one, or beside it, in the order of canonical texts. */
function isFirst(a: unknown, b: unknown): boolean {
  return a === b || canonicalJson(a) <= canonicalJson(b);
}
