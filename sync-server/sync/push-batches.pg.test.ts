import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '#shared/schema/define.ts';
import { freePort } from '#stack/free-port.ts';
import { SITE, createClient, footprint, must, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig, Sent } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

let rig: Rig;
let boss: Client;
beforeAll(async () => {
  rig = await openRig();
  boss = await rig.client(await rig.person(['MG', null]));
});
afterAll(() => rig.close());

async function known(): Promise<Row> {
  const item = make.item(boss);
  await boss.push({ table: 'inventory_items', row: item });
  return item;
}

const nameStamp = (row: Row): string => must(row.field_hlc?.['name']);

async function countOf(table: string, where = 'true', values: unknown[] = []): Promise<number> {
  const { rows } = await rig.db.admin.query<{ n: number }>(
    `select count(*)::int as n from public.${table} where ${where}`,
    values,
  );
  return rows[0]?.n ?? -1;
}

describe('a batch with rows that the database itself objects to', () => {
  test('is written but for those rows, each with its own answer', async () => {
    const taken = await known();
    const rows: Sent[] = [];
    for (let index = 0; index < 60; index += 1) {
      rows.push({ table: 'inventory_items', row: make.item(boss) });
    }
    rows[7] = { table: 'inventory_items', row: make.item(boss, { sku: taken['sku'] }) };
    rows[31] = {
      table: 'inventory_items',
      row: make.item(boss, { packs: [{ unit: 'b\u0000x', qty_per_base: 1, gtin: null }] }),
    };
    const orphan = make.itemLocation(boss, make.item(boss).id, SITE.AA);
    rows[44] = { table: 'item_locations', row: orphan };
    const results = await boss.push(...rows);
    const odd = results
      .map((result, index) => ({ result, index }))
      .filter(({ result }) => result.outcome !== 'ok');
    expect(odd).toMatchObject([
      { index: 7, result: { outcome: 'refused', code: 'SYNC_UNIQUE_TAKEN', fields: ['sku'] } },
      { index: 31, result: { outcome: 'refused', code: 'SYNC_ROW_INVALID' } },
      { index: 44, result: { outcome: 'retry', code: 'SYNC_PARENT_MISSING' } },
    ]);
    const ids = rows.filter(({ table }) => table === 'inventory_items').map(({ row }) => row['id']);
    expect(await countOf('inventory_items', 'id = any($1)', [ids])).toBe(57);
    // One audit entry for each row that was written or refused; a retry is neither.
    expect(await countOf('audit_logs', 'row_id = any($1)', [ids])).toBe(59);
  });

  test('a row that the policies hide from the write is refused, not passed over', async () => {
    const manager = await rig.client(await rig.person(['LM', SITE.AA]));
    const item = await known();
    const place = make.itemLocation(boss, item.id, SITE.AA);
    await boss.push({ table: 'item_locations', row: place });
    // The second lock alone: the policy is gone, the matrix of the code still allows it.
    await rig.db.admin.query(
      'alter policy item_locations_update on public.item_locations using (false)',
    );
    const result = await manager.push(
      {
        table: 'item_locations',
        row: make.edited(place, manager, { bin: 'B2' }),
        base: place.field_hlc ?? null,
      },
      { table: 'item_locations', row: make.itemLocation(manager, (await known()).id, SITE.AA) },
    );
    await rig.db.admin.query(
      `alter policy item_locations_update on public.item_locations using (
        (select private.reaches_all('item_locations', 'update'))
        or location_id = any ((select private.sites('item_locations', 'update'))::uuid[]))`,
    );
    expect(result).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_REFUSED' },
      { outcome: 'ok' },
    ]);
    // What was refused counts as never seen: the same change is judged in full when it comes again.
    const memory = await rig.db.admin.query<{ pushed: { stamps: unknown } }>(
      'select pushed from private.push_memory where row_id = $1 and device_id = $2',
      [place.id, manager.deviceId],
    );
    expect(memory.rows.map(({ pushed }) => pushed.stamps)).toEqual([{}]);
    const again = make.edited(place, manager, { bin: 'B3' });
    expect(
      await manager.push({
        table: 'item_locations',
        row: again,
        base: place.field_hlc ?? null,
      }),
    ).toMatchObject([{ outcome: 'ok' }]);
  });
});

