import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { MATRIX } from '#shared/access/matrix.ts';
import { deviceFields, systemColumns } from '#shared/schema/rows.ts';
import type { Row } from '#shared/schema/define.ts';
import { findTransition, MACHINES } from '#shared/schema/machines.ts';
import type { MachineName } from '#shared/schema/machines.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { peopleInsert, updatableColumns } from '../schema/contract.ts';
import {
  DENIED,
  asCaller,
  attempt,
  become,
  installAttempt,
  openSyncPool,
} from './support/callers.ts';
import type { Caller } from './support/callers.ts';
import { SITE, TEAM, codeSays, everyPersona, insertPeople } from './support/people.ts';
import type { Persona } from './support/people.ts';
import { insertStatement, sampleRow, sampleWorld } from '../schema/sample-rows.ts';
import type { References } from '../schema/sample-rows.ts';

/**
 * Every table × every role in every situation × select, insert, update, delete, move to another
 * site, and metadata: what the database does against what shared/access says, for the same rows.
 */

type Attempted = 'insert' | 'update' | 'delete' | 'move';
const OPERATIONS: readonly Attempted[] = ['insert', 'update', 'delete', 'move'];
/** How often the code has to say yes at least, or nothing would be compared. Nobody deletes. */
const LEAST_ALLOWED: Record<Attempted, number> = { insert: 1001, update: 501, delete: 0, move: 0 };
/** How many people try at once; each has a transaction, and what each tries is undone at once. */
const AT_ONCE = 3;
interface Trial {
  readonly operation: Attempted;
  readonly table: TableName;
  readonly row: Row;
  readonly statement: string;
}
/** How the database says no: by a policy, or by a trigger that looked first. */
const REFUSED = /^(42501|GN\d{3})$/;

