import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { matrixRows } from '#shared/access/matrix.ts';
import { deviceFields, systemColumns } from '#shared/schema/rows.ts';
import type { Row } from '#shared/schema/define.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { stampedFields } from '#shared/merge/join.ts';
import { DENIED, attempt, become, installAttempt, openSyncPool } from './support/callers.ts';
import type { Caller } from './support/callers.ts';
import { ACTOR_COLUMNS, updatableColumns } from './support/contract.ts';
import { SITE, codeSays, everyPersona, insertPeople } from './support/people.ts';
import type { Persona } from './support/people.ts';
import { insertStatement, sampleRow } from './support/sample-rows.ts';
import type { References } from './support/sample-rows.ts';

/**
 * Every table × every role in every situation × select, insert, update, delete, move to another
 * site: what the database does against what shared/access says, for the very same rows.
 */

type Attempted = 'insert' | 'update' | 'delete' | 'move';
const OPERATIONS: readonly Attempted[] = ['insert', 'update', 'delete', 'move'];
interface Trial {
  readonly operation: Attempted;
  readonly table: TableName;
  readonly row: Row;
  readonly statement: string;
}

let db: TestDatabase;
let sync: pg.Pool;
const now = Date.now();
const personas = everyPersona(now);
const rows = {} as Record<TableName, Row[]>;
const refsAt: Record<string, References> = {};

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  sync = await openSyncPool(db);
  await installAttempt(db);
  await arrange();
});
afterAll(async () => {
  await sync.end();
  await db.close();
});

