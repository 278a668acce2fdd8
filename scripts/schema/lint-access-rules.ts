import type {
  AlterPolicyStmt,
  CreateExtensionStmt,
  CreatePolicyStmt,
  Node,
  RoleSpec,
  VariableSetStmt,
  ViewStmt,
} from '@libpg-query/parser';
import type { Context } from './lint-context.ts';
import { extensionOutside } from './lint-drop-rules.ts';
import { tableName, walk } from './parse-sql.ts';
import type { Statement } from './parse-sql.ts';

const OUTSIDERS = new Set(['anon', 'public', 'service_role']);
const EVERYBODY = new Set(['authenticated', ...OUTSIDERS]);

/** Judges `grant …`, of rights and of roles; `isGrant` is false for `revoke`. */
export function grant(
  { report }: Context,
  at: Statement,
  isGrant: boolean | undefined,
  grantees: readonly Node[] | undefined,
): void {
  if (isGrant !== true) return;
  const outsiders = roleNames(grantees).filter((name) => OUTSIDERS.has(name));
  if (outsiders.length === 0) return;
  report(
    'grant-to-outsiders',
    at,
    `${outsiders.join(', ')} would get a right: people who are not signed in, or a key that ` +
      'passes every policy.',
    'Grant to authenticated, and write the policy; the server itself is ganger_engine.',
  );
}

/** Judges `create policy` and `alter policy`: a permissive one has to look at the row or the person. */
export function policy(
  { report }: Context,
  at: Statement,
  stmt: CreatePolicyStmt | AlterPolicyStmt,
): void {
  if ('permissive' in stmt ? stmt.permissive !== true : 'cmd_name' in stmt) return;
  // A changed policy that names no roles keeps those that it has, whoever they are.
  const roles = stmt.roles === undefined ? ['public'] : roleNames(stmt.roles);
  if (!roles.some((name) => EVERYBODY.has(name))) return;
  if (![stmt.qual, stmt.with_check].some((expression) => expression && isConstant(expression))) {
    return;
  }
  report(
    'policy-open',
    at,
    `The policy ${stmt.policy_name ?? ''} of ${tableName(stmt.table)} lets everybody who is signed ` +
      'in pass, whatever their role and site.',
    'Ask the access matrix: (select private.reaches_all(…)) or the sites of the person.',
  );
}

/** Judges the options of `create function` and `alter function`. */
export function definer(
  { report }: Context,
  at: Statement,
  name: string,
  options: readonly Node[] | undefined,
  isNew: boolean,
): void {
  let runsAsOwner = false;
  let setsPath: boolean | undefined;
  for (const node of options ?? []) {
    if (!('DefElem' in node)) continue;
    const { defname, arg } = node.DefElem;
    if (defname === 'security' && arg && 'Boolean' in arg) {
      runsAsOwner = arg.Boolean.boolval === true;
    }
    if (defname === 'set' && arg && 'VariableSetStmt' in arg) {
      const { name: setting, kind } = arg.VariableSetStmt;
      if (setting === 'search_path' || kind === 'VAR_RESET_ALL') {
        setsPath = isEmptyText(arg.VariableSetStmt);
      }
    }
  }
  // A changed function that is not said to run as its owner may do so all the same.
  if (isNew || runsAsOwner ? !runsAsOwner || setsPath === true : setsPath !== false) return;
  report(
    'definer-search-path',
    at,
    `${name} runs with the rights of its owner, and whoever calls it chooses by search_path which ` +
      'tables and functions its names mean.',
    'Add "set search_path = \'\'" and write every name with its schema.',
  );
}

/** Judges `create view`: row security of the tables below has to be that of the reader. */
export function view({ report }: Context, at: Statement, stmt: ViewStmt): void {
  if (stmt.view?.relpersistence === 't') return;
  const invoker = (stmt.options ?? []).some((node) => {
    if (!('DefElem' in node) || node.DefElem.defname !== 'security_invoker') return false;
    const { arg } = node.DefElem;
    if (arg === undefined) return true;
    return 'String' in arg && ['true', 'on', '1', 'yes'].includes(arg.String.sval ?? '');
  });
  if (invoker) return;
  report(
    'view-runs-as-owner',
    at,
    `${tableName(stmt.view)} reads with the rights of its owner: row security does not hold in it.`,
    'Write "with (security_invoker = true)".',
  );
}

/** Judges `create extension`. */
export function extension(context: Context, at: Statement, stmt: CreateExtensionStmt): void {
  const schema = (stmt.options ?? []).flatMap((node) =>
    'DefElem' in node &&
    node.DefElem.defname === 'schema' &&
    node.DefElem.arg &&
    'String' in node.DefElem.arg
      ? node.DefElem.arg.String.sval
      : [],
  );
  if (!schema.includes('extensions')) extensionOutside(context, at);
}

/** Judges `set …`, alone or within `alter role` and the like. */
export function setting({ report }: Context, at: Statement, { name }: VariableSetStmt): void {
  if (name?.toLowerCase() !== 'session_replication_role') return;
  report(
    'disable-trigger',
    at,
    'Ordinary triggers and references would be skipped: rows are written that nothing checks.',
    'Write rows that the triggers take.',
  );
}

/** Judges the options of `create role` and `alter role`. */
export function role(
  { report }: Context,
  at: Statement,
  options: readonly Node[] | undefined,
): void {
  for (const node of options ?? []) {
    if (!('DefElem' in node)) continue;
    const { defname, arg } = node.DefElem;
    if (defname !== 'bypassrls' && defname !== 'superuser') continue;
    if (!arg || !('Boolean' in arg) || arg.Boolean.boolval !== true) continue;
    report(
      'disable-row-security',
      at,
      `A role with ${defname} passes every policy.`,
      'Give the role the grants and policies that it needs.',
    );
  }
}

function roleNames(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).flatMap((node) => ('RoleSpec' in node ? roleName(node.RoleSpec) : []));
}

function roleName({ roletype, rolename }: RoleSpec): string {
  return roletype === 'ROLESPEC_PUBLIC' ? 'public' : (rolename ?? '');
}

/** True when an expression asks neither the row nor the session: `true`, `1 = 1`. */
export function isConstant(expression: Node): boolean {
  let constant = true;
  walk(expression, (kind) => {
    if (['ColumnRef', 'FuncCall', 'SubLink', 'SQLValueFunction'].includes(kind)) constant = false;
  });
  return constant;
}

function isEmptyText({ kind, args }: VariableSetStmt): boolean {
  if (kind !== 'VAR_SET_VALUE' || args?.length !== 1) return false;
  const [only] = args;
  return (
    only !== undefined &&
    'A_Const' in only &&
    only.A_Const.sval !== undefined &&
    (only.A_Const.sval.sval ?? '') === ''
  );
}
