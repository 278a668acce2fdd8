import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom, timeout } from 'rxjs';
import { onTestFinished } from 'vitest';
import { inScope, replicaScopes } from '#shared/access/rights.ts';
import type { Grant } from '#shared/access/rights.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { ReplicationStatus } from '../sync-state.ts';
import type { Timers } from '../timers.ts';
import { Device, fastTime } from './device.ts';
import { ITEM, SITE_A, SITE_B, USER_ANA, deviceId, itemRow, siteRow } from './fixtures.ts';
import { MemoryServer } from './memory-server.ts';
import type { MemoryServerOptions } from './memory-server.ts';

/** Waits of the replication pass this many times as fast as in life. */
const SPEED = 50;
const WITHIN_MS = 8000;

export const TABLES: readonly TableName[] = [
  'locations',
  'inventory_items',
  'item_locations',
  'stock_acts',
  'inventory_lots',
  'stock_movements',
  'count_sessions',
  'count_lines',
];

export const MANAGER: readonly Grant[] = [
  { role: 'MG', locationId: null, validFrom: 0, validTo: null },
];

/** Leads one site: reads and writes the rows of that site only. */
export const leadOf = (...sites: readonly string[]): Grant[] =>
  sites.map((locationId) => ({ role: 'LM', locationId, validFrom: 0, validTo: null }));

export interface Clinic {
  readonly server: MemoryServer;
  readonly time: ReturnType<typeof fastTime>;
  readonly grants: Map<string, readonly Grant[]>;
  /** A device that is not opened yet. */
  device(n: number, options?: DeviceSettings): Device;
}

export interface DeviceSettings {
  readonly userId?: string;
  readonly tables?: readonly TableName[];
  readonly log?: Logger;
  /** Instead of the clinic's. */
  readonly time?: Clock & Timers;
}

/** A server with two sites and one item, and as many devices as a test wants. */
export function openClinic(
  options: Partial<Pick<MemoryServerOptions, 'refuse' | 'pageRows'>> = {},
): Clinic {
  const folder = mkdtempSync(join(tmpdir(), 'ganger-replication-'));
  const devices: Device[] = [];
  const time = fastTime(SPEED);
  const grants = new Map<string, readonly Grant[]>([[USER_ANA, MANAGER]]);
  const server = new MemoryServer({
    clock: time,
    inScope,
    scopesOf: (userId, table) => replicaScopes(grants.get(userId) ?? MANAGER, userId, table),
    ...options,
  });
  server.put('locations', siteRow(SITE_A, 'AA'));
  server.put('locations', siteRow(SITE_B, 'BB'));
  server.put('inventory_items', itemRow(ITEM, 'SKU-1'));
  onTestFinished(async () => {
    await Promise.all(devices.map((device) => device.stop()));
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    server,
    time,
    grants,
    device(n, { userId = USER_ANA, tables = TABLES, log, time: own = time } = {}) {
      const device = new Device({
        api: () => server.api(userId, deviceId(n)),
        file: join(folder, `device-${n}.db`),
        userId,
        deviceId: deviceId(n),
        tables,
        inScope,
        time: own,
        ...(log ? { log } : {}),
      });
      devices.push(device);
      return device;
    },
  };
}

/** Waits until a device's status fits; fails when it does not within some seconds. */
export function untilStatus(
  device: Device,
  fits: (status: ReplicationStatus) => boolean,
): Promise<ReplicationStatus> {
  return firstValueFrom(device.replication.status$.pipe(filter(fits), timeout(WITHIN_MS)));
}

export const untilSynced = (device: Device): Promise<ReplicationStatus> =>
  untilStatus(device, ({ state }) => state === 'synced');

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const end = performance.now() + WITHIN_MS; performance.now() < end;) {
    if (await holds()) return;
    await pause(5);
  }
  throw new Error(`did not happen: ${what}`);
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

/** Content of a table on a device, in one comparable text. */
export async function contentOf(device: Device, table: TableName): Promise<string> {
  return sorted(await device.all(table));
}

export const contentAt = (server: MemoryServer, table: TableName): string =>
  sorted(server.rows(table));

const sorted = (rows: readonly { readonly id: string }[]): string =>
  canonicalJson(rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
