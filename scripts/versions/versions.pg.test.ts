import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { SITE, openRig } from '#server/testing/rig.suite.ts';
import type { Rig } from '#server/testing/rig.suite.ts';
import { freePort } from '#stack/free-port.ts';
import { driveClient } from '../../e2e/stranger/driven-client.ts';
import type { ClientRow, DrivenClient } from '../../e2e/stranger/driven-client.ts';
import { ROOT } from '../dev/paths.ts';
import { startServerProcess } from '../dev/server-process.ts';
import type { ServerProcess } from '../dev/server-process.ts';
import { NEXT_MIGRATION } from './builds.ts';

/** Builds of the suite: the one before the present protocol, this one, and an invented next one. */
const BUILDS = ['previous', 'present', 'next'] as const;
type Build = (typeof BUILDS)[number];

const TABLES = [
  'locations',
  'review_decisions',
  'inventory_items',
  'item_locations',
  'stock_acts',
  'inventory_lots',
  'stock_movements',
  'conflict_log',
];
const IMPORT = pathToFileURL(path.join(ROOT, 'scripts/versions/build-as.ts')).href;
const environment = (build: Build): Record<string, string> => ({
  GANGER_BUILD: build,
  NODE_OPTIONS: `--import ${IMPORT}`,
});

/** A device with a file that outlives its builds. */
interface Machine {
  client: DrivenClient;
  /** Starts it as a build; a running one is ended first. */
  as(build: Build): Promise<void>;
}

async function until(
  holds: () => Promise<boolean>,
  what: string,
  withinMs = 20_000,
): Promise<void> {
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(200)) {
    if (await holds()) return;
  }
  throw new Error(`did not happen: ${what}`);
}

