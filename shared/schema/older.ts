import { sameContent } from '#shared/kernel/json.ts';
import type { Field, Row, TableDefinition } from './define.ts';
import { HISTORY } from './history.ts';
import type { History, TableChange } from './history.ts';
import { TABLE_NAMES, tableOf } from './tables.ts';
import type { TableName } from './tables.ts';

type AnyRow = Readonly<Record<string, unknown>>;

/** The version whose tables this build has. */
export const SCHEMA_VERSION = Math.max(1, ...Object.keys(HISTORY).map(Number));

/** What changed in a table after a version, oldest first. */
function changesAfter(table: string, version: number, history: History): TableChange[] {
  return Object.keys(history)
    .map(Number)
    .filter((each) => each > version)
    .toSorted((a, b) => a - b)
    .flatMap((each) => history[each]?.changed?.[table] ?? []);
}

/** True when a version knows a table. */
export const hasTable = (table: string, version: number, history: History = HISTORY): boolean =>
  !Object.entries(history).some(
    ([at, { tables = [] }]) => Number(at) > version && tables.includes(table),
  );

/** The tables that a version knows, parents first. */
export const tablesAt = (version: number): readonly TableName[] =>
  TABLE_NAMES.filter((table) => hasTable(table, version));

/** True when a version has the table, and has it as this build does. */
export function isSameSince(table: string, version: number, history: History = HISTORY): boolean {
  const find = (): boolean =>
    hasTable(table, version, history) && changesAfter(table, version, history).length === 0;
  if (history !== HISTORY) return find();
  const key = `${table}/${version}`;
  const known = sameSince.get(key) ?? find();
  sameSince.set(key, known);
  return known;
}
const sameSince = new Map<string, boolean>();

/** A table as a version had it; null when it did not know it. */
export function definitionAt(
  table: TableName,
  version: number,
  history: History = HISTORY,
): TableDefinition | null {
  if (!hasTable(table, version, history)) return null;
  const key = `${table}/${version}`;
  const known = history === HISTORY ? asTheyWere.get(key) : undefined;
  if (known) return known;
  const now = tableOf(table);
  let fields: Record<string, Field<unknown>> = { ...now.fields };
  for (const change of changesAfter(table, version, history).toReversed()) {
    fields = Object.fromEntries(
      Object.entries(fields).flatMap(([name, field]) => {
        if (Object.hasOwn(change.added ?? {}, name)) return [];
        return [[change.renamed?.[name] ?? name, change.was?.[name]?.field ?? field]];
      }),
    );
  }
  const then = { ...now, fields };
  if (history === HISTORY) asTheyWere.set(key, then);
  return then;
}
const asTheyWere = new Map<string, TableDefinition>();

/**
 * A row of this build as a client of an older version reads it: without what that one does not know.
 * @returns null when it cannot be read there, so that it is withheld
 */
export function lowerRow<R extends AnyRow>(
  table: TableName,
  row: R,
  version: number,
  history: History = HISTORY,
): R | null {
  let out: Record<string, unknown> = { ...row };
  const stamps: Record<string, unknown> = { ...(row['field_hlc'] as AnyRow | undefined) };
  for (const { added = {}, renamed = {}, was = {} } of changesAfter(
    table,
    version,
    history,
  ).toReversed()) {
    for (const [name, { field, shown = {} }] of Object.entries(was)) {
      const value = out[name];
      if (value === undefined || field.zod.safeParse(value).success) continue;
      const instead = typeof value === 'string' ? shown[value] : undefined;
      if (instead === undefined) return null;
      out[name] = instead;
    }
    for (const name of Object.keys(added)) {
      delete out[name];
      delete stamps[name];
    }
    out = withNames(out, renamed);
    for (const [now, before] of Object.entries(renamed)) move(stamps, now, before);
  }
  if (row['field_hlc'] !== undefined) out['field_hlc'] = stamps;
  return out as R;
}

/** A row of an older version as this build has it; what that version does not know has its default. */
export function raiseRow<R extends AnyRow>(
  table: TableName,
  row: R,
  version: number,
  history: History = HISTORY,
): R {
  let out: Record<string, unknown> = { ...row };
  const stamps: Record<string, unknown> = { ...(row['field_hlc'] as AnyRow | undefined) };
  for (const { added = {}, renamed = {} } of changesAfter(table, version, history)) {
    const back = Object.fromEntries(Object.entries(renamed).map(([now, before]) => [before, now]));
    out = withNames(out, back);
    for (const [before, now] of Object.entries(back)) move(stamps, before, now);
    for (const [name, value] of Object.entries(added)) if (!(name in out)) out[name] = value;
  }
  if (row['field_hlc'] !== undefined) out['field_hlc'] = stamps;
  return out as R;
}

/** Stamps of an older version under the names of this build. */
export const raiseStamps = (
  table: TableName,
  stamps: Readonly<Record<string, string>>,
  version: number,
): Record<string, string> =>
  raiseRow(table, { field_hlc: stamps }, version).field_hlc as Record<string, string>;

/** Fields of this build that came after a version, with what they are where nobody has said anything. */
export function fieldsSince(
  table: TableName,
  version: number,
  history: History = HISTORY,
): ReadonlyMap<string, unknown> {
  const since = new Map<string, unknown>();
  for (const { added = {}, renamed = {} } of changesAfter(table, version, history)) {
    for (const [now, before] of Object.entries(renamed)) {
      if (!since.has(before)) continue;
      since.set(now, since.get(before));
      since.delete(before);
    }
    for (const [name, value] of Object.entries(added)) since.set(name, value);
  }
  return since;
}

/**
 * A row that somebody of another version sends, completed by what the other side holds. What the
 * sender does not know is no wish to change it: fields that came after their version, fields that
 * still have the value of rows for which nobody has said anything, and values that the sender was
 * only shown in the place of others, all stay as they are there.
 * @param sent as this build has rows, see `raiseRow`
 * @param held the row of the other side, whole
 * @param oldest the oldest version from which somebody may have carried the row on
 */
export function completeRow(
  table: TableName,
  sent: Row,
  held: Row,
  versions: { readonly sender: number; readonly oldest: number },
  history: History = HISTORY,
): Row {
  const out: Row = { ...sent };
  const stamps: Record<string, string> = { ...sent.field_hlc };
  const keep = (name: string): void => {
    out[name] = held[name];
    delete stamps[name];
    const stamp = held.field_hlc?.[name];
    if (stamp !== undefined) stamps[name] = stamp;
  };
  const unknown = fieldsSince(table, versions.sender, history);
  for (const [name, untouched] of fieldsSince(table, versions.oldest, history)) {
    const unsaid = stamps[name] === undefined && sameContent(sent[name], untouched);
    if (unknown.has(name) || unsaid) keep(name);
  }
  const shown = lowerRow(table, held, versions.sender, history);
  if (shown) {
    const back = raiseRow(table, shown, versions.sender, history);
    for (const name of Object.keys(tableOf(table).fields)) {
      if (unknown.has(name) || sameContent(back[name], held[name])) continue;
      const seen = (stamps[name] ?? '') <= (held.field_hlc?.[name] ?? '');
      if (seen && sameContent(sent[name], back[name])) keep(name);
    }
  }
  if (sent.field_hlc !== undefined) out.field_hlc = stamps;
  return out;
}

const withNames = (row: AnyRow, names: Readonly<Record<string, string>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [names[name] ?? name, value]));

function move(stamps: Record<string, unknown>, from: string, to: string): void {
  if (!(from in stamps)) return;
  stamps[to] = stamps[from];
  delete stamps[from];
}
