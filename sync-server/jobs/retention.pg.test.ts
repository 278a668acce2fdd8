import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { createPool } from '../db/pool.ts';
import type { ChangeSet } from '../realtime/change.ts';
import { age, idsIn, rewrite } from '../testing/keeping.suite.ts';
import { SITE, must, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import { edited, fact, item, record } from '../testing/rows.suite.ts';
import { createRetention } from './retention.ts';
import type { Removed } from './retention.ts';

/** Rows whose time is over: removed in short transactions, told to devices, never brought back. */

/** Rows of the long run; CI takes a small one. `RETENTION_ROWS=100000` for a whole clinic's backlog. */
const MANY = Number(process.env['RETENTION_ROWS'] ?? 5_000);

let rig: Rig;
let manager: Client;
let pool: ReturnType<typeof createPool>;
const told: ChangeSet[] = [];
beforeAll(async () => {
  rig = await openRig();
  manager = await rig.client(await rig.person(['MG', null]));
  pool = createPool(rig.config, silentLogger);
});
afterAll(async () => {
  await pool.end();
  await rig.close();
});
beforeEach(() => {
  told.length = 0;
});

const retention = () =>
  createRetention({ pool, announce: (set) => told.push(set), log: silentLogger });
const runNow = async (): Promise<Removed> => must(await retention().run({ evenIfNotDue: true }));
const its = (id: string): string => `t.id = '${id}'`;
const there = async (table: TableName, id: string): Promise<boolean> =>
  (await idsIn(rig.db.admin, table)).includes(id);

async function pushed(table: TableName, row: ReturnType<typeof item>): Promise<string> {
  const [result] = await manager.push({ table, row });
  expect(result?.outcome).toMatch(/ok|master/);
  return row.id;
}
const vendor = () =>
  record('vendors', manager, { name: 'A vendor', order_channel: 'email', active: false });

describe('a run', () => {
  test('is due a day after the last one that ended, and is done by one server at a time', async () => {
    const first = await retention().run();
    expect(first).toMatchObject({ removed: 0 });
    expect(await retention().run()).toBe(null);
    await rig.db.admin.query(
      `update private.retention_runs set ended_at = now() - interval '21 hours'`,
    );
    const both = await Promise.all([retention().run(), retention().run()]);
    expect(both.filter((done) => done !== null)).toHaveLength(1);
    // One that died counts for nothing.
    await rig.db.admin.query('update private.retention_runs set ended_at = null');
    expect(await retention().run()).toMatchObject({ removed: 0 });
  });

  test('that fails on one table removes of the others, and is tried again', async () => {
    const id = await pushed('vendors', vendor());
    await fill(10);
    await age(rig.db.admin, 'vendors', '8 years', its(id));
    await rig.db.postgres.query(
      `create function pg_temp.no() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
       create trigger no before delete on public.transitions execute function pg_temp.no()`,
    );
    await rig.db.admin.query('delete from private.retention_runs');
    expect(await retention().run()).toMatchObject({ tables: { vendors: 1 } });
    await rig.db.postgres.query('drop trigger no on public.transitions');
    expect(await retention().run()).toMatchObject({ tables: { transitions: 10 } });
    expect(await retention().run()).toBe(null);
  });

  test('tells devices of what went, in every part, behind what they have', async () => {
    const lead = await rig.client(await rig.person(['LM', SITE.AA]));
    const row = record('purchase_orders', manager, {
      location_id: SITE.AA,
      vendor_id: await pushed('vendors', vendor()),
      urgency: 'routine',
      status: 'draft',
    });
    const id = await pushed('purchase_orders', row);
    const read = async (client: Client, cursors: Record<string, [string, string]> = {}) => {
      const [page] = (await client.pull([{ table: 'purchase_orders', cursors }])).tables;
      return { rows: page?.rows ?? [], cursors: { ...cursors, ...page?.cursors } };
    };
    const [mine, theirs] = [await read(manager), await read(lead)];
    expect([mine.rows, theirs.rows].map((rows) => rows.length)).toEqual([1, 1]);
    await age(rig.db.admin, 'purchase_orders', '8 years');
    expect(await runNow()).toMatchObject({ removed: 1, tables: { purchase_orders: 1 } });
    expect(told).toEqual([
      {
        xid: expect.any(String) as string,
        changes: [
          {
            table: 'purchase_orders',
            parts: expect.arrayContaining(['all', `loc:${SITE.AA}`]) as string[],
          },
        ],
      },
    ]);
    for (const [client, { cursors }] of [
      [manager, mine],
      [lead, theirs],
    ] as const) {
      const after = await read(client, cursors);
      expect(after.rows).toEqual([{ id, _deleted: true }]);
      expect((await read(client, after.cursors)).rows).toEqual([]);
      // Whoever asks from the start may hold rows whose place it lost, and is told as well.
      expect((await read(client)).rows).toEqual([{ id, _deleted: true }]);
    }
    const stranger = await rig.client(await rig.person(['LM', SITE.WX]));
    expect((await read(stranger)).rows).toEqual([]);
  });

  test('tells those who hold a patient by a window of what went that was about them', async () => {
    const patient = newId();
    const visit = newId();
    const coverage = newId();
    await rig.db.postgres.query(`
      insert into public.patients (id, created_at, site_ids, family_name, given_name, birth_date, sex,
             phones, source_version, language)
      values ('${patient}', now() - interval '9 years', '{${SITE.AA}}', 'Invented', 'Ada',
              '1950-02-28', 'female', '[]', 1, 'en');
      insert into public.patient_refs (id, hlc, location_id, patient_id)
      values ('${coverage}', '0199aaaaaaaa-0000-0000000000aa', '${SITE.AA}', '${patient}');
      insert into public.appointments (id, location_id, patient_id, starts_at, ends_at, local_date,
             type, status, source_version)
      values ('${visit}', '${SITE.AA}', '${patient}', now(), now(), current_date, 'return', 'booked', 1)`);
    const staff = await rig.client(await rig.person(['CS', SITE.AA]));
    const read = async (cursors: Record<string, [string, string]> = {}) => {
      const [page] = (await staff.pull([{ table: 'patient_refs', cursors }])).tables;
      return { rows: page?.rows ?? [], cursors: { ...cursors, ...page?.cursors } };
    };
    const { rows, cursors } = await read();
    expect(rows.map((row) => row['id'])).toEqual([coverage]);
    await age(rig.db.admin, 'patient_refs', '8 years');
    expect(await runNow()).toMatchObject({ tables: { patient_refs: 1 } });
    expect(told.flatMap(({ changes }) => changes)).toEqual([
      { table: 'patient_refs', parts: ['window'] },
    ]);
    expect((await read(cursors)).rows).toEqual([{ id: coverage, _deleted: true }]);
    // A row whose id says what it is may be made again; it is not taken away by what was before.
    await rig.db.postgres.query(
      `insert into public.patient_refs (id, hlc, location_id, patient_id)
       values ($1, '0199bbbbbbbb-0000-0000000000aa', $2, $3)`,
      [coverage, SITE.AA, patient],
    );
    for (const from of [cursors, {}]) {
      expect((await read(from)).rows).toMatchObject([{ id: coverage, patient_id: patient }]);
    }
  });

  test('goes on where one that was stopped had come to', async () => {
    await fill(3_000);
    const stopped = createRetention({
      pool,
      announce: () => void stopped.stop(),
      log: silentLogger,
    });
    const part = must(await stopped.run({ evenIfNotDue: true }));
    expect(part.tables).toEqual({ transitions: 1_000 });
    expect((await runNow()).tables).toEqual({ transitions: 2_000 });
    expect((await runNow()).removed).toBe(0);
  });

  test('that loses the database in the middle leaves whole transactions, and the rest is still due', async () => {
    const counted = async (): Promise<number> => {
      const { rows } = await rig.db.admin.query<{ n: number }>(
        `select coalesce(sum(substring(outcome from '[0-9]+')::int), 0)::int as n
           from public.audit_logs
          where table_name = 'transitions' and outcome like 'kept for its time%'`,
      );
      return rows[0]?.n ?? 0;
    };
    const countedBefore = await counted();
    await fill(4_000);
    const before = (await idsIn(rig.db.admin, 'transitions')).length;
    const cut = createPool(rig.config, silentLogger);
    let batches = 0;
    const killed = createRetention({
      pool: cut,
      announce: () => {
        batches += 1;
        // Every connection of the job, its lock included, while the next batch is under way.
        if (batches === 2) void cutAll();
      },
      log: silentLogger,
    });
    const cutAll = () =>
      rig.db.admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and usename = 'ganger_sync'`,
      );
    const done = await killed.run({ evenIfNotDue: true }).catch(() => null);
    await cut.end().catch(() => undefined);
    const left = (await idsIn(rig.db.admin, 'transitions')).length;
    const gone = before - left;
    expect(gone % 1_000).toBe(0);
    expect(gone).toBeGreaterThanOrEqual(2_000);
    const { rows } = await rig.db.admin.query<{ n: number }>(
      `select count(*)::int as n from private.retention_runs where ended_at is not null and removed = $1`,
      [4_000],
    );
    if (done === null || gone < 4_000) expect(rows).toEqual([{ n: 0 }]);
    const rest = await runNow();
    expect(rest.tables.transitions ?? 0).toBe(4_000 - gone);
    // What was removed is counted in the audit, once, whatever was cut off.
    expect((await counted()) - countedBefore).toBe(4_000);
  });

  test(`of ${MANY} rows comes in batches that are short, and counts what stays`, async () => {
    await fill(MANY);
    // As autovacuum does behind so many rows.
    await rig.db.admin.query('analyze public.transitions');
    const held = await pushed('vendors', vendor());
    await age(rig.db.admin, 'vendors', '8 years', its(held));
    const named = [{ lost: newId() }];
    await rig.db.postgres.query(
      `insert into public.conflict_log (id, table_name, row_id, field, rule, kept_hlc, lost_hlc)
       values ($1, 'vendors', $2, 'name', 'LWW', '', '')`,
      [named[0]?.lost, held],
    );
    const started = performance.now();
    const done = await runNow();
    const seconds = (performance.now() - started) / 1000;
    process.stdout.write(
      `retention: ${done.removed} rows in ${seconds.toFixed(1)} s, ${done.batches} transactions, ` +
        `the longest ${done.longestMs} ms; ${done.held} held\n`,
    );
    expect(done.tables).toEqual({ transitions: MANY });
    expect(done.held).toBeGreaterThanOrEqual(1);
    expect(await there('vendors', held)).toBe(true);
    expect(done.longestMs).toBeLessThan(5_000);
    expect(done.batches).toBeGreaterThanOrEqual(MANY / 1_000);
  }, 600_000);
});

/** Old steps of records that nobody names. */
async function fill(count: number): Promise<void> {
  await rig.db.postgres.query(
    `insert into public.transitions (id, created_at, recorded_at, location_id, table_name, row_id, to_state)
     select gen_random_uuid(), now() - interval '8 years', now() - interval '8 years', $2,
            'purchase_orders', gen_random_uuid(), 'draft'
       from generate_series(1, $1)`,
    [count, SITE.AA],
  );
}

describe('what was removed is not brought back', () => {
  async function removed(table: TableName, row: ReturnType<typeof item>): Promise<void> {
    await pushed(table, row);
    await age(rig.db.admin, table, '8 years', its(row.id));
    await runNow();
    expect(await there(table, row.id)).toBe(false);
  }

  test('by an edit that comes late: it is refused with a code, also when nobody remembers the row', async () => {
    const nineYears = Date.now() - 9 * 365 * 86_400_000;
    const row = { ...vendor(), created_at: nineYears };
    await removed('vendors', row);
    const late = {
      table: 'vendors',
      row: edited(row, manager, { note: 'late' }),
      base: row.field_hlc ?? null,
    } as const;
    const gone = [
      { outcome: 'refused', table: 'vendors', id: row.id, code: 'SYNC_ROW_GONE', fields: [] },
    ];
    expect(await manager.push(late)).toEqual(gone);
    await rig.db.admin.query('delete from private.removed_rows');
    const later = { ...late, row: edited(row, manager, { note: 'later' }) };
    expect(await manager.push(later)).toEqual(gone);
    expect(await there('vendors', row.id)).toBe(false);
  });

  test('by a device that was restored and sends a fact again', async () => {
    const order = record('purchase_orders', manager, {
      location_id: SITE.AA,
      vendor_id: await pushed('vendors', vendor()),
      urgency: 'routine',
      status: 'draft',
    });
    await pushed('purchase_orders', order);
    const itemId = await pushed('inventory_items', item(manager));
    const price = {
      ...fact('vendor_prices', manager, {
        vendor_id: order['vendor_id'],
        item_id: itemId,
        unit: 'vial',
        price_cents: 100,
        seen_on: '2018-01-01',
        source: 'quote',
      }),
      created_at: Date.now() - 9 * 365 * 86_400_000,
    };
    await removed('vendor_prices', price);
    const again = { ...price, hlc: edited(order, manager, { note: 'x' }).field_hlc?.['note'] };
    const [answer] = await manager.push({ table: 'vendor_prices', row: again });
    expect(answer).toMatchObject({ outcome: 'refused', code: 'SYNC_ROW_GONE', fields: [] });
    expect(await there('vendor_prices', price.id)).toBe(false);
  });

  test('nor is it waited for by what refers to it: that is refused, with the field', async () => {
    const parent = vendor();
    await removed('vendors', parent);
    const row = record('purchase_orders', manager, {
      location_id: SITE.AA,
      vendor_id: parent.id,
      urgency: 'routine',
      status: 'draft',
    });
    expect(await manager.push({ table: 'purchase_orders', row })).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_GONE', fields: ['vendor_id'] },
    ]);
    // One that never was may still be on its way.
    const early = { ...row, id: newId(), vendor_id: newId() };
    expect(await manager.push({ table: 'purchase_orders', row: early })).toMatchObject([
      { outcome: 'retry', code: 'SYNC_PARENT_MISSING' },
    ]);
  });

  test('an edit of a row that was taken back is refused in the same way', async () => {
    const row = vendor();
    await pushed('vendors', row);
    await rig.db.postgres.query('update public.vendors set deleted_at = now() where id = $1', [
      row.id,
    ]);
    const late = edited(row, manager, { note: 'late' });
    expect(
      await manager.push({ table: 'vendors', row: late, base: row.field_hlc ?? null }),
    ).toMatchObject([{ outcome: 'refused', code: 'SYNC_ROW_GONE' }]);
  });

  test('a row that is old and new to the server is taken as ever', async () => {
    const row = { ...vendor(), created_at: Date.now() - 400 * 86_400_000 };
    await pushed('vendors', row);
    expect(await there('vendors', row.id)).toBe(true);
  });
});

test('a file row goes with its owner, and the upload that was begun for it holds it until it is given up', async () => {
  const owner = { id: newId() };
  const file = { id: newId() };
  await rig.db.postgres.query(
    `insert into public.inventory_items (id, name, kind, sku, base_unit, packs, lot_policy,
            expiry_policy, controlled_schedule, hazardous, status)
     values ($1, 'Old thing', 'supply', 'OLD-1', 'each', '[]', 'none', 'none', 'none', false, 'active')`,
    [owner.id],
  );
  await rig.db.postgres.query(
    `insert into public.file_uploads (id, sha256, size_bytes, mime, owner_table, owner_id, phi_class,
            encryption_key_id, scan_status, upload_state)
     values ($1, $2, 10, 'application/pdf', 'inventory_items', $3, 'P0', 'none', 'pending', 'local')`,
    [file.id, 'a'.repeat(64), owner.id],
  );
  await rig.db.postgres.query('insert into private.file_sends (file_id) values ($1)', [file.id]);
  await age(rig.db.admin, 'file_uploads', '8 years', its(file.id));
  await age(rig.db.admin, 'inventory_items', '8 years', its(owner.id));
  await runNow();
  expect(await there('file_uploads', file.id)).toBe(true);
  await rewrite(rig.db.admin, 'inventory_items', `status = 'merged'`, its(owner.id));
  await runNow();
  // Its owner has gone; somebody may still come back with the rest of its bytes.
  expect(await there('inventory_items', owner.id)).toBe(false);
  expect(await there('file_uploads', file.id)).toBe(true);
  await rig.db.postgres.query('delete from private.file_sends where file_id = $1', [file.id]);
  await runNow();
  expect(await there('file_uploads', file.id)).toBe(false);
});
