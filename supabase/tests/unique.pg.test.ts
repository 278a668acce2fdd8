import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Row, UniqueWhere } from '#shared/schema/define.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { attempt, installAttempt } from './support/callers.ts';
import { insertStatement, literal, sampleRow } from '../schema/sample-rows.ts';
import type { References } from '../schema/sample-rows.ts';
import { freshParents, plantWorld } from './support/world.ts';

/** What may be there only once: by its columns, by what it is, and among the living. */

const UNIQUE = '23505';
const TAKEN = 'rows:1';

let db: TestDatabase;
let client: pg.PoolClient;
let world: References;

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  await installAttempt(db);
  client = await db.postgres.connect();
  world = await plantWorld(client);
});
afterAll(async () => {
  client.release();
  await db.close();
});

const insert = (table: TableName, row: Row): string => insertStatement(table, row);

/** What becomes of statements while a first row stands; all is undone. */
async function tryBeside(first: string, statements: readonly string[]): Promise<string[]> {
  try {
    await client.query('begin');
    await client.query(first);
    return await attempt(client, statements);
  } finally {
    await client.query('rollback');
  }
}

const sameIn = (row: Row, columns: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(columns.map((column) => [column, row[column]]));

describe('a row is alone', () => {
  const keys = TABLE_NAMES.flatMap((table) =>
    tableOf(table).unique.map((columns) => ({ table, columns })),
  );

  it.each(keys)('with its $columns in $table, an absent one included', async (key) => {
    const { table, columns } = key;
    const refs = await freshParents(client, table, world);
    const first = sampleRow(table, refs);
    const other = await freshParents(client, table, world);
    const same = sampleRow(table, other, sameIn(first, columns));
    // Rows that are told apart by their key have another id in any case.
    const results = await tryBeside(insert(table, first), [
      insert(table, { ...same, id: newId() }),
      insert(table, sampleRow(table, other)),
    ]);
    expect(results).toEqual([UNIQUE, TAKEN]);
  });

  it.each(TABLE_NAMES.filter((table) => tableOf(table).identity !== null))(
    'by what it is: two devices that make the same %s make one row',
    async (table) => {
      const { identity } = tableOf(table);
      const refs = await freshParents(client, table, world);
      const first = sampleRow(table, refs, { device_id: newId() });
      const second = sampleRow(table, refs, {
        ...sameIn(first, identity ?? []),
        device_id: newId(),
      });
      expect(second.id).toBe(first.id);
      const again = `${insert(table, second)} on conflict (id) do nothing`;
      expect(await tryBeside(insert(table, first), [insert(table, second), again])).toEqual([
        UNIQUE,
        'rows:0',
      ]);
    },
  );
});

describe('among the living there is only one', () => {
  const claims = TABLE_NAMES.flatMap((table) =>
    tableOf(table).uniqueWhere.map((where) => ({ table, where, columns: where.columns })),
  );

  it('of some things at all', () => {
    expect(claims.length).toBeGreaterThanOrEqual(8);
  });

  it.each(claims)('$table with its $columns, until it is released', async ({ table, where }) => {
    const refs = await freshParents(client, table, world);
    const first = sampleRow(table, refs, firstOf(table, where, refs));
    const other = await freshParents(client, table, world);
    const beside = (values: Record<string, unknown>): string =>
      insert(table, {
        ...sampleRow(table, other, {
          ...signed(where),
          ...sameIn(first, where.columns),
          ...values,
        }),
        id: newId(),
      });
    const { live, over } = valuesOf(table, where, first);
    const second = live.map((value) => beside({ [where.field]: value }));
    const dead = over.map((value) => beside({ [where.field]: value }));
    expect(await tryBeside(insert(table, first), [...second, ...dead])).toEqual([
      ...second.map(() => UNIQUE),
      ...dead.map(() => TAKEN),
    ]);
    if (['fact', 'log'].includes(tableOf(table).kind)) return;
    // Released: the next one may have it.
    try {
      await client.query('begin');
      await client.query(insert(table, first));
      await client.query(
        `update public.${table} set ${where.field} = ${literal(table, where.field, over[0])}
          where id = '${first.id}'`,
      );
      expect(await attempt(client, second)).toEqual(second.map(() => TAKEN));
    } finally {
      await client.query('rollback');
    }
  });

  /** Values that a live row holds, and values with which it is out of the way. */
  function valuesOf(
    table: TableName,
    { field, values }: UniqueWhere,
    first: Row,
  ): { live: readonly unknown[]; over: readonly unknown[] } {
    if (values === null) return { live: [first[field]], over: [null] };
    const all = tableOf(table).fields[field]?.values ?? [];
    return { live: values, over: all.filter((value) => !values.includes(value)) };
  }

  function firstOf(
    table: TableName,
    where: UniqueWhere,
    refs: References,
  ): Record<string, unknown> {
    const { field, values, columns } = where;
    const given: Record<string, unknown> = { ...signed(where) };
    for (const column of columns) {
      const { references, kind } = tableOf(table).fields[column] ?? {};
      if (references) given[column] = refs[references as TableName];
      else if (kind === 'text') given[column] = newId().slice(-12);
    }
    return values === null ? given : { ...given, [field]: values[0] };
  }

  /** A movement that takes another back has the other sign. */
  const signed = ({ field }: UniqueWhere): Record<string, unknown> =>
    field === 'reverses_id' ? { type: 'reclass' } : {};
});
