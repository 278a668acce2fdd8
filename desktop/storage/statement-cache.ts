import type Database from 'better-sqlite3';
import type { Statement } from 'better-sqlite3';

/** Statements by their text; those not used for longest are forgotten first. */
export interface StatementCache {
  get(sql: string, rows: 'objects' | 'pluck'): Statement;
  clear(): void;
}

const CAPACITY = 400;

export function createStatementCache(sqlite: Database): StatementCache {
  const caches = { objects: new Map<string, Statement>(), pluck: new Map<string, Statement>() };

  const get = (sql: string, rows: 'objects' | 'pluck'): Statement => {
    const cache = caches[rows];
    const known = cache.get(sql);
    if (known) {
      // Moves the text to the end of the map, which keeps its keys in the order of insertion.
      cache.delete(sql);
      cache.set(sql, known);
      return known;
    }
    const statement = sqlite.prepare(sql);
    if (rows === 'pluck') statement.pluck();
    cache.set(sql, statement);
    if (cache.size > CAPACITY) cache.delete(cache.keys().next().value ?? '');
    return statement;
  };

  const clear = (): void => {
    caches.objects.clear();
    caches.pluck.clear();
  };

  return { get, clear };
}
