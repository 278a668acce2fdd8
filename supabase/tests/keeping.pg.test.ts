import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { newId } from '#shared/kernel/ids.ts';
import { MINORS_UNTIL_AGE, REMOVAL_ORDER, retentionRule } from '#shared/schema/retention.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { References } from '../schema/sample-rows.ts';
import { verify } from './support/audit.ts';
import {
  DENIED,
  NOT_ONESELF,
  attempt,
  codeOf,
  installAttempt,
  openSyncPool,
} from './support/callers.ts';
import {
  RETENTION_DEVICE,
  age,
  idsIn,
  removeAllOver,
  removeOver,
  rewrite,
} from '#server/testing/keeping.suite.ts';
import { plant } from './support/plant.ts';
import { plantWorld } from './support/world.ts';

/** Which rows go when, who removes them, and what stays however old it is. */

let db: TestDatabase;
let sync: pg.Pool;
let refs: References;

async function open(): Promise<void> {
  db = await openTestDatabase({ seed: false });
  sync = await openSyncPool(db);
  await installAttempt(db);
  refs = await plantWorld(db.postgres);
}
async function close(): Promise<void> {
  await sync.end();
  await db.close();
}
const yearsOf = (table: TableName): number => tableOf(table).retentionYears ?? 0;
const counts = async (): Promise<Record<string, number>> =>
  Object.fromEntries(
    await Promise.all(
      TABLE_NAMES.map(async (table) => [table, (await idsIn(db.admin, table)).length] as const),
    ),
  );

