import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'oxfmt';
import type { FormatConfig } from 'oxfmt';
import pg from 'pg';
import { migrate } from '#stack/migrate.ts';
import { columnValues } from './column-values.ts';
import { withScratchPostgres } from './scratch-postgres.ts';

/**
 * The types of the database, from its catalogue, in the shape of `supabase gen types`.
 * `node scripts/schema/database-types.ts` applies the migrations to a database of its own and
 * writes the file. Types are those of a result: bigint, dates, instants and ids come as texts.
 */

/** Where the types lie. */
export const TYPES_FILE = fileURLToPath(
  new URL('../../sync-server/db/database.types.ts', import.meta.url),
);

const FORMAT_FILE = new URL('../../.oxfmtrc.json', import.meta.url);

/** The whole text of the types file, in the format of the project; the same for the same schema. */
export async function databaseTypes(pool: pg.Pool): Promise<string> {
  const { rows: columns } = await pool.query<Column>(COLUMNS);
  const { rows: checks } = await pool.query<{ relation: string; expression: string }>(CHECKS);
  const { rows: references } = await pool.query<Reference>(REFERENCES);
  const { rows: enums } = await pool.query<{ name: string; values: string[] }>(ENUMS);
  const values = valuesByColumn(checks);
  const relations = (kinds: readonly string[]): [string, Column[]][] => [
    ...Map.groupBy(
      columns.filter(({ kind }) => kinds.includes(kind)),
      ({ relation }) => relation,
    ),
  ];
  const typeOf = (column: Column): string => {
    const known = values.get(`${column.relation}.${column.name}`);
    const type = known?.map(quote).join(' | ') ?? scalarType(column);
    return column.nullable ? `${type} | null` : type;
  };

  const tables = relations(['r', 'p']).map(([name, all]) =>
    block(name, [
      block(
        'Row',
        all.map((column) => `${key(column.name)}: ${typeOf(column)};`),
      ),
      block(
        'Insert',
        all.map((column) => written(column, typeOf(column), column.optional)),
      ),
      block(
        'Update',
        all.map((column) => written(column, typeOf(column), true)),
      ),
      relationships(references.filter(({ relation }) => relation === name)),
    ]),
  );
  const views = relations(['v', 'm']).map(([name, all]) =>
    block(name, [
      block(
        'Row',
        all.map((column) => `${key(column.name)}: ${typeOf(column)};`),
      ),
      relationships([]),
    ]),
  );
  const kinds = enums.map(({ name, values: of }) => `${key(name)}: ${of.map(quote).join(' | ')};`);
  const text = [
    HEADER,
    'export type Database = {',
    block('public', [block('Tables', tables), block('Views', views), block('Enums', kinds)]),
    '};',
    FOOTER,
  ].join('\n');
  const options = JSON.parse(await readFile(FORMAT_FILE, 'utf8')) as FormatConfig;
  const { code, errors } = await format(path.basename(TYPES_FILE), text, options);
  if (errors.length > 0) throw new Error(`database types: ${errors[0]?.message ?? 'no format'}`);
  return code;
}

interface Column {
  readonly relation: string;
  readonly kind: string;
  readonly name: string;
  readonly nullable: boolean;
  /** Has a default, or may be null. */
  readonly optional: boolean;
  /** Only the database gives it a value. */
  readonly generated: boolean;
  readonly type_schema: string;
  readonly type: string;
  /** e for an enum, c for a composite type, b for others. */
  readonly type_kind: string;
  readonly is_array: boolean;
}

interface Reference {
  readonly relation: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly one_to_one: boolean;
  readonly target: string;
  readonly target_columns: readonly string[];
}

const HEADER = `// Written by scripts/schema/database-types.ts from the migrations: change those, not this file.

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];
`;

const FOOTER = `
type PublicTables = Database['public']['Tables'];
type PublicViews = Database['public']['Views'];

/** A row of a table or view, as it is read. */
export type Tables<T extends keyof PublicTables | keyof PublicViews> = (PublicTables &
  PublicViews)[T]['Row'];
/** A row to insert; columns with a default may be left out. */
export type TablesInsert<T extends keyof PublicTables> = PublicTables[T]['Insert'];
/** The columns of a change. */
export type TablesUpdate<T extends keyof PublicTables> = PublicTables[T]['Update'];
`;

const COLUMNS = `
  select c.relname as relation, c.relkind::text as kind, a.attname as name,
         not a.attnotnull and not (t.typtype = 'd' and t.typnotnull) as nullable,
         not a.attnotnull or a.atthasdef or a.attidentity <> '' as optional,
         a.attgenerated <> '' or a.attidentity = 'a' as generated,
         n.nspname as type_schema, e.typname as type, e.typtype::text as type_kind,
         b.typcategory = 'A' as is_array
    from pg_catalog.pg_class c
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_catalog.pg_type t on t.oid = a.atttypid
    join pg_catalog.pg_type b on b.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
    join pg_catalog.pg_type e on e.oid = case when b.typcategory = 'A' then b.typelem else b.oid end
    join pg_catalog.pg_namespace n on n.oid = e.typnamespace
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
   order by c.relname collate "C", a.attname collate "C"`;

