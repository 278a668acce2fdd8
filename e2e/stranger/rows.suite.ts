import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import type { Device } from '#desktop/replication/testing/device.ts';
import { PEOPLE, SITES } from '../../supabase/demo/people.ts';
import type { ClientRow, DrivenClient } from './driven-client.ts';
import { TABLES } from './world.suite.ts';
import type { Stranger, World } from './world.suite.ts';

export const MANAGER = PEOPLE.manager.email;
export const SATELLITE = PEOPLE.satellite.email;
export const PY = SITES.PY.id;

export const item = (fields: Readonly<Record<string, unknown>> = {}) => ({
  name: 'Suture 4-0',
  category: 'surgery',
  kind: 'supply',
  sku: `X-${newId()}`,
  base_unit: 'piece',
  packs: [],
  lot_policy: 'optional',
  expiry_policy: 'none',
  controlled_schedule: 'none',
  hazardous: false,
  status: 'active',
  ...fields,
});
export const place = (itemId: string, fields: Readonly<Record<string, unknown>> = {}) => ({
  item_id: itemId,
  location_id: PY,
  par: 10_000,
  is_stocked: true,
  ...fields,
});

/** Until something holds, asked now and then. */
export async function until(
  holds: () => Promise<boolean>,
  what: string,
  withinMs = 15_000,
): Promise<void> {
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(100)) {
    if (await holds()) return;
  }
  throw new Error(`did not happen: ${what}`);
}

export const byId = (rows: readonly ClientRow[], id: string): ClientRow | undefined =>
  rows.find((row) => row.id === id);

/** Until our device has sent what it wrote. */
export const sent = (device: Device): Promise<void> =>
  until(async () => device.status.waiting === 0, 'our device has sent what waits');

export const sorted = (rows: readonly { readonly id: string }[]): string =>
  canonicalJson(rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)));

export async function expectSame(client: DrivenClient, device: Device): Promise<void> {
  for (const table of TABLES) {
    device.replication.syncNow();
    const theirs = sorted(await client.read(table));
    await until(async () => sorted(await device.all(table)) === theirs, `${table} is the same`);
  }
}

/** A row that both know, and who they are. */
export async function shared(world: World, email = MANAGER): Promise<Both> {
  const stranger = await world.stranger(email);
  const { client } = stranger;
  await client.sync();
  const itemId = await client.insert('inventory_items', item());
  const id = await client.insert('item_locations', place(itemId));
  expect(await client.sync()).toMatchObject({ reached: true, waiting: 0, refused: 0 });
  const device = await world.ours(MANAGER);
  await until(async () => (await device.get('item_locations', id)) !== undefined, 'it came');
  return { ...stranger, stranger, client, device, id, itemId };
}
export interface Both extends Stranger {
  readonly stranger: Stranger;
  readonly device: Device;
  readonly id: string;
  readonly itemId: string;
}

export const placeOf = async ({ client, id }: Both): Promise<ClientRow> => {
  const row = byId(await client.read('item_locations'), id);
  if (!row) throw new Error('the row is gone');
  return row;
};

export function receipt(itemId: string): Readonly<Record<string, unknown>> {
  const line = {
    item_id: itemId,
    qty_base: 250_000,
    lot_no: null,
    expiry_date: null,
    serial: '',
    entered_unit: 'piece',
    entered_qty: '25',
    unit_cost_cents: null,
  };
  return {
    kind: 'receive',
    location_id: PY,
    occurred_at: Date.now(),
    local_date: '2026-11-30',
    lines: [line],
  };
}

/** All that lies in a folder, as text. */
export async function onDisk(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  const texts = await Promise.all(
    files.map((entry) => readFile(path.join(entry.parentPath, entry.name), 'latin1')),
  );
  return texts.join('\n');
}
