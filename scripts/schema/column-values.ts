import type { Node } from '@libpg-query/parser';
import { nameParts, parseExpression } from './parse-sql.ts';

/** What a check says of one column: its values are these texts and no others. */
export interface ColumnValues {
  readonly column: string;
  readonly values: readonly string[];
}

/**
 * Reads an expression as Postgres gives it back (`pg_get_expr`): `kind = any (array['a', 'b'])` and
 * `kind = 'a'`, casts and `or kind is null` allowed. Undefined for every other expression.
 */
export function columnValues(expression: string): ColumnValues | undefined {
  const node = parseExpression(expression);
  return node && read(node);
}

function read(node: Node): ColumnValues | undefined {
  if ('BoolExpr' in node && node.BoolExpr.boolop === 'OR_EXPR') {
    const args = node.BoolExpr.args ?? [];
    const rest = args.filter((arg) => nullTest(arg) === undefined);
    const [only] = rest;
    const found = rest.length === 1 && only ? read(only) : undefined;
    return found && args.every((arg) => arg === only || nullTest(arg) === found.column)
      ? found
      : undefined;
  }
  if (!('A_Expr' in node)) return undefined;
  const { kind, name, lexpr, rexpr } = node.A_Expr;
  if (nameParts(name).at(-1) !== '=' || !lexpr || !rexpr) return undefined;
  const column = columnOf(lexpr);
  if (column === undefined) return undefined;
  if (kind === 'AEXPR_OP') {
    const value = textOf(rexpr);
    return value === undefined ? undefined : { column, values: [value] };
  }
  if (kind !== 'AEXPR_OP_ANY') return undefined;
  const list = withoutCast(rexpr);
  if (!('A_ArrayExpr' in list)) return undefined;
  const values = (list.A_ArrayExpr.elements ?? []).map(textOf);
  return values.every((value) => value !== undefined) ? { column, values } : undefined;
}

function nullTest(node: Node): string | undefined {
  if (!('NullTest' in node) || node.NullTest.nulltesttype !== 'IS_NULL') return undefined;
  return node.NullTest.arg && columnOf(node.NullTest.arg);
}

function columnOf(node: Node): string | undefined {
  const inner = withoutCast(node);
  return 'ColumnRef' in inner ? nameParts(inner.ColumnRef.fields).at(-1) : undefined;
}

function textOf(node: Node): string | undefined {
  const inner = withoutCast(node);
  return 'A_Const' in inner && inner.A_Const.sval ? (inner.A_Const.sval.sval ?? '') : undefined;
}

function withoutCast(node: Node): Node {
  return 'TypeCast' in node && node.TypeCast.arg ? withoutCast(node.TypeCast.arg) : node;
}
