import type { CreateStmt, IndexStmt, Node, RangeVar } from '@libpg-query/parser';
import * as access from './lint-access-rules.ts';
import { isExisting } from './lint-context.ts';
import type { Context } from './lint-context.ts';
import * as drops from './lint-drop-rules.ts';
import { alterTable } from './lint-table-rules.ts';
import { nameParts, qualified, tableName, walk } from './parse-sql.ts';
import type { Statement } from './parse-sql.ts';

/** Every rule that an allow comment may name. */
export const RULES: ReadonlySet<string> = new Set([
  'add-column-not-null',
  'add-column-volatile-default',
  'change-column-type',
  'concurrently',
  'constraint-builds-index',
  'constraint-not-valid',
  'create-index',
  'definer-search-path',
  'delete-without-where',
  'disable-row-security',
  'disable-trigger',
  'drop-column',
  'drop-constraint',
  'drop-extension',
  'drop-function',
  'drop-policy',
  'drop-schema',
  'drop-table',
  'drop-trigger',
  'drop-type',
  'drop-view',
  'extension-outside',
  'grant-to-outsiders',
  'policy-open',
  'rename-column',
  'rename-object',
  'rename-table',
  'set-not-null',
  'table-without-row-security',
  'transaction-control',
  'truncate',
  'update-without-where',
  'view-runs-as-owner',
]);

/** Judges one statement and notes what it makes. Statements come in the order of the file. */
export function judge(context: Context, at: Statement): void {
  const { node } = at;
  if ('CreateStmt' in node) createTable(context, at, node.CreateStmt);
  else if ('CreateTableAsStmt' in node && node.CreateTableAsStmt.objtype === 'OBJECT_TABLE') {
    madeTable(context, at, node.CreateTableAsStmt.into?.rel);
  } else if ('AlterTableStmt' in node) alterTable(context, at, node.AlterTableStmt);
  else if ('IndexStmt' in node) index(context, at, node.IndexStmt);
  else if ('ReindexStmt' in node) {
    const { params = [] } = node.ReindexStmt;
    const wanted = params.some((p) => 'DefElem' in p && p.DefElem.defname === 'concurrently');
    if (wanted) drops.concurrently(context, at);
  } else if ('DropStmt' in node) drops.drop(context, at, node.DropStmt);
  else if ('DropOwnedStmt' in node) dropOwned(context, at);
  else if ('RenameStmt' in node) drops.rename(context, at, node.RenameStmt);
  else if ('AlterObjectSchemaStmt' in node) {
    drops.moveSchema(context, at, node.AlterObjectSchemaStmt);
  } else if ('AlterEnumStmt' in node) drops.alterEnum(context, at, node.AlterEnumStmt);
  else if ('TruncateStmt' in node) truncate(context, at, node.TruncateStmt.relations);
  else if ('TransactionStmt' in node) transaction(context, at);
  else judgeAccess(context, at, node);
  noteMadeObject(context, node);
  // A function's body may be one of statements; they run when it is called, not now.
  if (!('CreateFunctionStmt' in node)) judgeWrites(context, at, node);
}

function judgeAccess(context: Context, at: Statement, node: Node): void {
  if ('GrantStmt' in node) {
    access.grant(context, at, node.GrantStmt.is_grant, node.GrantStmt.grantees);
  } else if ('GrantRoleStmt' in node) {
    access.grant(context, at, node.GrantRoleStmt.is_grant, node.GrantRoleStmt.grantee_roles);
  } else if ('AlterDefaultPrivilegesStmt' in node) {
    const { action } = node.AlterDefaultPrivilegesStmt;
    access.grant(context, at, action?.is_grant, action?.grantees);
  } else if ('CreatePolicyStmt' in node) access.policy(context, at, node.CreatePolicyStmt);
  else if ('AlterPolicyStmt' in node) access.policy(context, at, node.AlterPolicyStmt);
  else if ('CreateFunctionStmt' in node) {
    const { funcname, options } = node.CreateFunctionStmt;
    access.definer(context, at, qualified(nameParts(funcname)), options, true);
  } else if ('AlterFunctionStmt' in node) {
    const { func, actions } = node.AlterFunctionStmt;
    access.definer(context, at, qualified(nameParts(func?.objname)), actions, false);
  } else if ('ViewStmt' in node) access.view(context, at, node.ViewStmt);
  else if ('CreateExtensionStmt' in node) access.extension(context, at, node.CreateExtensionStmt);
  else if ('CreateRoleStmt' in node) access.role(context, at, node.CreateRoleStmt.options);
  else if ('AlterRoleStmt' in node) access.role(context, at, node.AlterRoleStmt.options);
}

function createTable(context: Context, at: Statement, stmt: CreateStmt): void {
  const table = tableName(stmt.relation);
  // "if not exists" makes nothing where the table is there.
  if (stmt.if_not_exists === true && context.before.tables.has(table)) return;
  madeTable(context, at, stmt.relation);
}

