import type { Clock } from '#shared/kernel/clock.ts';
import type { Code } from '#shared/errors/codes.ts';

export type Channel = 'pull' | 'push' | 'store';

/** What is known of the contact with the server and of the local store. */
export interface Contact {
  succeeded(channel: Channel): void;
  failed(channel: Channel, code: Code): void;
  /** What fails now; the local store first, for without it nothing else counts. */
  readonly problem: Code | null;
  /** How long the server has not been reached, milliseconds; null while it is. */
  readonly unreachedMs: number | null;
  readonly storeFails: boolean;
  /** When the server last answered well; null while it has not since the start. */
  readonly lastAt: number | null;
  /** Number of requests that the server has answered well. */
  readonly successes: number;
}

/**
 * Watches requests. Pull and push are kept apart, since one can work while the other does not.
 * @param onChange something that the state depends on has changed
 */
export function createContact(clock: Clock, onChange: () => void): Contact {
  const problems = new Map<Channel, Code>();
  let lostAt: number | null = null;
  let lastAt: number | null = null;
  let successes = 0;
  return {
    succeeded(channel) {
      if (channel !== 'store') {
        successes += 1;
        lostAt = null;
        lastAt = clock.now();
      }
      problems.delete(channel);
      onChange();
    },
    failed(channel, code) {
      if (channel !== 'store') lostAt ??= clock.now();
      problems.set(channel, code);
      onChange();
    },
    get problem() {
      return problems.get('store') ?? problems.get('pull') ?? problems.get('push') ?? null;
    },
    get storeFails() {
      return problems.has('store');
    },
    get unreachedMs() {
      return lostAt === null ? null : Math.max(0, clock.now() - lostAt);
    },
    get lastAt() {
      return lastAt;
    },
    get successes() {
      return successes;
    },
  };
}
