import { createHash } from 'node:crypto';
import type pg from 'pg';
import { inScope, replicaScopes } from '#shared/access/rights.ts';
import type { Grant } from '#shared/access/rights.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import type { Row } from '#shared/schema/define.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { isWindowPart } from '#shared/schema/window-parts.ts';
import { documentColumns } from '#server/sync/table-sql.ts';
import type { Digests } from './device-messages.ts';

/** Rows of every table, as one replica has them. */
export type Content = ReadonlyMap<TableName, readonly Row[]>;

/**
 * One digest a table and part that a person replicates. Equal content gives equal digests, in
 * whatever order and under whatever revisions a replica keeps it.
 */
export function digestsOf(content: Content, grants: readonly Grant[], userId: string): Digests {
  const digests: Record<string, { hash: string; rows: number }> = {};
  for (const table of TABLE_NAMES) {
    const rows = content.get(table) ?? [];
    const sorted = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    for (const part of replicaScopes(grants, userId, table)) {
      // Which rows are in a window only the server knows: they are compared as one.
      const name = isWindowPart(part) ? 'windows' : part;
      const own = sorted.filter((row) => inScope(table, part, row));
      const hash = createHash('sha256');
      for (const row of own) hash.update(canonicalJson(row)).update('\n');
      digests[`${table} ${name}`] = { hash: hash.digest('hex').slice(0, 16), rows: own.length };
    }
  }
  return digests;
}

/** Names of the parts in which two replicas differ. */
export function unequalParts(a: Digests, b: Digests): string[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names]
    .filter((name) => a[name]?.hash !== b[name]?.hash)
    .map((name) => `${name} (${a[name]?.rows ?? 'none'}/${b[name]?.rows ?? 'none'})`);
}

/** All rows of all tables as Postgres has them, as the documents that devices know. */
export async function postgresContent(
  db: Pick<pg.Pool, 'query'>,
  tables: readonly TableName[] = TABLE_NAMES,
): Promise<Content> {
  const content = new Map<TableName, readonly Row[]>();
  for (const table of tables) {
    const columns = documentColumns(table)
      .map(([name, codec]) => `${codec.toDocument(`t."${name}"`)} as "${name}"`)
      .join(', ');
    const live = tableOf(table).kind === 'record' ? 'where t.deleted_at is null' : '';
    const { rows } = await db.query<{ doc: string }>(
      `select (select row_to_json(d) from (select ${columns}) d)::text as doc
         from public."${table}" t ${live}`,
    );
    content.set(
      table,
      rows.map(({ doc }) => JSON.parse(doc) as Row),
    );
  }
  return content;
}
