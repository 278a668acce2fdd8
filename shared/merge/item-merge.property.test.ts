import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatHlc } from '#shared/kernel/hlc.ts';
import type { Row } from '#shared/schema/define.ts';
import { applyMergeEdit, judgeMerge, mergeEdits, rootsOf, undoOfMerge } from './item-merge.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'] as const;
const DEVICES = [0, 1, 2] as const;

let ticks = 0;
const stamp = (device: number): string => {
  ticks += 1;
  return formatHlc({ ms: 1_000_000 + ticks, counter: 0, node: `00000000000${device}` });
};

const item = (id: string, over: Record<string, unknown> = {}): Row => ({
  id,
  created_at: 1,
  created_by: null,
  device_id: null,
  field_hlc: {},
  name: `name of ${id}`,
  base_unit: 'each',
  status: 'active',
  merged_into_id: null,
  ...over,
});

const mergeOf = (device: number, from: Row, into: Row, name: string | null = null): Row => ({
  id: `m${(ticks += 1)}`,
  created_at: 1,
  created_by: null,
  device_id: null,
  hlc: stamp(device),
  origin_seq: null,
  survivor_id: into.id,
  merged_id: from.id,
  status_before: from['status'],
  reverses_id: null,
  lines:
    name === null
      ? []
      : [
          {
            field: 'name',
            value: name,
            before: into['name'],
            seen: into.field_hlc?.['name'] ?? null,
          },
        ],
});

type Items = ReadonlyMap<string, Row>;
const withEdits = (items: Items, merge: Row): Items => {
  const out = new Map(items);
  for (const edit of mergeEdits(merge)) {
    const row = out.get(edit.id);
    if (row) out.set(edit.id, applyMergeEdit(row, edit));
  }
  return out;
};
const plain = (items: Items) =>
  [...items.values()].map(({ id, name, status, merged_into_id: into }) => ({
    id,
    name,
    status,
    into,
  }));
const redirects = (items: Items) =>
  rootsOf([...items.values()] as unknown as { id: string; merged_into_id: string | null }[]);

/** A server that judges in the order of arrival, as `push-merges.ts` does, without its database. */
class Server {
  items: Items = new Map(NAMES.map((name) => [name, item(name)]));
  readonly merges = new Map<string, Row>();
  refused = 0;

  take(merge: Row): void {
    const [survivor, merged] = [merge['survivor_id'], merge['merged_id']].map((id) =>
      this.items.get(String(id)),
    );
    const original = this.merges.get(String(merge['reverses_id'])) ?? null;
    const isOrphan = merge['reverses_id'] !== null && !original;
    const isTwice = [...this.merges.values()].some(
      (one) => one['reverses_id'] !== null && one['reverses_id'] === merge['reverses_id'],
    );
    if (!survivor || !merged || isOrphan || isTwice) this.refused += 1;
    else if (judgeMerge({ merge, survivor, merged, original })) this.refused += 1;
    else {
      this.merges.set(merge.id, merge);
      this.items = withEdits(this.items, merge);
    }
  }
}

class Device {
  seen: Items;
  known: ReadonlyMap<string, Row> = new Map();
  readonly waiting: Row[] = [];

  readonly server: Server;

  constructor(server: Server) {
    this.server = server;
    this.seen = server.items;
  }
  /** What the screen is made of: what the server has, with the own merges on top. */
  get shown(): Items {
    return this.waiting.reduce(withEdits, this.seen);
  }
  pull(): void {
    this.seen = this.server.items;
    this.known = new Map(this.server.merges);
  }
  push(): void {
    for (const merge of this.waiting.splice(0)) this.server.take(merge);
    this.pull();
  }
  /** As the store does: what cannot stand here is not even written. */
  write(merge: Row, original: Row | null = null): void {
    const survivor = this.shown.get(String(merge['survivor_id']));
    const merged = this.shown.get(String(merge['merged_id']));
    if (!survivor || !merged || judgeMerge({ merge, survivor, merged, original })) return;
    this.waiting.push(merge);
  }
}

const step = fc.record({
  device: fc.constantFrom(...DEVICES),
  act: fc.constantFrom('merge', 'merge', 'merge', 'undo', 'undo', 'push', 'push', 'pull'),
  from: fc.constantFrom(...NAMES),
  into: fc.constantFrom(...NAMES),
  name: fc.option(fc.constantFrom('x', 'y')),
});