describe('a server of the next build', () => {
  const serverBuild: Build = 'next';
  let rig: Rig;
  let server: ServerProcess;
  let port: number;
  let migrated = false;
  const folder = mkdtempSync(path.join(tmpdir(), 'ganger-versions-'));
  const machines: Machine[] = [];
  const devices = new Map<Build, DrivenClient>();
  const lines: string[] = [];

  const serve = async (build: Build): Promise<void> => {
    await server?.stop();
    if (build === 'next' && !migrated) {
      await rig.db.postgres.query(NEXT_MIGRATION);
      migrated = true;
    }
    server = await startServerProcess({
      port,
      log: (line) => lines.push(line),
      env: {
        GANGER_DATABASE_URL: rig.config.databaseUrl,
        GANGER_AUTH_URL: rig.issuer.url,
        GANGER_LOG_LEVEL: 'warn',
        ...environment(build),
      },
    });
  };
  const machine = async (): Promise<Machine> => {
    const userId = await rig.person(['MG', null]);
    const deviceId = newId();
    const token = await rig.issuer.token(userId);
    let runs = false;
    const its: Machine = {
      client: null as unknown as DrivenClient,
      async as(build) {
        if (runs) await its.client.stop();
        its.client = driveClient(
          path.join(ROOT, 'scripts/versions/device-process.ts'),
          environment(build),
        );
        runs = true;
        await its.client.start({
          server: `http://127.0.0.1:${port}`,
          token,
          userId,
          deviceId,
          file: path.join(folder, `${deviceId}.db`),
          tables: TABLES,
        });
      },
    };
    machines.push(its);
    return its;
  };
  const synced = (client: DrivenClient): Promise<void> =>
    until(async () => {
      const { reached, waiting, refused } = await client.sync();
      return reached && waiting === 0 && refused === 0;
    }, 'it is synced');
  const rowOn = async (client: DrivenClient, id: string): Promise<ClientRow | undefined> =>
    (await client.read('item_locations')).find((row) => row.id === id);
  const shows = (
    client: DrivenClient,
    id: string,
    fields: Record<string, unknown>,
  ): Promise<void> =>
    until(
      async () => {
        await client.sync();
        const row = await rowOn(client, id);
        return Object.entries(fields).every(([name, value]) => row?.[name] === value);
      },
      `shows ${JSON.stringify(fields)}`,
    );
  const inDatabase = async (id: string): Promise<Record<string, unknown>> => {
    const { rows } = await rig.db.admin.query<Record<string, unknown>>(
      'select * from public.item_locations where id = $1',
      [id],
    );
    return rows[0] ?? {};
  };
  const of = (build: Build): DrivenClient => {
    const client = devices.get(build);
    if (!client) throw new Error(`no device of ${build}`);
    return client;
  };
  const place = async (client: DrivenClient, fields: Record<string, unknown>): Promise<string> => {
    const itemId = await client.insert('inventory_items', {
      name: 'Gauze',
      description: null,
      category: null,
      manufacturer: null,
      kind: 'supply',
      sku: `V-${newId()}`,
      base_unit: 'piece',
      packs: [],
      lot_policy: 'optional',
      expiry_policy: 'none',
      controlled_schedule: 'none',
      hazardous: false,
      status: 'active',
      image_file_id: null,
      expiry_alert_days: null,
      open_days: null,
      merged_into_id: null,
    });
    return client.insert('item_locations', {
      item_id: itemId,
      location_id: SITE.AA,
      par: null,
      min: null,
      max: null,
      reorder_qty: null,
      bin: null,
      is_stocked: true,
      ...fields,
    });
  };

  beforeAll(async () => {
    rig = await openRig();
    port = await freePort();
    await serve(serverBuild);
    for (const build of BUILDS) {
      const its = await machine();
      await its.as(build);
      devices.set(build, its.client);
    }
    for (const client of devices.values()) await synced(client);
  });
  afterAll(async () => {
    await Promise.all(machines.map(({ client }) => client.kill()));
    await server?.stop();
    await rig.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('devices of three builds write, edit and merge, and are equal as far as each can say', async () => {
    for (const maker of BUILDS) {
      const id = await place(of(maker), maker === 'next' ? { count_daily: false } : {});
      for (const client of devices.values()) await shows(client, id, { is_stocked: true });
      // Each another field, at once.
      await of('previous').edit('item_locations', id, { par: 10_000 });
      await of('present').edit('item_locations', id, { min: 20_000 });
      await of('next').edit('item_locations', id, { max: 30_000 });
      const merged = { par: 10_000, min: 20_000, max: 30_000 };
      for (const client of devices.values()) await shows(client, id, merged);
      // All the same field: the last one stands everywhere.
      for (const [n, build] of BUILDS.entries()) {
        await of(build).edit('item_locations', id, { bin: `B${n}` });
        await sleep(5);
      }
      for (const client of devices.values()) await shows(client, id, { ...merged, bin: 'B2' });
      for (const client of devices.values()) await synced(client);
      expect(await inDatabase(id)).toMatchObject({ par: '10000', min: '20000', bin: 'B2' });
    }
  });

  test('an act of every build is taken once, and all see what it stands for', async () => {
    const [item] = await of('present').read('inventory_items');
    const acts = await Promise.all(
      BUILDS.map((build) =>
        of(build).insert('stock_acts', {
          kind: 'receive',
          location_id: SITE.AA,
          occurred_at: Date.now(),
          local_date: '2026-11-30',
          reason_code: null,
          note: null,
          witnessed_by: null,
          ...(build === 'next' ? { source: 'vendor' } : {}),
          lines: [
            {
              item_id: item?.id,
              qty_base: 10_000,
              lot_no: null,
              expiry_date: null,
              serial: '',
              entered_unit: 'piece',
              entered_qty: '1',
              unit_cost_cents: null,
            },
          ],
        }),
      ),
    );
    for (const client of devices.values()) {
      await until(async () => {
        await client.sync();
        const made = (await client.read('stock_movements')).map((row) => row['act_id']);
        return acts.every((act) => made.includes(act));
      }, 'all movements came');
      await synced(client);
    }
  });

  test('what an older device does not know it does not touch, and what a server that was rolled back does not know waits', async () => {
    const next = of('next');
    const id = await place(next, { count_daily: false });
    for (const client of devices.values()) await shows(client, id, { is_stocked: true });
    await next.edit('item_locations', id, { shelf: 'S1', count_daily: true, reorder_qty: 5_000 });
    await synced(next);
    const whole = { shelf: 'S1', count_daily: true, reorder_qty: '5000' };
    expect(await inDatabase(id)).toMatchObject(whole);

    // Who does not know the fields does not touch them.
    await of('previous').edit('item_locations', id, { par: 80_000 });
    await of('present').edit('item_locations', id, { min: 90_000 });
    await shows(next, id, { par: 80_000, min: 90_000, shelf: 'S1', count_daily: true });
    for (const client of devices.values()) await synced(client);
    expect(await inDatabase(id)).toMatchObject({ ...whole, par: '80000', min: '90000' });

    // The server is rolled back under its devices: what both know goes on, the rest waits.
    await serve('present');
    await next.edit('item_locations', id, { par: 81_000 });
    await shows(of('present'), id, { par: 81_000 });
    await of('present').edit('item_locations', id, { min: 91_000 });
    await shows(next, id, { min: 91_000, shelf: 'S1', count_daily: true });
    await next.edit('item_locations', id, { shelf: 'S2' });
    await until(async () => (await next.sync()).waiting === 1, 'the new shelf waits');
    expect(await inDatabase(id)).toMatchObject({ shelf: 'S1', par: '81000', min: '91000' });
  });

  test('nothing was refused, and no server complained', async () => {
    for (const { client } of machines) expect(await client.refused()).toEqual([]);
    expect(lines.filter((line) => /"level":"(warn|error)"/.test(line))).toEqual([]);
  });
});
