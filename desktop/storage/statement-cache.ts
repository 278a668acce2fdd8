import type Database from 'better-sqlite3';
import type { Statement } from 'better-sqlite3';

/** Statements by their text; those not used for longest are forgotten first. */
export interface StatementCache {
  get(sql: string, rows: 'objects' | 'pluck'): Statement;
  clear(): void;
}

const CAPACITY = 400;

interface Kept {
  readonly statement: Statement;
  lastUse: number;
}

export function createStatementCache(sqlite: Database): StatementCache {
  const caches = { objects: new Map<string, Kept>(), pluck: new Map<string, Kept>() };
  let uses = 0;

  const get = (sql: string, rows: 'objects' | 'pluck'): Statement => {
    const cache = caches[rows];
    uses += 1;
    // Most calls end here: a note of the use is cheaper than keeping the map in the order of use.
    const known = cache.get(sql);
    if (known) {
      known.lastUse = uses;
      return known.statement;
    }
    const statement = sqlite.prepare(sql);
    if (rows === 'pluck') statement.pluck();
    cache.set(sql, { statement, lastUse: uses });
    if (cache.size > CAPACITY) forgetOldest(cache);
    return statement;
  };

  const clear = (): void => {
    caches.objects.clear();
    caches.pluck.clear();
  };

  return { get, clear };
}

/** Drops an eighth at once, so that the look for the oldest is not made at every new statement. */
function forgetOldest(cache: Map<string, Kept>): void {
  const oldest = [...cache].toSorted(([, a], [, b]) => a.lastUse - b.lastUse);
  for (const [sql] of oldest.slice(0, CAPACITY >> 3)) cache.delete(sql);
}
