import type { Logger } from '#shared/logging/logger.ts';
import { LIMITS, Lineage } from '#shared/protocol/messages.ts';
import type { KeyValueStore } from '#desktop/storage/open-database.ts';

/** Says of every push of this profile which one it is. */
export interface PushLineage {
  /** What the next push says. */
  next(): Lineage;
}

const KEY = 'sync.lineage';

/**
 * The pushes of a profile, kept in its database: whoever goes on from a copy of the file gives itself
 * a name that the other one does not know, and so the server tells the two apart.
 * @param random a number in [0, 1), as Math.random gives it
 */
export function openLineage(options: {
  readonly kv: KeyValueStore;
  readonly random: () => number;
  readonly log: Logger;
}): PushLineage {
  const { kv, random, log } = options;
  const before = read(kv);
  let own: [run: string, count: number] | null = null;
  return {
    next() {
      own = [own?.[0] ?? nameOf(random), (own?.[1] ?? 0) + 1];
      const lineage = [own, ...before].slice(0, LIMITS.lineage);
      try {
        // Before it is sent: after a crash nobody else remembers it.
        kv.set(KEY, JSON.stringify(lineage));
      } catch {
        log.warn('lineage not kept');
      }
      return lineage;
    },
  };
}

function read(kv: KeyValueStore): Lineage {
  const stored = kv.get(KEY);
  if (stored === undefined) return [];
  const parsed = Lineage.safeParse(JSON.parse(stored));
  return parsed.success ? parsed.data : [];
}

/** Ten characters, 48 bits of chance. */
const nameOf = (random: () => number): string =>
  Math.floor(random() * 2 ** 48)
    .toString(36)
    .padStart(10, '0');
