import type pg from 'pg';

/** Names under which connections keep statements, so that each is read and planned once. */
export interface Names {
  /**
   * The name of a text that runs as a role: policies are part of a plan, so each role has its own.
   * Undefined when there are too many already; what is kept is kept for as long as a connection lives.
   */
  of(role: string, text: string): string | undefined;
}

/** Plans under policies take some 50 kB each, in every connection. */
const MOST_NAMES = 200;

const known = new WeakMap<object, Names>();

/**
 * Lets the connections of a pool keep statements. Not behind a pooler that gives each transaction
 * another connection: there a name means nothing.
 */
export function keepStatements(pool: pg.Pool): void {
  const byRole = new Map<string, Map<string, string>>();
  let count = 0;
  known.set(pool, {
    of(role, text) {
      const names = byRole.get(role) ?? new Map<string, string>();
      byRole.set(role, names);
      const name = names.get(text);
      if (name !== undefined || count >= MOST_NAMES) return name;
      const made = `g${count}`;
      count += 1;
      names.set(text, made);
      return made;
    },
  });
}

/** Null for a pool whose connections keep nothing. */
export const namesOf = (pool: pg.Pool): Names | null => known.get(pool) ?? null;
