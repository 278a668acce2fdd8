import type { SqlValue } from './open-database.ts';

/** A part of a selector in SQL. */
export interface Condition {
  readonly sql: string;
  readonly params: readonly SqlValue[];
  /** False: rows that satisfy it still have to pass RxDB's matcher. */
  readonly isExact: boolean;
}

/** SQL can say nothing: every row has to pass the matcher. */
export const ANYTHING: Condition = { sql: 'true', params: [], isExact: false };

export const exact = (sql: string, params: readonly SqlValue[] = []): Condition => ({
  sql,
  params,
  isExact: true,
});

/** A condition that every match satisfies, and other rows perhaps too. */
export const widened = (condition: Condition): Condition => ({ ...condition, isExact: false });

export function all(parts: readonly Condition[]): Condition {
  const useful = parts.filter((part) => part.sql !== 'true');
  const isExact = parts.every((part) => part.isExact);
  if (useful.length === 0) return isExact ? exact('true') : ANYTHING;
  return join(useful, ' and ', isExact);
}

export function any(parts: readonly Condition[]): Condition {
  if (parts.length === 0) return exact('false');
  const isExact = parts.every((part) => part.isExact);
  if (parts.some((part) => part.sql === 'true')) return isExact ? exact('true') : ANYTHING;
  return join(parts, ' or ', isExact);
}

/** The opposite of an exact condition; NULL counts as not true, as in the matcher. */
export function not(part: Condition): Condition {
  return part.isExact ? { ...part, sql: `(${part.sql}) is not true` } : ANYTHING;
}

function join(parts: readonly Condition[], word: string, isExact: boolean): Condition {
  return {
    sql: parts.length === 1 ? (parts[0]?.sql ?? '') : `(${parts.map((p) => p.sql).join(word)})`,
    params: parts.flatMap((part) => part.params),
    isExact,
  };
}
