import { ZERO_HLC } from '#shared/kernel/hlc.ts';
import type { Hlc } from '#shared/kernel/hlc.ts';
import { canonicalJson, sameContent } from '#shared/kernel/json.ts';
import type { MergeRule, Row } from '#shared/schema/define.ts';
import { deviceFields } from '#shared/schema/rows.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';

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

const STAMPED: ReadonlySet<MergeRule> = new Set(['LWW', 'HR', 'SM']);

/** Names of the fields of a record that carry a stamp, since they may change. */
export function stampedFields(table: TableName): readonly string[] {
  return deviceFields(tableOf(table))
    .filter(([, field]) => STAMPED.has(field.merge))
    .map(([name]) => name);
}

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
 * the canonical text of the value. A join of a total order per field, so that any order, grouping
 * or repetition of states gives the same record.
 */
export function joinRecords(table: TableName, a: Row, b: Row): Row {
  const out: Row = { ...a };
  const stamps: Record<string, Hlc> = {};
  const stamped = new Set(stampedFields(table));
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (key === 'id' || key === 'field_hlc') continue;
    if (!stamped.has(key)) {
      // Set once: both sides say the same, or the canonical order decides alike everywhere.
      out[key] = canonicalJson(a[key]) <= canonicalJson(b[key]) ? a[key] : b[key];
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
  const stamped = new Set(stampedFields(table));
  for (const key of Object.keys(row)) {
    if (key !== 'field_hlc' && !stamped.has(key)) row[key] = theirs[key] ?? null;
  }
  const contests: Contest[] = [];
  const changed: string[] = [];
  for (const [field, definition] of deviceFields(tableOf(table))) {
    if (!stamped.has(field)) continue;
    if (!sameContent(row[field], theirs[field])) changed.push(field);
    const rule = definition.merge;
    if (rule !== 'LWW' && rule !== 'HR') continue;
    const seen = base[field] ?? ZERO_HLC;
    const mineHlc = stampsOf(mine)[field] ?? ZERO_HLC;
    const theirHlc = stampsOf(theirs)[field] ?? ZERO_HLC;
    if (mineHlc <= seen || theirHlc <= seen || mineHlc === theirHlc) continue;
    if (sameContent(mine[field], theirs[field])) continue;
    const keptMine = mineHlc > theirHlc;
    const a = { value: mine[field] ?? null, hlc: mineHlc };
    const b = { value: theirs[field] ?? null, hlc: theirHlc };
    contests.push({ field, rule, kept: keptMine ? a : b, lost: keptMine ? b : a, keptMine });
  }
  return { row, changed, contests };
}

/** Fields that may not change any more but differ between two states of a row. */
export function frozenDifferences(table: TableName, mine: Row, theirs: Row): string[] {
  const stamped = new Set(stampedFields(table));
  return deviceFields(tableOf(table))
    .map(([field]) => field)
    .filter((field) => !stamped.has(field) && !sameContent(mine[field], theirs[field]));
}

/** All stamps of a row. */
export function stampsIn(row: Row): Hlc[] {
  return [...(row.hlc === undefined ? [] : [row.hlc]), ...Object.values(stampsOf(row))];
}

/**
 * A row with some of its stamps replaced.
 * @param clamped old stamp → new stamp, see `clampStamps`
 */
export function clampRow(row: Row, clamped: ReadonlyMap<Hlc, Hlc>): Row {
  const out: Row = { ...row };
  if (row.hlc !== undefined) out.hlc = clamped.get(row.hlc) ?? row.hlc;
  if (row.field_hlc !== undefined) out.field_hlc = clampBase(row.field_hlc, clamped);
  return out;
}

/** As `clampRow`, for stamps alone. */
export function clampBase(stamps: Stamps, clamped: ReadonlyMap<Hlc, Hlc>): Record<string, Hlc> {
  return Object.fromEntries(
    Object.entries(stamps).map(([field, hlc]) => [field, clamped.get(hlc) ?? hlc]),
  );
}

/**
 * Stamps the fields that a local edit changed. Fields that did not change keep the stamp that the
 * store holds; what the window sent as stamps counts for nothing.
 */
export function stampEdit(table: TableName, before: Row | null, after: Row, hlc: Hlc): Row {
  const stamps: Record<string, Hlc> = { ...stampsOf(before) };
  for (const field of stampedFields(table)) {
    if (!before || !sameContent(before[field], after[field])) stamps[field] = hlc;
  }
  return { ...after, field_hlc: stamps };
}

function isLater(aHlc: Hlc, aValue: unknown, bHlc: Hlc, bValue: unknown): boolean {
  if (aHlc !== bHlc) return aHlc > bHlc;
  return canonicalJson(aValue) >= canonicalJson(bValue);
}
