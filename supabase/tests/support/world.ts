import type pg from 'pg';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { insertStatement, sampleRow } from '../../schema/sample-rows.ts';
import type { References } from '../../schema/sample-rows.ts';

/** Inserts one row of every table, each referring to the ones before. For the owner of the tables. */
export async function plantWorld(client: pg.ClientBase | pg.Pool): Promise<References> {
  const refs: References = {};
  const statements = TABLE_NAMES.map((table) => {
    const row = sampleRow(table, refs);
    refs[table] = row.id;
    return insertStatement(table, row);
  });
  await client.query(statements.join(';\n'));
  return refs;
}

/**
 * Inserts rows that no other row refers to yet, for a row that may stand only once beside each.
 * @returns the world with them in the place of the others
 */
export async function freshParents(
  client: pg.ClientBase | pg.Pool,
  table: TableName,
  world: References,
): Promise<References> {
  const statements: string[] = [];
  const refs = withParents(table, world, statements);
  if (statements.length > 0) await client.query(statements.join(';\n'));
  return refs;
}

function withParents(table: TableName, world: References, statements: string[]): References {
  const refs: References = { ...world };
  for (const parent of parentsOf(table)) {
    // A row that is alone with its own parents needs others itself.
    const own = isAloneWithParents(parent) ? withParents(parent, world, statements) : world;
    const row = sampleRow(parent, own);
    statements.push(insertStatement(parent, row));
    refs[parent] = row.id;
  }
  return refs;
}

/** Tables that a table refers to, but for sites: what belongs together lies at one. */
export function parentsOf(table: TableName): TableName[] {
  const names = Object.values(tableOf(table).fields).flatMap(({ references }) => references ?? []);
  return [...new Set(names as TableName[])].filter(
    (name) => name !== 'locations' && name !== table,
  );
}

/** True for a table whose rows may stand only once beside some other row. */
export function isAloneWithParents(table: TableName): boolean {
  const { fields, unique, uniqueWhere } = tableOf(table);
  return [...unique, ...uniqueWhere.map(({ columns }) => columns)].some((columns) =>
    columns.some((column) => (fields[column]?.references ?? 'locations') !== 'locations'),
  );
}
