import { describe, expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { PULL_ORDER } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { RECONNECT_WITHIN_MS } from './live.ts';
import type { ReplicationStatus } from './sync-state.ts';
import { openClinic, pause, until, untilStatus, untilSynced } from './testing/clinic.suite.ts';
import type { Clinic } from './testing/clinic.suite.ts';
import type { Device } from './testing/device.ts';
import { ITEM, SITE_A, itemFields, stockFields } from './testing/fixtures.ts';
import { unreachable } from './testing/memory-server.ts';

function cut(clinic: Clinic, device: Device): void {
  device.faults.before = () => {
    throw unreachable();
  };
  clinic.server.disconnect();
}

function mend(device: Device): void {
  delete device.faults.before;
  device.replication.online();
}

/** All states that a device shows from now on. */
function record(device: Device): ReplicationStatus[] {
  const seen: ReplicationStatus[] = [];
  device.replication.status$.subscribe((status) => seen.push(status));
  return seen;
}

describe('without the network', () => {
  test('the state is offline with the number of changes kept here; back again it is synced', async () => {
    const clinic = openClinic();
    const device = clinic.device(1);
    await device.start();
    await untilSynced(device);
    cut(clinic, device);
    await device.insert('item_locations', stockFields(ITEM, SITE_A));
    const offline = await untilStatus(device, ({ state }) => state === 'offline');
    expect(offline).toMatchObject({ online: false, waiting: 1, problem: 'SERVER_UNREACHABLE' });
    mend(device);
    const back = await untilSynced(device);
    await until(() => device.status.online, 'live again');
    expect(back).toMatchObject({ waiting: 0, problem: null });
  });

  test('an outage shorter than three seconds is never shown as offline', async () => {
    const clinic = openClinic();
    const device = clinic.device(1);
    await device.start();
    await untilSynced(device);
    const seen = record(device);
    cut(clinic, device);
    // Twenty milliseconds here are one second of the device.
    await pause(20);
    mend(device);
    await untilSynced(device);
    await until(() => device.status.online, 'live again');
    expect(seen.map(({ state }) => state)).not.toContain('offline');
    expect(seen.some(({ online }) => !online)).toBe(true);
  });

  test('the age of the data survives a restart', async () => {
    const clinic = openClinic();
    const device = clinic.device(1);
    await device.start();
    const { lastSyncedAt } = await untilStatus(device, (s) => s.state === 'synced');
    expect(lastSyncedAt).not.toBeNull();
    cut(clinic, device);
    await device.stop();
    const kept = clinic.time.now();
    await device.start();
    expect(device.status.lastSyncedAt).toBeGreaterThanOrEqual(lastSyncedAt ?? 0);
    expect(device.status.lastSyncedAt).toBeLessThanOrEqual(kept);
    await untilStatus(device, ({ state }) => state === 'offline');
    expect(device.status.firstSync).toBeNull();
  });

  test('a long outage costs few tries, and its end few requests', async () => {
    const clinic = openClinic();
    const device = clinic.device(1);
    const tries = { live: 0, pull: 0, push: 0 };
    device.faults.before = (kind) => {
      tries[kind] += 1;
      throw unreachable();
    };
    await device.open();
    for (let n = 0; n < 50; n += 1) await device.insert('inventory_items', itemFields(`SKU-L${n}`));
    await device.startSync();
    // Five minutes of the device. Requests have waits of up to 30 s of their own, which a live
    // connection that keeps failing does not shorten; that one is tried every 3 s at most.
    await pause(6000);
    expect(tries.pull).toBeLessThan(60);
    expect(tries.push).toBeLessThan(60);
    expect(tries.live).toBeGreaterThanOrEqual(300_000 / RECONNECT_WITHIN_MS / 2);
    expect(tries.live).toBeLessThan(450);
    expect(device.status).toMatchObject({ state: 'offline', waiting: 50 });
    mend(device);
    await untilSynced(device);
    const after = { ...clinic.server.requests };

    // The same work of a device that had the network all the time.
    const usual = openClinic();
    const other = usual.device(1);
    await other.open();
    for (let n = 0; n < 50; n += 1) await other.insert('inventory_items', itemFields(`SKU-L${n}`));
    await other.startSync();
    await untilSynced(other);
    expect(after.pull).toBeLessThanOrEqual(2 * usual.server.requests.pull);
    expect(after.push).toBeLessThanOrEqual(2 * usual.server.requests.push);
  });
});

test('the screen never says "synced" while a change waits', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  await untilSynced(device);
  const seen = record(device);
  let checked = 0;
  for (let n = 0; n < 20; n += 1) {
    const id = await device.insert('inventory_items', itemFields(`SKU-W${n}`));
    // The write is acknowledged: whatever is shown from here on counts it.
    if (device.originOf('inventory_items', id) === 'local') {
      checked += 1;
      expect(device.status.state).not.toBe('synced');
      expect(device.status.waiting).toBeGreaterThan(0);
    }
    await pause(n % 5);
  }
  await untilSynced(device);
  expect(checked).toBeGreaterThan(0);
  for (const { state, waiting, needsYou } of seen) {
    if (state === 'synced') expect(waiting + needsYou).toBe(0);
  }
});

test('a sign-in that has ended pauses, and everything goes on after the next one', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  await untilSynced(device);
  device.faults.before = () => {
    throw new AppError('AUTH_SESSION_ENDED');
  };
  await device.insert('item_locations', stockFields(ITEM, SITE_A));
  const paused = await untilStatus(device, ({ state }) => state === 'paused');
  expect(paused).toMatchObject({ problem: 'AUTH_SESSION_ENDED', waiting: 1 });
  delete device.faults.before;
  device.replication.syncNow();
  await untilSynced(device);
  expect(clinic.server.rows('item_locations')).toHaveLength(1);
});

describe('the first sync', () => {
  test('loads what today’s work needs before history, and counts tables', async () => {
    const clinic = openClinic();
    const device = clinic.device(1, { tables: PULL_ORDER });
    const asked: TableName[] = [];
    const server = clinic.server.api.bind(clinic.server);
    clinic.server.api = (...who) => {
      const api = server(...who);
      return {
        ...api,
        pull: (request) => {
          asked.push(...request.tables.map(({ table }) => table));
          return api.pull(request);
        },
      };
    };
    await device.open();
    await device.startSync();
    const seen = record(device);
    await device.replication.firstSyncDone;
    await untilSynced(device);
    const first = [...new Set(asked)];
    expect(first[0]).toBe('locations');
    expect(first.at(-1)).toBe('audit_logs');
    const counts = seen.flatMap(({ firstSync }) => (firstSync ? [firstSync.done] : []));
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(
      seen.every(({ firstSync }) => firstSync === null || firstSync.total === PULL_ORDER.length),
    ).toBe(true);
    expect(device.status.firstSync).toBeNull();
  });
});
