import { z } from 'zod';

/** How a table is shown: which columns, in which order of rows, and which rows. */
export const TableView = z.object({
  /** Ids of columns that are hidden; all others show, new ones of a later version too. */
  hidden: z.array(z.string().max(60)).max(60),
  sort: z.object({ id: z.string().max(60), desc: z.boolean() }).nullable(),
  /** Column → words that its rows may have; a column that is not named lets all through. */
  filters: z.record(z.string().max(60), z.array(z.string().max(200)).max(200)),
});
export type TableView = z.infer<typeof TableView>;

/** How a person has arranged one table: as it is now, and the views that they saved by name. */
export const Arrangement = z.object({
  view: TableView,
  saved: z.array(z.object({ name: z.string().min(1).max(60), view: TableView })).max(30),
});
export type Arrangement = z.infer<typeof Arrangement>;

/** An arrangement that was kept earlier; null when it is none that this version reads. */
export function readArrangement(kept: string | null): Arrangement | null {
  if (kept === null) return null;
  try {
    return Arrangement.parse(JSON.parse(kept));
  } catch {
    // As written by another version: the table is as at first, and no view is lost that it could show.
    return null;
  }
}

export const hidden = (view: TableView, id: string, hide: boolean): TableView => ({
  ...view,
  hidden: [...view.hidden.filter((other) => other !== id), ...(hide ? [id] : [])],
});

/** @param words those that show; none lets all rows through */
export function filtered(view: TableView, id: string, words: readonly string[]): TableView {
  const { [id]: _former, ...filters } = view.filters;
  return { ...view, filters: words.length === 0 ? filters : { ...filters, [id]: [...words] } };
}

/** Keeps the present view under a name, in place of one of the same name. */
export function withSaved(arrangement: Arrangement, name: string): Arrangement {
  const { view, saved } = arrangement;
  const others = saved.filter((other) => other.name !== name);
  const all = [...others, { name, view }];
  return { view, saved: all.toSorted((a, b) => a.name.localeCompare(b.name)) };
}

export const withoutSaved = (arrangement: Arrangement, name: string): Arrangement => ({
  ...arrangement,
  saved: arrangement.saved.filter((other) => other.name !== name),
});

/** The name under which the present view is saved, or null. */
export function nameOfView({ view, saved }: Arrangement): string | null {
  const same = saved.find((other) => sameView(other.view, view));
  return same?.name ?? null;
}

export function sameView(a: TableView, b: TableView): boolean {
  return canonical(a) === canonical(b);
}

function canonical({ hidden: ids, sort, filters }: TableView): string {
  const entries = Object.entries(filters).map(([id, words]) => [id, words.toSorted()] as const);
  return JSON.stringify([
    ids.toSorted(),
    sort && [sort.id, sort.desc],
    entries.toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ]);
}

/** True for a row that every filter lets through. */
export function passes<R>(
  filters: TableView['filters'],
  columns: readonly { readonly id: string; readonly filter?: (row: R) => string }[],
): (row: R) => boolean {
  const asked = columns.flatMap(({ id, filter }) => {
    const words = filters[id];
    return filter && words ? [{ filter, words: new Set(words) }] : [];
  });
  return (row) => asked.every(({ filter, words }) => words.has(filter(row)));
}
