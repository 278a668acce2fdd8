import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PushResult } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import { SITE, footprint, must, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig, Sent } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';
import { bookable, checkIn, patientVisit, visit } from '../testing/visits.suite.ts';

/** Any push that comes again, whatever happened in between, is answered as it was, and does nothing. */

let rig: Rig;
let people: Client[];
beforeAll(async () => {
  rig = await openRig();
  people = await Promise.all([
    rig.client(await rig.person(['MG', null])),
    rig.client(await rig.person(['LM', SITE.AA])),
    rig.client(await rig.person(['FD', SITE.AA])),
    rig.client(await rig.person(['CS', SITE.AA])),
  ]);
});
afterAll(() => rig.close());

interface Request {
  readonly by: Client;
  readonly rows: readonly Sent[];
}

/** Requests that get in each other's way: names, records, slots, visits, states, rights. */
async function requests(): Promise<Request[]> {
  const [manager, lead, desk, nurse] = people as [Client, Client, Client, Client];
  const at = await bookable(rig);
  const visitId = await patientVisit(rig);
  const shelf = make.item(manager);
  const count = make.countSession(nurse, SITE.AA);
  const other = await rig.client(await rig.person(['CS', SITE.AA]));
  await manager.push({ table: 'inventory_items', row: shelf });
  await other.push({ table: 'count_sessions', row: count });
  const place = make.itemLocation(manager, shelf.id, SITE.AA);
  // A device edits what it has got, so it stands there.
  await manager.push({ table: 'item_locations', row: place });
  const edit = (by: Client, fields: Record<string, unknown>): Sent => ({
    table: 'item_locations',
    row: make.edited(place, by, fields),
    base: place.field_hlc ?? null,
  });
  const noon = Date.now() + 7 * 86_400_000;
  const sku = make.item(manager)['sku'];
  const orphan = make.item(manager);
  const gone = await rig.client(await rig.person(['CS', SITE.AA]));
  await rig.db.admin.query(
    `update public.user_roles set valid_to = now() - interval '1 second' where user_id = $1`,
    [gone.userId],
  );
  const own = make.countSession(nurse, SITE.AA);
  return [
    { by: manager, rows: [{ table: 'item_locations', row: place }] },
    { by: manager, rows: [edit(manager, { par: 70_000 }), edit(manager, { bin: 'B2' })] },
    { by: lead, rows: [edit(lead, { par: 90_000, bin: 'C3' })] },
    { by: desk, rows: [edit(desk, { par: 1 })] },
    { by: manager, rows: [{ table: 'inventory_items', row: make.item(manager, { sku }) }] },
    { by: manager, rows: [{ table: 'inventory_items', row: make.item(manager, { sku }) }] },
    { by: desk, rows: [{ table: 'pharma_appointments', row: visit(desk, at, noon) }] },
    { by: lead, rows: [{ table: 'pharma_appointments', row: visit(lead, at, noon) }] },
    { by: desk, rows: [{ table: 'kiosk_sessions', row: checkIn(desk, visitId, SITE.AA) }] },
    { by: desk, rows: [{ table: 'kiosk_sessions', row: checkIn(desk, visitId, SITE.AA) }] },
    {
      by: nurse,
      rows: [
        { table: 'stock_acts', row: make.act(nurse, SITE.AA, [make.line(shelf.id)]) },
        { table: 'stock_acts', row: make.act(nurse, SITE.WX, [make.line(shelf.id)]) },
      ],
    },
    {
      by: nurse,
      rows: [{ table: 'stock_acts', row: make.act(nurse, SITE.AA, [make.line(orphan.id)]) }],
    },
    { by: manager, rows: [{ table: 'inventory_items', row: orphan }] },
    { by: gone, rows: [{ table: 'count_sessions', row: make.countSession(gone, SITE.AA) }] },
    { by: nurse, rows: [{ table: 'count_sessions', row: own }] },
    {
      by: nurse,
      rows: [
        {
          table: 'count_sessions',
          row: make.edited(own, nurse, { status: 'submitted', line_count: 0 }),
          base: own.field_hlc ?? null,
        },
        { table: 'count_lines', row: make.countLine(nurse, own, shelf.id, 10_000) },
      ],
    },
    { by: nurse, rows: [{ table: 'count_lines', row: { ...shelf, id: 'no id' } as Row }] },
  ];
}

