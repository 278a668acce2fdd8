import type { AlterTableCmd, AlterTableStmt, ColumnDef, Constraint } from '@libpg-query/parser';
import { isExisting } from './lint-context.ts';
import type { Context } from './lint-context.ts';
import { nameParts, tableName, walk } from './parse-sql.ts';
import type { Statement } from './parse-sql.ts';

/** Judges `alter table`: rules of safety for every table, rules of data and locks for old ones. */
export function alterTable(context: Context, at: Statement, stmt: AlterTableStmt): void {
  const table = tableName(stmt.relation);
  for (const node of stmt.cmds ?? []) {
    if (!('AlterTableCmd' in node)) continue;
    const command = node.AlterTableCmd;
    guardSwitches(context, at, table, command);
    if (stmt.objtype === 'OBJECT_TYPE') changedType(context, at, table, command);
    else if (stmt.objtype === 'OBJECT_TABLE' && isExisting(context, table)) {
      existingTable(context, at, table, command);
    }
    if (command.subtype === 'AT_ValidateConstraint') {
      context.validated.add(`${table}.${command.name ?? ''}`);
    }
    if (command.subtype === 'AT_AddConstraint' && command.def && 'Constraint' in command.def) {
      context.added.add(`${table}.${command.def.Constraint.conname ?? ''}`);
    }
  }
}

/** The column that `check (column is not null)` speaks of. */
export function notNullColumn({ contype, raw_expr: expression }: Constraint): string | undefined {
  if (contype !== 'CONSTR_CHECK' || !expression || !('NullTest' in expression)) return undefined;
  const { nulltesttype, arg } = expression.NullTest;
  if (nulltesttype !== 'IS_NOT_NULL' || !arg || !('ColumnRef' in arg)) return undefined;
  return nameParts(arg.ColumnRef.fields).at(-1);
}

function guardSwitches(
  { report }: Context,
  at: Statement,
  table: string,
  { subtype, name }: AlterTableCmd,
): void {
  switch (subtype) {
    case 'AT_DisableRowSecurity':
    case 'AT_NoForceRowSecurity':
      report(
        'disable-row-security',
        at,
        `${table} would be open to whoever may read the table, or to its owner.`,
        'Write a policy for who needs the rows.',
      );
      break;
    case 'AT_DisableTrig':
    case 'AT_DisableTrigAll':
    case 'AT_DisableTrigUser':
    case 'AT_EnableReplicaTrig':
      report(
        'disable-trigger',
        at,
        `${name === undefined ? 'The triggers' : `The trigger ${name}`} of ${table} would no ` +
          'longer fire: rows are written that nothing checks.',
        'Leave it on; let the trigger itself know the exception.',
      );
      break;
    default:
  }
}

function changedType(
  { report }: Context,
  at: Statement,
  type: string,
  command: AlterTableCmd,
): void {
  if (command.subtype !== 'AT_AlterColumnType' && command.subtype !== 'AT_DropColumn') return;
  report(
    command.subtype === 'AT_DropColumn' ? 'drop-column' : 'change-column-type',
    at,
    `The composite type ${type} is changed under what uses it.`,
    'Make a new type.',
  );
}

function existingTable(
  context: Context,
  at: Statement,
  table: string,
  command: AlterTableCmd,
): void {
  const { report } = context;
  const name = command.name ?? '';
  switch (command.subtype) {
    case 'AT_AddColumn':
      if (command.def && 'ColumnDef' in command.def) {
        addColumn(context, at, table, command.def.ColumnDef);
      }
      break;
    case 'AT_DropColumn':
      report(
        'drop-column',
        at,
        `The values of ${table}.${name} are lost, and servers and devices of the old version fail.`,
        'Stop using the column; drop it when no version in use knows it any more.',
      );
      break;
    case 'AT_AlterColumnType':
      report(
        'change-column-type',
        at,
        `${table}.${name} gets another type: the table is rewritten while nobody can use it, and ` +
          'the old version reads values that it does not know.',
        'Add a column of the new type, fill it, and change over.',
      );
      break;
    case 'AT_SetNotNull':
      if (hasNotNullCheck(context, table, name)) break;
      report(
        'set-not-null',
        at,
        `${table} is read from end to end while nobody can write it, to see that ${name} is nowhere null.`,
        `In one migration: add constraint … check (${name} is not null) not valid. In a later one: ` +
          'validate it, then set not null, then drop the constraint.',
      );
      break;
    case 'AT_DropConstraint':
      // What "not null" has replaced.
      if (context.before.notNullChecks.has(`${table}.${name}`)) break;
      report(
        'drop-constraint',
        at,
        `${table} would take rows that ${name} refuses today.`,
        'Leave it. Where a wider one takes its place in the same file, say so in an allow comment.',
      );
      break;
    case 'AT_AddConstraint':
      if (command.def && 'Constraint' in command.def) {
        addConstraint(context, at, table, command.def.Constraint);
      }
      break;
    case 'AT_ValidateConstraint':
      if (!context.added.has(`${table}.${name}`)) break;
      report(
        'constraint-not-valid',
        at,
        `${name} is validated in the file that adds it: the lock of the adding is still held.`,
        'Validate it in a later migration.',
      );
      break;
    default:
  }
}