describe('merges of several devices that do not know of each other', () => {
  test('never lead back to themselves, and end alike everywhere', () => {
    let [accepted, refused, undone] = [0, 0, 0];
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) => {
        const server = new Server();
        const devices = DEVICES.map(() => new Device(server));
        for (const { device: at, act, from, into, name } of steps) {
          const device = devices[at] as Device;
          const [a, b] = [device.shown.get(from), device.shown.get(into)];
          if (act === 'merge' && a && b && from !== into) device.write(mergeOf(at, a, b, name));
          if (act === 'undo') {
            const standing = [...device.known.values()].filter(
              (one) =>
                one['reverses_id'] === null &&
                device.shown.get(String(one['merged_id']))?.['status'] === 'merged',
            );
            const original = standing[NAMES.indexOf(from) % Math.max(1, standing.length)];
            const survivor = device.shown.get(String(original?.['survivor_id']));
            if (original && survivor) {
              const undo = { ...original, ...undoOfMerge(original, survivor), hlc: stamp(at) };
              device.write({ ...undo, id: `m${(ticks += 1)}` } as Row, original);
              undone += 1;
            }
          }
          if (act === 'push') device.push();
          if (act === 'pull') device.pull();
          // On the server every merged item leads to one that stands for itself.
          const roots = redirects(server.items);
          for (const row of server.items.values()) {
            expect(roots.has(row.id), row.id).toBe(row['status'] === 'merged');
            expect(row['status'] === 'merged').toBe(row['merged_into_id'] !== null);
          }
          // On a device what leads to a root leads to something that is shown.
          const shown = redirects(device.shown);
          for (const root of shown.values()) expect(shown.has(root)).toBe(false);
        }
        for (const device of devices) device.push();
        for (const device of devices) device.pull();
        for (const device of devices) expect(plain(device.shown)).toEqual(plain(server.items));
        accepted += server.merges.size;
        refused += server.refused;
      }),
      { numRuns: 400 },
    );
    // The histories do meet each other.
    expect(Math.min(accepted, refused, undone)).toBeGreaterThan(50);
  });

  test('A into B here and B into A there: one stands, in the order in which they came', () => {
    for (const first of DEVICES.slice(0, 2)) {
      const server = new Server();
      const [one, other] = [new Device(server), new Device(server)];
      one.write(mergeOf(0, item('a'), item('b')));
      other.write(mergeOf(1, item('b'), item('a')));
      const order = first === 0 ? [one, other] : [other, one];
      for (const device of order) device.push();
      one.pull();
      other.pull();
      expect(server.refused).toBe(1);
      expect(redirects(server.items)).toEqual(new Map(first === 0 ? [['a', 'b']] : [['b', 'a']]));
      expect(plain(one.shown)).toEqual(plain(other.shown));
    }
  });
});

describe('a merge', () => {
  const [a, b] = [item('a'), item('b')];
  const judge = (merge: Row, survivor: Row, merged: Row, original: Row | null = null) =>
    judgeMerge({ merge, survivor, merged, original });

  test('is refused of one item with itself, of other units, and of fields that stay', () => {
    expect(judge(mergeOf(0, a, a), a, a)).toBe('SYNC_ROW_INVALID');
    const box = item('a', { base_unit: 'box' });
    expect(judge(mergeOf(0, box, b), b, box)).toBe('SYNC_ROW_INVALID');
    const asWell = item('a', { base_unit: ' Each ' });
    expect(judge(mergeOf(0, asWell, b), b, asWell)).toBeNull();
    const line = { field: 'sku', value: 'A', before: 'B', seen: null };
    expect(judge({ ...mergeOf(0, a, b), lines: [line] }, b, a)).toBe('SYNC_ROW_INVALID');
  });

  test('is refused when one of them is merged, or in another state than was seen', () => {
    const merge = mergeOf(0, a, b);
    const gone = item('a', { status: 'merged', merged_into_id: 'c' });
    expect(judge(merge, b, gone)).toBe('ITEM_MERGED');
    expect(judge(merge, item('b', { status: 'merged', merged_into_id: 'c' }), a)).toBe(
      'ITEM_MERGED',
    );
    expect(judge(merge, b, item('a', { status: 'discontinued' }))).toBe('ITEM_MERGED');
  });

  test('taken back leaves what was changed on top of it, and gives the rest back', () => {
    const merge = {
      ...mergeOf(0, a, b, 'better name'),
      lines: [
        { field: 'name', value: 'better name', before: b['name'], seen: null },
        { field: 'category', value: 'Dressings', before: null, seen: null },
      ],
    } as Row;
    const after = withEdits(
      new Map([
        ['a', a],
        ['b', b],
      ]),
      merge,
    );
    const survivor = after.get('b') as Row;
    const renamed = {
      ...survivor,
      name: 'best name',
      field_hlc: { ...survivor.field_hlc, name: stamp(1) },
    };
    const undo = { ...merge, ...undoOfMerge(merge, renamed), id: 'u', hlc: stamp(0) } as Row;
    expect(judge(undo, renamed, after.get('a') as Row, merge)).toBeNull();
    const back = withEdits(new Map([...after, ['b', renamed]]), undo);
    expect(back.get('b')).toMatchObject({ name: 'best name', category: null });
    expect(back.get('a')).toMatchObject({ status: 'active', merged_into_id: null });
  });
});
