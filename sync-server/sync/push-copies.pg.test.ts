import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PushReply } from '#shared/protocol/messages.ts';
import type { Lineage, PushResult } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import { footprint, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

/**
 * A machine and its copy (an image, a restored virtual machine): one device, one person, one node of
 * stamps. Only the lineage of their pushes tells them apart.
 */

let rig: Rig;
let ana: Client;
beforeAll(async () => {
  rig = await openRig();
  ana = await rig.client(await rig.person(['MG', null]));
});
afterAll(() => rig.close());

type Request = { readonly lineage?: Lineage; readonly rows: readonly object[] };

async function send(request: Request): Promise<PushResult> {
  const { status, body } = await ana.post('/v1/push', request);
  expect(status).toBe(200);
  const [result] = PushReply.parse(body).results;
  if (!result) throw new Error('a push without an answer');
  return result;
}

/** One of the machines that go on from one disk, with the row as it has it. */
class Machine {
  row: Row;
  /** The stamps that the server is known to have, see docs/protocol.md "Base". */
  base: Row['field_hlc'];
  lineage: Lineage;
  readonly #run: string;

  constructor(row: Row, run: string, before: Lineage) {
    this.row = row;
    this.base = row.field_hlc;
    this.#run = run;
    this.lineage = before;
  }

  edit(fields: Record<string, unknown>, at?: number): void {
    this.row = make.edited(this.row, ana, fields, at);
  }

  /** What it sends now. */
  request(): Request {
    const [head, ...before] = this.lineage;
    this.lineage =
      head?.[0] === this.#run
        ? [[this.#run, head[1] + 1], ...before]
        : [[this.#run, 1], ...this.lineage];
    const { row, base = null } = this;
    return { lineage: this.lineage, rows: [{ table: 'inventory_items', row, base }] };
  }

  /** Takes the answer to what it sent last. */
  heard(result: PushResult): void {
    if (result.outcome === 'master') this.row = result.row as Row;
    else expect(result.outcome).toBe('ok');
    this.base = this.row.field_hlc;
  }
}

/** A record that a machine has pushed, and two that go on from that machine's disk. */
async function copied(): Promise<readonly [Machine, Machine]> {
  const first = new Machine(make.item(ana), 'originals', []);
  first.base = undefined;
  first.heard(await send(first.request()));
  return [
    new Machine(first.row, 'machine0a', first.lineage),
    new Machine(first.row, 'machine0b', first.lineage),
  ];
}

async function losersOf(id: string): Promise<unknown[]> {
  const { rows } = await rig.db.admin.query<{ field: string; lost_value: unknown }>(
    'select field, lost_value from public.conflict_log where row_id = $1 order by 1, 2',
    [id],
  );
  return rows.map(({ field, lost_value: value }) => [field, value]);
}

describe('one person edits one field on a machine and on its copy', () => {
  test('the value that loses is in the conflict log, whoever comes first', async () => {
    for (const [early, late] of [
      [1_000, 2_000],
      [2_000, 1_000],
    ] as const) {
      const [one, two] = await copied();
      const now = Date.now();
      one.edit({ name: 'on the machine' }, now + early);
      two.edit({ name: 'on its copy' }, now + late);
      one.heard(await send(one.request()));
      two.heard(await send(two.request()));
      const lost = early < late ? 'on the machine' : 'on its copy';
      expect(two.row['name']).not.toBe(lost);
      expect(await losersOf(one.row.id)).toEqual([['name', lost]]);
    }
  });

  test('also when both gave their values the same stamp', async () => {
    const [one, two] = await copied();
    const soon = Date.now() + 1_000;
    one.edit({ name: 'on the machine', manufacturer: 'same on both' }, soon);
    two.edit({ name: 'on its copy', manufacturer: 'same on both' }, soon);
    const same = { ...two.row, field_hlc: one.row.field_hlc ?? {} };
    two.row = same;
    one.heard(await send(one.request()));
    two.heard(await send(two.request()));
    const lost = two.row['name'] === 'on its copy' ? 'on the machine' : 'on its copy';
    expect(await losersOf(one.row.id)).toEqual([['name', lost]]);
  });

  test('who has seen the other value takes its place without a conflict', async () => {
    const [one, two] = await copied();
    one.edit({ name: 'first' });
    const sent = await send(one.request());
    one.heard(sent);
    two.row = one.row;
    two.base = one.base;
    two.edit({ name: 'second' });
    two.heard(await send(two.request()));
    expect(await losersOf(one.row.id)).toEqual([]);
  });
});

test('a client that says no lineage is one profile, as before', async () => {
  const [one, two] = await copied();
  one.edit({ name: 'sent, answer lost' });
  const { lineage: _, ...first } = one.request();
  await send(first);
  two.row = make.edited(one.row, ana, { name: 'and edited again' });
  const { lineage: __, ...second } = two.request();
  expect((await send(second)).outcome).toBe('ok');
  expect(await losersOf(one.row.id)).toEqual([]);
});

type Step =
  | { readonly do: 'edit'; readonly who: 0 | 1; readonly field: string; readonly at: number }
  | { readonly do: 'push'; readonly who: 0 | 1; readonly lost: boolean }
  | { readonly do: 'reopen'; readonly who: 0 | 1 }
  | { readonly do: 'again'; readonly which: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('edit' as const),
    who: fc.constantFrom(0, 1),
    field: fc.constantFrom('name', 'manufacturer'),
    at: fc.integer({ min: 0, max: 20 }),
  }),
  fc.record({ do: fc.constant('push' as const), who: fc.constantFrom(0, 1), lost: fc.boolean() }),
  fc.record({ do: fc.constant('reopen' as const), who: fc.constantFrom(0, 1) }),
  fc.record({ do: fc.constant('again' as const), which: fc.nat({ max: 20 }) }),
);

test(
  'in any order, with lost answers, restarts and late requests, no value is lost unread, and what comes twice changes nothing',
  { timeout: 300_000 },
  async () => {
    let contested = 0;
    let repeated = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 24 }), async (steps) => {
        const machines: Machine[] = [...(await copied())];
        const start = Date.now();
        const requests: Request[] = [];
        const values: { field: string; value: unknown; before: unknown; sent: boolean }[] = [];
        const mine: Set<(typeof values)[number]>[] = [new Set(), new Set()];
        let n = 0;
        const push = async (who: 0 | 1, lost: boolean): Promise<void> => {
          const machine = machines[who] as Machine;
          const request = machine.request();
          requests.push(request);
          const answer = await send(request);
          for (const value of mine[who] ?? []) value.sent = true;
          if (!lost) machine.heard(answer);
        };
        for (const one of steps) {
          if (one.do === 'edit') {
            const machine = machines[one.who] as Machine;
            const value = {
              field: one.field,
              value: `v${n++}`,
              before: machine.row[one.field],
              sent: false,
            };
            values.push(value);
            mine[one.who]?.add(value);
            machine.edit({ [one.field]: value.value }, later(machine.row, start + one.at));
          } else if (one.do === 'push') {
            await push(one.who, one.lost);
          } else if (one.do === 'reopen') {
            const machine = machines[one.who] as Machine;
            const next = new Machine(machine.row, `${one.who}reopened${n++}`, machine.lineage);
            next.base = machine.base;
            machines[one.who] = next;
          } else {
            const request = requests[one.which];
            if (!request) continue;
            const before = await footprint(rig.db);
            await send(request);
            repeated += 1;
            expect(await footprint(rig.db)).toBe(before);
          }
        }
        for (const who of [0, 1, 0] as const) await push(who, false);
        const { id } = (machines[0] as Machine).row;
        const losers = await losersOf(id);
        contested += losers.length;
        const { rows } = await rig.db.admin.query(
          'select * from public.inventory_items where id = $1',
          [id],
        );
        for (const field of ['name', 'manufacturer']) {
          const known = new Set<unknown>([rows[0][field]]);
          for (const [of, value] of losers as [string, unknown][])
            if (of === field) known.add(value);
          for (let grew = true; grew;) {
            grew = false;
            for (const { field: of, value, before } of values) {
              if (of !== field || !known.has(value) || known.has(before)) continue;
              known.add(before);
              grew = true;
            }
          }
          const unread = values.filter(
            (one) => one.sent && one.field === field && !known.has(one.value),
          );
          expect(unread).toEqual([]);
        }
      }),
      { numRuns: Number(process.env['COPIES_RUNS'] ?? 25) },
    );
    expect(contested).toBeGreaterThan(0);
    expect(repeated).toBeGreaterThan(0);
  },
);

/** A machine's clock of stamps never goes back behind what it has seen. */
function later(row: Row, at: number): number {
  const seen = Object.values(row.field_hlc ?? {}).map((stamp) =>
    Number.parseInt(stamp.slice(0, 12), 16),
  );
  return Math.max(at, ...seen.map((ms) => ms + 1));
}
