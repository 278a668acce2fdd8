import type { Observable } from 'rxjs';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';

/** A derived read: the tables that it is made of, and how it is computed. */
export interface ViewDefinition<Arg, Out> {
  /** Tables whose changes can change the answer. */
  readonly reads: readonly string[];
  compute(read: EncryptedDatabase['read'], arg: Arg): Out;
}

/** Changes that come within this time are answered once, in milliseconds. */
const SETTLE_MS = 25;

/** FROM name of a table: its live rows. */
export const live = (table: string): string => `live_${table}`;

/**
 * Serves a derived read: the answer now, and a new one after every change that can matter, only when
 * it differs from the last.
 * @returns stops it
 */
export function watchView<Arg, Out>(options: {
  view: ViewDefinition<Arg, Out>;
  arg: Arg;
  read: EncryptedDatabase['read'];
  changes$: Observable<{ readonly collections: readonly string[] }>;
  next: (json: string) => void;
  onError: (error: unknown) => void;
}): () => void {
  const { view, arg, read, changes$, next, onError } = options;
  const reads = new Set(view.reads);
  let last: string | null = null;
  let timer: NodeJS.Timeout | null = null;

  const answer = (): void => {
    timer = null;
    try {
      const json = JSON.stringify(view.compute(read, arg));
      if (json === last) return;
      last = json;
      next(json);
    } catch (error) {
      onError(error);
    }
  };

  const subscription = changes$.subscribe(({ collections }) => {
    if (timer === null && collections.some((name) => reads.has(name))) {
      timer = setTimeout(answer, SETTLE_MS);
    }
  });
  answer();
  return () => {
    subscription.unsubscribe();
    if (timer !== null) clearTimeout(timer);
  };
}
