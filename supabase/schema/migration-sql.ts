import { matrixRows } from '#shared/access/matrix.ts';
import { RECORD_MACHINES } from '#shared/schema/machines.ts';
import { deviceFields, systemColumns } from '#shared/schema/rows.ts';
import { retentionRule } from '#shared/schema/retention.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import {
  changeableActors,
  engineInsertableColumns,
  engineUpdatableColumns,
  insertableColumns,
  updatableColumns,
} from './contract.ts';
import { policiesSql } from './policy-sql.ts';
import { serverColumns, tableSql } from './table-sql.ts';

/**
 * The text with which the migration of a new table begins: table, indexes, row security, grants,
 * triggers and policies as its definition asks for. Once written to a file the file counts: checks
 * and triggers of its own are added there by hand, and later changes are new migrations.
 */
export function tableMigration(table: TableName): string {
  const definition = tableOf(table);
  const stays = Object.entries(definition.fields).filter(([, { onDevice }]) => !onDevice);
  const readable =
    stays.length === 0
      ? `grant select on table public.${table} to authenticated;`
      : grant('select', table, 'authenticated', [
          ...systemColumns(definition),
          ...deviceFields(definition).map(([name]) => name),
          ...Object.keys(serverColumns(definition)),
        ]);
  return [
    `-- ${table} ${'-'.repeat(Math.max(2, 96 - table.length))}`,
    wrapped(tableSql('public', table)),
    indexesOf(table).join('\n'),
    [
      `alter table public.${table} enable row level security;`,
      `alter table public.${table} force row level security;`,
      `revoke all on table public.${table} from public, anon, authenticated, service_role;`,
      readable,
      `grant select on table public.${table} to ganger_engine;`,
      grant('insert', table, 'authenticated', insertableColumns(table)),
      grant('update', table, 'authenticated', updatableColumns(table)),
      grant('insert', table, 'ganger_engine', engineInsertableColumns(table)),
      grant('update', table, 'ganger_engine', engineUpdatableColumns(table)),
    ]
      .filter(Boolean)
      .join('\n'),
    triggersOf(table).join('\n'),
    policiesSql(table).join('\n'),
  ].join('\n\n');
}

/** Rows of the private tables that repeat what the code says of some tables. */
export function accessMigration(tables: readonly TableName[]): string {
  const cells = matrixRows().filter(({ table }) => tables.includes(table));
  const machines = RECORD_MACHINES.filter(({ table }) => tables.includes(table as TableName));
  const texts = (values: readonly string[]): string => `'{${values.join(',')}}'`;
  const list = (rows: readonly string[]): string =>
    `${rows.map((row) => `  (${row})`).join(',\n')};`;
  const scopes = tables.map((table) => {
    const { location, sites, team, own, everywhere } = tableOf(table).scope;
    return [...[table, location, sites, team, own].map(text), String(everywhere ?? null)].join(
      ', ',
    );
  });
  return [
    `insert into private.scopes\n  (table_name, location_column, sites_column, team_column, own_column, everywhere)\nvalues\n${list(scopes)}`,
    `insert into private.access_matrix\n  (role, table_name, operation, reach, only_field, only_values)\nvalues\n${list(
      cells.map(({ role, table, operation, reach, only }) =>
        [
          ...[role, table, operation, reach, only?.field].map(text),
          only ? texts(only.values) : 'null',
        ].join(', '),
      ),
    )}`,
    ...(machines.length === 0
      ? []
      : [
          `insert into private.machines (table_name, field, initial_state, author, open_fields) values\n${list(
            machines.map((m) =>
              [
                ...[m.table, m.field, m.initial, m.author].map(text),
                texts(tableOf(m.table as TableName).openFields),
              ].join(', '),
            ),
          )}`,
          `insert into private.allowed_transitions (table_name, from_state, to_state, needs, guard) values\n${list(
            machines.flatMap((m) =>
              m.transitions.map((t) =>
                [m.table, t.from, t.to, t.needs, t.guard].map(text).join(', '),
              ),
            ),
          )}`,
        ]),
  ].join('\n\n');
}

/** Rows of `private.retention_rules` for some tables; what is not said is null. */
export function retentionMigration(tables: readonly TableName[]): string {
  const rules = tables.map((table) => {
    const said = Object.entries(retentionRule(table)).filter(([, value]) => value !== null);
    return `  ${JSON.stringify(Object.fromEntries(said))}`;
  });
  return [
    'insert into private.retention_rules',
    '  select r.* from jsonb_populate_recordset(null::private.retention_rules, $rules$[',
    rules.join(',\n'),
    ']$rules$) r;',
  ].join('\n');
}

const text = (value: string | null | undefined): string =>
  value === null || value === undefined ? 'null' : `'${value}'`;

