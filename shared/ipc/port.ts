import { z } from 'zod';

/**
 * The messages of the typed port between a window and the store process. Beside it a window has a
 * second port that carries RxDB's remote storage.
 */
const Id = z.int().min(0);

export const ToStore = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('call'), id: Id, name: z.string().max(60), arg: z.unknown() }),
  z.strictObject({ kind: z.literal('watch'), id: Id, name: z.string().max(60), arg: z.unknown() }),
  z.strictObject({ kind: z.literal('unwatch'), id: Id }),
  /** A frame of something watched has been taken in: the store sends no more than a few unseen. */
  z.strictObject({ kind: z.literal('seen'), id: Id, n: Id }),
]);
export type ToStore = z.infer<typeof ToStore>;

export const WireError = z.object({
  code: z.string(),
  details: z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
  ),
});

export const FromStore = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answer'), id: Id, value: z.unknown() }),
  z.object({ kind: z.literal('failed'), id: Id, error: WireError }),
  /**
   * A new value of something watched, as JSON text: parsing one string beats cloning a tree. Frames
   * of a watch are numbered from 1 on; 0 stands for one that nobody has to have seen.
   */
  z.object({ kind: z.literal('next'), id: Id, n: Id.default(0), json: z.string() }),
  /** JSON text of a `ListPatch` that turns frame `n - 1` of a watched list into this one. */
  z.object({ kind: z.literal('patch'), id: Id, n: Id, json: z.string() }),
]);
export type FromStore = z.input<typeof FromStore>;

const Index = z.int().min(0);
/** How a list changes: rows leave by their former index, then others enter at their new one. */
export const ListPatch = z.object({
  /** Ascending. */
  drop: z.array(Index),
  /** Ascending by index. */
  put: z.array(z.tuple([Index, z.unknown()])),
  /** How long the list is then. */
  length: Index,
});
export type ListPatch = z.infer<typeof ListPatch>;

/**
 * The list after a patch, or null when the patch does not fit. Rows that stay are the same objects.
 */
export function patched(
  list: readonly unknown[],
  { drop, put, length }: ListPatch,
): unknown[] | null {
  const gone = new Set(drop);
  const stays = list.filter((_, index) => !gone.has(index));
  const next: unknown[] = [];
  let at = 0;
  for (const [index, row] of put) {
    if (index < next.length || index - next.length > stays.length - at) return null;
    while (next.length < index) next.push(stays[at++]);
    next.push(row);
  }
  next.push(...stays.slice(at));
  return next.length === length ? next : null;
}

/** Name of the database that windows ask RxDB's remote storage for. */
export const DATABASE_NAME = 'ganger';

/**
 * Method of a message on the storage port: change events were left out, since the window did not take
 * them in. It opens its collections anew.
 */
export const OVERFLOW = 'overflow';

/** Context of the change events that tell of rows which have left the device for good. */
export const PURGE_CONTEXT = 'store-purge';

/** Message that hands a window its two ports (through the preload, by `window.postMessage`). */
export const PORTS_MESSAGE = 'ganger:ports';
