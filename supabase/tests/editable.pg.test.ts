import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import type { Row } from '#shared/schema/define.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { updatableColumns } from '../schema/contract.ts';
import { NOT_EDITED, attempt, become, installAttempt, openSyncPool } from './support/callers.ts';
import { SITE, codeSays, everyPersona, insertPeople } from './support/people.ts';
import type { Persona } from './support/people.ts';
import { insertStatement, literal, sampleRow } from '../schema/sample-rows.ts';
import type { References } from '../schema/sample-rows.ts';
import { plantWorld } from './support/world.ts';

/** What has been handed in is closed: which fields of which table change in which state. */

const CLOSING = TABLE_NAMES.filter((table) => tableOf(table).editableIn !== null);

let db: TestDatabase;
let sync: pg.Pool;
let refs: References;
const now = Date.now();
const personas = everyPersona(now).filter(({ name }) => /^[A-Z]+ own site$/.test(name));

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  sync = await openSyncPool(db);
  await installAttempt(db);
  await insertPeople(db.postgres, personas, { home: null });
  refs = { ...(await plantWorld(db.postgres)), locations: SITE.AA };
});
afterAll(async () => {
  await sync.end();
  await db.close();
});

/** Another value than the one that a row has. */
function another(table: TableName, column: string, row: Row): unknown {
  const field = tableOf(table).fields[column];
  const before = row[column];
  switch (field?.kind) {
    case 'enum':
      return field.values?.find((value) => value !== before);
    case 'bool':
      return before !== true;
    case 'int':
    case 'quantity':
    case 'cents':
      return Number(before ?? 0) + 1;
    case 'instant':
      return 1_800_000_000_000;
    case 'date':
      return before === '2027-03-04' ? '2027-03-05' : '2027-03-04';
    case 'json':
      return Array.isArray(before) ? [{ b: 1 }] : field.zod.safeParse([]).success ? [{}] : { b: 1 };
    case 'uuid':
      // Empty, or for the first time full.
      return before === null && field.references ? refs[field.references as TableName] : null;
    default:
      return before === 'abcdefg' ? 'hijklmn' : 'abcdefg';
  }
}

it('is said of every table whose content is handed in', () => {
  expect(CLOSING.toSorted()).toEqual([
    'authorization_requests',
    'form_submissions',
    'form_template_versions',
    'handout_template_versions',
    'purchase_orders',
    'reorder_requests',
    'transfers',
    'waitlist_entries',
  ]);
});

describe.each(CLOSING)('%s', (table) => {
  const { machine, editableIn, openFields, fields } = tableOf(table);
  const stateField = machine?.field ?? '';
  const states = fields[stateField]?.values ?? [];
  const columns = updatableColumns(table).filter(
    (name) => name !== stateField && name !== 'field_hlc' && name !== 'field_by',
  );

  it('is edited in its open states only, but for the fields that stay open', async () => {
    const wrong: string[] = [];
    const count = { edited: 0, closed: 0 };
    for (const state of states) {
      const row = sampleRow(table, refs, { [stateField]: state });
      await db.postgres.query(insertStatement(table, row));
      const who = personas.find((one) => mayWrite(one, row));
      if (!who) continue;
      const tried = columns.flatMap((column) => {
        const value = another(table, column, row);
        if (value === null && fields[column]?.nullable === false) return [];
        const set = `${column} = ${literal(table, column, value)}`;
        return [{ column, sql: `update public.${table} set ${set} where id = '${row.id}'` }];
      });
      const results = await asPerson(
        who,
        tried.map(({ sql }) => sql),
      );
      tried.forEach(({ column }, at) => {
        const free = editableIn?.includes(state) === true || openFields.includes(column);
        count[free ? 'edited' : 'closed'] += 1;
        const answer = free ? 'rows:1' : NOT_EDITED;
        if (results[at] !== answer) {
          wrong.push(`${who.name}, ${state}: ${column}: ${answer} expected, ${results[at]} found`);
        }
      });
      const nothing = columns.map((column) => `${column} = ${column}`).join(', ');
      const same = [`update public.${table} set ${nothing} where id = '${row.id}'`];
      expect(await asPerson(who, same), `${state}: nothing changed`).toEqual(['rows:1']);
    }
    expect(wrong).toEqual([]);
    expect(Math.min(count.edited, count.closed)).toBeGreaterThan(1);
  });

  it('is still written by the server', async () => {
    const closed = states.find((state) => !editableIn?.includes(state)) ?? '';
    const row = sampleRow(table, refs, { [stateField]: closed });
    await db.postgres.query(insertStatement(table, row));
    const client = await sync.connect();
    try {
      await client.query('begin');
      await become(client, { role: 'ganger_engine' });
      const own = Object.entries(fields).filter(([, { merge }]) => merge === 'CEN');
      const sql = own.map(
        ([name]) =>
          `update public.${table} set ${name} = ${literal(table, name, another(table, name, row))}
            where id = '${row.id}'`,
      );
      expect(await attempt(client, sql)).toEqual(sql.map(() => 'rows:1'));
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  const mayWrite = (who: Persona, row: Row): boolean =>
    codeSays(who, now, table, 'read', row) &&
    (codeSays(who, now, table, 'update', row) || codeSays(who, now, table, 'approve', row));
});

async function asPerson(who: Persona, statements: readonly string[]): Promise<string[]> {
  const client = await sync.connect();
  try {
    await client.query('begin');
    await become(client, { user: who.id });
    return await attempt(client, statements);
  } finally {
    await client.query('rollback');
    client.release();
  }
}
