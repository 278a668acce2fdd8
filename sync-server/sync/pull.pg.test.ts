import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { LIMITS } from '#shared/protocol/messages.ts';
import { deviceFields, parseRow } from '#shared/schema/rows.ts';
import { ROLES } from '#shared/schema/roles.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import { anyValue } from '#shared/testing/arbitraries.ts';
import { insertStatement, sampleRow } from '../../supabase/schema/sample-rows.ts';
import type { References } from '../../supabase/schema/sample-rows.ts';
import { SITE, inOrder, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

type Cursors = Record<string, [string, string]>;

let rig: Rig;
let boss: Client;
beforeAll(async () => {
  rig = await openRig();
  boss = await rig.client(await rig.person(['MG', null]));
});
afterAll(() => rig.close());

async function addItems(count: number, fields: Record<string, unknown> = {}): Promise<string[]> {
  const items = Array.from({ length: count }, () => make.item(boss, fields));
  for (let from = 0; from < count; from += 100) {
    const part = items.slice(from, from + 100);
    await boss.push(...part.map((row) => ({ table: 'inventory_items' as const, row })));
  }
  return items.map(({ id }) => id);
}

async function pullAll(client: Client, limit: number, start: Cursors = {}) {
  let cursors = start;
  const ids: unknown[] = [];
  for (let pages = 1; ; pages += 1) {
    const [page] = (await client.pull([{ table: 'inventory_items', cursors, limit }])).tables;
    ids.push(...(page?.rows ?? []).map(({ id }) => id));
    cursors = { ...cursors, ...page?.cursors };
    if (!page?.more) return { ids, pages, cursors };
  }
}

describe('paging', () => {
  test('gives every row once, page by page, and then only what is new', async () => {
    const before = await pullAll(boss, 1000);
    const added = await addItems(25);
    const { ids, pages, cursors } = await pullAll(boss, 10, before.cursors);
    expect(inOrder(ids)).toEqual(inOrder(added));
    expect(pages).toBe(3);
    expect((await pullAll(boss, 10, cursors)).ids).toEqual([]);
    const [late] = await addItems(1);
    expect((await pullAll(boss, 10, cursors)).ids).toEqual([late]);
  });

  test('is cut by size, and the tables behind the cut say that there is more', async () => {
    const before = await pullAll(boss, 1000);
    await addItems(700, { description: 'd'.repeat(2000), name: 'n'.repeat(200) });
    await addItems(700, { description: 'd'.repeat(2000), name: 'n'.repeat(200) });
    const reply = await boss.pull([
      { table: 'inventory_items', cursors: before.cursors },
      { table: 'item_locations' },
    ]);
    const [items, places] = reply.tables;
    expect(items?.more).toBe(true);
    expect(JSON.stringify(reply).length).toBeLessThan(LIMITS.pullBytes * 1.1);
    expect(items?.rows.length).toBeGreaterThan(500);
    expect(places?.rows).toEqual([]);
    const all = await pullAll(boss, 1000, before.cursors);
    expect(new Set(all.ids).size).toBe(1400);
  });

  test('a row changed after it was read comes again with its new state', async () => {
    const item = make.item(boss);
    await boss.push({ table: 'inventory_items', row: item });
    const { cursors } = await pullAll(boss, 1000);
    const newer = make.edited(item, boss, { name: 'newer' });
    await boss.push({ table: 'inventory_items', row: newer, base: item.field_hlc ?? null });
    const [page] = (await boss.pull([{ table: 'inventory_items', cursors }])).tables;
    expect(page?.rows).toEqual([newer]);
  });

  test('a row that was taken back comes as its id alone', async () => {
    const item = make.item(boss, { name: 'taken back' });
    await boss.push({ table: 'inventory_items', row: item });
    const { cursors } = await pullAll(boss, 1000);
    await rig.db.admin.query('update public.inventory_items set deleted_at = now() where id = $1', [
      item.id,
    ]);
    const [page] = (await boss.pull([{ table: 'inventory_items', cursors }])).tables;
    expect(page?.rows).toEqual([{ id: item.id, _deleted: true }]);
  });

  test('a row of a transaction that is still open, and those after it, wait behind the fence', async () => {
    const { cursors } = await pullAll(boss, 1000);
    const slow = await rig.db.admin.connect();
    const item = make.item(boss);
    await slow.query('begin');
    await slow.query(
      `insert into public.inventory_items (id, name, kind, sku, base_unit, packs, lot_policy,
         expiry_policy, controlled_schedule, hazardous, status)
       values ($1, 'slow', 'supply', $2, 'vial', '[]', 'none', 'none', 'none', false, 'active')`,
      [item.id, item['sku']],
    );
    const [fast] = await addItems(1);
    expect((await pullAll(boss, 1000, cursors)).ids).toEqual([]);
    await slow.query('commit');
    slow.release();
    const { ids } = await pullAll(boss, 1000, cursors);
    expect(inOrder(ids)).toEqual(inOrder([item.id, fast]));
  });
});

/** A row of every table, with all that its JSON fields may hold; returns the id of each. */
async function plantFullWorld(): Promise<References> {
  const refs: References = {};
  for (const table of TABLE_NAMES) {
    const json = deviceFields(tableOf(table)).filter(([, { kind }]) => kind === 'json');
    const values = json.map(([name, field]): [string, unknown] => {
      const [value] = fc.sample(anyValue(field), { numRuns: 1, seed: 7 });
      return [name, value];
    });
    const row = sampleRow(table, refs, Object.fromEntries(values));
    refs[table] = row.id;
    await rig.db.postgres.query(insertStatement(table, row));
  }
  return refs;
}

/** Somebody with every role, in the one team that there is, while every patient comes today. */
async function somebodyWhoSeesAll(): Promise<Client> {
  const { users: userId = '', eos_teams: team, patients, appointments } = await plantFullWorld();
  for (const role of ROLES) {
    await rig.db.admin.query(
      `insert into public.user_roles (id, user_id, role, location_id, valid_from)
       values ($1, $2, $3, null, now() - interval '1 day')`,
      [newId(), userId, role],
    );
  }
  await rig.db.admin.query(`update public.users set status = 'active' where id = $1`, [userId]);
  await rig.db.admin.query(
    `update public.eos_team_members set role = 'leader', joined_at = now() - interval '1 day',
       left_at = null where team_id = $1`,
    [team],
  );
  await rig.db.admin.query(
    `insert into private.scope_members (scope, subject, row_id)
     select s.scope, r.subject, r.id from unnest(array['day:*', 'care:*']) s(scope)
       cross join (values ('patients', $1::uuid), ('appointments', $2::uuid)) r(subject, id)
     on conflict do nothing`,
    [patients, appointments],
  );
  return rig.client(userId);
}

describe('what a row looks like', () => {
  test('every row of every table is what its own schema takes, and nothing that stays on the server', async () => {
    const item = make.item(boss);
    const session = make.countSession(boss, SITE.AA);
    await boss.push(
      { table: 'inventory_items', row: item },
      { table: 'item_locations', row: make.itemLocation(boss, item.id, SITE.AA) },
      {
        table: 'stock_acts',
        row: make.act(boss, SITE.AA, [
          make.line(item.id, { lot_no: 'S1', expiry_date: '2028-02-29' }),
        ]),
      },
      { table: 'count_sessions', row: make.edited(session, boss, { status: 'submitted' }) },
      { table: 'count_lines', row: make.countLine(boss, session, item.id, 30_000) },
    );
    const edited = make.edited(item, boss, {
      packs: [{ unit: 'box', qty_per_base: 1, gtin: null }],
    });
    await boss.push({ table: 'inventory_items', row: edited, base: item.field_hlc ?? null });
    const other = await rig.client(await rig.person(['MG', null]));
    const rival = make.edited(item, other, { packs: [] });
    await other.push({
      table: 'inventory_items',
      row: { ...rival, packs: [{ unit: 'case', qty_per_base: 2, gtin: null }] },
      base: item.field_hlc ?? null,
    });
    const viewer = await somebodyWhoSeesAll();
    const { tables } = await viewer.pull(TABLE_NAMES.map((table) => ({ table, limit: 50 })));
    for (const { table, rows } of tables) {
      expect([table, rows.length > 0]).toEqual([table, true]);
      for (const row of rows) {
        if (row['_deleted'] === true) continue;
        expect([table, parseRow(table, row)]).toEqual([table, { ok: true, row }]);
      }
    }
  });
});

describe('what one may hold', () => {
  test('a person of a site gets that site and what belongs to all, nothing of another site', async () => {
    const [item] = await addItems(1);
    const here = make.itemLocation(boss, item ?? '', SITE.AA);
    const there = make.itemLocation(boss, item ?? '', SITE.WX);
    await boss.push(
      { table: 'item_locations', row: here },
      { table: 'item_locations', row: there },
    );
    const desk = await rig.client(await rig.person(['FD', SITE.WX]));
    const [places, roles] = (
      await desk.pull([{ table: 'item_locations' }, { table: 'user_roles' }])
    ).tables;
    expect(places?.rows.map(({ id }) => id)).toEqual([there.id]);
    expect(Object.keys(places?.cursors ?? {})).toEqual([`loc:${SITE.WX}`]);
    expect(roles?.rows.map(({ user_id }) => user_id)).toEqual([desk.userId]);
  });

  test('a part that is not granted any more is named as ended, and its rows stay away', async () => {
    const user = await rig.person(['CS', SITE.AA], ['CS', SITE.WX]);
    const client = await rig.client(user);
    const [first] = (await client.pull([{ table: 'item_locations' }])).tables;
    await rig.db.admin.query(
      'update public.user_roles set valid_to = now() where user_id = $1 and location_id = $2',
      [user, SITE.AA],
    );
    const cursors = { ...first?.cursors, [`loc:${SITE.AA}`]: ['1', newId()] } as Cursors;
    const [page] = (await client.pull([{ table: 'item_locations', cursors }])).tables;
    expect(page?.ended).toEqual([`loc:${SITE.AA}`]);
    await rig.db.admin.query('update public.user_roles set valid_to = now() where user_id = $1', [
      user,
    ]);
    const [none] = (await client.pull([{ table: 'item_locations', cursors }])).tables;
    expect(none).toMatchObject({ rows: [], more: false });
    expect(inOrder(none?.ended ?? [])).toEqual(inOrder(Object.keys(cursors)));
  });

  test('parts that somebody makes up give nothing', async () => {
    const desk = await rig.client(await rig.person(['FD', SITE.WX]));
    const cursors: Cursors = {
      all: ['0', newId()],
      [`loc:${SITE.AA}`]: ['0', newId()],
      [`own:${boss.userId}`]: ['0', newId()],
      "loc:' or true --": ['0', newId()],
    };
    const [page] = (await desk.pull([{ table: 'item_locations', cursors }])).tables;
    expect(inOrder(page?.ended ?? [])).toEqual(inOrder(Object.keys(cursors)));
    expect(page?.rows.every(({ location_id }) => location_id === SITE.WX)).toBe(true);
  });
});

describe('the epoch', () => {
  test('of another database is refused, so that the device starts anew', async () => {
    const { epoch } = await boss.pull([{ table: 'locations' }]);
    expect((await boss.pull([{ table: 'locations' }], epoch)).epoch).toBe(epoch);
    const reply = await boss.post('/v1/pull', {
      epoch: `${epoch}0`,
      tables: [{ table: 'locations', cursors: {}, limit: 1 }],
    });
    expect(reply).toMatchObject({ status: 409, body: { error: { code: 'SYNC_EPOCH_CHANGED' } } });
    expect((await boss.session()).epoch).toBe(epoch);
  });
});
