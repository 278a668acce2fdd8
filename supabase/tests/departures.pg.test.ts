import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { movingColumns } from '#shared/schema/moving.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';

/** Which tables note that a row left a part, and who may write such a note. */

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
});
afterAll(() => db.close());

test('exactly the tables whose rows can move note it, on exactly the columns by which they move', async () => {
  const { rows } = await db.admin.query<{ name: string; columns: string[] }>(
    `select c.relname as name,
            array(select a.attname::text from pg_attribute a
                   where a.attrelid = c.oid and a.attnum = any (t.tgattr)) as columns
       from pg_trigger t join pg_class c on c.oid = t.tgrelid
       join pg_proc p on p.oid = t.tgfoid
      where p.proname = 'note_departure' and t.tgenabled <> 'D'`,
  );
  const noted = Object.fromEntries(rows.map(({ name, columns }) => [name, columns.toSorted()]));
  const moving = TABLE_NAMES.flatMap((table) => {
    const columns = [...new Set(movingColumns(table))].toSorted();
    return columns.length > 0 ? [[table, columns] as const] : [];
  });
  expect(noted).toEqual(Object.fromEntries(moving));
  expect(moving.length).toBeGreaterThan(10);
});

test.each(['authenticated', 'ganger_engine', 'anon', 'service_role'])(
  '%s writes no such note by hand',
  async (role) => {
    const client = await db.admin.connect();
    try {
      await client.query(`begin; set local role ${role}`);
      const write = client.query(
        `insert into private.part_departures (table_name, part, row_id)
         values ('users', 'org', gen_random_uuid())`,
      );
      await expect(write).rejects.toMatchObject({ code: '42501' });
    } finally {
      await client.query('rollback');
      client.release();
    }
  },
);
