import pg from 'pg';
import { parseSql } from '../../scripts/schema/parse-sql.ts';
import { readTables } from '../../scripts/schema/kept-catalogue.ts';

/** Columns that move with every write of a row. */
const FEED_COLUMNS = new Set(['row_xid', 'row_version', 'recorded_at']);

const APPEND_ONLY = 'GN001';

type Row = Readonly<Record<string, string | null>>;

interface TableState {
  readonly columns: readonly string[];
  /** Rows by the text of their key. */
  readonly rows: ReadonlyMap<string, Row>;
  /** Changes that append-only triggers ought to refuse and did not. */
  readonly unrefused: readonly string[];
  readonly appendOnly: boolean;
}

/** What of the kept rows there is to see at one moment. */
export interface Snapshot {
  readonly tables: ReadonlyMap<string, TableState>;
  /** Faults of the chains of the audit log. */
  readonly audit: readonly string[];
}

/** What a migration says that it does to rows which are there, by comments at their own line. */
export interface Sayings {
  /** `-- touches public.x: reason`: rows are written, so they move in the feed. */
  readonly touches: ReadonlySet<string>;
  /** `-- changes public.x.column: reason`: values become others. */
  readonly changes: ReadonlySet<string>;
  /** `-- drops public.x: reason`: the table goes with its rows. */
  readonly drops: ReadonlySet<string>;
}

/** Reads the comments of a migration; one without a reason says nothing. */
export function readSayings(sql: string): Sayings {
  const said = { touches: new Set<string>(), changes: new Set<string>(), drops: new Set<string>() };
  for (const { text } of parseSql(sql).comments) {
    const [, verb, name] = /^--\s*(touches|changes|drops)\s+([a-z0-9_.]+):\s*\S/.exec(text) ?? [];
    if (verb && name) said[verb as keyof typeof said].add(name);
  }
  return said;
}

/**
 * Reads all rows of the tables that are still there, and tries what must be refused. Within a
 * transaction, of a superuser; nothing that it tries remains.
 */
export async function takeSnapshot(
  client: pg.Client,
  tables: readonly string[],
): Promise<Snapshot> {
  const there = (await readTables(client)).filter(({ name }) => tables.includes(name));
  const states = new Map<string, TableState>();
  for (const { name, columns, key } of there) {
    const names = columns.map((column) => column.name);
    const list = names.map((column) => `${pg.escapeIdentifier(column)}::text`);
    const { rows } = await client.query<Row>(`select ${list.join(', ')} from ${name}`);
    states.set(name, {
      columns: names,
      rows: new Map(rows.map((row) => [key.map((column) => row[column]).join(' '), row])),
      ...(await tryChanges(client, name)),
    });
  }
  return { tables: states, audit: await auditFaults(client) };
}

/** One sentence for everything that a migration did to old rows and may not do. */
export function brokenRules(before: Snapshot, after: Snapshot, said: Sayings): string[] {
  const broken: string[] = [];
  for (const [table, old] of before.tables) {
    const now = after.tables.get(table);
    if (!now) {
      if (!said.drops.has(table)) broken.push(`${table} is gone with its ${old.rows.size} rows`);
      continue;
    }
    broken.push(...rowFaults(table, old, now, said));
    if (old.appendOnly && !now.appendOnly) broken.push(`${table} is no longer append-only`);
    broken.push(...now.unrefused.map((change) => `${table} no longer refuses ${change}`));
  }
  return [...broken, ...after.audit];
}

function rowFaults(table: string, old: TableState, now: TableState, said: Sayings): string[] {
  const lost = [...old.rows.keys()].filter((key) => !now.rows.has(key));
  const columns = old.columns.filter((column) => now.columns.includes(column));
  const faults = lost.length > 0 ? [`${table} lost ${lost.length} of ${old.rows.size} rows`] : [];
  for (const column of columns) {
    const differing = [...old.rows].filter(([key, row]) => {
      const found = now.rows.get(key);
      return found !== undefined && found[column] !== row[column];
    });
    if (differing.length === 0 || said.changes.has(`${table}.${column}`)) continue;
    if (!FEED_COLUMNS.has(column)) {
      faults.push(`${table}.${column} has another value in ${differing.length} rows`);
    } else if (!said.touches.has(table)) {
      faults.push(`${table}.${column} moved in ${differing.length} rows, and no comment says so`);
    }
  }
  return faults;
}

/** Tries to change an append-only table; each attempt is undone. */
async function tryChanges(
  client: pg.Client,
  table: string,
): Promise<Pick<TableState, 'appendOnly' | 'unrefused'>> {
  const { rows } = await client.query(
    `select from pg_catalog.pg_trigger t
       join pg_catalog.pg_proc p on p.oid = t.tgfoid
      where t.tgrelid = $1::regclass and p.proname = 'refuse_change'
        and p.pronamespace = 'private'::regnamespace`,
    [table],
  );
  if (rows.length === 0) return { appendOnly: false, unrefused: [] };
  const unrefused: string[] = [];
  for (const [change, sql] of [
    ['update', `update ${table} set created_at = created_at`],
    ['delete', `delete from ${table}`],
    ['truncate', `truncate ${table} cascade`],
  ] as const) {
    // A session that skips ordinary triggers is refused as well.
    await client.query(`savepoint attempt; set local session_replication_role = 'replica'`);
    const code = await client.query(sql).then(
      () => 'done',
      (error: unknown) => (error instanceof pg.DatabaseError ? error.code : String(error)),
    );
    await client.query('rollback to attempt');
    if (code !== APPEND_ONLY) unrefused.push(change);
  }
  return { appendOnly: true, unrefused };
}

async function auditFaults(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ fault: string; broken_seq: number }>(
    `select v.fault, v.broken_seq from private.audit_heads h
      cross join lateral private.verify_audit(h.device_id) v where v.fault is not null`,
  );
  return rows.map(
    ({ fault, broken_seq: seq }) => `the audit chain no longer verifies: entry ${seq} ${fault}`,
  );
}