function hasNotNullCheck(context: Context, table: string, column: string): boolean {
  return [...context.before.notNullChecks].some(
    ([key, checked]) =>
      key.startsWith(`${table}.`) &&
      checked === column &&
      (context.before.validated.has(key) || context.validated.has(key)),
  );
}

function addColumn(context: Context, at: Statement, table: string, column: ColumnDef): void {
  const { report, parsed } = context;
  const name = column.colname ?? '';
  const place = { line: parsed.lineAt(column.location, at.line) };
  const constraints = (column.constraints ?? []).flatMap((node) =>
    'Constraint' in node ? [node.Constraint] : [],
  );
  const byDefault = constraints.find(({ contype }) => contype === 'CONSTR_DEFAULT');
  const computed = constraints.some(
    ({ contype }) => contype === 'CONSTR_IDENTITY' || contype === 'CONSTR_GENERATED',
  );
  const serial = /^(small|big)?serial\d?$/.test(nameParts(column.typeName?.names).at(-1) ?? '');
  const required = constraints.some(
    ({ contype }) => contype === 'CONSTR_NOTNULL' || contype === 'CONSTR_PRIMARY',
  );
  if (required && !byDefault && !computed && !serial) {
    report(
      'add-column-not-null',
      place,
      `${table} has rows, and they have no ${name}: the migration fails where there is data, and ` +
        'the old version cannot insert any more.',
      'Give the column a constant default, or let it be null.',
    );
  }
  if (computed || serial || (byDefault && isVolatile(byDefault))) {
    report(
      'add-column-volatile-default',
      place,
      `${name} is another value in every row of ${table}: the whole table is rewritten while ` +
        'nobody can use it.',
      'Add the column without a default, set the default for new rows, and fill the old ones.',
    );
  }
  for (const constraint of constraints) {
    // A reference of a column that is null everywhere is known to hold; Postgres does not look.
    if (constraint.contype === 'CONSTR_FOREIGN' && !byDefault) continue;
    addConstraint(context, at, table, constraint);
  }
}

function addConstraint(
  { report, parsed }: Context,
  at: Statement,
  table: string,
  constraint: Constraint,
): void {
  const place = { line: parsed.lineAt(constraint.location, at.line) };
  const what = constraint.conname ?? 'the constraint';
  switch (constraint.contype) {
    case 'CONSTR_CHECK':
    case 'CONSTR_FOREIGN':
      if (constraint.skip_validation === true) return;
      report(
        'constraint-not-valid',
        place,
        `${table} is read from end to end while nobody can write it, to see that ${what} holds.`,
        'Add it "not valid"; validate it in a later migration.',
      );
      return;
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE':
    case 'CONSTR_EXCLUSION':
      if (constraint.indexname !== undefined) return;
      report(
        'constraint-builds-index',
        place,
        `The index of ${what} is built while nobody can use ${table}.`,
        'A migration is one transaction, so the index cannot be built concurrently: say in an allow ' +
          'comment how large the table is, or build it outside and take it with "using index".',
      );
      return;
    default:
  }
}

/** Functions that give the same value throughout a statement, so that it is reckoned only once. */
const STEADY = new Set([
  'now',
  'transaction_timestamp',
  'statement_timestamp',
  'pg_current_xact_id',
  'current_setting',
  'jsonb_build_object',
  'jsonb_build_array',
  'lower',
  'upper',
]);

function isVolatile({ raw_expr: expression }: Constraint): boolean {
  let volatile = false;
  walk(expression, (kind, value) => {
    if (kind !== 'FuncCall') return;
    const { funcname } = value as { funcname?: Parameters<typeof nameParts>[0] };
    const parts = nameParts(funcname);
    const builtIn = parts.length === 1 || parts[0] === 'pg_catalog';
    if (!builtIn || !STEADY.has(parts.at(-1) ?? '')) volatile = true;
  });
  return volatile;
}