function grant(right: string, table: string, role: string, columns: readonly string[]): string {
  if (columns.length === 0) return '';
  return wrapped(
    `grant ${right} (\n  ${columns.join(', ')}\n) on table public.${table} to ${role};`,
  );
}

/** The indexes that a table is asked for and that its primary key and constraints do not give. */
export function indexesOf(table: TableName): string[] {
  const { scope, fields, indexes, unique, uniqueWhere, kind, window } = tableOf(table);
  const wanted: string[][] = [['row_xid', 'id']];
  if (scope.location) wanted.push([scope.location, 'row_xid', 'id']);
  if (scope.team && scope.team !== 'id') wanted.push([scope.team, 'row_xid', 'id']);
  // A row that is its own owner is found by its key.
  if (scope.own && scope.own !== 'id') wanted.push([scope.own, 'row_xid', 'id']);
  if (window && window.column !== 'id') wanted.push([window.column, 'row_xid', 'id']);
  wanted.push(...indexes.map((columns) => [...columns]));
  for (const [name, { references }] of Object.entries(fields)) if (references) wanted.push([name]);
  const leads = (columns: readonly string[], index: readonly string[]): boolean =>
    columns.every((column, at) => index[at] === column);
  const kept = wanted.filter(
    (columns, at) =>
      !unique.some((key) => leads(columns, key)) &&
      !wanted.some(
        (other, i) =>
          i !== at && leads(columns, other) && (other.length > columns.length || i < at),
      ),
  );
  const statements = kept.map((columns) => {
    const name = columns.join('_').replace('row_xid_id', 'feed');
    return `create index ${table}_${name}_idx on public.${table} (${columns.join(', ')});`;
  });
  if (scope.sites) {
    statements.push(
      `create index ${table}_${scope.sites}_idx on public.${table} using gin (${scope.sites});`,
    );
  }
  for (const { columns, field, values } of uniqueWhere) {
    const condition = values
      ? `${field} in (${values.map((v) => `'${v}'`).join(', ')})`
      : `${field} is not null`;
    statements.push(
      `create unique index ${table}_${columns.join('_')}_live_key\n  on public.${table} (${columns.join(', ')})\n  where ${condition};`,
    );
  }
  if (kind === 'record') {
    statements.push(
      `create index ${table}_taken_back_idx on public.${table} (deleted_at)\n  where deleted_at is not null;`,
    );
  }
  if (kind === 'fact') {
    statements.push(
      `create unique index ${table}_origin_key on public.${table} (device_id, origin_seq)\n  where origin_seq is not null;`,
    );
  }
  return statements;
}

function triggersOf(table: TableName): string[] {
  const { kind, machine, editableIn, openFields } = tableOf(table);
  const on = `on public.${table}`;
  const row = 'for each row execute function private';
  if (kind === 'fact' || kind === 'log') {
    return [
      `create trigger append_only before update or delete ${on}\n  for each statement execute function private.refuse_change();`,
      `create trigger append_only_truncate before truncate ${on}\n  for each statement execute function private.refuse_change();`,
      `alter table public.${table} enable always trigger append_only;`,
      `alter table public.${table} enable always trigger append_only_truncate;`,
    ];
  }
  const triggers: string[] = [];
  if (machine) {
    triggers.push(
      `create trigger guard_state before insert or update of ${machine.field} ${on}\n  ${row}.guard_state();`,
    );
  }
  if (editableIn && machine) {
    triggers.push(
      `create trigger guard_editable before update ${on}\n  ${row}.guard_editable(\n    '${machine.field}', '{${editableIn.join(',')}}', '{${openFields.join(',')}}');`,
    );
  }
  for (const column of changeableActors(table)) {
    triggers.push(
      `create trigger guard_actor before update of ${column} ${on}\n  ${row}.guard_actor('${column}');`,
    );
  }
  if (kind === 'record') {
    triggers.push(
      `create trigger sign_fields before insert or update ${on}\n  ${row}.sign_fields();`,
    );
  }
  triggers.push(`create trigger touch before update ${on}\n  ${row}.touch();`);
  return triggers;
}

/** Lines of at most a hundred characters, broken at commas. */
function wrapped(sql: string): string {
  return sql
    .split('\n')
    .flatMap((line) => {
      const lines: string[] = [];
      let rest = line;
      while (rest.length > 100) {
        const at = rest.lastIndexOf(', ', 98);
        if (at < 20) break;
        lines.push(rest.slice(0, at + 1));
        rest = `  ${/^\s*/.exec(line)?.[0] ?? ''}${rest.slice(at + 2)}`;
      }
      return [...lines, rest];
    })
    .join('\n');
}
