import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '#shared/kernel/clock.ts';
import { createHlc } from '#shared/kernel/hlc.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { createPool } from '../db/pool.ts';
import { pgPush } from '../sync/pg-push-store.ts';
import { push } from '../sync/push.ts';
import { SITE, must, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

let rig: Rig;
let boss: Client;
beforeAll(async () => {
  rig = await openRig();
  boss = await rig.client(await rig.person(['MG', null]));
});
afterAll(() => rig.close());

describe('a notice', () => {
  test('comes after the commit, and a pull that it causes sees the row', async () => {
    const watcher = await rig.client(await rig.person(['CS', SITE.AA]));
    const { tables } = await watcher.pull([{ table: 'inventory_items' }]);
    const live = await watcher.live();
    expect(live.messages).toMatchObject([{ type: 'hello' }]);
    // Another writer holds the fence back for a while.
    const slow = await rig.db.admin.connect();
    await slow.query('begin');
    await slow.query('select pg_current_xact_id()');
    const item = make.item(boss);
    await boss.push({ table: 'inventory_items', row: item });
    await sleep(150);
    expect(live.messages).toHaveLength(1);
    await slow.query('rollback');
    slow.release();
    await live.changed('inventory_items');
    const cursors = tables[0]?.cursors ?? {};
    const [page] = (await watcher.pull([{ table: 'inventory_items', cursors }])).tables;
    expect(page?.rows).toEqual([item]);
    live.socket.close();
  });

  test('goes to those who may see the rows, and to nobody else', async () => {
    const item = make.item(boss);
    await boss.push({ table: 'inventory_items', row: item });
    const [here, there, payroll] = await Promise.all([
      rig.client(await rig.person(['CS', SITE.AA])),
      rig.client(await rig.person(['CS', SITE.WX])),
      rig.client(await rig.person(['CO', null])),
    ]);
    const lives = await Promise.all([here, there, payroll].map((client) => client.live()));
    const places = [make.itemLocation(boss, item.id, SITE.AA)];
    await boss.push(...places.map((row) => ({ table: 'item_locations' as const, row })));
    await must(lives[0]).changed('item_locations');
    await boss.push({ table: 'inventory_items', row: make.item(boss) });
    await must(lives[1]).changed('inventory_items');
    const named = lives.map(({ messages }) =>
      messages.flatMap((m) => (m.type === 'changed' ? m.tables : [])),
    );
    expect(named[0]).toContain('item_locations');
    expect(named[1]).not.toContain('item_locations');
    expect(named[2]).toEqual([]);
    for (const { socket } of lives) socket.close();
  });

  test('names the effects too: an act brings its movements, a count its review', async () => {
    const item = make.item(boss);
    await boss.push({ table: 'inventory_items', row: item });
    const manager = await rig.client(await rig.person(['LM', SITE.AA]));
    const counter = await rig.client(await rig.person(['CS', SITE.AA]));
    const live = await manager.live();
    const session = make.countSession(counter, SITE.AA, { status: 'submitted' });
    await counter.push(
      {
        table: 'stock_acts',
        row: make.act(counter, SITE.AA, [make.line(item.id, { lot_no: 'B' })]),
      },
      { table: 'count_sessions', row: session },
      { table: 'count_lines', row: make.countLine(counter, session, item.id, 900_000) },
    );
    for (const table of [
      'stock_acts',
      'stock_movements',
      'inventory_lots',
      'count_sessions',
      'count_lines',
      'transitions',
      'review_items',
    ] as const) {
      await expect(live.changed(table)).resolves.toBeUndefined();
    }
    live.socket.close();
  });

  test('a replay causes none', async () => {
    const item = make.item(boss);
    await boss.push({ table: 'inventory_items', row: item });
    const live = await boss.live();
    await boss.push({ table: 'inventory_items', row: item });
    await sleep(150);
    expect(live.messages).toMatchObject([{ type: 'hello' }]);
    live.socket.close();
  });

  test('comes also when the answer to the commit was lost, and not before the rows can be read', async () => {
    const live = await boss.live();
    const pool = createPool(rig.config, silentLogger);
    const slow = await rig.db.admin.connect();
    await slow.query('begin');
    await slow.query('select pg_current_xact_id()');
    const pushed = push(
      {
        open: async (caller, work) => {
          await pgPush(pool)(caller, work);
          throw new Error('Connection terminated unexpectedly');
        },
        clock: systemClock,
        hlc: createHlc({ clock: systemClock, node: '5e7f00000001' }),
        announce: rig.server.announce,
        log: silentLogger,
      },
      {
        userId: boss.userId,
        deviceId: boss.deviceId,
        claims: { sub: boss.userId },
        expiresAt: Date.now() + 60_000,
      },
      { rows: [{ table: 'inventory_items', base: null, row: make.item(boss) }] },
    );
    await expect(pushed).rejects.toThrow('Connection terminated');
    await sleep(150);
    expect(live.messages).toMatchObject([{ type: 'hello' }]);
    await slow.query('rollback');
    slow.release();
    await live.changed('inventory_items');
    live.socket.close();
    await pool.end();
  });

  test('many changes at once come as few notices', async () => {
    const live = await boss.live();
    const pushes = Array.from({ length: 40 }, () =>
      boss.push({ table: 'inventory_items', row: make.item(boss) }),
    );
    const started = performance.now();
    await Promise.all(pushes);
    await live.changed('inventory_items');
    await sleep(100);
    const most = Math.ceil((performance.now() - started) / 20) + 1;
    expect(live.messages.length - 1).toBeLessThanOrEqual(Math.min(most, 39));
    live.socket.close();
  });
});

describe('a live connection', () => {
  test('is refused before it stands, with an ordinary answer', async () => {
    const nobody = await rig.client(await rig.person(), { enrol: false });
    await expect(nobody.live()).rejects.toThrow('refused: 403');
    const expired = await rig.client(boss.userId, {
      deviceId: boss.deviceId,
      enrol: false,
      token: await rig.issuer.token(boss.userId, { expiresIn: -5 }),
    });
    await expect(expired.live()).rejects.toThrow('refused: 401');
    const plain = await fetch(`${rig.server.url}/v1/live`, { headers: boss.headers() });
    expect(plain.status).toBe(400);
  });

  test('ends with its token, so that the device comes back with a new one', async () => {
    const client = await rig.client(boss.userId, {
      token: await rig.issuer.token(boss.userId, { expiresIn: 2 }),
    });
    const live = await client.live();
    expect(await live.closed()).toBe(4401);
  });

  test('is ended when the peer has gone without a word, or its rights have', async () => {
    const quick = await openRig({ livePace: { heartbeatMs: 100, recheckMs: 200 } });
    const user = await quick.person(['CS', SITE.AA]);
    const client = await quick.client(user);
    const [live, gone] = await Promise.all([client.live(), client.live()]);
    gone.socket.pause();
    await sleep(600);
    expect(quick.server.liveConnections()).toBe(1);
    await quick.db.admin.query('update public.user_roles set valid_to = now()');
    expect(await live.closed()).toBe(4403);
    await sleep(50);
    expect(quick.server.liveConnections()).toBe(0);
    gone.socket.terminate();
    await quick.close();
  });

  test('ends when the device says what is not of the protocol, and passes over what is newer', async () => {
    for (const text of ['hello?', '[]', '{"type":"presence","seq":1}']) {
      const live = await boss.live();
      live.socket.send(text);
      expect(await live.closed()).toBe(1008);
    }
    const live = await boss.live();
    live.socket.send('{"type":"of a later version"}');
    await boss.push({ table: 'inventory_items', row: make.item(boss) });
    await live.changed('inventory_items');
    live.socket.close();
  });

  test('is told when the server goes away, and the server stops within five seconds', async () => {
    const server = await rig.another();
    const client = await rig.client(boss.userId, { server });
    const lives = await Promise.all([client.live(), client.live(), client.live()]);
    expect(server.liveConnections()).toBe(3);
    // One peer has gone without a word and will not answer the close.
    must(lives[2]).socket.pause();
    const started = performance.now();
    await server.stop();
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(await must(lives[0]).closed()).toBe(1001);
    expect(await must(lives[1]).closed()).toBe(1001);
    const byes = lives.slice(0, 2).map(({ messages }) => messages.at(-1));
    for (const bye of byes) expect(bye).toMatchObject({ type: 'bye', reason: 'going-away' });
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow('fetch failed');
  });
});
