import { z } from 'zod';
import { Cursor } from '#shared/protocol/messages.ts';

/**
 * How far a table is pulled: for each part (scope) of the table the place of the last row received.
 * RxDB stores it in the table's meta rows after the rows that it stands for.
 */
export interface TableCheckpoint {
  readonly epoch: string;
  readonly scopes: Readonly<Record<string, Cursor>>;
}

const Stored = z.object({ epoch: z.string(), scopes: z.record(z.string(), Cursor) });

/** Before every row. */
export const ZERO_CURSOR: Cursor = ['0', '00000000-0000-0000-0000-000000000000'];

/** A checkpoint as it was stored, or undefined when there is none or it cannot be read. */
export function readCheckpoint(stored: unknown): TableCheckpoint | undefined {
  const parsed = Stored.safeParse(stored);
  return parsed.success ? parsed.data : undefined;
}

/**
 * The cursors to ask with under an epoch. When the server's database is another one than that of the
 * checkpoint, its transaction ids say nothing: all known parts start anew. They stay named, so that
 * the server can still tell which of them have ended.
 */
export function cursorsFor(
  checkpoint: TableCheckpoint | undefined,
  epoch: string | null,
): Record<string, Cursor> {
  if (!checkpoint) return {};
  if (epoch === null || checkpoint.epoch === epoch) return { ...checkpoint.scopes };
  return Object.fromEntries(Object.keys(checkpoint.scopes).map((part) => [part, ZERO_CURSOR]));
}

/** The checkpoint after a page: the new cursors over the old ones, without the ended parts. */
export function advance(
  epoch: string,
  asked: Readonly<Record<string, Cursor>>,
  answered: Readonly<Record<string, Cursor>>,
  ended: readonly string[],
): TableCheckpoint {
  const scopes: Record<string, Cursor> = { ...asked, ...answered };
  for (const part of ended) delete scopes[part];
  return { epoch, scopes };
}

/** True when two checkpoints stand at the same place. */
export function sameCheckpoint(
  a: TableCheckpoint | undefined,
  b: TableCheckpoint | undefined,
): boolean {
  if (!a || !b) return a === b;
  const parts = Object.keys(a.scopes);
  if (a.epoch !== b.epoch || parts.length !== Object.keys(b.scopes).length) return false;
  return parts.every((part) => String(a.scopes[part]) === String(b.scopes[part]));
}