describe('pushes at the same time', () => {
  test('of the same request are done once', async () => {
    const item = make.item(boss);
    const rows: Sent[] = [
      { table: 'inventory_items', row: item },
      { table: 'item_locations', row: make.itemLocation(boss, item.id, SITE.AA) },
      { table: 'stock_acts', row: make.act(boss, SITE.AA, [make.line(item.id, { lot_no: 'C1' })]) },
    ];
    const replies = await Promise.all(Array.from({ length: 12 }, () => boss.push(...rows)));
    for (const reply of replies) {
      expect(reply.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
    }
    expect(await countOf('stock_movements', 'item_id = $1', [item.id])).toBe(1);
    expect(await countOf('audit_logs', 'row_id = $1', [item.id])).toBe(1);
    expect(await countOf('inventory_items', 'id = $1 and row_version = 1', [item.id])).toBe(1);
  });

  test('of many devices to the same records lose nothing and end in one state', async () => {
    const items = await Promise.all([known(), known(), known()]);
    const devices = await Promise.all(
      Array.from({ length: 6 }, async () => rig.client(await rig.person(['MG', null]))),
    );
    const edits = devices.map((device, index) =>
      // Each in another order, as a trap for locks taken crosswise.
      [...items, ...items].slice(index % 3, (index % 3) + 3).map((item) => ({
        table: 'inventory_items' as const,
        row: make.edited(item, device, {
          name: `by ${index}`,
          [index % 2 ? 'category' : 'description']: `by ${index}`,
        }),
        base: item.field_hlc ?? null,
      })),
    );
    const replies = await Promise.all(devices.map((device, i) => device.push(...must(edits[i]))));
    expect(replies.flat().every(({ outcome }) => outcome === 'ok' || outcome === 'master')).toBe(
      true,
    );
    for (const item of items) {
      const latest = edits
        .flat()
        .filter(({ row }) => row.id === item.id)
        .toSorted((a, b) => (nameStamp(a.row) < nameStamp(b.row) ? 1 : -1))[0];
      const { rows } = await rig.db.admin.query(
        'select name from public.inventory_items where id = $1',
        [item.id],
      );
      expect(rows).toEqual([{ name: latest?.row['name'] }]);
      // Of six writes of one field five have lost, and each of them can be read.
      expect(await countOf('conflict_log', `row_id = $1 and field = 'name'`, [item.id])).toBe(5);
    }
    for (const device of devices) {
      const { rows } = await rig.db.admin.query('select fault from private.verify_audit($1)', [
        device.deviceId,
      ]);
      expect(rows).toEqual([{ fault: null }]);
    }
  });
});

test('a whole day replayed request by request changes nothing', async () => {
  const ana = await rig.client(await rig.person(['MG', null]));
  const ben = await rig.client(await rig.person(['LM', SITE.AA]));
  const item = make.item(ana);
  const place = make.itemLocation(ana, item.id, SITE.AA);
  const session = make.countSession(ben, SITE.AA);
  const day: [Client, Sent[]][] = [
    [
      ana,
      [
        { table: 'inventory_items', row: item },
        { table: 'item_locations', row: place },
      ],
    ],
    [ana, [{ table: 'stock_acts', row: make.act(ana, SITE.AA, [make.line(item.id)]) }]],
    [
      ben,
      [
        {
          table: 'item_locations',
          row: make.edited(place, ben, { bin: 'by Ben', par: 1 }),
          base: place.field_hlc ?? null,
        },
      ],
    ],
    [
      ana,
      [
        {
          table: 'item_locations',
          row: make.edited(place, ana, { bin: 'by Ana' }),
          base: place.field_hlc ?? null,
        },
      ],
    ],
    [
      ben,
      [
        {
          table: 'inventory_items',
          row: make.edited(item, ben, { name: 'not allowed' }),
          base: item.field_hlc ?? null,
        },
      ],
    ],
    [ben, [{ table: 'count_sessions', row: session }]],
    [
      ben,
      [
        { table: 'count_lines', row: make.countLine(ben, session, item.id, 10_000) },
        {
          table: 'count_sessions',
          row: make.edited(session, ben, { status: 'submitted', note: 'done' }),
          base: session.field_hlc ?? null,
        },
      ],
    ],
  ];
  for (const [client, rows] of day) await client.push(...rows);
  const before = await footprint(rig.db);
  for (const order of [day, day.toReversed(), [...day, ...day]]) {
    for (const [client, rows] of order) await client.push(...rows);
    expect(await footprint(rig.db)).toBe(before);
  }
});

test('a server killed in the middle of a batch leaves nothing half written', async () => {
  const port = await freePort();
  const start = async () => {
    const child = spawn(process.execPath, ['sync-server/main.ts'], {
      env: {
        ...process.env,
        GANGER_PORT: String(port),
        GANGER_DATABASE_URL: rig.config.databaseUrl,
        GANGER_AUTH_URL: rig.issuer.url,
        GANGER_LOG_LEVEL: 'warn',
      },
      stdio: 'ignore',
    });
    for (let tries = 0; tries < 200; tries += 1) {
      const up = await fetch(`http://127.0.0.1:${port}/healthz`).then(
        () => true,
        () => false,
      );
      if (up) return child;
      await sleep(50);
    }
    throw new Error('the server did not start');
  };
  const client = createClient(
    () => `http://127.0.0.1:${port}`,
    boss.token,
    boss.userId,
    boss.deviceId,
  );
  const item = await known();
  const acts = Array.from({ length: 40 }, () =>
    make.act(
      boss,
      SITE.AA,
      Array.from({ length: 20 }, (_, n) => make.line(item.id, { lot_no: `K${n}` })),
    ),
  );
  const batch = acts.map((row): Sent => ({ table: 'stock_acts', row }));
  const isWhole = async (): Promise<number> => {
    const done = await countOf('stock_acts', 'id = any($1)', [acts.map(({ id }) => id)]);
    expect(await countOf('stock_movements', 'item_id = $1', [item.id])).toBe(done * 20);
    expect(
      await countOf('audit_logs', `row_id = any($1) and action = 'insert'`, [
        acts.map(({ id }) => id),
      ]),
    ).toBe(done);
    expect([0, acts.length]).toContain(done);
    return done;
  };
  for (const delay of [5, 20, 40, 80, 160]) {
    const child = await start();
    const push = client.push(...batch).then(
      () => true,
      () => false,
    );
    await sleep(delay);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const answered = await push;
    // The backend notices the dead client and rolls back by itself.
    for (let tries = 0; tries < 100; tries += 1) {
      const { rows } = await rig.db.admin.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity
         where datname = current_database() and usename = 'ganger_sync' and xact_start is not null`,
      );
      if (rows[0]?.n === 0) break;
      await sleep(50);
    }
    const done = await isWhole();
    // What was answered is there.
    expect(answered && done === 0).toBe(false);
  }
  const child = await start();
  expect((await client.push(...batch)).every(({ outcome }) => outcome === 'ok')).toBe(true);
  expect(await isWhole()).toBe(acts.length);
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});
