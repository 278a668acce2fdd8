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
  /** A new value of something watched, as JSON text: parsing one string beats cloning a tree. */
  z.object({ kind: z.literal('next'), id: Id, json: z.string() }),
]);
export type FromStore = z.infer<typeof FromStore>;

/** Name of the database that windows ask RxDB's remote storage for. */
export const DATABASE_NAME = 'ganger';

/** Message that hands a window its two ports (through the preload, by `window.postMessage`). */
export const PORTS_MESSAGE = 'ganger:ports';
