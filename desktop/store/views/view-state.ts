import type { ListPatch } from '#shared/ipc/port.ts';
import type { Changes, ListRefresh, Read, ViewDefinition } from './definition.ts';

/** What is to be told after a run: nothing, the whole answer, or what turns the last into it. */
export type Told = null | { readonly json: string; readonly isPatch: boolean };

type Row = unknown;
interface Kept {
  readonly row: Row;
  readonly json: string;
}

/** More keys than this, and more than a quarter of the list, are computed as a whole. */
const MANY_KEYS = 50;

/** One watched answer: brings it up to date and tells it as a patch where that is smaller. */
export class ViewState {
  readonly #view: ViewDefinition<unknown, unknown>;
  readonly #arg: unknown;
  /** Rows of a list by key, in the order of the answer. */
  #rows: Map<string, Kept> | null = null;
  #last: string | null = null;
  /** Of an answer that is no list. */
  #answer: unknown = null;

  constructor(view: ViewDefinition<never, unknown>, arg: unknown) {
    this.#view = view as unknown as ViewDefinition<unknown, unknown>;
    this.#arg = arg;
  }

  /** True when a change of these tables can matter. */
  reads(tables: Iterable<string>): boolean {
    for (const table of tables) if (this.#view.reads.includes(table)) return true;
    return false;
  }

  /** The present answer as JSON text. Computes nothing. */
  whole(): string | null {
    if (this.#rows === null) return this.#last;
    return `[${[...this.#rows.values()].map(({ json }) => json).join(',')}]`;
  }

  /** The present answer. Computes nothing. */
  answer(): unknown {
    return this.#rows === null ? this.#answer : [...this.#rows.values()].map(({ row }) => row);
  }

  /**
   * Brings the answer up to date. Call it inside a read transaction.
   * @param changes what has changed since the last run; null: everything may have
   */
  run(read: Read, changes: Changes | null): Told {
    const list = this.#view.list as ListRefresh<unknown, Row> | undefined;
    if (!list) return this.#runPlain(read);
    const before = this.#rows;
    const after =
      (before && changes && this.#refreshed(list, read, before, changes)) ??
      this.#fromScratch(list, read, before);
    if (after === before) return null;
    this.#rows = after;
    if (!before) return { json: this.whole() ?? '[]', isPatch: false };
    return this.#tell(before, after);
  }

  #runPlain(read: Read): Told {
    const answer = this.#view.compute(read, this.#arg);
    const json = JSON.stringify(answer);
    if (json === this.#last) return null;
    this.#last = json;
    this.#answer = answer;
    return { json, isPatch: false };
  }

  #fromScratch(
    list: ListRefresh<unknown, Row>,
    read: Read,
    before: Map<string, Kept> | null,
  ): Map<string, Kept> {
    const rows = new Map<string, Kept>();
    for (const row of this.#view.compute(read, this.#arg) as Row[]) {
      const key = list.key(row);
      rows.set(key, kept(row, before?.get(key)));
    }
    return rows;
  }

  /** Undefined when it has to be computed as a whole. */
  #refreshed(
    list: ListRefresh<unknown, Row>,
    read: Read,
    before: Map<string, Kept>,
    changes: Changes,
  ): Map<string, Kept> | undefined {
    if (!list.keysOf) return undefined;
    const last = new Map([...before].map(([key, { row }]) => [key, row]));
    const found = list.keysOf(read, changes, this.#arg, last);
    if (found === null) return undefined;
    const keys = [...new Set(found)];
    if (keys.length === 0) return before;
    if (!list.computeKeys || !list.compare) return undefined;
    if (keys.length > Math.max(MANY_KEYS, before.size / 4)) return undefined;

    const made = new Map<string, Kept>();
    for (const row of list.computeKeys(read, this.#arg, keys)) {
      const key = list.key(row);
      made.set(key, kept(row, before.get(key)));
    }
    const limit = list.limit?.(this.#arg) ?? Infinity;
    if (before.size >= limit && keys.some((key) => leaves(before.get(key), made.get(key), list))) {
      // Something that lies beyond the limit may come up.
      return undefined;
    }
    const changed = keys.filter((key) => made.get(key) !== before.get(key));
    if (changed.length === 0) return before;
    return merged(before, changed, made, list.compare, limit);
  }

  #tell(before: Map<string, Kept>, after: Map<string, Kept>): Told {
    const patch = patchOf(before, after);
    if (patch === null) return null;
    const whole = this.whole() ?? '[]';
    return patch.length * 2 < whole.length
      ? { json: patch, isPatch: true }
      : { json: whole, isPatch: false };
  }
}

/** Keeps the former object where nothing differs, so that equal rows are the same row. */
function kept(row: Row, former: Kept | undefined): Kept {
  const json = JSON.stringify(row);
  return former?.json === json ? former : { row, json };
}

/** True when a row was in the answer and goes, or moves towards its end. */
function leaves(
  was: Kept | undefined,
  is: Kept | undefined,
  list: ListRefresh<unknown, Row>,
): boolean {
  if (!was || was === is) return false;
  return !is || (list.compare?.(was.row, is.row) ?? -1) < 0;
}

/** The former list without what has changed, and the changed rows at their places. */
function merged(
  before: Map<string, Kept>,
  changed: readonly string[],
  made: ReadonlyMap<string, Kept>,
  compare: (a: Row, b: Row) => number,
  limit: number,
): Map<string, Kept> {
  const gone = new Set(changed);
  const added = changed
    .flatMap((key) => {
      const row = made.get(key);
      return row ? [[key, row] as const] : [];
    })
    .toSorted(([, a], [, b]) => compare(a.row, b.row));
  const after = new Map<string, Kept>();
  let next = 0;
  const put = ([key, row]: readonly [string, Kept]): void => {
    if (after.size < limit) after.set(key, row);
  };
  for (const entry of before) {
    if (gone.has(entry[0])) continue;
    for (let add = added[next]; add && compare(add[1].row, entry[1].row) < 0; add = added[next]) {
      put(add);
      next += 1;
    }
    put(entry);
  }
  for (const add of added.slice(next)) put(add);
  return after;
}

/**
 * What turns one list into the other: indexes of rows that leave the former one, then rows with the
 * index at which they enter. Rows that stay keep their order. Null when nothing differs.
 */
function patchOf(before: Map<string, Kept>, after: Map<string, Kept>): string | null {
  const places = new Map([...before.values()].map((row, index) => [row, index]));
  const stays = new Set<number>();
  const put: string[] = [];
  let furthest = -1;
  let index = 0;
  for (const row of after.values()) {
    const was = places.get(row);
    if (was !== undefined && was > furthest) {
      furthest = was;
      stays.add(was);
    } else {
      put.push(`[${index},${row.json}]`);
    }
    index += 1;
  }
  if (put.length === 0 && stays.size === before.size) return null;
  const drop: ListPatch['drop'] = [];
  for (let at = 0; at < before.size; at += 1) if (!stays.has(at)) drop.push(at);
  return `{"drop":${JSON.stringify(drop)},"put":[${put.join(',')}],"length":${after.size}}`;
}
