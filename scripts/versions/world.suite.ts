import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import { PROTOCOL_HEADER, PROTOCOL_VERSION } from '#shared/protocol/messages.ts';
import { HISTORY } from '#shared/schema/history.ts';
import { SITE, openRig } from '#server/testing/rig.suite.ts';
import { freePort } from '#stack/free-port.ts';
import { driveClient } from '../../e2e/stranger/driven-client.ts';
import type { ClientRow, DrivenClient } from '../../e2e/stranger/driven-client.ts';
import { ROOT } from '../dev/paths.ts';
import { startServerProcess } from '../dev/server-process.ts';
import type { ServerProcess } from '../dev/server-process.ts';
import { NEXT_CHANGES, NEXT_MIGRATION } from './builds.ts';

/** Builds of the suite: the one before the present protocol, this one, and an invented next one. */
export const BUILDS = ['previous', 'present', 'next'] as const;
export type Build = (typeof BUILDS)[number];

const VERSIONS: Readonly<Record<Build, number>> = {
  previous: PROTOCOL_VERSION - 1,
  present: PROTOCOL_VERSION,
  next: PROTOCOL_VERSION + 1,
};
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
const NOWHERE = 'http://127.0.0.1:1';
const IMPORT = pathToFileURL(path.join(ROOT, 'scripts/versions/build-as.ts')).href;
const environment = (build: Build): Record<string, string> => ({
  GANGER_BUILD: build,
  NODE_OPTIONS: `--import ${IMPORT}`,
});

/** A device with a file that outlives its builds. */
export interface Machine {
  readonly client: DrivenClient;
  /** Starts it as a build; a running one is ended first. */
  as(build: Build, options?: { readonly offline: boolean }): Promise<DrivenClient>;
}

/** One database, and in front of it a server of one build or another. */
export interface World {
  /** Starts the server as a build, in the place of the one that runs. */
  serve(build: Build): Promise<void>;
  machine(): Promise<Machine>;
  /** A new device of each build, after its first sync. */
  devices(): Promise<Readonly<Record<Build, DrivenClient>>>;
  row(table: string, id: string): Promise<Record<string, unknown>>;
  count(table: string, where: string, values: readonly unknown[]): Promise<number>;
  /** What a server complained of. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Waits until something holds; the time is for a machine that has other work. */
export async function until(
  holds: () => Promise<boolean>,
  what: () => string,
  withinMs = 60_000,
): Promise<void> {
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(100)) {
    if (await holds()) return;
  }
  throw new Error(`did not happen: ${what()}`);
}

export async function synced(client: DrivenClient): Promise<void> {
  let last = {};
  await until(
    async () => {
      const { reached, waiting, refused } = (last = await client.sync());
      return reached && waiting === 0 && refused === 0;
    },
    () => `synced: ${JSON.stringify(last)}`,
  );
}