const CHECKS = `
  select c.relname as relation, pg_catalog.pg_get_expr(k.conbin, k.conrelid) as expression
    from pg_catalog.pg_constraint k join pg_catalog.pg_class c on c.oid = k.conrelid
   where c.relnamespace = 'public'::regnamespace and k.contype = 'c'
     and cardinality(k.conkey) = 1
   order by c.relname collate "C", k.conname collate "C"`;

const REFERENCES = `
  select c.relname as relation, k.conname as name, f.relname as target,
         array(select a.attname::text from unnest(k.conkey) with ordinality u (attnum, nth)
                 join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.attnum
                order by u.nth) as columns,
         array(select a.attname::text from unnest(k.confkey) with ordinality u (attnum, nth)
                 join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.attnum
                order by u.nth) as target_columns,
         exists (select from pg_catalog.pg_index i
                  where i.indrelid = k.conrelid and i.indisunique and i.indpred is null
                    and i.indkey::int2[] <@ k.conkey and i.indkey::int2[] @> k.conkey)
           as one_to_one
    from pg_catalog.pg_constraint k
    join pg_catalog.pg_class c on c.oid = k.conrelid
    join pg_catalog.pg_class f on f.oid = k.confrelid
   where c.relnamespace = 'public'::regnamespace and f.relnamespace = 'public'::regnamespace
     and k.contype = 'f'
   order by c.relname collate "C", k.conname collate "C"`;

const ENUMS = `
  select t.typname as name, array_agg(e.enumlabel::text order by e.enumsortorder) as values
    from pg_catalog.pg_type t join pg_catalog.pg_enum e on e.enumtypid = t.oid
   where t.typnamespace = 'public'::regnamespace
   group by t.typname order by t.typname collate "C"`;

/** Types that pg gives as a text, or that only a text holds exactly. */
const TEXTS =
  'int8 numeric text varchar bpchar citext name uuid xid8 bytea inet cidr tsvector ' +
  'date time timetz timestamp timestamptz interval daterange tstzrange int4range int8range';

const SCALARS: Record<string, string> = {
  int2: 'number',
  int4: 'number',
  float4: 'number',
  float8: 'number',
  bool: 'boolean',
  json: 'Json',
  jsonb: 'Json',
  ...Object.fromEntries(TEXTS.split(' ').map((name) => [name, 'string'])),
};

/** The type of a value without its null; `unknown` for what nobody has thought of. */
function scalarType({ type, type_schema: schema, type_kind: kind, is_array }: Column): string {
  const isEnum = kind === 'e' && schema === 'public';
  const one = isEnum ? `Database['public']['Enums'][${quote(type)}]` : (SCALARS[type] ?? 'unknown');
  return is_array ? `${one}[]` : one;
}

/** Values by `relation.column`. Where several checks speak, what all of them allow. */
function valuesByColumn(
  checks: readonly { relation: string; expression: string }[],
): Map<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  for (const { relation, expression } of checks) {
    const found = columnValues(expression);
    if (!found) continue;
    const column = `${relation}.${found.column}`;
    const before = values.get(column);
    values.set(column, before?.filter((value) => found.values.includes(value)) ?? found.values);
  }
  return values;
}

function written(column: Column, type: string, optional: boolean): string {
  if (column.generated) return `${key(column.name)}?: never;`;
  return `${key(column.name)}${optional ? '?' : ''}: ${type};`;
}

function relationships(references: readonly Reference[]): string {
  const list = (names: readonly string[]): string => `[${names.map(quote).join(', ')}]`;
  const items = references.map(
    ({ name, columns, one_to_one, target, target_columns }) =>
      `{ foreignKeyName: ${quote(name)}; columns: ${list(columns)}; isOneToOne: ${one_to_one}; ` +
      `referencedRelation: ${quote(target)}; referencedColumns: ${list(target_columns)} },`,
  );
  return `Relationships: [${items.join('\n')}];`;
}

function block(name: string, lines: readonly string[]): string {
  if (lines.length === 0) return `${key(name)}: Record<never, never>;`;
  return `${key(name)}: {\n${lines.join('\n')}\n};`;
}

function key(name: string): string {
  return /^[a-z_$][a-z0-9_$]*$/i.test(name) ? name : quote(name);
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

async function write(file: string): Promise<void> {
  const text = await withScratchPostgres(async ({ ownerUrl }) => {
    await migrate(ownerUrl);
    const pool = new pg.Pool({ connectionString: ownerUrl, max: 1 });
    // The server may be stopped before a connection that ends has heard its last answer.
    pool.on('error', () => {});
    try {
      return await databaseTypes(pool);
    } finally {
      await pool.end();
    }
  });
  await writeFile(file, text);
  console.log(`${path.relative(process.cwd(), file)}: ${text.split('\n').length - 1} lines`);
}

if (import.meta.main) await write(process.argv[2] ?? TYPES_FILE);
