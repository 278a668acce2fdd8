import pg from 'pg';
import { KEPT_AT } from './fill-rows.ts';
import type { KeptTable } from './kept-catalogue.ts';

/** How many rows of a table are kept, besides those that kept rows refer to. */
const ROWS_KEPT = 6;

/** The column that holds the transaction of the last write, as every cluster counts for itself. */
const TRANSACTION = 'xid8';

type Row = Readonly<Record<string, string | null>>;

/**
 * Rows of the tables as inserts, the same text for the same rows. Instants from `since` on are those
 * of the dumping itself and become a fixed one; transaction ids become small numbers.
 */
export async function dumpTables(
  client: pg.ClientBase,
  tables: readonly KeptTable[],
  since: Date,
): Promise<string> {
  const rows = new Map<string, Row[]>();
  for (const table of tables) rows.set(table.name, await readRows(client, table, since));
  const kept = chooseRows(tables, rows);
  const inserts: string[] = [];
  for (const table of tables) {
    const chosen = (rows.get(table.name) ?? []).filter((row) => kept.has(row));
    if (chosen.length === 0) throw new Error(`kept version: ${table.name} has no row`);
    inserts.push(insert(table, chosen));
  }
  return inserts.join('\n\n');
}

async function readRows(client: pg.ClientBase, table: KeptTable, since: Date): Promise<Row[]> {
  const columns = table.columns.filter(({ generated }) => !generated);
  const list = columns.map(({ name }) => `t.${pg.escapeIdentifier(name)}::text`);
  const order = table.key.map((name) => `t.${pg.escapeIdentifier(name)}`);
  const until = new Date();
  const { rows } = await client.query<Row>(
    `select ${list.join(', ')} from ${table.name} t
      order by ${(order.length > 0 ? order : list).join(', ')}`,
  );
  return rows.map((row, nth) =>
    Object.fromEntries(
      columns.map(({ name, type }) => {
        const value = row[name] ?? null;
        if (value === null) return [name, null];
        if (type === TRANSACTION) return [name, String(1000 + nth)];
        if (type !== 'timestamp with time zone') return [name, value];
        const at = new Date(value);
        return [name, at >= since && at <= until ? KEPT_AT : value];
      }),
    ),
  );
}

/** The first rows of every table, and all rows that those need. */
function chooseRows(
  tables: readonly KeptTable[],
  rows: ReadonlyMap<string, readonly Row[]>,
): ReadonlySet<Row> {
  const kept = new Set<Row>();
  const byName = new Map(tables.map((table) => [table.name, table]));
  const keep = (table: KeptTable, row: Row): void => {
    if (kept.has(row)) return;
    kept.add(row);
    for (const { name, columns, target, targetColumns } of table.references) {
      const values = columns.map((column) => row[column] ?? null);
      const parent = byName.get(target);
      if (!parent || values.includes(null)) continue;
      const found = rows
        .get(target)
        ?.find((candidate) =>
          targetColumns.every((column, nth) => candidate[column] === values[nth]),
        );
      if (!found) throw new Error(`kept version: ${name} of ${table.name} refers to no row`);
      keep(parent, found);
    }
  };
  for (const table of tables) {
    for (const row of (rows.get(table.name) ?? []).slice(0, ROWS_KEPT)) keep(table, row);
  }
  return kept;
}

function insert(table: KeptTable, rows: readonly Row[]): string {
  const columns = table.columns.filter(({ generated }) => !generated).map(({ name }) => name);
  const values = rows.map((row) => {
    const texts = columns.map((name) => {
      const value = row[name] ?? null;
      return value === null ? 'null' : pg.escapeLiteral(value);
    });
    return `  (${texts.join(', ')})`;
  });
  const names = columns.map((name) => pg.escapeIdentifier(name)).join(', ');
  const rest = values.join(',\n');
  return `insert into ${table.name} (\n  ${names}\n) overriding system value values\n${rest};`;
}