describe('rights in the database', () => {
  it('to read are those of the code, for every person and every row', async () => {
    const wrong: string[] = [];
    const count = { cells: 0, visible: 0, hidden: 0 };
    for (const who of personas) {
      const seen = await visibleTo(who);
      for (const table of TABLE_NAMES) {
        count.cells += 1;
        for (const row of rows[table]) {
          const may = codeSays(who, now, table, 'read', row);
          count[may ? 'visible' : 'hidden'] += 1;
          if (may !== seen[table].has(row.id)) wrong.push(`${who.name}: ${table} ${place(row)}`);
        }
        const known = new Set(rows[table].map(({ id }) => id));
        for (const id of seen[table]) if (!known.has(id)) wrong.push(`${table}: unknown row ${id}`);
      }
    }
    report(
      `select: ${count.cells} cells (table × person), ${count.visible} rows shown, ` +
        `${count.hidden} hidden`,
    );
    expect(wrong).toEqual([]);
    expect(Math.min(count.visible, count.hidden)).toBeGreaterThan(1000);
  });

  it('to insert, update, delete and move are those of the code', async () => {
    const wrong: string[] = [];
    const count: Record<string, number> = {};
    for (const who of personas) {
      const trials = TABLE_NAMES.flatMap((table) => trialsOf(table, who.id));
      const results = await tryAll({ user: who.id }, trials);
      trials.forEach((trial, index) => {
        const expected = expectation(who, trial);
        const key = `${trial.operation} ${expected === 'rows:1' ? 'allowed' : 'refused'}`;
        count[key] = (count[key] ?? 0) + 1;
        if (results[index] !== expected) {
          wrong.push(
            `${who.name}: ${trial.operation} ${trial.table} ${place(trial.row)}: ` +
              `${expected} expected, ${results[index]} found`,
          );
        }
      });
    }
    report(JSON.stringify(count));
    expect(wrong).toEqual([]);
    expect(count['insert allowed']).toBeGreaterThan(50);
    expect(count['update allowed']).toBeGreaterThan(50);
    for (const operation of OPERATIONS) {
      expect(count[`${operation} refused`]).toBeGreaterThan(1000);
    }
  });

  it.each<Caller>([{ role: 'anon' }, { role: 'service_role' }])(
    'are none at all for %o',
    async (caller) => {
      const someone = personas[1]?.id ?? '';
      const trials = TABLE_NAMES.flatMap((table) => trialsOf(table, someone));
      const reads = [...TABLE_NAMES, 'on_hand'].map((name) => `select from public.${name}`);
      const client = await db.admin.connect();
      try {
        await client.query('begin');
        await become(client, { ...caller, user: someone });
        const results = await attempt(client, [...reads, ...trials.map((t) => t.statement)]);
        report(`${JSON.stringify(caller)}: ${results.length} attempts`);
        expect(new Set(results)).toEqual(new Set([DENIED]));
      } finally {
        await client.query('rollback');
        client.release();
      }
    },
  );

  it('are none without a role, and none for a person without claims', async () => {
    const reads = TABLE_NAMES.map((table) => `select from public.${table}`);
    const client = await sync.connect();
    try {
      expect(new Set(await attempt(client, reads))).toEqual(new Set([DENIED]));
      await client.query('begin; set local role authenticated');
      expect(new Set(await attempt(client, reads))).toEqual(new Set(['rows:0']));
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  it('are asked for once a statement, not once a row', async () => {
    const who = personas.find(({ name }) => name === 'CS own site');
    const act = sampleRow('stock_acts', refsAt[SITE.AA] ?? {});
    await db.postgres.query(`
      ${insertStatement('stock_acts', act)};
      insert into public.stock_movements (id, hlc, act_id, line_no, item_id, location_id, qty_base,
             type, occurred_at, local_date, entered_unit, entered_qty)
      select gen_random_uuid(), '${String(act.hlc)}', '${act.id}', n,
             '${refsAt[SITE.AA]?.inventory_items}', '${SITE.AA}', 1, 'opening', now(), now(), 'x', '1'
        from generate_series(1, 2000) n`);
    await db.admin.query(`alter database ${db.name} set track_functions = 'pl'`);
    const counted = await openSyncPool(db, 1);
    const client = await counted.connect();
    const calls = async (sql: string): Promise<number> => {
      await client.query('begin');
      await become(client, { user: who?.id ?? '' });
      const { rowCount } = await client.query(sql);
      expect(rowCount).toBeGreaterThanOrEqual(100);
      const { rows: found } = await client.query<{ calls: number }>(`
        select coalesce(sum(calls), 0)::int as calls from pg_stat_xact_user_functions
         where schemaname = 'private'
           and funcname in ('reaches_all', 'sites', 'reaches_own', 'limited', 'may')`);
      await client.query('rollback');
      return found[0]?.calls ?? 0;
    };
    try {
      const read = await calls('select id from public.stock_movements');
      const write = await calls(`
        insert into public.stock_acts (id, created_at, created_by, hlc, kind, location_id,
               occurred_at, local_date, lines)
        select gen_random_uuid(), now(), '${who?.id}', '${String(act.hlc)}', 'receive',
               '${SITE.AA}', now(), now(), '${JSON.stringify(act['lines'])}'
          from generate_series(1, 100)`);
      report(`2,000 rows read: ${read} calls; 100 rows written: ${write} calls`);
      expect(read).toBeGreaterThan(0);
      expect(read).toBeLessThanOrEqual(4);
      expect(write).toBeGreaterThan(0);
      expect(write).toBeLessThanOrEqual(4);
    } finally {
      client.release();
      await counted.end();
    }
  });
});

/** Rows at AA, at PY, of no site, and of every person, in all tables. */
async function arrange(): Promise<void> {
  const people = await insertPeople(db.postgres, personas, { home: null });
  const owner = personas[0]?.id ?? '';
  const statements: string[] = [];
  const add = (table: TableName, refs: References, values: Record<string, unknown> = {}): Row => {
    const row = sampleRow(table, refs, values);
    (rows[table] ??= []).push(row);
    statements.push(insertStatement(table, row));
    return row;
  };
  for (const table of TABLE_NAMES) rows[table] = [];
  rows.locations = (await db.postgres.query<Row>('select id, code from public.locations')).rows;
  rows.users = people.users;
  rows.user_roles = people.grants;
  const item = add('inventory_items', {});
  const spare = sampleRow('inventory_items', {});
  rows.inventory_items.push(spare);
  statements.push(insertStatement('inventory_items', spare));
  for (const [index, site] of [SITE.AA, SITE.PY].entries()) {
    const refs: References = { locations: site, users: owner, inventory_items: item.id };
    refs.inventory_lots = add('inventory_lots', refs).id;
    refs.stock_acts = add('stock_acts', refs).id;
    refs.count_sessions = add('count_sessions', refs).id;
    refsAt[site] = { ...refs, inventory_items: spare.id };
    add('item_locations', refs);
    add('stock_movements', refs);
    add('count_lines', refs);
    // Which site is which matters only where the column may be null.
    for (const table of NULLABLE_SITE) add(table, refs, { [siteColumn(table) ?? '']: site });
    if (index === 0) for (const table of NULLABLE_SITE) add(table, refs);
  }
  for (const { id } of personas) {
    add('devices', { users: id }, { location_id: SITE.WX });
    add('audit_logs', { users: id }, { actor_id: id, location_id: SITE.WX });
  }
  await db.postgres.query(statements.join(';\n'));
}

function siteColumn(table: TableName): string | null {
  const { scope } = tableOf(table);
  return scope.kind === 'org' ? null : scope.column;
}

const NULLABLE_SITE = TABLE_NAMES.filter((table) => {
  const column = siteColumn(table);
  return column !== null && tableOf(table).fields[column]?.nullable && table !== 'user_roles';
});

async function visibleTo(who: Persona): Promise<Record<TableName, Set<string>>> {
  const client = await sync.connect();
  try {
    await client.query('begin');
    await become(client, { user: who.id });
    const seen = {} as Record<TableName, Set<string>>;
    for (const table of TABLE_NAMES) {
      const found = await client.query<{ id: string }>(`select id from public.${table}`);
      seen[table] = new Set(found.rows.map(({ id }) => id));
    }
    return seen;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

async function tryAll(caller: Caller, trials: readonly Trial[]): Promise<string[]> {
  const client = await sync.connect();
  try {
    await client.query('begin');
    await become(client, caller);
    return await attempt(
      client,
      trials.map(({ statement }) => statement),
    );
  } finally {
    await client.query('rollback');
    client.release();
  }
}

/** All that one person tries on one table. */
function trialsOf(table: TableName, userId: string): Trial[] {
  const trials: Trial[] = [];
  const add = (operation: Attempted, row: Row, statement: string): void => {
    trials.push({ operation, table, row, statement });
  };
  for (const row of candidates(table, userId)) {
    const columns = [
      ...systemColumns(tableOf(table)),
      ...deviceFields(tableOf(table)).map(([name]) => name),
    ];
    add('insert', row, insertStatement(table, row, columns));
  }
  const column = updatableColumns(table)[0] ?? Object.keys(tableOf(table).fields)[0] ?? 'id';
  const site = siteColumn(table);
  for (const row of targets(table, userId)) {
    const where = `where id = '${row.id}'`;
    add('update', row, `update public.${table} set ${column} = ${column} ${where}`);
    add('delete', row, `delete from public.${table} ${where}`);
    if (site) add('move', row, `update public.${table} set ${site} = '${SITE.WX}' ${where}`);
  }
  return trials;
}

/** New rows at both sites and at none, with every value that some role's right to create names. */
function candidates(table: TableName, userId: string): Row[] {
  const site = siteColumn(table);
  const only = matrixRows().find((cell) => cell.table === table && cell.only)?.only;
  const values = only ? (tableOf(table).fields[only.field]?.values ?? []) : [null];
  const nullable = site !== null && tableOf(table).fields[site]?.nullable;
  const places = site === null ? [null] : [SITE.AA, SITE.PY, ...(nullable ? [null] : [])];
  return places.flatMap((where) =>
    values.map((value) =>
      sampleRow(
        table,
        { ...refsAt[where ?? SITE.AA], users: userId },
        {
          created_by: userId,
          ...Object.fromEntries((ACTOR_COLUMNS[table] ?? []).map((column) => [column, userId])),
          ...(site === null ? {} : { [site]: where }),
          ...(only ? { [only.field]: value } : {}),
        },
      ),
    ),
  );
}

/** The rows that somebody tries to change: not everybody else's, or the test would be endless. */
function targets(table: TableName, userId: string): Row[] {
  const site = siteColumn(table);
  const { scope } = tableOf(table);
  const places = new Set<unknown>();
  return rows[table].filter((row) => {
    if (scope.kind === 'location-or-own' && row[scope.own] === userId) return true;
    const key = site === null ? row.id : row[site];
    if (places.has(key)) return false;
    places.add(key);
    return true;
  });
}

function expectation(who: Persona, { operation, table, row }: Trial): string {
  const site = siteColumn(table);
  switch (operation) {
    case 'insert':
      return codeSays(who, now, table, 'create', row) ? 'rows:1' : DENIED;
    case 'update':
      if (updatableColumns(table).length === 0) return DENIED;
      return codeSays(who, now, table, 'update', row) ? 'rows:1' : 'rows:0';
    case 'move': {
      const moved = { ...row, [site ?? '']: SITE.WX };
      const may =
        stampedFields(table).includes(site ?? '') &&
        codeSays(who, now, table, 'update', row) &&
        codeSays(who, now, table, 'update', moved);
      return may ? 'rows:1' : DENIED;
    }
    case 'delete':
      // The matrix knows no such operation: nobody deletes.
      return DENIED;
  }
}

const place = (row: Row): string => {
  const entry = Object.entries(SITE).find(([, id]) => Object.values(row).includes(id));
  return entry?.[0] ?? 'no site';
};

const report = (words: string): void => {
  process.stdout.write(`rights: ${words}\n`);
};
