import { hasSqlDetails, loadModule, parseSync, scanSync } from '@libpg-query/parser';
import type { Node, RangeVar } from '@libpg-query/parser';

await loadModule();

/** One statement of a file. Lines are those of its first and of its last word, from 1. */
export interface Statement {
  readonly node: Node;
  readonly line: number;
  readonly lastLine: number;
}

/** A comment from `--` to the end of its line, outside of strings and function bodies. */
export interface Comment {
  readonly text: string;
  readonly line: number;
}

export interface ParsedSql {
  readonly statements: readonly Statement[];
  readonly comments: readonly Comment[];
  /** The line of a place that the parser gives (a byte offset); of `other` when it gives none. */
  lineAt(location: number | undefined, other: number): number;
}

/** A text that Postgres would not parse either. */
export class SqlSyntaxError extends Error {
  override readonly name = 'SqlSyntaxError';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/**
 * Parses a file with the parser of Postgres 17. Bodies of functions stay texts.
 * Throws `SqlSyntaxError`.
 */
export function parseSql(sql: string): ParsedSql {
  const lineOf = lineCounter(sql);
  const raw = guarded(sql, () => parseSync(sql).stmts ?? []);
  const tokens = scanSync(sql).tokens;
  const isComment = (text: string): boolean => text.startsWith('--') || text.startsWith('/*');
  const words = tokens.filter(({ text }) => !isComment(text)).map(({ start }) => start);
  return {
    // A statement begins, for the parser, where the one before it ended.
    statements: raw.flatMap(({ stmt, stmt_location: from = 0, stmt_len: length }) => {
      if (stmt === undefined) return [];
      const first = words[firstAtLeast(words, from)] ?? from;
      const end = length === undefined ? words.length : firstAtLeast(words, from + length);
      const last = words[end - 1] ?? first;
      return [{ node: stmt, line: lineOf(first), lastLine: lineOf(last) }];
    }),
    comments: tokens
      .filter(({ text }) => text.startsWith('--'))
      .map(({ text, start }) => ({ text, line: lineOf(start) })),
    lineAt: (location, other) =>
      location === undefined || location < 0 ? other : lineOf(location),
  };
}

/** Parses one expression as it stands in a check. Throws `SqlSyntaxError`. */
export function parseExpression(text: string): Node | undefined {
  const [statement] = parseSql(`select ${text}`).statements;
  const select =
    statement && 'SelectStmt' in statement.node ? statement.node.SelectStmt : undefined;
  const target = select?.targetList?.[0];
  return target && 'ResTarget' in target ? target.ResTarget.val : undefined;
}

/** Visits a tree, parents first; `visit` returns false to stay out of a node's children. */
export function walk(node: unknown, visit: (kind: string, value: object) => boolean | void): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (typeof value !== 'object' || value === null) continue;
    if (/^[A-Z]/.test(key) && visit(key, value as object) === false) continue;
    walk(value, visit);
  }
}

/** `schema.name` of a table as a statement names it; without a schema it is one of `public`. */
export function tableName(relation: RangeVar | undefined): string {
  return `${relation?.schemaname ?? 'public'}.${relation?.relname ?? ''}`;
}

/** The parts of a dotted name. */
export function nameParts(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).map((node) => ('String' in node ? (node.String.sval ?? '') : ''));
}

/** `schema.name` of a dotted name. */
export function qualified(parts: readonly string[]): string {
  return parts.length > 1 ? parts.slice(-2).join('.') : `public.${parts[0] ?? ''}`;
}

function guarded<T>(sql: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!hasSqlDetails(error)) throw error;
    // Here the place is counted in characters, not in bytes.
    const at = Math.max(0, error.sqlDetails?.cursorPosition ?? 0);
    const before = Array.from(sql).slice(0, at).join('');
    throw new SqlSyntaxError(error.message, before.split('\n').length);
  }
}

/** Byte offset to line, both of the UTF-8 text. */
function lineCounter(sql: string): (offset: number) => number {
  const ends: number[] = [];
  const bytes = Buffer.from(sql);
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) ends.push(at);
  return (offset) => firstAtLeast(ends, offset) + 1;
}

/** Index of the first number that is not below `least`; the length when all are. */
function firstAtLeast(ascending: readonly number[], least: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
