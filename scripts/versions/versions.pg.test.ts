import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DrivenClient } from '../../e2e/stranger/driven-client.ts';
import {
  BUILDS,
  contentOf,
  openWorld,
  place,
  receive,
  shows,
  synced,
  until,
} from './world.suite.ts';
import type { Build, World } from './world.suite.ts';

/** What a device of the next build says where it says nothing of its own field. */
const own = (build: Build): Record<string, unknown> =>
  build === 'next' ? { count_daily: false } : {};

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe.each(BUILDS)('a server of the %s build', { timeout: 240_000 }, (serverBuild) => {
  let devices: Readonly<Record<Build, DrivenClient>>;
  const all = <T>(work: (client: DrivenClient, build: Build) => Promise<T>): Promise<T[]> =>
    Promise.all(BUILDS.map((build) => work(devices[build], build)));

  beforeAll(async () => {
    await world.serve(serverBuild);
    devices = await world.devices();
  }, 240_000);
  afterAll(() => all((client) => client.stop()));

  test('devices of three builds write, edit and merge', async () => {
    const ids = await all((client, build) => place(client, own(build)));
    for (const id of ids) await all((client) => shows(client, id, { is_stocked: true }));
    for (const id of ids) {
      // Each another field, at once, and all the same one: the last stands.
      for (const [n, field] of (['par', 'min', 'max'] as const).entries()) {
        const client = devices[BUILDS[n] ?? 'next'];
        await client.edit('item_locations', id, { [field]: (n + 1) * 10_000 });
        await client.edit('item_locations', id, { bin: `B${n}` });
        await sleep(5);
      }
    }
    const merged = { par: 10_000, min: 20_000, max: 30_000, bin: 'B2' };
    for (const id of ids) await all((client) => shows(client, id, merged));
    await all(synced);
    for (const id of ids) {
      const stored = { par: '10000', min: '20000', max: '30000', bin: 'B2' };
      expect(await world.row('item_locations', id)).toMatchObject(stored);
    }
  });

  test('an act of every build is taken once, and all see what it stands for', async () => {
    const [item] = await devices.present.read('inventory_items');
    // A server that does not know the field could not keep it: such an act waits, see below.
    const says = serverBuild === 'next' ? { source: 'vendor' } : { source: null };
    const acts = await all((client, build) =>
      receive(client, String(item?.id), build === 'next' ? says : {}),
    );
    await all((client) =>
      until(
        async () => {
          await client.sync();
          const made = (await client.read('stock_movements')).map((row) => row['act_id']);
          return acts.every((act) => made.includes(act));
        },
        () => 'all movements came',
      ),
    );
    await all(synced);
    expect(await world.count('stock_acts', 'id = any($1)', [acts])).toBe(3);
    expect(await world.count('stock_movements', 'act_id = any($1)', [acts])).toBe(3);
  });

  test('what a device or the server does not know is not touched, and waits for a server that knows', async () => {
    const { previous, present, next } = devices;
    const id = await place(next, { count_daily: false });
    await all((client) => shows(client, id, { is_stocked: true }));
    if (serverBuild === 'next') {
      await next.edit('item_locations', id, { shelf: 'S0', count_daily: true });
      await synced(next);
      await previous.edit('item_locations', id, { par: 80_000 });
      await present.edit('item_locations', id, { min: 90_000 });
      await all((client) => shows(client, id, { par: 80_000, min: 90_000 }));
      await shows(next, id, { shelf: 'S0', count_daily: true });
      const whole = { shelf: 'S0', count_daily: true, par: '80000', min: '90000' };
      expect(await world.row('item_locations', id)).toMatchObject(whole);
      // Rolled back under its devices.
      await world.serve('present');
    }
    // What both know goes on.
    await next.edit('item_locations', id, { par: 81_000 });
    await all((client) => shows(client, id, { par: 81_000 }));
    await synced(next);
    // The rest waits, and no edit of others resets it meanwhile.
    await next.edit('item_locations', id, { shelf: 'S1' });
    const act = await receive(next, String((await world.row('item_locations', id))['item_id']), {
      source: 'vendor',
    });
    await until(
      async () => (await next.sync()).waiting >= 2,
      () => 'shelf and act wait',
    );
    await previous.edit('item_locations', id, { min: 91_000 });
    await present.edit('item_locations', id, { max: 92_000 });
    for (const client of [previous, present]) await shows(client, id, { min: 91_000, max: 92_000 });
    // A row with an unsent change stays as its person left it, as always.
    await shows(next, id, { par: 81_000, shelf: 'S1' });
    expect(await world.row('item_locations', id)).not.toMatchObject({ shelf: 'S1' });
    expect(await world.count('stock_acts', 'id = $1', [act])).toBe(0);

    await world.serve('next');
    await synced(next);
    const whole = { shelf: 'S1', par: '81000', min: '91000', max: '92000' };
    expect(await world.row('item_locations', id)).toMatchObject(whole);
    expect(await world.row('stock_acts', act)).toMatchObject({ source: 'vendor' });
    expect(await world.count('stock_movements', 'act_id = $1', [act])).toBe(1);
    await all((client) => shows(client, id, { par: 81_000, min: 91_000, max: 92_000 }));
    await shows(next, id, { shelf: 'S1' });
  });

  test('all hold the same as far as each can say, nothing was refused, no server complained', async () => {
    let held: string[] = [];
    await until(
      async () => {
        await all(synced);
        held = await all(contentOf);
        return new Set(held).size === 1;
      },
      () => `equal content, of ${held.map(({ length }) => length).join(', ')} characters`,
    );
    expect(await all((client) => client.refused())).toEqual([[], [], []]);
    expect(world.complaints).toEqual([]);
  });
});

describe('an update in place', { timeout: 240_000 }, () => {
  beforeAll(() => world.serve('next'));

  test.concurrent.each([
    ['previous', 'present'],
    ['previous', 'next'],
    ['present', 'next'],
  ] as const)(
    'of a device of the %s build with unsent changes to the %s one',
    async (before, after) => {
      const machine = await world.machine();
      const id = await place(await machine.as(before));
      await synced(machine.client);
      const offline = await machine.as(before, { offline: true });
      await offline.edit('item_locations', id, { par: 70_000, bin: 'C1' });
      const unsent = await place(offline, { bin: 'C2' });
      const { item_id } = await world.row('item_locations', id);
      const act = await receive(offline, String(item_id));

      // The new build takes the file over before it meets a server.
      const updated = await machine.as(after, { offline: true });
      const row = (await updated.read('item_locations')).find((each) => each.id === id);
      expect(row).toMatchObject({ par: 70_000, bin: 'C1', ...own(after) });
      await updated.edit('item_locations', id, { min: 60_000 });
      expect((await updated.sync()).waiting).toBeGreaterThanOrEqual(4);

      const client = await machine.as(after);
      await synced(client);
      expect(await client.refused()).toEqual([]);
      const stored = { par: '70000', min: '60000', bin: 'C1' };
      expect(await world.row('item_locations', id)).toMatchObject(stored);
      expect(await world.row('item_locations', unsent)).toMatchObject({ bin: 'C2' });
      expect(await world.count('stock_movements', 'act_id = $1', [act])).toBe(1);
      if (after === 'next') {
        await client.edit('item_locations', id, { shelf: 'S9', count_daily: true });
        await synced(client);
        const whole = { ...stored, shelf: 'S9', count_daily: true };
        expect(await world.row('item_locations', id)).toMatchObject(whole);
      }
    },
  );
});
