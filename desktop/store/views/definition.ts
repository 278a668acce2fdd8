import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { TableName } from '#shared/schema/tables.ts';

export type Read = EncryptedDatabase['read'];

/** Which rows have changed, by table. A table that is not named has no changed row. */
export type Changes = ReadonlyMap<string, ReadonlySet<string>>;

/** A record of which an answer shows something, and whom it is about. */
export interface ShownRecord {
  readonly id: string;
  readonly patient: string | null;
}

/**
 * What an answer shows of people, for the trail of reads. record: opened by itself · list: among others,
 * with what counts of them · names: who they are and no more, which is no read by itself, but counts when
 * it leaves the app.
 */
export interface Shown {
  readonly kind: 'record' | 'list' | 'names';
  readonly table: string;
  readonly records: readonly ShownRecord[];
  /** Of names: somebody looked for these. */
  readonly isFound?: boolean;
}

/** A derived read: the tables that it is made of, and how it is computed. */
export interface ViewDefinition<Arg, Out> {
  /** Tables whose changes can change the answer. */
  readonly reads: readonly string[];
  /** The whole answer. All reads of one call see the same state of the database. */
  compute(read: Read, arg: Arg): Out;
  /**
   * What an answer shows of people, for the trail of reads, where the tables that it reads do not say it
   * rightly; see `shownBy`.
   */
  shows?(answer: Out, arg: Arg): readonly Shown[];
  /** How an answer that is a list is brought up to date; without it `compute` runs again. */
  readonly list?: Out extends readonly (infer Row)[] ? ListRefresh<Arg, Row> : never;
}

/** What makes a list of rows cheap to keep up to date. */
export interface ListRefresh<Arg, Row> {
  /** Identifies a row among all of an answer. */
  key(row: Row): string;
  /**
   * Keys of all rows that may differ now, appear or go; null when that cannot be told. A changed row
   * that is not there any more cannot be asked what it belonged to: say null then, unless `last`
   * knows. Leave out altogether for a list that is always computed as a whole.
   */
  keysOf?(read: Read, changes: Changes, arg: Arg, last: ReadonlyMap<string, Row>): Keys;
  /** The rows of these keys as `compute` would give them, in any order; others are left out. */
  computeKeys?(read: Read, arg: Arg, keys: readonly string[]): Row[];
  /** The order of `compute`. */
  compare?(a: Row, b: Row): number;
  /** Most rows that `compute` gives. */
  limit?(arg: Arg): number;
}

export type Keys = Iterable<string> | null;

/** FROM name of a table: its live rows. */
export const live = (table: string): string => `live_${table}`;

/** A device opens only the tables that its person may read. */
export const isOpen = (read: Read, table: TableName): boolean =>
  read("select 1 as found from sqlite_master where type = 'view' and name = ?", [live(table)])
    .length > 0;

/** Compares texts as SQLite does: by code points. */
export function byText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x !== y) return weight(x) - weight(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points beyond all other units. */
const weight = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

/**
 * The distinct values of a column in the live rows with the given ids; null when one of them is not
 * there any more, so that nobody can tell what it belonged to.
 */
export function valuesOf(
  read: Read,
  table: string,
  column: string,
  ids: ReadonlySet<string> | undefined,
): string[] | null {
  if (!ids) return [];
  const found = read<{ value: string }>(
    `select t.${column} as value from json_each(?) w
     cross join ${live(table)} t on t.id = w.value`,
    [JSON.stringify([...ids])],
  );
  if (found.length < ids.size) return null;
  return [...new Set(found.map(({ value }) => value))];
}
