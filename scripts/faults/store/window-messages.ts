import type { Dump } from './read-store.ts';

export const SITE = '00000000-0000-7000-8000-0000000a0001';

/** What a window was told that it is saved. */
export type Saved =
  | { readonly what: 'place'; readonly id: string; readonly par: number }
  | { readonly what: 'act'; readonly id: string; readonly lines: number };

/** From the main process to a window or to the store, and back; `frame` is one of the port's own. */
export type ToWindow =
  | { readonly kind: 'port'; readonly generation: number }
  | { readonly kind: 'frame'; readonly generation: number; readonly frame: unknown }
  | { readonly kind: 'stop' };

export type FromWindow =
  | { readonly kind: 'frame'; readonly generation: number; readonly frame: unknown }
  | { readonly kind: 'saved'; readonly saved: Saved }
  | { readonly kind: 'refused'; readonly code: string }
  /** What its live query shows: ids and their values. */
  | { readonly kind: 'shown'; readonly rows: Readonly<Record<string, number>> | null }
  | { readonly kind: 'stopped' };

export type ToStore =
  | { readonly kind: 'port'; readonly window: number }
  | { readonly kind: 'frame'; readonly window: number; readonly frame: unknown }
  | { readonly kind: 'dump' };

export type FromStore =
  | { readonly kind: 'ready' }
  | { readonly kind: 'frame'; readonly window: number; readonly frame: unknown }
  | { readonly kind: 'dump'; readonly dump: Dump; readonly logged: number };
