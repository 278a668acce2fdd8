import type pg from 'pg';

/** A column as far as a row of it has to be made up. */
export interface KeptColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  /** Only the database gives it a value. */
  readonly generated: boolean;
}

/** Columns that refer to columns of another table, in matching order. */
export interface KeptReference {
  readonly name: string;
  readonly columns: readonly string[];
  readonly target: string;
  readonly targetColumns: readonly string[];
}

/** A check of one row, with the columns that it reads. */
export interface KeptCheck {
  readonly name: string;
  readonly columns: readonly string[];
  readonly expression: string;
}

/** A table of `public` or `private`, named `schema.table`. */
export interface KeptTable {
  readonly name: string;
  readonly columns: readonly KeptColumn[];
  readonly key: readonly string[];
  readonly references: readonly KeptReference[];
  readonly checks: readonly KeptCheck[];
}

/** All tables of `public` and `private`, those that others refer to first, otherwise by name. */
export async function readTables(client: pg.ClientBase): Promise<KeptTable[]> {
  const { rows } = await client.query<{ tables: KeptTable[] | null }>(TABLES);
  const tables = rows[0]?.tables ?? [];
  const sorted: KeptTable[] = [];
  const seen = new Set<string>();
  const add = (table: KeptTable): void => {
    if (seen.has(table.name)) return;
    seen.add(table.name);
    for (const { target } of table.references) {
      const parent = tables.find(({ name }) => name === target);
      if (parent) add(parent);
    }
    sorted.push(table);
  };
  for (const table of tables.toSorted((a, b) => (a.name < b.name ? -1 : 1))) add(table);
  return sorted;
}

/** The tables that hold anything at all. */
export async function tablesWithRows(client: pg.ClientBase): Promise<Set<string>> {
  const parts = (await readTables(client)).map(
    ({ name }) => `select '${name}' as name where exists (select from ${name})`,
  );
  const { rows } = await client.query<{ name: string }>(parts.join(' union all '));
  return new Set(rows.map(({ name }) => name));
}

const NAMES = (relation: string, numbers: string): string => `
  coalesce((select json_agg(a.attname order by u.nth)
     from unnest(${numbers}) with ordinality u (attnum, nth)
     join pg_catalog.pg_attribute a on a.attrelid = ${relation} and a.attnum = u.attnum), '[]')`;

const TABLES = `
  select json_agg(json_build_object(
    'name', n.nspname || '.' || c.relname,
    'columns', (
      select json_agg(json_build_object(
               'name', a.attname, 'type', pg_catalog.format_type(a.atttypid, null),
               'nullable', not a.attnotnull, 'generated', a.attgenerated <> '') order by a.attnum)
        from pg_catalog.pg_attribute a
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
    'key', coalesce((
      select ${NAMES('c.oid', 'k.conkey')} from pg_catalog.pg_constraint k
       where k.conrelid = c.oid and k.contype = 'p'), '[]'),
    'references', coalesce((
      select json_agg(json_build_object(
               'name', k.conname, 'columns', ${NAMES('k.conrelid', 'k.conkey')},
               'target', (select m.nspname || '.' || f.relname from pg_catalog.pg_class f
                            join pg_catalog.pg_namespace m on m.oid = f.relnamespace
                           where f.oid = k.confrelid),
               'targetColumns', ${NAMES('k.confrelid', 'k.confkey')}) order by k.conname)
        from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.contype = 'f'), '[]'),
    'checks', coalesce((
      select json_agg(json_build_object(
               'name', k.conname, 'columns', ${NAMES('k.conrelid', 'k.conkey')},
               'expression', pg_catalog.pg_get_expr(k.conbin, k.conrelid)) order by k.conname)
        from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.contype = 'c'), '[]')
  )) as tables
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where n.nspname in ('public', 'private') and c.relkind = 'r'`;
