import { afterAll, beforeAll, expect, test } from 'vitest';
import { ZERO_HLC } from '#shared/kernel/hlc.ts';
import { sameContent } from '#shared/kernel/json.ts';
import type { Stamps } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { SITE, footprint, must, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

let rig: Rig;
let clients: Client[];
beforeAll(async () => {
  rig = await openRig();
  clients = await Promise.all(
    Array.from({ length: 3 }, async () => rig.client(await rig.person(['MG', null]))),
  );
});
afterAll(() => rig.close());

const FIELDS = ['bin', 'par', 'min'] as const;

/** One change of one field by one device, and what the device had seen of the field by then. */
interface Edit {
  readonly device: number;
  readonly field: string;
  readonly value: unknown;
  readonly hlc: string;
  readonly seen: string;
}

/** A device as far as one record goes: its own state, and the stamps of the master it last knew. */
interface Replica {
  row: Row;
  base: Stamps;
}

/** A repeatable sequence of numbers below one (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test.each(Array.from({ length: 12 }, (_, index) => index + 1))(
  'devices that edit, lose answers and repeat requests end alike, and no value is lost unseen (seed %i)',
  async (seed) => {
    const random = randomOf(seed);
    const pick = <T>(list: readonly T[]): T => must(list[Math.floor(random() * list.length)]);
    const item = make.item(must(clients[0]));
    const place = make.itemLocation(must(clients[0]), item.id, SITE.AA);
    await must(clients[0]).push(
      { table: 'inventory_items', row: item },
      { table: 'item_locations', row: place },
    );
    const replicas: Replica[] = clients.map(() => ({ row: place, base: must(place.field_hlc) }));
    const edits: Edit[] = [];
    const reached = new Set<string>();
    const requests: [number, Row, Stamps][] = [];
    let number = 0;

    const edit = (device: number): void => {
      const replica = must(replicas[device]);
      const field = pick(FIELDS);
      number += 1;
      const value = field === 'bin' ? `v${number}` : number;
      const seen = replica.base[field] ?? ZERO_HLC;
      // Clocks of devices differ by up to a minute.
      const at = Date.now() - device * 30_000 + number * 10;
      replica.row = make.edited(replica.row, must(clients[device]), { [field]: value }, at);
      // A device stamps what it writes later than all it has seen.
      const hlc = must(replica.row.field_hlc?.[field]);
      if (hlc <= seen) {
        const later = Number.parseInt(seen.slice(0, 12), 16) + 1;
        replica.row = make.edited(replica.row, must(clients[device]), { [field]: value }, later);
      }
      edits.push({ device, field, value, hlc: must(replica.row.field_hlc?.[field]), seen });
    };
    const send = async (device: number, row: Row, base: Stamps) => {
      const [answer] = await must(clients[device]).push({ table: 'item_locations', row, base });
      for (const { field, hlc } of edits) if (row.field_hlc?.[field] === hlc) reached.add(hlc);
      return must(answer);
    };
    const push = async (device: number, answerIsLost: boolean): Promise<void> => {
      const replica = must(replicas[device]);
      requests.push([device, replica.row, replica.base]);
      const answer = await send(device, replica.row, replica.base);
      if (answerIsLost) return;
      if (answer.outcome === 'master') replica.row = answer.row as Row;
      replica.base = must(replica.row.field_hlc);
    };
    const pull = async (device: number): Promise<void> => {
      const replica = must(replicas[device]);
      // A record with a change that the server has not confirmed meets the master when it is pushed.
      if (!sameContent(replica.row.field_hlc, replica.base)) return;
      const page = (await must(clients[device]).pull([{ table: 'item_locations' }])).tables[0];
      const master = must(page?.rows.find(({ id }) => id === place.id)) as Row;
      replica.row = master;
      replica.base = must(master.field_hlc);
    };

    for (let step = 0; step < 40; step += 1) {
      const device = Math.floor(random() * clients.length);
      const what = random();
      if (what < 0.45) edit(device);
      else if (what < 0.75) await push(device, random() < 0.3);
      else if (what < 0.9) await pull(device);
      else if (requests.length > 0) await send(...pick(requests));
    }
    for (const device of [0, 1, 2, 0, 1, 2]) {
      await push(device, false);
      await pull(device);
    }

    const [first, ...others] = replicas.map(({ row }) => row);
    for (const other of others) expect(sameContent(other, first)).toBe(true);
    const { rows } = await rig.db.admin.query<{ field: string; lost_value: unknown }>(
      'select field, lost_value from public.conflict_log where row_id = $1',
      [place.id],
    );
    const logged = new Set(rows.map(({ field, lost_value }) => `${field}=${String(lost_value)}`));
    for (const { device, field, value, hlc } of edits.filter((e) => reached.has(e.hlc))) {
      const isFinal = sameContent(must(first)[field], value);
      const replacedKnowingly = edits.some(
        (e) => e.field === field && e.hlc > hlc && (e.device === device || e.seen >= hlc),
      );
      const kept = isFinal || replacedKnowingly || logged.has(`${field}=${String(value)}`);
      expect([field, value, kept]).toEqual([field, value, true]);
    }
    for (const field of FIELDS) {
      const latest = edits
        .filter((e) => e.field === field && reached.has(e.hlc))
        .toSorted((a, b) => (a.hlc < b.hlc ? 1 : -1))[0];
      if (latest) expect([field, must(first)[field]]).toEqual([field, latest.value]);
    }

    const before = await footprint(rig.db);
    for (const request of requests) await send(...request);
    expect(await footprint(rig.db)).toBe(before);
  },
);
