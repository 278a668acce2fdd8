import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '#shared/kernel/json.ts';
import { newId } from '#shared/kernel/ids.ts';
import { TABLES, contentAt, contentOf, openClinic, pause, until } from './testing/clinic.suite.ts';
import type { Device } from './testing/device.ts';
import { ITEM, SITE_A, SITE_B, actFields, itemRow, stockFields } from './testing/fixtures.ts';
import { unreachable } from './testing/memory-server.ts';

/** More with `FUZZ_RUNS=200`, for a change of the replication itself. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 15);
const DEVICES = 3;
const ITEMS = [1, 2, 3].map((n) => `00000000-0000-7000-8000-00000000050${n}`);
const FIELDS = ['name', 'category', 'packs'] as const;

/** What can happen, and to which device. */
type Step =
  | { do: 'edit'; device: number; item: string; field: (typeof FIELDS)[number] }
  | { do: 'act'; device: number; lot: number }
  | { do: 'stock'; device: number }
  | { do: 'network'; device: number; up: boolean }
  | { do: 'drop' | 'lose'; device: number; times: number }
  | { do: 'restart' | 'kill'; device: number }
  | { do: 'wait'; ms: number };

const device = fc.nat(DEVICES - 1);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      device,
      item: fc.constantFrom(...ITEMS),
      field: fc.constantFrom(...FIELDS),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('act' as const), device, lot: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stock' as const), device }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('network' as const), device, up: fc.boolean() }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('drop' as const, 'lose' as const),
      device,
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('restart' as const, 'kill' as const), device }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 25 }) }),
  },
);

/** A local write that was acknowledged to the person, with the stamp of the state it was made on. */
interface Write {
  readonly item: string;
  readonly field: string;
  readonly value: unknown;
  readonly before: string | undefined;
  readonly stamp: string;
}

interface World {
  readonly clinic: ReturnType<typeof openClinic>;
  readonly devices: Device[];
  readonly network: { up: boolean; drop: number; lose: number }[];
  readonly writes: Write[];
  readonly facts: string[];
  readonly records: string[];
}

async function makeWorld(): Promise<World> {
  const clinic = openClinic();
  for (const [n, id] of ITEMS.entries()) {
    clinic.server.put('inventory_items', itemRow(id, `P-${n}`));
  }
  const network = Array.from({ length: DEVICES }, () => ({ up: true, drop: 0, lose: 0 }));
  const devices = network.map((line, n) => {
    const made = clinic.device(n + 1);
    made.faults.before = () => {
      if (!line.up || line.drop-- > 0) throw unreachable();
    };
    made.faults.after = () => {
      if (!line.up || line.lose-- > 0) throw unreachable();
    };
    return made;
  });
  await Promise.all(devices.map((made) => made.start()));
  await Promise.all(devices.map((made) => made.replication.firstSyncDone));
  return { clinic, devices, network, writes: [], facts: [], records: [] };
}

async function run(world: World, step: Step): Promise<void> {
  if (step.do === 'wait') return pause(step.ms);
  const target = world.devices[step.device];
  const line = world.network[step.device];
  if (!target || !line) throw new Error('no such device');
  switch (step.do) {
    case 'edit':
      return edit(world, target, step.item, step.field);
    case 'act': {
      const lines = [{ qty: 10_000, lot: `LOT${step.lot}` }];
      world.facts.push(await target.insert('stock_acts', actFields(ITEM, SITE_A, lines)));
      return;
    }
    case 'stock': {
      // A pair of item and site is unique: each new row has an item of its own.
      const item = newId();
      await target.insert('inventory_items', { ...itemRow(item, item), id: item });
      const stock = await target.insert('item_locations', stockFields(item, SITE_B));
      world.records.push(item, stock);
      return;
    }
    case 'network':
      line.up = step.up;
      if (!step.up) world.clinic.server.disconnect();
      return;
    case 'drop':
      line.drop = step.times;
      return;
    case 'lose':
      line.lose = step.times;
      return;
    case 'restart':
      await target.stop();
      return target.start();
    case 'kill':
      await target.kill();
      return target.start();
  }
}

async function edit(world: World, target: Device, item: string, field: string): Promise<void> {
  const before = (await target.get('inventory_items', item))?.field_hlc?.[field];
  const label = `v${world.writes.length}`;
  const pack = { unit: label, qty_per_base: 10_000, gtin: null };
  const value = field === 'packs' ? [pack] : label;
  try {
    await target.edit('inventory_items', item, { [field]: value });
  } catch (error) {
    // Replication wrote the row between reading and writing it: the person is told, nothing is kept.
    if (String(error).includes('409')) return;
    throw error;
  }
  const stamp = (await target.get('inventory_items', item))?.field_hlc?.[field];
  if (stamp) world.writes.push({ item, field, value, before, stamp });
}

async function heal({ devices, network }: World): Promise<void> {
  for (const line of network) Object.assign(line, { up: true, drop: 0, lose: 0 });
  const isQuiet = (): boolean => devices.every(({ status }) => status.state === 'synced');
  for (const made of devices) made.replication.syncNow();
  await until(isQuiet, 'every queue is empty after healing');
  // One round more, so that each has what the others sent last.
  for (const made of devices) made.replication.syncNow();
  await pause(30);
  await until(isQuiet, 'everything is loaded after healing');
}

async function judge({ clinic, devices, writes, facts, records }: World): Promise<void> {
  const { server } = clinic;
  for (const table of TABLES) {
    for (const made of devices) {
      expect(await contentOf(made, table), table).toBe(contentAt(server, table));
      const fork = made.storage.instance(table);
      expect([table, fork?.countOrigin('local'), fork?.countOrigin('derived')]).toEqual([
        table,
        0,
        0,
      ]);
    }
  }
  for (const id of facts) expect(server.row('stock_acts', id)).toBeDefined();
  for (const id of records) {
    expect(server.row('inventory_items', id) ?? server.row('item_locations', id)).toBeDefined();
  }
  expect(server.rows('stock_movements')).toHaveLength(facts.length);
  expect(devices.flatMap((made) => made.replication.parked())).toEqual([]);

  // The latest write of every field stands everywhere; every other one was seen by who overwrote it
  // or is kept beside it.
  const seen = new Set(writes.map(({ before }) => before));
  const lost = new Set([...server.conflicts.values()].map(({ contest }) => contest.lost.hlc));
  for (const write of writes) {
    const { item, field, value, stamp } = write;
    const rivals = writes.filter((other) => other.item === item && other.field === field);
    const isLatest = rivals.every((other) => other.stamp <= stamp);
    if (isLatest) {
      expect(canonicalJson(server.row('inventory_items', item)?.[field])).toBe(
        canonicalJson(value),
      );
    } else {
      expect(seen.has(stamp) || lost.has(stamp), `${field} ${canonicalJson(value)}`).toBe(true);
    }
  }
}

test(
  'any edits, faults and restarts: the same content everywhere, no write lost, losers kept',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 10, maxLength: 40 }), async (steps) => {
        const world = await makeWorld();
        try {
          for (const step of steps) await run(world, step);
          await heal(world);
          await judge(world);
        } finally {
          await Promise.all(world.devices.map((made) => made.stop()));
        }
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  },
  RUNS * 10_000,
);