/** Waits until a device shows a row of `item_locations` with these fields. */
export async function shows(
  client: DrivenClient,
  id: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<void> {
  let row: ClientRow | undefined;
  await until(
    async () => {
      await client.sync();
      row = (await client.read('item_locations')).find((each) => each.id === id);
      return row !== undefined && Object.entries(fields).every(([n, value]) => row?.[n] === value);
    },
    () => `${JSON.stringify(fields)} in ${JSON.stringify(row)}`,
  );
}

/** A new item and its place at a site, made on a device. */
export async function place(
  client: DrivenClient,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<string> {
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
}

/** An act of receiving one piece. */
export const receive = (
  client: DrivenClient,
  itemId: string,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<string> =>
  client.insert('stock_acts', {
    kind: 'receive',
    location_id: SITE.AA,
    occurred_at: Date.now(),
    local_date: '2026-11-30',
    reason_code: null,
    note: null,
    witnessed_by: null,
    ...fields,
    lines: [
      {
        item_id: itemId,
        qty_base: 10_000,
        lot_no: null,
        expiry_date: null,
        serial: '',
        entered_unit: 'piece',
        entered_qty: '1',
        unit_cost_cents: null,
      },
    ],
  });

/** All that a device holds, without what only the present build and the next one can say. */
export async function contentOf(client: DrivenClient): Promise<string> {
  const content: Record<string, unknown> = {};
  for (const table of TABLES) {
    if (table === 'review_decisions') continue;
    const added = [HISTORY[PROTOCOL_VERSION], NEXT_CHANGES].flatMap((changes) =>
      Object.keys(changes?.changed?.[table]?.added ?? {}),
    );
    const without = (of: object | undefined): object =>
      Object.fromEntries(Object.entries(of ?? {}).filter(([name]) => !added.includes(name)));
    content[table] = (await client.read(table))
      .map((row) => ({ ...without(row), field_hlc: without(row.field_hlc) }) as ClientRow)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }
  return canonicalJson(content);
}

/** Opens the database, without a server. */
export async function openWorld(): Promise<World> {
  const rig = await openRig();
  // Only servers that this test starts may do the work.
  await rig.server.stop();
  const port = await freePort();
  const folder = mkdtempSync(path.join(tmpdir(), 'ganger-versions-'));
  const machines: Machine[] = [];
  const complaints: string[] = [];
  let server: ServerProcess | undefined;
  let isMigrated = false;

  const machine = async (): Promise<Machine> => {
    const userId = await rig.person(['MG', null]);
    const deviceId = newId();
    const token = await rig.issuer.token(userId);
    let client: DrivenClient | null = null;
    const running = (): DrivenClient => {
      if (!client) throw new Error('the machine is off');
      return client;
    };
    const its: Machine = {
      get client() {
        return running();
      },
      async as(build, { offline } = { offline: false }) {
        await client?.stop();
        const main = path.join(ROOT, 'scripts/versions/device-process.ts');
        client = driveClient(main, environment(build), 60_000);
        const version = await client.start({
          server: offline ? NOWHERE : `http://127.0.0.1:${port}`,
          token,
          userId,
          deviceId,
          file: path.join(folder, `${deviceId}.db`),
          tables: TABLES,
        });
        expect(version).toBe(VERSIONS[build]);
        return client;
      },
    };
    machines.push(its);
    return its;
  };

  return {
    machine,
    complaints,
    async serve(build) {
      await server?.stop();
      if (build === 'next' && !isMigrated) {
        await rig.db.postgres.query(NEXT_MIGRATION);
        isMigrated = true;
      }
      server = await startServerProcess({
        port,
        log: (line) => {
          if (/"level":"(warn|error)"/.test(line)) complaints.push(line);
        },
        env: {
          GANGER_DATABASE_URL: rig.config.databaseUrl,
          GANGER_AUTH_URL: rig.issuer.url,
          GANGER_LOG_LEVEL: 'warn',
          ...environment(build),
        },
      });
      const { headers } = await fetch(`${server.url}/healthz`);
      const said = build === 'previous' ? null : String(VERSIONS[build]);
      expect(headers.get(PROTOCOL_HEADER)).toBe(said);
    },
    async devices() {
      const made = await Promise.all(
        BUILDS.map(async (build) => [build, await (await machine()).as(build)] as const),
      );
      await Promise.all(made.map(([, client]) => synced(client)));
      return Object.fromEntries(made) as Record<Build, DrivenClient>;
    },
    async row(table, id) {
      const text = `select * from public.${table} where id = $1`;
      const { rows } = await rig.db.admin.query<Record<string, unknown>>(text, [id]);
      return rows[0] ?? {};
    },
    async count(table, where, values) {
      const text = `select count(*)::int as n from public.${table} where ${where}`;
      const { rows } = await rig.db.admin.query<{ n: number }>(text, [...values]);
      return rows[0]?.n ?? 0;
    },
    async close() {
      await Promise.all(machines.map(({ client }) => client.kill()));
      await server?.stop();
      await rig.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