function madeTable(context: Context, at: Statement, relation: RangeVar | undefined): void {
  const table = tableName(relation);
  context.made.add(table);
  // The table of one session.
  if (relation?.relpersistence === 't' || relation?.schemaname === 'pg_temp') return;
  const has = (subtype: string): boolean =>
    context.parsed.statements.some(
      ({ node }) =>
        'AlterTableStmt' in node &&
        tableName(node.AlterTableStmt.relation) === table &&
        (node.AlterTableStmt.cmds ?? []).some(
          (command) => 'AlterTableCmd' in command && command.AlterTableCmd.subtype === subtype,
        ),
    );
  // Outside of public no role of the API may enter, and functions of the owner have to.
  const forced = !table.startsWith('public.') || has('AT_ForceRowSecurity');
  if (has('AT_EnableRowSecurity') && forced) return;
  context.report(
    'table-without-row-security',
    at,
    `Whoever gets a right to ${table} sees all of its rows.`,
    'Add "enable row level security" and "force row level security" in the same file ' +
      '("force" in the schema public only).',
  );
}

function index(context: Context, at: Statement, stmt: IndexStmt): void {
  const table = tableName(stmt.relation);
  if (stmt.concurrent === true) drops.concurrently(context, at);
  if (!isExisting(context, table)) return;
  context.report(
    'create-index',
    at,
    `Nobody can write ${table} while the index is built. A migration is one transaction, so it ` +
      'cannot be built concurrently.',
    'Say in an allow comment how large the table is and why the lock is short enough; for a large ' +
      'table build the index outside first and write "if not exists" here.',
  );
}

function truncate(context: Context, at: Statement, relations: readonly Node[] | undefined): void {
  for (const node of relations ?? []) {
    if (!('RangeVar' in node) || !isExisting(context, tableName(node.RangeVar))) continue;
    context.report(
      'truncate',
      at,
      `All rows of ${tableName(node.RangeVar)} are lost, on devices that never hear of it too.`,
      'Delete the rows that are meant, by a condition.',
    );
  }
}

function dropOwned({ report }: Context, at: Statement): void {
  report(
    'drop-table',
    at,
    'Everything that the role owns goes, and all of its rights.',
    'Drop by name what is meant.',
  );
}

function transaction({ report }: Context, at: Statement): void {
  report(
    'transaction-control',
    at,
    'A migration and the note that it ran are one transaction; this ends it before its time.',
    'Remove begin, commit, rollback and savepoint.',
  );
}

/** Statements that change rows or settings, wherever they stand within a statement. */
function judgeWrites(context: Context, at: Statement, node: Node): void {
  walk(node, (kind, value) => {
    if (kind === 'UpdateStmt' || kind === 'DeleteStmt') {
      const { relation, whereClause } = value as { relation?: RangeVar; whereClause?: Node };
      if (whereClause && !access.isConstant(whereClause)) return;
      if (!isExisting(context, tableName(relation))) return;
      const verb = kind === 'UpdateStmt' ? 'update' : 'delete';
      context.report(
        `${verb}-without-where`,
        at,
        `The ${verb} meets every row of ${tableName(relation)}: all of them are locked, and all ` +
          'of them go to every device again.',
        'Name the rows by a condition that a second run would not meet again.',
      );
    } else if (kind === 'VariableSetStmt') access.setting(context, at, value);
    else if (kind === 'FuncCall') {
      const { funcname, args } = value as { funcname?: Node[]; args?: Node[] };
      const [first] = args ?? [];
      if (nameParts(funcname).at(-1) !== 'set_config' || !first || !('A_Const' in first)) return;
      access.setting(context, at, { name: first.A_Const.sval?.sval ?? '' });
    }
  });
  // `alter role … set` and `alter database … set` hold the setting without naming its kind.
  if ('AlterRoleSetStmt' in node && node.AlterRoleSetStmt.setstmt) {
    access.setting(context, at, node.AlterRoleSetStmt.setstmt);
  }
  if ('AlterDatabaseSetStmt' in node && node.AlterDatabaseSetStmt.setstmt) {
    access.setting(context, at, node.AlterDatabaseSetStmt.setstmt);
  }
}

function noteMadeObject({ madeObjects }: Context, node: Node): void {
  if ('CreateFunctionStmt' in node && node.CreateFunctionStmt.replace !== true) {
    const { funcname, parameters } = node.CreateFunctionStmt;
    const types = (parameters ?? []).flatMap((parameter): Node[] => {
      if (!('FunctionParameter' in parameter)) return [];
      const { mode = '', argType } = parameter.FunctionParameter;
      const isGiven = mode !== 'FUNC_PARAM_OUT' && mode !== 'FUNC_PARAM_TABLE';
      return isGiven && argType ? [{ TypeName: argType }] : [];
    });
    const name = qualified(nameParts(funcname));
    madeObjects.add(`function ${drops.signature(name, types)}`);
  } else if ('ViewStmt' in node && node.ViewStmt.replace !== true) {
    madeObjects.add(`view ${tableName(node.ViewStmt.view)}`);
  } else if ('CreateEnumStmt' in node) {
    madeObjects.add(`type ${qualified(nameParts(node.CreateEnumStmt.typeName))}`);
  } else if ('CompositeTypeStmt' in node) {
    madeObjects.add(`type ${tableName(node.CompositeTypeStmt.typevar)}`);
  } else if ('CreateDomainStmt' in node) {
    madeObjects.add(`type ${qualified(nameParts(node.CreateDomainStmt.domainname))}`);
  } else if ('CreateSeqStmt' in node) {
    madeObjects.add(`sequence ${tableName(node.CreateSeqStmt.sequence)}`);
  } else if ('CreateSchemaStmt' in node) {
    madeObjects.add(`schema ${node.CreateSchemaStmt.schemaname ?? ''}`);
  }
}
