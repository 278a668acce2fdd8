import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { MAX_CLOCK_AHEAD_MS, parseHlc } from '#shared/kernel/hlc.ts';
import { LIMITS } from '#shared/protocol/messages.ts';
import { PEOPLE, SITES } from '../../supabase/demo/people.ts';
import { driveClient } from './driven-client.ts';
import type { ClientRow } from './driven-client.ts';
import {
  MANAGER,
  PY,
  SATELLITE,
  byId,
  expectSame,
  item,
  onDisk,
  place,
  placeOf,
  receipt,
  sent,
  shared,
  until,
} from './rows.suite.ts';
import type { World } from './world.suite.ts';

/** One thing that every client of the protocol must do. */
export type Claim = (world: World, clientFile: string) => Promise<void>;

export const CLAIMS: Readonly<Record<string, Claim>> = {
  async 'a first sync gets everything that the person may see'(world) {
    const { client } = await world.stranger(MANAGER);
    expect(await client.sync()).toEqual({ reached: true, waiting: 0, refused: 0, problem: null });
    const device = await world.ours(MANAGER);
    await expectSame(client, device);
    expect((await client.read('inventory_items')).length).toBeGreaterThan(20);
  },

  async 'a first sync that is killed goes on where it was'(world, file) {
    const stranger = await world.stranger(MANAGER);
    stranger.network.spoil = { pageRows: 15 };
    const syncing = stranger.client.sync().catch(() => null);
    await until(
      async () => stranger.network.seen.filter(({ path: at }) => at === '/v1/pull').length >= 4,
      'some pages came',
    );
    await stranger.client.kill();
    await syncing;
    const before = stranger.network.seen.length;
    stranger.client = driveClient(file);
    await stranger.start();
    await stranger.client.sync();
    const [first] = stranger.network.seen.slice(before).filter(({ path: at }) => at === '/v1/pull');
    const asked = first?.body.tables ?? [];
    expect(asked.some(({ cursors }) => Object.keys(cursors).length > 0)).toBe(true);
    await expectSame(stranger.client, await world.ours(MANAGER));
  },

  async 'edits of different fields merge, whoever comes first'(world) {
    const both = await shared(world);
    both.network.spoil = { cut: true };
    await both.client.edit('item_locations', both.id, { bin: 'A7' });
    await both.device.edit('item_locations', both.id, { par: 77_000 });
    await sent(both.device);
    both.network.spoil = {};
    await both.client.sync();
    expect(await placeOf(both)).toMatchObject({ bin: 'A7', par: 77_000 });
    await expectSame(both.client, both.device);
  },

  async 'of two edits of one field the later stands and the other stays readable'(world) {
    const both = await shared(world);
    both.network.spoil = { cut: true };
    await both.client.edit('item_locations', both.id, { par: 1_000 });
    await sleep(5);
    await both.device.edit('item_locations', both.id, { par: 2_000 });
    await sent(both.device);
    both.network.spoil = {};
    await both.client.sync();
    expect(await placeOf(both)).toMatchObject({ par: 2_000 });
    const contests = async (): Promise<ClientRow[]> =>
      (await both.client.read('conflict_log')).filter(({ row_id: row }) => row === both.id);
    await both.client.sync();
    expect(await contests()).toMatchObject([
      { field: 'par', kept_value: 2_000, lost_value: 1_000 },
    ]);

    // A pull between the change and the push must not hide the contest.
    both.network.spoil = { cut: true };
    await both.device.edit('item_locations', both.id, { par: 3_000 });
    await sent(both.device);
    await sleep(5);
    await both.client.edit('item_locations', both.id, { par: 4_000 });
    both.network.spoil = {};
    await both.client.sync();
    await both.client.sync();
    expect(await placeOf(both)).toMatchObject({ par: 4_000 });
    expect(
      (await contests()).map(({ lost_value: lost }) => Number(lost)).toSorted((a, b) => a - b),
    ).toEqual([1_000, 3_000]);
    await expectSame(both.client, both.device);
  },

  async 'a row that is refused is reported with its code and keeps nobody from the rest'(world) {
    const { client } = await world.stranger(SATELLITE);
    await client.sync();
    const known = (await client.read('inventory_items')).find(
      (row) => row['lot_policy'] === 'optional' && row['expiry_policy'] === 'none',
    );
    const foreign = await client.insert('item_locations', {
      ...place(String(known?.id)),
      location_id: SITES.AA.id,
    });
    const acts = await client.insert('stock_acts', receipt(String(known?.id)));
    expect(await client.sync()).toMatchObject({ reached: true, waiting: 0, refused: 1 });
    expect(await client.refused()).toMatchObject([
      { table: 'item_locations', id: foreign, code: 'SYNC_ROW_REFUSED' },
    ]);
    expect(byId(await client.read('stock_acts'), acts)).toBeDefined();
    const { rows } = await world.db.query('select 1 from public.stock_acts where id = $1', [acts]);
    expect(rows).toHaveLength(1);
    // It is kept, and not sent again as it is.
    expect(byId(await client.read('item_locations'), foreign)).toBeDefined();
    expect(await client.sync()).toMatchObject({ refused: 1 });
  },

  async 'what an act stands for comes with the pull'(world) {
    const both = await shared(world);
    const act = await both.client.insert('stock_acts', receipt(both.itemId));
    await both.client.sync();
    await both.client.sync();
    const made = (await both.client.read('stock_movements')).filter(({ act_id: of }) => of === act);
    expect(made).toMatchObject([{ item_id: both.itemId, qty_base: 250_000, type: 'receive' }]);
    await expectSame(both.client, both.device);
  },

  async 'an answer that is lost changes nothing the second time'(world) {
    const both = await shared(world);
    await both.client.edit('item_locations', both.id, { par: 5_000 });
    both.network.spoil = { loseAnswers: 1 };
    await both.client.sync();
    both.network.spoil = {};
    expect(await both.client.sync()).toMatchObject({ reached: true, waiting: 0, refused: 0 });
    const pushes = both.network.seen.filter(({ path: at }) => at === '/v1/push').slice(-2);
    expect(pushes).toHaveLength(2);
    const { rows } = await world.db.query<{ n: number }>(
      `select count(*)::int as n from public.audit_logs where row_id = $1 and action = 'update'`,
      [both.id],
    );
    expect(rows).toEqual([{ n: 1 }]);
    await expectSame(both.client, both.device);
  },

  async 'a row whose parent is missing waits for it'(world) {
    const both = await shared(world);
    await both.device.stopSync();
    const parent = await both.device.insert('inventory_items', item());
    const child = await both.client.insert('item_locations', place(parent));
    expect(await both.client.sync()).toMatchObject({ reached: true, waiting: 1, refused: 0 });
    await both.device.startSync();
    await sent(both.device);
    await until(async () => (await both.client.sync()).waiting === 0, 'the child went out');
    expect(await both.client.refused()).toEqual([]);
    await until(
      async () => (await both.device.get('item_locations', child)) !== undefined,
      'it came',
    );
  },

  async 'a notice makes it pull by itself'(world) {
    const both = await shared(world);
    await both.client.listen();
    await both.device.edit('item_locations', both.id, { bin: 'Z9' });
    await until(
      async () => (await placeOf(both))['bin'] === 'Z9',
      'the notice was followed',
      5_000,
    );
  },

  async 'what left the scope of the person leaves the disk'(world) {
    const marker = `Leaves${newId().slice(-6)}`;
    const manager = await shared(world);
    await manager.client.edit('item_locations', manager.id, { bin: marker });
    await manager.client.sync();
    const stranger = await world.stranger(SATELLITE);
    await stranger.client.sync();
    expect(byId(await stranger.client.read('item_locations'), manager.id)?.['bin']).toBe(marker);
    expect(await onDisk(stranger.folder)).toContain(marker);
    const ended = await world.db.query(
      `update public.user_roles set location_id = $2 where user_id = $1 and location_id = $3`,
      [PEOPLE.satellite.id, SITES.WX.id, PY],
    );
    expect(ended.rowCount).toBe(1);
    try {
      await stranger.client.sync();
      const left = await stranger.client.read('item_locations');
      expect(left.filter((row) => row['location_id'] === PY)).toEqual([]);
      expect(left.length).toBeGreaterThan(0);
      await stranger.client.stop();
      expect(await onDisk(stranger.folder)).not.toContain(marker);
    } finally {
      await world.db.query(
        `update public.user_roles set location_id = $3 where user_id = $1 and location_id = $2`,
        [PEOPLE.satellite.id, SITES.WX.id, PY],
      );
    }
  },

  async 'a server from a backup is loaded anew, and what it lost is sent again'(world) {
    const both = await shared(world);
    await both.device.stop();
    const lost = await both.client.insert('stock_acts', receipt(both.itemId));
    await both.client.sync();
    await both.client.edit('item_locations', both.id, { par: 6_000 });
    // As after a restore: the act never happened there, and the database is another one.
    await world.db.query(`
      alter table public.stock_movements disable trigger all;
      alter table public.stock_acts disable trigger all;
      delete from public.stock_movements where act_id = '${lost}';
      delete from public.stock_acts where id = '${lost}';
      alter table public.stock_movements enable trigger all;
      alter table public.stock_acts enable trigger all;
      update private.feed_epoch set generation = generation + 1`);
    await both.client.sync();
    expect(await both.client.sync()).toMatchObject({ reached: true, waiting: 0, refused: 0 });
    const { rows } = await world.db.query('select 1 from public.stock_acts where id = $1', [lost]);
    expect(rows).toHaveLength(1);
    expect(await placeOf(both)).toMatchObject({ par: 6_000 });
    await both.client.sync();
    await expectSame(both.client, await world.ours(MANAGER));
  },

  async 'a client that is too old keeps working and goes on after the update'(world) {
    const both = await shared(world);
    both.network.spoil = { protocol: '0' };
    expect(await both.client.sync()).toMatchObject({ problem: 'SYNC_CLIENT_TOO_OLD' });
    await both.client.edit('item_locations', both.id, { par: 8_000 });
    expect(await placeOf(both)).toMatchObject({ par: 8_000 });
    expect(await both.client.sync()).toMatchObject({
      problem: 'SYNC_CLIENT_TOO_OLD',
      waiting: 1,
      refused: 0,
    });
    both.network.spoil = {};
    expect(await both.client.sync()).toEqual({
      reached: true,
      waiting: 0,
      refused: 0,
      problem: null,
    });
    await expectSame(both.client, both.device);
  },

  async 'a clock that is ahead is brought back, and its owner takes that over'(world) {
    const both = await shared(world);
    await both.client.setClock(3_600_000);
    await both.client.edit('item_locations', both.id, { par: 9_000 });
    await both.client.sync();
    const stamp = (await placeOf(both)).field_hlc?.['par'] ?? '';
    expect(parseHlc(stamp).ms).toBeLessThan(Date.now() + MAX_CLOCK_AHEAD_MS);
    await expectSame(both.client, both.device);
  },

  async 'an edit on a slow clock still replaces what it edits'(world) {
    const both = await shared(world);
    await both.client.setClock(-3_600_000);
    await both.client.edit('item_locations', both.id, { par: 12_000 });
    await both.client.sync();
    expect(await placeOf(both)).toMatchObject({ par: 12_000 });
    await expectSame(both.client, both.device);
  },

  async 'a row that was taken back goes'(world) {
    const both = await shared(world);
    await both.device.stop();
    await world.db.query('update public.item_locations set deleted_at = now() where id = $1', [
      both.id,
    ]);
    await both.client.sync();
    expect(byId(await both.client.read('item_locations'), both.id)).toBeUndefined();
  },

  async 'many changes go out within the limits, one request at a time'(world) {
    const stranger = await world.stranger(MANAGER);
    const { client, network } = stranger;
    await client.sync();
    network.spoil = { cut: true };
    for (let n = 0; n < 450; n += 1) {
      await client.insert('inventory_items', item({ description: 'x'.repeat(500) }));
    }
    network.spoil = {};
    expect(await client.sync()).toMatchObject({ reached: true, waiting: 0, refused: 0 });
    const pushes = network.seen.filter(({ path: at }) => at === '/v1/push');
    expect(pushes.length).toBeGreaterThanOrEqual(3);
    expect(pushes.every(({ status }) => status === 200)).toBe(true);
    for (const { bytes, body } of pushes) {
      expect(body.rows?.length).toBeLessThanOrEqual(LIMITS.pushRows);
      expect(bytes).toBeLessThanOrEqual(LIMITS.bodyBytes);
    }
    expect(network.mostAtOnce()).toBe(1);
  },

  async 'a busy server is waited for'(world) {
    const both = await shared(world);
    await both.client.edit('item_locations', both.id, { par: 13_000 });
    const began = Date.now();
    both.network.spoil = { busy: 1 };
    await until(async () => (await both.client.sync()).waiting === 0, 'it went out');
    expect(Date.now() - began).toBeGreaterThanOrEqual(900);
    expect(await both.client.refused()).toEqual([]);
  },

  async 'what was written before a power cut goes out after it'(world, file) {
    const both = await shared(world);
    both.network.spoil = { cut: true };
    await both.client.edit('item_locations', both.id, { par: 14_000 });
    const act = await both.client.insert('stock_acts', receipt(both.itemId));
    await both.client.kill();
    both.stranger.client = driveClient(file);
    both.network.spoil = {};
    await both.stranger.start();
    const { client } = both.stranger;
    expect(await client.sync()).toMatchObject({ reached: true, waiting: 0, refused: 0 });
    await client.sync();
    expect(byId(await client.read('stock_acts'), act)).toBeDefined();
    await expectSame(client, both.device);
  },
};
