/** The outcome of something that ordinarily fails (parsing, a call over a process border). */
export type Result<T, E> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value });
export const fail = <E>(error: E): Result<never, E> => ({ ok: false, error });

/** Asserts what only a bug can break. @throws Error with the given words. */
export function assert(condition: unknown, words: string): asserts condition {
  if (!condition) throw new Error(`Assertion failed: ${words}`);
}