/** What may not change of an answer: taken is taken, and a refusal keeps its code. */
const lasting = (result: PushResult): string | null => {
  if (result.outcome === 'retry') return null;
  return result.outcome === 'refused' ? `refused ${result.code}` : 'taken';
};
async function everything(): Promise<string> {
  const { rows } = await rig.db.admin.query(
    `select 'outbox' as t, id::text, attempts::text as state from private.outbox
     union all select 'quarantine', id::text, status from private.quarantine order by 1, 2`,
  );
  return (await footprint(rig.db)) + JSON.stringify(rows);
}

/** What is in one and not in the other. */
const changed = (before: string, after: string): string[] => {
  const known = new Set(before.split('},{'));
  return after.split('},{').filter((line) => !known.has(line));
};

const RUNS = Number(process.env['REPEAT_RUNS'] ?? 3);

test('in any order, among the requests of others', { timeout: 300_000 }, async () => {
  const seen: Record<string, number> = {};
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(1_000), { minLength: 25, maxLength: 45 }), async (choices) => {
      const all = await requests();
      const first = new Map<number, (string | null)[]>();
      for (const choice of choices) {
        const nth = choice % all.length;
        const { by, rows } = must(all[nth]);
        const known = first.get(nth);
        const final = known?.every((answer) => answer !== null) ?? false;
        const before = final ? await everything() : '';
        const answers = (await by.push(...rows)).map(lasting);
        if (final) {
          expect([nth, changed(before, await everything())]).toEqual([nth, []]);
          seen['repeated'] = (seen['repeated'] ?? 0) + 1;
        }
        known?.forEach((answer, at) => {
          if (answer !== null) expect([nth, at, answers[at]]).toEqual([nth, at, answer]);
        });
        first.set(
          nth,
          answers.map((answer, at) => known?.[at] ?? answer),
        );
        for (const answer of answers) seen[answer ?? 'retry'] = (seen[answer ?? 'retry'] ?? 0) + 1;
      }
    }),
    // Every try costs seconds: a counterexample is better read than shrunk.
    { numRuns: RUNS, endOnFailure: true },
  );
  // It is about something: many repeats, and answers of every kind.
  expect(seen['repeated']).toBeGreaterThan(RUNS * 3);
  for (const kind of ['taken', 'refused SYNC_ROW_REFUSED', 'refused SYNC_ROW_QUARANTINED']) {
    expect(seen[kind] ?? 0).toBeGreaterThan(0);
  }
});

test('also when what stood in the way is gone since', async () => {
  const [manager, lead] = people as [Client, Client];
  const taken = make.item(manager);
  await manager.push({ table: 'inventory_items', row: taken });
  const late = {
    table: 'inventory_items' as const,
    row: make.item(manager, { sku: taken['sku'] }),
  };
  const refused = await manager.push(late);
  expect(refused).toMatchObject([{ code: 'SYNC_UNIQUE_TAKEN', fields: ['sku'] }]);
  await rig.db.admin.query('update public.inventory_items set sku = $2 where id = $1', [
    taken.id,
    `OLD-${taken.id.slice(-12)}`,
  ]);
  expect(await manager.push(late)).toEqual(refused);
  // A new try is an edit.
  const again = { ...late, row: make.edited(late.row, manager, { name: 'Once more' }) };
  expect(await manager.push(again)).toMatchObject([{ outcome: 'ok' }]);
  expect(await manager.push(late)).toMatchObject([{ outcome: 'master' }]);

  const fact = {
    table: 'stock_acts' as const,
    row: make.act(lead, SITE.WX, [make.line(taken.id)]),
  };
  const first = await lead.push(fact);
  expect(first).toMatchObject([{ code: 'SYNC_ROW_REFUSED' }]);
  await rig.db.admin.query(
    `insert into public.user_roles (id, user_id, role, location_id, valid_from)
     values (gen_random_uuid(), $1, 'LM', $2, now() - interval '1 day')`,
    [lead.userId, SITE.WX],
  );
  expect(await lead.push(fact)).toEqual(first);
});
