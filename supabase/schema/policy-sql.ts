import { MATRIX } from '#shared/access/matrix.ts';
import { isUnscoped } from '#shared/access/rights.ts';
import type { Cell, Operation } from '#shared/access/cell.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import {
  anyoneMay,
  engineInserts,
  engineUpdatableColumns,
  peopleInsert,
  peopleUpdate,
} from './contract.ts';

/**
 * The policies of a table, from its cells of the access matrix and its scope. Rights are asked for
 * in subqueries without a column of the row, so that they are answered once a statement.
 */
export function policiesSql(table: TableName): string[] {
  const on = `on public.${table}`;
  const statements = [
    `create policy ${table}_read ${on} for select to authenticated using (\n  ${rowTest(table, ['read'])}\n);`,
  ];
  if (peopleInsert(table)) {
    statements.push(
      `create policy ${table}_create ${on}\n  for insert to authenticated with check (\n  ${rowTest(table, ['create'])}\n);`,
      `create policy ${table}_create_as_oneself ${on}\n  as restrictive for insert to authenticated\n  with check (${asOneself(table)});`,
    );
  }
  if (peopleUpdate(table)) {
    const operations = (['update', 'approve'] as const).filter((o) => anyoneMay(table, o));
    statements.push(
      `create policy ${table}_update ${on} for update to authenticated using (\n  ${rowTest(table, operations)}\n) with check (\n  ${rowTest(table, operations, { anyValue: true })}\n);`,
      `create policy ${table}_update_through_server ${on}\n  as restrictive for update to authenticated\n  using (session_user = 'ganger_sync');`,
    );
  }
  statements.push(
    `create policy ${table}_engine_read ${on}\n  for select to ganger_engine using (true);`,
  );
  if (engineInserts(table)) {
    statements.push(
      `create policy ${table}_engine_create ${on}\n  for insert to ganger_engine with check (true);`,
    );
  }
  if (engineUpdatableColumns(table).length > 0) {
    statements.push(
      `create policy ${table}_engine_update ${on} for update to ganger_engine\n  using (true) with check (true);`,
    );
  }
  return statements;
}

/** Nobody writes in another's name: neither as the maker nor as the one who acts. */
function asOneself(table: TableName): string {
  const { actors, fields } = tableOf(table);
  const own = actors.map((column) =>
    fields[column]?.nullable
      ? `(${column} is null or ${column} = (select auth.uid()))`
      : `${column} = (select auth.uid())`,
  );
  return ["session_user = 'ganger_sync'", 'created_by = (select auth.uid())', ...own].join(
    '\n    and ',
  );
}

/**
 * True for the rows that somebody reaches with one of some operations.
 * @param options.anyValue also where the right holds only for some values of a field: for the row
 *   as it becomes, whose place must be theirs while the value may move on
 */
export function rowTest(
  table: TableName,
  operations: readonly Operation[],
  options: { anyValue?: boolean } = {},
): string {
  const tests = operations.flatMap((operation) => testsOf(table, operation, options));
  return tests.length === 0 ? 'false' : tests.join('\n  or ');
}

function testsOf(
  table: TableName,
  operation: Operation,
  { anyValue = false }: { anyValue?: boolean },
): string[] {
  const cells = Object.values(MATRIX[table]).filter((cell) => cell[operation] !== undefined);
  const free = cells.filter((cell) => cell.only?.[operation] === undefined);
  const { scope, fields } = tableOf(table);
  const ask = (fn: string): string => `private.${fn}('${table}', '${operation}')`;
  const tests: string[] = [];
  const reaches = (reach: string): boolean => free.some((cell) => cell[operation] === reach);
  const ofNoSite =
    scope.location !== undefined && !scope.team && fields[scope.location]?.nullable === true;

  if (reaches('all') || reaches('sites')) tests.push(`(select ${ask('reaches_all')})`);
  if (reaches('sites')) {
    const sites = ask('sites');
    if (isUnscoped(table)) tests.push(`(select cardinality(${sites}) > 0)`);
    if (scope.location) tests.push(`${scope.location} = any ((select ${sites})::uuid[])`);
    if (ofNoSite) tests.push(`(${scope.location} is null and (select cardinality(${sites}) > 0))`);
    if (scope.sites) {
      // What somebody makes lies at their own sites altogether.
      const operator = operation === 'create' ? '<@' : '&&';
      tests.push(`${scope.sites} ${operator} (select ${sites})`);
    }
  }
  if (reaches('team') && scope.team)
    tests.push(`${scope.team} = any ((select ${ask('teams')})::uuid[])`);
  if (scope.own && cells.length > 0) {
    tests.push(`(${scope.own} = (select auth.uid()) and (select ${ask('reaches_own')}))`);
  }
  for (const field of limitedFields(cells, operation)) {
    const isText = fields[field]?.kind !== 'bool';
    const value = anyValue ? `'~'` : isText ? field : `${field}::text`;
    // Answered once a statement and looked up in a hash, row by row.
    const from = `from private.limited_values('${table}', '${operation}', '${field}') l`;
    const here = (place: string): string =>
      `${value} in (select l.value ${from} where l.place = '${place}')`;
    const at = (column: string): string =>
      `(${value}, ${column}::text) in (select l.value, l.place ${from})`;
    tests.push(here('*'));
    if (scope.location) tests.push(at(scope.location));
    if (scope.team) tests.push(at(scope.team));
    if (isUnscoped(table)) tests.push(here('any'));
    if (ofNoSite) tests.push(`(${scope.location} is null and ${here('any')})`);
  }
  return tests;
}

const limitedFields = (cells: readonly Cell[], operation: Operation): string[] => [
  ...new Set(cells.flatMap((cell) => cell.only?.[operation]?.field ?? [])),
];
