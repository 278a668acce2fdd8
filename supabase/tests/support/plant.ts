import type pg from 'pg';
import type { TestDatabase } from '#stack/test-database.ts';
import type { Row } from '#shared/schema/define.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { SITE, TEAM, insertPeople } from './people.ts';
import type { Persona } from './people.ts';
import { insertStatement, sampleRow, sampleWorld } from '../../schema/sample-rows.ts';
import type { References } from '../../schema/sample-rows.ts';
import { freshParents, isAloneWithParents } from './world.ts';

const PROJECTIONS = TABLE_NAMES.filter((table) => tableOf(table).projectionOf !== null);

/**
 * People, and one row of every table at the site AA and its team.
 * @param owner whose rows they are, where a table asks for a person
 */
export async function arrangeWorld(
  db: TestDatabase,
  personas: readonly Persona[],
  owner: string,
): Promise<References> {
  await insertPeople(db.postgres, personas, { home: null });
  const known = {
    locations: SITE.AA,
    eos_teams: TEAM.AA,
    users: owner,
    user_roles: '',
    eos_team_members: '',
  };
  const world = sampleWorld(known, {}, new Set(PROJECTIONS));
  await db.postgres.query(world.map(({ table, row }) => insertStatement(table, row)).join(';\n'));
  const refs: References = { ...known };
  for (const { table, row } of world) refs[table] = row.id;
  // Projections have the ids of their rows.
  for (const table of PROJECTIONS) {
    const of = refs[tableOf(table).projectionOf as TableName];
    if (of) refs[table] = of;
  }
  return refs;
}

/** A row at the site AA, in any state, as the owner of the tables loads it. */
export async function plant(
  client: pg.Pool | pg.ClientBase,
  table: TableName,
  refs: References,
  values: Readonly<Record<string, unknown>> = {},
): Promise<Row> {
  const { location } = tableOf(table).scope;
  const own = isAloneWithParents(table) ? await freshParents(client, table, refs) : refs;
  const site = location === undefined ? {} : { [location]: refs.locations };
  const row = sampleRow(table, own, { ...site, ...values });
  await client.query(insertStatement(table, row));
  return row;
}
