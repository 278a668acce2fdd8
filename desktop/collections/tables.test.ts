import { exposeRxStorageRemote } from 'rxdb/plugins/storage-remote';
import type { MessageToRemote } from 'rxdb/plugins/storage-remote';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { Subject } from 'rxjs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import type { NewRow } from './tables.ts';
import { Tables } from './tables.ts';
import { WindowDatabase } from './database.ts';
import { LiveQueries } from './live-queries.ts';

const ports: MessagePort[] = [];
const databases: WindowDatabase[] = [];
afterEach(async () => {
  for (const database of databases.splice(0)) await database.close();
  for (const port of ports.splice(0)) port.close();
});

function windowDatabase(): WindowDatabase {
  const database = new WindowDatabase();
  databases.push(database);
  return database;
}

/** A store process as far as RxDB goes: a real remote storage over a real port. */
function storeProcess(storage = getRxStorageMemory()): MessagePort {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const messages$ = new Subject<MessageToRemote>();
  port1.onmessage = (event: MessageEvent) => messages$.next(event.data as MessageToRemote);
  exposeRxStorageRemote({ messages$, send: (m) => port1.postMessage(m), storage });
  return port2;
}

function bin(name: string): NewRow<'item_locations'> {
  return {
    id: newId(),
    item_id: newId(),
    location_id: newId(),
    par: 10_000,
    min: null,
    max: null,
    reorder_qty: null,
    bin: name,
    is_stocked: true,
  };
}

describe('Tables over a port', () => {
  test('a row that was inserted can be read and patched', async () => {
    const database = windowDatabase();
    const tables = new Tables(database);
    database.attach(storeProcess());
    const row = bin('A-1');
    await tables.insert('item_locations', row);
    await tables.patch('item_locations', row.id, { bin: 'B-2' });
    expect(await tables.read('item_locations', row.id)).toMatchObject({ bin: 'B-2', par: 10_000 });
  });

  test('many rows are inserted and patched in parts; one that is not there harms no other', async () => {
    const database = windowDatabase();
    const tables = new Tables(database);
    database.attach(storeProcess());
    const rows = Array.from({ length: 600 }, (_, n) => bin(`A-${n}`));
    const parts: number[] = [];
    expect((await tables.insertMany('item_locations', rows, (n) => parts.push(n))).size).toBe(0);
    expect(parts).toEqual([250, 500, 600]);
    // The same again, as after a lost answer, is no refusal.
    expect((await tables.insertMany('item_locations', rows.slice(0, 2))).size).toBe(0);
    const strange = newId();
    const changes = new Map([...rows.map(({ id }) => id), strange].map((id) => [id, { par: 7 }]));
    const refused = await tables.patchMany('item_locations', changes);
    expect([...refused].map(([id, { code }]) => [id, code])).toEqual([[strange, 'NOT_FOUND']]);
    const found = await tables.find('item_locations', { par: 7 });
    expect(found).toHaveLength(600);
    expect(new Set(found.map(({ bin: place }) => place)).size).toBe(600);
  });

  test('patching what does not exist says NOT_FOUND', async () => {
    const database = windowDatabase();
    database.attach(storeProcess());
    await expect(
      new Tables(database).patch('item_locations', newId(), { bin: 'X' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('live rows follow writes', async () => {
    const database = windowDatabase();
    const tables = new Tables(database);
    database.attach(storeProcess());
    const row = bin('A-1');
    const live = new LiveQueries(database).rows('item_locations', {
      selector: { item_id: row.item_id },
    });
    const end = live.subscribe(() => undefined);
    const seen = (...rows: unknown[]) =>
      vi.waitFor(() => expect(live.current()).toEqual({ data: rows, stale: false, error: null }));
    await tables.insert('item_locations', row);
    await seen(expect.objectContaining({ bin: 'A-1' }));
    await tables.patch('item_locations', row.id, { bin: 'A-2' });
    await seen(expect.objectContaining({ bin: 'A-2' }));
    end();
  });

  test('after a restart of the store, live rows and writes go on over the new port', async () => {
    const database = windowDatabase();
    const tables = new Tables(database);
    const disk = getRxStorageMemory();
    database.attach(storeProcess(disk));
    const row = bin('A-1');
    const live = new LiveQueries(database).rows('item_locations', {
      selector: { item_id: row.item_id },
    });
    const end = live.subscribe(() => undefined);
    const seen = (...rows: unknown[]) =>
      vi.waitFor(() => expect(live.current()).toEqual({ data: rows, stale: false, error: null }));
    await tables.insert('item_locations', row);
    await seen(expect.anything());

    database.attach(storeProcess(disk));
    await tables.patch('item_locations', row.id, { bin: 'after' });
    await seen(expect.objectContaining({ bin: 'after' }));
    end();
  });

  test('a write caught by a restart is made once over the new port', async () => {
    const database = windowDatabase();
    const tables = new Tables(database);
    const silent = new MessageChannel();
    ports.push(silent.port1, silent.port2);
    database.attach(silent.port2);
    const row = bin('A-1');
    const writing = tables.insert('item_locations', row);
    await new Promise((resolve) => setTimeout(resolve, 20));
    database.attach(storeProcess());
    await writing;
    expect(await tables.read('item_locations', row.id)).toMatchObject({ bin: 'A-1' });
  });

  test('all tables can be used although only twelve collections are open at once', async () => {
    const database = windowDatabase();
    const tables = new Tables(database);
    database.attach(storeProcess());
    expect(TABLE_NAMES.length).toBeGreaterThan(13);
    for (const name of TABLE_NAMES) expect(await tables.read(name, newId())).toBeNull();
    expect(await tables.read('locations', newId())).toBeNull();
  });

  test('another person starts with collections of their own', async () => {
    const database = windowDatabase();
    const tables = new Tables(database);
    database.attach(storeProcess());
    const row = bin('A-1');
    await tables.insert('item_locations', row);
    database.reset();
    await tables.insert('item_locations', { ...row, id: newId() });
    expect(await tables.read('item_locations', newId())).toBeNull();
  });
});
