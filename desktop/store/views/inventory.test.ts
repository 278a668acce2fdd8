import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fillWithDefaultSettings } from 'rxdb/plugins/core';
import { now } from 'rxdb/plugins/utils';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { getRxStorageSqlite } from '#desktop/storage/rx-storage-sqlite.ts';
import type { SqliteStorage } from '#desktop/storage/storage-types.ts';
import { formatHlc } from '#shared/kernel/hlc.ts';
import { newId } from '#shared/kernel/ids.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { expandAct } from '#shared/merge/expand.ts';
import { parseRow } from '#shared/schema/rows.ts';
import { rxSchemaOf } from '#shared/schema/rx-schema.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { inventoryCounts } from './counts.ts';
import { inventoryFirst, inventoryHistory, inventoryList, inventoryLots } from './inventory.ts';

let dir = '';
let database: EncryptedDatabase;
let storage: SqliteStorage;

beforeEach(async () => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'ganger-views-'));
  const file = path.join(dir, 'a.db');
  database = openDatabase({ file, key: 'ab'.repeat(32), log: silentLogger });
  storage = getRxStorageSqlite({ database, log: silentLogger });
  for (const table of TABLE_NAMES) {
    await storage.createStorageInstance({
      databaseInstanceToken: 't',
      databaseName: 'ganger',
      collectionName: table,
      schema: fillWithDefaultSettings(rxSchemaOf(table) as never),
      options: {},
      multiInstance: false,
      devMode: false,
    });
  }
});
afterEach(() => {
  database.close();
  rmSync(dir, { recursive: true, force: true });
});

const AA = newId();
const ITEM = newId();
const ME = newId();
const at = (minute: number): { ms: number; hlc: string } => {
  const ms = 1_790_000_000_000 + minute * 60_000;
  return { ms, hlc: formatHlc({ ms, counter: 0, node: '0123456789ab' }) };
};

async function write(table: TableName, input: Record<string, unknown>): Promise<void> {
  const parsed = parseRow(table, { created_at: at(0).ms, ...input });
  if (!parsed.ok) throw new Error(`${table}: ${parsed.fields.join()}`);
  const instance = storage.instance(table);
  const answer = await instance?.bulkWrite(
    [
      {
        document: {
          ...parsed.row,
          _deleted: false,
          _attachments: {},
          _rev: '1-t',
          _meta: { lwt: now() },
        },
      },
    ],
    'test',
  );
  expect(answer?.error).toEqual([]);
}

const writeItem = (id: string, name: string, sku: string): Promise<void> =>
  write('inventory_items', {
    id,
    name,
    kind: 'supply',
    sku,
    base_unit: 'piece',
    packs: [],
    lot_policy: 'optional',
    expiry_policy: 'optional',
    controlled_schedule: 'none',
    hazardous: false,
    status: 'active',
    field_hlc: {},
  });

async function seed(): Promise<void> {
  await write('locations', {
    id: AA,
    code: 'AA',
    name: 'Ann Arbor',
    time_zone: 'America/New_York',
    active: true,
  });
  await write('users', { id: ME, display_name: 'Rosa Delgado', status: 'active' });
  await writeItem(ITEM, 'Gauze', 'GZ-1');
}

async function act(kind: string, minute: number, quantity: number, lot: string | null) {
  const { ms, hlc } = at(minute);
  const row = {
    id: newId(),
    created_at: ms,
    created_by: ME,
    hlc,
    kind,
    location_id: AA,
    occurred_at: ms,
    local_date: '2026-11-22',
    lines: [
      {
        item_id: ITEM,
        qty_base: quantity * 10_000,
        lot_no: lot,
        expiry_date: lot ? '2027-05-31' : null,
        serial: '',
        entered_unit: 'piece',
        entered_qty: String(quantity),
        unit_cost_cents: null,
      },
    ],
  };
  await write('stock_acts', row);
  const parsed = parseRow('stock_acts', row);
  if (!parsed.ok) throw new Error('act');
  for (const { table, row: made } of expandAct('stock_acts', parsed.row)) {
    const stored = await storage.instance(table)?.findDocumentsById([made.id], true);
    if (stored?.length === 0) await write(table, made);
  }
}

async function count(status: string, minute: number, quantity: number): Promise<void> {
  const session = newId();
  const { ms, hlc } = at(minute);
  const common = { location_id: AA, created_at: ms };
  await write('count_sessions', {
    ...common,
    id: session,
    kind: 'spot',
    blind: false,
    status,
    counted_by: ME,
    started_at: ms,
    field_hlc: {},
  });
  await write('count_lines', {
    ...common,
    id: newId(),
    hlc,
    session_id: session,
    item_id: ITEM,
    lot_id: null,
    counted_qty: quantity * 10_000,
    counted_at: ms,
    counter_id: ME,
    pass: 1,
  });
}

const onHand = (): number =>
  (inventoryList.compute(database.read.bind(database), {})[0]?.sites[0]?.on_hand ?? 0) / 10_000;

describe('on-hand', () => {
  test('is the sum of the movements of all lots', async () => {
    await seed();
    await act('receive', 1, 10, 'A1');
    await act('receive', 2, 5, null);
    await act('issue', 3, 4, 'A1');
    expect(onHand()).toBe(11);
    const lots = inventoryLots.compute(database.read.bind(database), { itemId: ITEM });
    expect(lots).toEqual([
      expect.objectContaining({ lot_no: 'A1', on_hand: 60_000, expiry_date: '2027-05-31' }),
    ]);
  });

  test('starts from a posted count; what moved before it counts no more, even when it comes late', async () => {
    await seed();
    await act('receive', 1, 10, null);
    await count('posted', 10, 7);
    await act('issue', 20, 2, null);
    expect(onHand()).toBe(5);
    await act('issue', 5, 3, null);
    expect(onHand()).toBe(5);
  });

  test('is not moved by a count that nobody has posted', async () => {
    await seed();
    await act('receive', 1, 10, null);
    await count('submitted', 10, 1);
    expect(onHand()).toBe(10);
    const [session] = inventoryCounts.compute(database.read.bind(database), { limit: 5 });
    expect(session?.lines[0]).toMatchObject({ counted_qty: 10_000, expected_qty: 100_000 });
  });

  test('may be negative, and says so', async () => {
    await seed();
    await act('issue', 1, 3, null);
    expect(onHand()).toBe(-3);
  });
});

test('the first items by name are the beginning of the whole list', async () => {
  await seed();
  await act('receive', 1, 10, 'A1');
  for (let n = 0; n < 120; n += 1) await writeItem(newId(), `Item ${(n * 7) % 120}`, `I-${n}`);
  const read = database.read.bind(database);
  const all = inventoryList.compute(read, {});
  const first = inventoryFirst.compute(read, {});
  expect(all).toHaveLength(121);
  expect(first).toHaveLength(80);
  expect(first).toEqual(all.slice(0, 80));
  expect(first[0]).toMatchObject({ item_id: ITEM, sites: [{ on_hand: 100_000 }] });
});

test('the history says who and when, newest first', async () => {
  await seed();
  await act('receive', 1, 10, 'A1');
  await act('waste', 2, 1, 'A1');
  const arg = { itemId: ITEM, limit: 10 };
  const rows = inventoryHistory.compute(database.read.bind(database), arg);
  expect(rows.map((r) => [r.type, r.qty_base, r.who, r.lot_no, r.waiting])).toEqual([
    ['waste', -10_000, 'Rosa Delgado', 'A1', true],
    ['receive', 100_000, 'Rosa Delgado', 'A1', true],
  ]);
});