describe('who removes', () => {
  beforeAll(open);
  afterAll(close);

  const CALL = `select private.remove_over('transitions', '0', '${newId()}', 10, '${newId()}', false)`;

  it.each(['anon', 'authenticated', 'service_role', 'ganger_engine'])(
    '%s may not call what does',
    async (role) => {
      const client = await db.admin.connect();
      try {
        await client.query(`begin; set local role ${role}`);
        expect(await attempt(client, [CALL])).toEqual([DENIED]);
      } finally {
        await client.query('rollback');
        client.release();
      }
    },
  );

  it.each(['postgres', 'supabase_admin'])('nor %s, although it owns it', async (role) => {
    const client = await db.admin.connect();
    try {
      await client.query(`begin; set local role ${role}`);
      expect(await attempt(client, [CALL])).toEqual([NOT_ONESELF]);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  it('the role that may has no right to any table by itself', async () => {
    const client = await sync.connect();
    try {
      await client.query('begin; set local role ganger_retention');
      const statements = TABLE_NAMES.flatMap((table) => [
        `select from public.${table}`,
        `insert into public.${table} default values`,
        `update public.${table} set recorded_at = now() - interval '9 years'`,
        `delete from public.${table}`,
        `truncate public.${table} cascade`,
      ]);
      expect(new Set(await attempt(client, statements))).toEqual(new Set([DENIED]));
      const rules = [
        'update private.retention_rules set years = 1',
        'delete from private.removed_rows',
      ];
      expect(await attempt(client, rules)).toEqual([DENIED, DENIED]);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  it('what is kept for ever it cannot even be asked for', async () => {
    expect(await codeOf(removeOver(sync, 'audit_logs'))).toBe(NOT_ONESELF);
    expect(await codeOf(removeOver(sync, 'locations'))).toBe(NOT_ONESELF);
  });
});

describe('a whole world', () => {
  beforeAll(open);
  afterAll(close);

  it('stays while its years are not over, to the day', async () => {
    for (const table of REMOVAL_ORDER) {
      await age(db.admin, table, `${yearsOf(table)} years' + interval '1 day`);
    }
    const before = await counts();
    expect(await removeAllOver(sync)).toEqual({});
    expect(await counts()).toEqual(before);
  });

  it('goes afterwards, children before parents, but for what something that stays names', async () => {
    for (const table of REMOVAL_ORDER) {
      const { until, ends } = tableOf(table).stays ?? {};
      const sets = [
        `recorded_at = now() - interval '${yearsOf(table)} years' - interval '1 day'`,
        ...(until ? [`${until.field} = '${until.is[0]}'`] : []),
        ...(ends
          ? [`${ends} = now() - interval '${yearsOf(table)} years' - interval '2 days'`]
          : []),
        ...(table === 'patients' ? [`birth_date = '1950-01-01'`] : []),
      ];
      await rewrite(db.admin, table, sets.join(', '));
    }
    // A count of the same stock that is later, and stays.
    await db.postgres.query(`update public.count_sessions set status = 'posted'`);
    const entries = (await idsIn(db.admin, 'audit_logs')).length;
    const gone = await removeAllOver(sync);
    const stay = (await counts()) as Record<TableName, number>;
    const named = new Set<TableName>(TABLE_NAMES.filter((t) => tableOf(t).retentionYears === null));
    // The last count of a stock is where on-hand begins: it stays, and its stock with it.
    named.add('count_lines');
    for (const table of TABLE_NAMES.toReversed()) {
      if (!named.has(table)) continue;
      for (const [field, { references }] of Object.entries(tableOf(table).fields)) {
        if (references === null) continue;
        const { rows } = await db.admin.query<{ id: string }>(
          `select ${field} as id from public.${table} where ${field} is not null`,
        );
        if (rows.length > 0) named.add(references as TableName);
      }
    }
    const left = TABLE_NAMES.filter((table) => stay[table] > 0 && !named.has(table));
    expect(left).toEqual([]);
    expect(Object.keys(gone).length).toBeGreaterThan(90);
    // One entry a table, in a chain that can be reckoned, with a count and nothing else.
    const { rows } = await db.admin.query<{ table_name: string; outcome: string; said: string[] }>(
      `select table_name, outcome, field_names as said from public.audit_logs where device_id = $1`,
      [RETENTION_DEVICE],
    );
    expect(rows.length + entries).toBe(stay.audit_logs);
    const counted = new Map<string, number>();
    for (const { table_name: table, outcome, said } of rows) {
      expect(outcome).toMatch(/^kept for its time: \d+ removed$/);
      expect(said).toEqual([]);
      counted.set(table, (counted.get(table) ?? 0) + Number(/\d+/.exec(outcome)?.[0]));
    }
    // What repeats a row goes with it, and is counted by itself.
    for (const table of TABLE_NAMES) {
      if (tableOf(table).projectionOf === null) expect(counted.get(table)).toBe(gone[table]);
    }
    expect(await verify(db.postgres, RETENTION_DEVICE)).toMatchObject({ fault: null });
  });
});

describe('a row stays beyond its years', () => {
  beforeAll(open);
  afterAll(close);

  const old = '8 years';
  const there = async (table: TableName, id: string): Promise<boolean> =>
    (await idsIn(db.admin, table)).includes(id);
  const its = (id: string): string => `t.id = '${id}'`;

  it.each<[TableName, string, string]>([
    ['vendors', 'active = true', 'active = false'],
    ['user_roles', 'valid_to = null', `valid_to = now() - interval '8 years'`],
    [
      'user_roles',
      `valid_to = now() - interval '6 years'`,
      `valid_to = now() - interval '8 years'`,
    ],
    ['availability_overrides', `local_date = current_date`, `local_date = '2015-01-01'`],
    ['review_items', `status = 'open'`, `status = 'decided'`],
    ['inventory_items', `status = 'active'`, `status = 'merged'`],
  ])('%s: %s', async (table, inUse, over) => {
    const { id } = await plant(db.postgres, table, refs);
    await rewrite(db.admin, table, `${inUse}, recorded_at = now() - interval '8 years'`, its(id));
    await removeOver(sync, table);
    expect(await there(table, id)).toBe(true);
    await rewrite(db.admin, table, over, its(id));
    await removeOver(sync, table);
    expect(await there(table, id)).toBe(false);
  });

  it('while its patient is a child, until they are grown up, also what only names such a row', async () => {
    const patient = await plant(db.postgres, 'patients', refs);
    const world = { ...refs, patients: patient.id };
    const rows: [TableName, string][] = [
      ['delivery_tracking', (await plant(db.postgres, 'delivery_tracking', world)).id],
      [
        'conflict_log',
        (
          await plant(db.postgres, 'conflict_log', world, {
            table_name: 'patients',
            row_id: patient.id,
          })
        ).id,
      ],
      ['patients', patient.id],
    ];
    const born = (years: string) =>
      rewrite(
        db.admin,
        'patients',
        `birth_date = (now() - interval '${years}')::date`,
        its(patient.id),
      );
    for (const [table, id] of rows) await age(db.admin, table, '20 years', its(id));
    const tables = rows.map(([table]) => table);
    await born(`${MINORS_UNTIL_AGE} years' + interval '2 days`);
    await removeAllOver(sync, tables);
    for (const [table, id] of rows) expect([table, await there(table, id)]).toEqual([table, true]);
    await born(`${MINORS_UNTIL_AGE} years' - interval '2 days`);
    await removeAllOver(sync, tables);
    for (const [table, id] of rows) expect([table, await there(table, id)]).toEqual([table, false]);
  });

  it('while its patient comes: a consent holds however old it is', async () => {
    const patient = await plant(db.postgres, 'patients', refs, { birth_date: '1950-01-01' });
    const world = { ...refs, patients: patient.id };
    const consent = await plant(db.postgres, 'consents', world);
    const visit = await plant(db.postgres, 'appointments', world);
    // The visit was a change of the patient: it said where they are known.
    await age(db.admin, 'patients', old, its(patient.id));
    await age(db.admin, 'consents', old, its(consent.id));
    const tables = ['consents', 'appointments', 'kiosk_schedule', 'patients'] as const;
    await removeAllOver(sync, tables);
    expect(await there('consents', consent.id)).toBe(true);
    await rewrite(
      db.admin,
      'appointments',
      `recorded_at = now() - interval '8 years', ends_at = now() - interval '8 years'`,
      its(visit.id),
    );
    await removeAllOver(sync, tables);
    for (const table of tables) {
      const id = { consents: consent.id, patients: patient.id }[table as string] ?? visit.id;
      // What the kiosk lists is kept for a year from its own last change.
      expect([table, await there(table, id)]).toEqual([table, table === 'kiosk_schedule']);
    }
  });

  it('while on-hand is reckoned from it; what goes changes no on-hand', async () => {
    const item = (await plant(db.postgres, 'inventory_items', refs)).id;
    const world = { ...refs, inventory_items: item };
    const move = (qty: number, hlc: string) =>
      plant(db.postgres, 'stock_movements', world, {
        type: qty > 0 ? 'receive' : 'issue',
        item_id: item,
        qty_base: qty,
        lot_id: null,
        hlc,
      });
    const ledger = ['count_lines', 'stock_movements'] as const;
    const first = await move(100_000, '0100aaaaaaaa-0000-0000000000aa');
    const second = await move(-20_000, '0101aaaaaaaa-0000-0000000000aa');
    await age(db.admin, 'stock_movements', old, `t.item_id = '${item}'`);
    const onHand = async () =>
      (await db.admin.query(`select on_hand::int from public.on_hand where item_id = $1`, [item]))
        .rows;
    await removeAllOver(sync, ledger);
    expect(await onHand()).toEqual([{ on_hand: 80_000 }]);
    const session = (await plant(db.postgres, 'count_sessions', world)).id;
    const line = { item_id: item, session_id: session, lot_id: null, counted_qty: 70_000 };
    const hlc = '0102aaaaaaaa-0000-0000000000aa';
    await plant(db.postgres, 'count_lines', world, { ...line, hlc });
    await rewrite(db.admin, 'count_sessions', `status = 'posted'`, its(session));
    await move(5_000, '0103aaaaaaaa-0000-0000000000aa');
    await age(db.admin, 'stock_movements', old, `t.item_id = '${item}'`);
    await age(db.admin, 'count_lines', old, `t.item_id = '${item}'`);
    const before = await onHand();
    expect(before).toEqual([{ on_hand: 75_000 }]);
    await removeAllOver(sync, ledger);
    expect(await onHand()).toEqual(before);
    expect(await there('stock_movements', first.id)).toBe(false);
    expect(await there('stock_movements', second.id)).toBe(false);
  });

  it('while something that stays names it, by a key or by its table and id, and is counted as held', async () => {
    const vendor = (await plant(db.postgres, 'vendors', refs)).id;
    const over = `active = false, recorded_at = now() - interval '8 years'`;
    await rewrite(db.admin, 'vendors', over, its(vendor));
    const named = { table_name: 'vendors', row_id: vendor };
    const lost = (await plant(db.postgres, 'conflict_log', refs, named)).id;
    const price = (await plant(db.postgres, 'vendor_prices', { ...refs, vendors: vendor })).id;
    for (const [table, id] of [
      ['conflict_log', lost],
      ['vendor_prices', price],
    ] as const) {
      expect((await removeOver(sync, 'vendors')).held).toBe(1);
      await age(db.admin, table, old, its(id));
      await removeAllOver(sync, ['conflict_log', 'vendor_prices', 'vendors']);
    }
    expect(await there('vendors', vendor)).toBe(false);
  });

  it('while somebody works on it', async () => {
    const { id } = await plant(db.postgres, 'transitions', refs);
    await age(db.admin, 'transitions', old, its(id));
    const other = await db.postgres.connect();
    try {
      await other.query('begin');
      await other.query('select from public.transitions where id = $1 for update', [id]);
      expect(await removeOver(sync, 'transitions')).toMatchObject({ removed: 0, held: 1 });
    } finally {
      await other.query('rollback');
      other.release();
    }
    expect(await removeOver(sync, 'transitions')).toMatchObject({ removed: 1, held: 0 });
  });

  it('where the clinic keeps longer; never for less', async () => {
    const { id } = await plant(db.postgres, 'transitions', refs);
    await age(db.admin, 'transitions', '9 years', its(id));
    const keep = (years: number, day: string) =>
      db.postgres.query(
        `insert into public.location_configs (id, key, value, value_version, effective_from)
         values ($1, 'retention.years', $2, 1, $3)`,
        [newId(), JSON.stringify(years), day],
      );
    await keep(10, '2026-01-01');
    expect(await removeOver(sync, 'transitions')).toMatchObject({ removed: 0 });
    await keep(1, '2026-02-01');
    const young = (await plant(db.postgres, 'transitions', refs)).id;
    await age(db.admin, 'transitions', '6 years', its(young));
    expect(await removeOver(sync, 'transitions')).toMatchObject({ removed: 1 });
    expect(await there('transitions', young)).toBe(true);
  });

  it('taken back it goes after half a year, but for what is about a patient', async () => {
    const price = (await plant(db.postgres, 'vendor_items', refs)).id;
    const coverage = (await plant(db.postgres, 'coverages', refs)).id;
    const back = (table: TableName, id: string, days: number) =>
      rewrite(
        db.admin,
        table,
        `deleted_at = now() - interval '${days} days', recorded_at = now() - interval '${days} days'`,
        its(id),
      );
    await back('vendor_items', price, 179);
    await removeAllOver(sync, ['coverages', 'vendor_items']);
    expect(await there('vendor_items', price)).toBe(true);
    await back('vendor_items', price, 181);
    await back('coverages', coverage, 181);
    await removeAllOver(sync, ['coverages', 'vendor_items']);
    expect(await there('vendor_items', price)).toBe(false);
    expect(await there('coverages', coverage)).toBe(true);
    // An old date of taking back counts from the day on which it was said.
    const again = (await plant(db.postgres, 'vendor_items', refs)).id;
    await db.postgres.query(
      `update public.vendor_items set deleted_at = now() - interval '1 year' where id = $1`,
      [again],
    );
    await removeAllOver(sync, ['coverages', 'vendor_items']);
    expect(await there('vendor_items', again)).toBe(true);
  });
});

it('every reference of the catalogue goes from a table that is removed earlier, or is its own', () => {
  const at = new Map(REMOVAL_ORDER.map((table, index) => [table, index]));
  for (const table of REMOVAL_ORDER) {
    for (const { references } of Object.values(tableOf(table).fields)) {
      const parent = at.get(references as TableName);
      if (parent === undefined || references === table) continue;
      expect([table, references, (at.get(table) ?? 0) < parent]).toEqual([table, references, true]);
    }
    const { source_table: source } = retentionRule(table);
    if (source) expect(at.get(source as TableName)).toBeLessThan(at.get(table) ?? 0);
  }
});
