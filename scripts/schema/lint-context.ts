import type { ParsedSql, Statement } from './parse-sql.ts';

/** A place in a migration that could lose data, stop people, or open what is closed. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  /** What goes wrong, in plain words. */
  readonly why: string;
  /** What to do instead. */
  readonly instead: string;
}

/** What a rule says; the place is the statement unless it knows better. */
export type Report = (rule: string, at: Place, why: string, instead: string) => void;
type Place = Statement | { readonly line: number };

/**
 * What earlier migrations made, as far as rules ask for it. Tables as `schema.name`.
 */
export interface History {
  readonly tables: ReadonlySet<string>;
  /** Checks that say of one column that it is not null: `schema.table.constraint` to the column. */
  readonly notNullChecks: ReadonlyMap<string, string>;
  /** Checks that hold for the old rows too, as `schema.table.constraint`. */
  readonly validated: ReadonlySet<string>;
}

/** One file while its statements are judged in their order. */
export interface Context {
  readonly before: History;
  readonly parsed: ParsedSql;
  readonly report: Report;
  /** Tables that this file made, up to the present statement. */
  readonly made: Set<string>;
  /** Functions, views, types and the like that this file made up to here, as `kind schema.name`. */
  readonly madeObjects: Set<string>;
  /** Constraints that this file added and constraints that it validated, up to here. */
  readonly added: Set<string>;
  readonly validated: Set<string>;
}

/** True for a table that may hold rows and have readers: one that this file did not make. */
export function isExisting(context: Context, table: string): boolean {
  return !context.made.has(table) || context.before.tables.has(table);
}
