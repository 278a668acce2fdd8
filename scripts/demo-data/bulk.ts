import type pg from 'pg';

/** What is set aside while much is loaded, as SQL that puts it back. */
export interface SetAside {
  readonly back: readonly string[];
}

/**
 * Drops the references and the plain indexes of all tables of the API within the transaction, so
 * that they are checked and built once over all rows and not row by row. Unique indexes stay: the
 * rows are held to them as they come. `putBack` makes everything as it was, or fails on a row that
 * refers to nothing; without it the transaction must not be committed.
 */
export async function setAside(client: pg.ClientBase): Promise<SetAside> {
  const { rows: references } = await client.query<Piece>(
    `select c.conrelid::regclass::text as table, quote_ident(c.conname) as name,
            pg_get_constraintdef(c.oid) as definition
       from pg_constraint c
      where c.contype = 'f' and c.connamespace = 'public'::regnamespace
      order by 1, 2`,
  );
  const { rows: indexes } = await client.query<Piece>(
    `select i.indexrelid::regclass::text as table, quote_ident(c.relname) as name,
            pg_get_indexdef(i.indexrelid) as definition
       from pg_index i
       join pg_class c on c.oid = i.indexrelid
      where c.relnamespace = 'public'::regnamespace and not i.indisunique
      order by 1, 2`,
  );
  await client.query(
    [
      ...references.map(({ table, name }) => `alter table ${table} drop constraint ${name}`),
      ...indexes.map(({ name }) => `drop index public.${name}`),
    ].join(';\n'),
  );
  return {
    back: [
      ...indexes.map(({ definition }) => definition),
      ...references.map(
        ({ table, name, definition }) =>
          `alter table ${table} add constraint ${name} ${definition}`,
      ),
    ],
  };
}

/** @throws the database's error when a row refers to one that is not there */
export async function putBack(client: pg.ClientBase, { back }: SetAside): Promise<void> {
  await client.query(`set local maintenance_work_mem = '256MB'`);
  await client.query(back.join(';\n'));
}

interface Piece {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}