/** Somebody without any right. */
const none = { seen: 0, done: [] };
const FACTOR_SQL = `
  with account as (insert into auth.users (id) values ($1) on conflict do nothing),
       former as (delete from auth.mfa_factors where user_id = $1)
  insert into auth.mfa_factors (id, user_id, friendly_name, factor_type, status, secret)
  values (gen_random_uuid(), $1, $2::text, 'totp', $2::text::auth.factor_status, 'x')`;

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
    expect(Math.min(count.visible, count.hidden)).toBeGreaterThan(10_000);
  });

  it('are none in a session without the second factor that somebody must have, or has set', async () => {
    const who = personas.find(({ name }) => name === 'SA all sites');
    if (!who) throw new Error('no such person');
    const trials = OPERATIONS.flatMap((operation) =>
      TABLE_NAMES.flatMap((table) => trialsOf(table, who.id, operation)),
    );
    const count = async (aal: 'aal1' | 'aal2') => {
      const seen = Object.values(await visibleTo(who, aal)).reduce(
        (sum, { size }) => sum + size,
        0,
      );
      const done = await tryAll({ user: who.id, aal }, trials);
      return {
        seen,
        done: done.filter((result) => result.startsWith('rows:') && result !== 'rows:0'),
      };
    };
    const full = await count('aal1');
    expect(full.seen).toBeGreaterThan(100);
    expect(full.done.length).toBeGreaterThan(50);
    const required = 'update public.users set mfa_required = $2 where id = $1';
    const steps = [
      [required, true, none],
      [required, false, full],
      [FACTOR_SQL, 'unverified', full],
      [FACTOR_SQL, 'verified', none],
    ] as const;
    for (const [text, value, expected] of steps) {
      await db.admin.query(text, [who.id, value]);
      expect([value, await count('aal1')]).toEqual([value, expected]);
      expect([value, await count('aal2')]).toEqual([value, full]);
    }
    await db.admin.query('delete from auth.mfa_factors where user_id = $1', [who.id]);
  });

  it('to know of rows without reading them are those of the code', async () => {
    const wrong: string[] = [];
    const count = { cells: 0, told: 0 };
    for (const who of personas) {
      const told = await metadataFor(who);
      for (const table of TABLE_NAMES) {
        count.cells += 1;
        for (const row of rows[table]) {
          const may = codeSays(who, now, table, 'metadata', row);
          if (may) count.told += 1;
          if (may !== (told[table]?.has(row.id) ?? false)) {
            wrong.push(`${who.name}: ${table} ${place(row)}: ${may} in the code`);
          }
        }
      }
    }
    report(`metadata: ${count.cells} cells, ${count.told} rows told of`);
    expect(wrong).toEqual([]);
    expect(count.told).toBeGreaterThan(1000);
  });

  it.each(OPERATIONS)(
    'to %s are those of the code',
    async (operation) => {
      const wrong: string[] = [];
      const count = { allowed: 0, refused: 0 };
      await forEveryone(async (who) => {
        const trials = TABLE_NAMES.flatMap((table) => trialsOf(table, who.id, operation));
        const results = await tryAll({ user: who.id }, trials);
        trials.forEach((trial, index) => {
          const expected = expectation(who, trial);
          count[expected === 'rows:1' ? 'allowed' : 'refused'] += 1;
          const found = results[index] ?? '';
          const asExpected = expected === DENIED ? REFUSED.test(found) : found === expected;
          if (!asExpected) {
            wrong.push(
              `${who.name}: ${operation} ${trial.table} ${place(trial.row)}: ` +
                `${expected} expected, ${found} found`,
            );
          }
        });
      });
      report(`${operation}: ${JSON.stringify(count)}`);
      expect(wrong).toEqual([]);
      expect(count.allowed).toBeGreaterThanOrEqual(LEAST_ALLOWED[operation]);
      expect(count.refused).toBeGreaterThan(5000);
    },
    120_000,
  );

  it.each<Caller>([{ role: 'anon' }, { role: 'service_role' }])(
    'are none at all for %o',
    async (caller) => {
      const someone = personas[1]?.id ?? '';
      const trials = OPERATIONS.flatMap((operation) =>
        TABLE_NAMES.flatMap((table) => trialsOf(table, someone, operation)),
      );
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
           and funcname in ('reaches_all', 'sites', 'teams', 'reaches_own', 'limited_values', 'held',
             'may_row')`);
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
      expect(write).toBeLessThanOrEqual(6);
    } finally {
      client.release();
      await counted.end();
    }
  });
});

/** Rows at AA, at PY, of no site, of many people and with every value that a right depends on. */
async function arrange(): Promise<void> {
  const people = await insertPeople(db.postgres, personas, { home: null });
  const owner = personas[0]?.id ?? '';
  const statements: string[] = [];
  for (const table of TABLE_NAMES) rows[table] = [];
  Object.assign(rows, people);
  rows.locations = (await db.postgres.query<Row>('select id, code from public.locations')).rows;
  const keep = (table: TableName, row: Row): Row => {
    rows[table].push(row);
    statements.push(insertStatement(table, row));
    return row;
  };
  const org = TABLE_NAMES.filter((table) => isOfAll(table) && table !== 'locations');
  const shared: References = { users: owner };
  for (const table of org) {
    if (table in people) continue;
    shared[table] = keep(table, sampleRow(table, shared)).id;
  }
  for (const [site, team] of [
    [SITE.AA, TEAM.AA],
    [SITE.PY, TEAM.PY],
  ] as const) {
    const known = {
      ...shared,
      locations: site,
      eos_teams: team,
      user_roles: '',
      eos_team_members: '',
    };
    const world = sampleWorld(known, {}, new Set(PROJECTIONS));
    const refs: References = { ...known };
    for (const { table, row } of world) refs[table] = keep(table, row).id;
    for (const { table, row } of world) arrangeMore(table, row, refs, keep);
    refsAt[site] = { ...refs, ...spare(refs, keep) };
  }
  await db.postgres.query(statements.join(';\n'));
  // What triggers made beside them.
  for (const table of PROJECTIONS) {
    const names = ['id', ...new Set(Object.values(tableOf(table).scope))].join(', ');
    rows[table] = (await db.postgres.query<Row>(`select ${names} from public.${table}`)).rows;
  }
}

const PROJECTIONS = TABLE_NAMES.filter((table) => tableOf(table).projectionOf !== null);

/** Beside the row of a site: one of no site, some of people, and one for each value that matters. */
function arrangeMore(
  table: TableName,
  row: Row,
  refs: References,
  keep: (table: TableName, row: Row) => Row,
): void {
  const { scope, fields } = tableOf(table);
  const vary = (values: Record<string, unknown>, own: References = {}): void => {
    keep(table, sampleRow(table, { ...refs, ...own }, { ...siteOf(table, row), ...values }));
  };
  const isFree = tableOf(table).unique.length === 0;
  const isFirst = refs.locations === SITE.AA;
  if (scope.location && fields[scope.location]?.nullable && isFirst && isFree) {
    vary({ [scope.location]: null });
  }
  if (scope.own && isFirst) {
    const people = personas.filter((_, index) => index % 3 === 1);
    for (const { id } of people) if (scope.own !== 'id') vary({ [scope.own]: id }, { users: id });
  }
  if (!isFree) return;
  for (const [field, values] of limitsOf(table)) {
    for (const value of values) if (String(row[field]) !== String(value)) vary({ [field]: value });
  }
}

/** Fields that some right depends on, each with some values that do and do not matter. */
function limitsOf(table: TableName): Map<string, unknown[]> {
  const limits = new Map<string, unknown[]>();
  for (const cell of Object.values(MATRIX[table])) {
    for (const only of Object.values(cell.only ?? {})) {
      const field = tableOf(table).fields[only.field];
      const all =
        field?.kind === 'bool'
          ? [true, false]
          : (field?.values ?? [only.values[0], only.values.at(-1), 'nothing']);
      const known = limits.get(only.field) ?? [];
      limits.set(only.field, [...new Set([...known, ...all])].slice(0, 12));
    }
  }
  return limits;
}

/** Rows to refer to that no other row refers to, where two may not share one. */
function spare(refs: References, keep: (table: TableName, row: Row) => Row): References {
  const own: References = {};
  const parents = [
    'inventory_items',
    'patients',
    'pa_submissions',
    'notifications',
    'issues',
    'l10_meetings',
    'cascading_messages',
  ] as const;
  for (const table of parents) {
    own[table] = keep(
      table,
      sampleRow(table, refs, siteOf(table, { location_id: refs.locations })),
    ).id;
  }
  return own;
}

/** True for tables whose rows belong to the whole organization, and to nobody else. */
function isOfAll(table: TableName): boolean {
  const { location, sites, team, own } = tableOf(table).scope;
  return (location ?? sites ?? team ?? own) === undefined;
}

const siteColumn = (table: TableName): string | null => tableOf(table).scope.location ?? null;

function siteOf(table: TableName, row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const column = siteColumn(table);
  return column === null ? {} : { [column]: row[column] };
}

async function visibleTo(
  who: Persona,
  aal?: 'aal1' | 'aal2',
): Promise<Record<TableName, Set<string>>> {
  return asCaller(sync, { user: who.id, ...(aal ? { aal } : {}) }, async (client) => {
    const seen = {} as Record<TableName, Set<string>>;
    const union = TABLE_NAMES.map((t) => `select '${t}' as "table", id from public.${t}`);
    const found = await client.query<{ table: TableName; id: string }>(union.join(' union all '));
    for (const table of TABLE_NAMES) seen[table] = new Set();
    for (const { table, id } of found.rows) seen[table].add(id);
    return seen;
  });
}

/** Asked only of tables that some role has metadata of; the others answer nothing by nature. */
async function metadataFor(who: Persona): Promise<Partial<Record<TableName, Set<string>>>> {
  return asCaller(sync, { user: who.id }, async (client) => {
    const union = TABLE_NAMES.map(
      (t) => `select '${t}' as "table", id from private.metadata('${t}', 1000)`,
    );
    const found = await client.query<{ table: TableName; id: string }>(union.join(' union all '));
    const told: Partial<Record<TableName, Set<string>>> = {};
    for (const { table, id } of found.rows) (told[table] ??= new Set()).add(id);
    return told;
  });
}

/** Does something for every person, for some of them at once. */
async function forEveryone(work: (who: Persona) => Promise<void>): Promise<void> {
  const waiting = personas.values();
  const one = async (): Promise<void> => {
    // All take from the same list.
    for (const who of waiting) await work(who);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

function tryAll(caller: Caller, trials: readonly Trial[]): Promise<string[]> {
  const statements = trials.map(({ statement }) => statement);
  return asCaller(sync, caller, (client) => attempt(client, statements));
}

/** All that one person tries on one table in one way. */
function trialsOf(table: TableName, userId: string, operation: Attempted): Trial[] {
  const trial = (row: Row, statement: string): Trial => ({ operation, table, row, statement });
  if (operation === 'insert') {
    const columns = [
      ...systemColumns(tableOf(table)),
      ...deviceFields(tableOf(table)).map(([name]) => name),
    ];
    // Where nobody has a right, one attempt of each kind tells.
    return candidates(table, userId)
      .slice(0, peopleInsert(table) ? Infinity : 1)
      .map((row) => trial(row, insertStatement(table, row, columns)));
  }
  const changing = operation === 'update' && updatableColumns(table).length > 0;
  if (operation === 'move' && siteColumn(table) === null) return [];
  return targets(table, userId)
    .slice(0, changing ? Infinity : 1)
    .map((row) => trial(row, changeStatement(operation, table, row)));
}

function changeStatement(operation: Attempted, table: TableName, row: Row): string {
  const where = `where id = '${row.id}'`;
  if (operation === 'delete') return `delete from public.${table} ${where}`;
  if (operation === 'move') {
    return `update public.${table} set ${siteColumn(table)} = '${SITE.WX}' ${where}`;
  }
  const column = updatableColumns(table)[0] ?? Object.keys(tableOf(table).fields)[0] ?? 'id';
  return `update public.${table} set ${column} = ${column} ${where}`;
}

/** New rows at both sites and at none, with every value that some role's right to create names. */
function candidates(table: TableName, userId: string): Row[] {
  const site = siteColumn(table);
  const only = Object.values(MATRIX[table]).find((cell) => cell.only?.create)?.only?.create;
  const values = only ? (tableOf(table).fields[only.field]?.values ?? only.values) : [null];
  const nullable = site !== null && tableOf(table).fields[site]?.nullable;
  const places = isOfAll(table) ? [SITE.AA] : [SITE.AA, SITE.PY, ...(nullable ? [null] : [])];
  return places.flatMap((where) =>
    values.slice(0, 12).map((value) => {
      const refs = { ...refsAt[where ?? SITE.AA], users: userId };
      const { actors } = tableOf(table);
      return sampleRow(table, refs, {
        ...(site === null ? {} : { [site]: where }),
        created_by: userId,
        ...Object.fromEntries(actors.map((column) => [column, userId])),
        ...(only ? { [only.field]: value } : {}),
      });
    }),
  );
}

/** The rows that somebody tries to change: not everybody else's, or the test would be endless. */
function targets(table: TableName, userId: string): Row[] {
  const site = siteColumn(table);
  const { scope } = tableOf(table);
  const limits = [...limitsOf(table).keys()];
  const places = new Set<string>();
  return rows[table].filter((row) => {
    if (scope.own && row[scope.own] === userId) return true;
    const own = site === null && scope.sites === undefined;
    const where = own ? row.id.slice(0, 1) : String(row[site ?? scope.sites ?? '']);
    const key = [where, ...limits.map((field) => row[field])].join();
    if (places.has(key)) return false;
    places.add(key);
    return true;
  });
}

function expectation(who: Persona, { operation, table, row }: Trial): string {
  const site = siteColumn(table);
  const says = (what: 'create' | 'update' | 'approve' | 'read', of: Row): boolean =>
    codeSays(who, now, table, what, of);
  switch (operation) {
    case 'insert': {
      if (!peopleInsert(table) || !says('create', row)) return DENIED;
      return mayBegin(table, row, says) ? 'rows:1' : DENIED;
    }
    case 'update':
      if (updatableColumns(table).length === 0) return DENIED;
      return says('read', row) && (says('update', row) || says('approve', row))
        ? 'rows:1'
        : 'rows:0';
    case 'move': {
      const columns = updatableColumns(table);
      if (site === null || !columns.includes(site)) return DENIED;
      return says('update', row) && says('update', { ...row, [site]: SITE.WX })
        ? 'rows:1'
        : 'rows:0';
    }
    case 'delete':
      // The matrix knows no such operation: nobody deletes.
      return DENIED;
  }
}

/** True when a new row is in the first state, or one step from it that its maker may take. */
function mayBegin(
  table: TableName,
  row: Row,
  says: (what: 'create' | 'update' | 'approve', of: Row) => boolean,
): boolean {
  const { machine } = tableOf(table);
  if (!machine) return true;
  const { initial } = MACHINES[machine.name as MachineName];
  const state = String(row[machine.field]);
  if (state === initial) return true;
  const step = findTransition(machine.name as MachineName, initial, state);
  return step !== null && step.needs !== 'server' && says(step.needs, row);
}

const place = (row: Row): string => {
  const entry = Object.entries(SITE).find(([, id]) => Object.values(row).includes(id));
  return entry?.[0] ?? 'no site';
};

const report = (words: string): void => {
  process.stdout.write(`rights: ${words}\n`);
};
