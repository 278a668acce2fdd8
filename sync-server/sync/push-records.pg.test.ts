import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import type { Row } from '#shared/schema/define.ts';
import { SITE, footprint, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

let rig: Rig;
let ana: Client;
let ben: Client;
beforeAll(async () => {
  rig = await openRig();
  ana = await rig.client(await rig.person(['MG', null]));
  ben = await rig.client(await rig.person(['MG', null]));
});
afterAll(() => rig.close());

async function known(fields: Record<string, unknown> = {}): Promise<Row> {
  const item = make.item(ana, fields);
  await ana.push({ table: 'inventory_items', row: item });
  return item;
}
const sendItem = (client: Client, row: Row, base: Row | null) =>
  client.push({ table: 'inventory_items', row, base: base?.field_hlc ?? null });
async function stored(id: string): Promise<Record<string, unknown>> {
  const { rows } = await rig.db.admin.query<Record<string, unknown>>(
    'select * from public.inventory_items where id = $1',
    [id],
  );
  return rows[0] ?? {};
}
async function conflictsOf(id: string): Promise<Record<string, unknown>[]> {
  const { rows } = await rig.db.admin.query<Record<string, unknown>>(
    'select * from public.conflict_log where row_id = $1 order by field',
    [id],
  );
  return rows;
}

describe('two people change one record', () => {
  test('different fields: both changes stay, nothing is contested', async () => {
    const item = await known();
    const byAna = make.edited(item, ana, { name: 'Lidocaine 1 % 20 ml' });
    const byBen = make.edited(item, ben, { manufacturer: 'Example Labs' });
    expect(await sendItem(ana, byAna, item)).toMatchObject([{ outcome: 'ok' }]);
    const [answer] = await sendItem(ben, byBen, item);
    expect(answer).toMatchObject({
      outcome: 'master',
      row: { name: 'Lidocaine 1 % 20 ml', manufacturer: 'Example Labs' },
    });
    expect(await stored(item.id)).toMatchObject({
      name: 'Lidocaine 1 % 20 ml',
      manufacturer: 'Example Labs',
      row_version: '3',
      field_by: { name: ana.userId, manufacturer: ben.userId },
    });
    expect(await conflictsOf(item.id)).toEqual([]);
  });

  test('the same field: the later value is kept, the other stays readable beside it', async () => {
    const item = await known();
    const now = Date.now();
    const byAna = make.edited(item, ana, { name: 'by Ana, later' }, now + 2_000);
    const byBen = make.edited(item, ben, { name: 'by Ben, earlier' }, now + 1_000);
    await sendItem(ana, byAna, item);
    const [answer] = await sendItem(ben, byBen, item);
    expect(answer).toMatchObject({ outcome: 'master', row: { name: 'by Ana, later' } });
    expect(await conflictsOf(item.id)).toMatchObject([
      {
        field: 'name',
        rule: 'LWW',
        kept_value: 'by Ana, later',
        kept_by: ana.userId,
        lost_value: 'by Ben, earlier',
        lost_by: ben.userId,
      },
    ]);
    // Nothing of the record moved, so nobody is sent it again.
    expect(await stored(item.id)).toMatchObject({ row_version: '2' });
  });

  test('in the other order the same value is kept, by the same people', async () => {
    const item = await known();
    const now = Date.now();
    const byAna = make.edited(item, ana, { name: 'by Ana, later' }, now + 2_000);
    const byBen = make.edited(item, ben, { name: 'by Ben, earlier' }, now + 1_000);
    await sendItem(ben, byBen, item);
    expect(await sendItem(ana, byAna, item)).toMatchObject([{ outcome: 'ok' }]);
    expect(await conflictsOf(item.id)).toMatchObject([
      { kept_value: 'by Ana, later', kept_by: ana.userId, lost_by: ben.userId },
    ]);
    expect(await stored(item.id)).toMatchObject({ field_by: { name: ana.userId } });
  });

  test('a field that a person must decide opens a review with both values', async () => {
    const item = await known();
    const pack = (unit: string) => [{ unit, qty_per_base: 100_000, gtin: null }];
    await sendItem(ana, make.edited(item, ana, { packs: pack('box') }), item);
    await sendItem(ben, make.edited(item, ben, { packs: pack('case') }), item);
    const { rows } = await rig.db.admin.query(
      'select kind, field, status, facts, location_id from public.review_items where row_id = $1',
      [item.id],
    );
    expect(rows).toMatchObject([
      {
        kind: 'field_conflict',
        field: 'packs',
        status: 'open',
        location_id: null,
        facts: {
          kept: { value: pack('case'), by: ben.userId },
          lost: { value: pack('box'), by: ana.userId },
        },
      },
    ]);
    expect(await conflictsOf(item.id)).toMatchObject([{ rule: 'HR', field: 'packs' }]);
  });

  test('the same value from both is no contest', async () => {
    const item = await known();
    await sendItem(ana, make.edited(item, ana, { name: 'the same' }), item);
    await sendItem(ben, make.edited(item, ben, { name: 'the same' }), item);
    expect(await conflictsOf(item.id)).toEqual([]);
  });

  test('a change made after the other was seen is no contest', async () => {
    const item = await known();
    const byAna = make.edited(item, ana, { name: 'first' });
    await sendItem(ana, byAna, item);
    expect(await sendItem(ben, make.edited(byAna, ben, { name: 'second' }), byAna)).toMatchObject([
      { outcome: 'ok' },
    ]);
    expect(await conflictsOf(item.id)).toEqual([]);
  });

  test('an edit by a clock far ahead stands over what it edited, if that was ahead as well', async () => {
    const item = await known();
    const byBen = make.edited(item, ben, { name: 'ahead, but allowed' }, Date.now() + 90_000);
    expect(await sendItem(ben, byBen, item)).toMatchObject([{ outcome: 'ok' }]);
    const byAna = make.edited(byBen, ana, { name: 'after it' }, Date.now() + 400_000);
    const [answer] = await sendItem(ana, byAna, byBen);
    expect(answer).toMatchObject({ outcome: 'master', row: { name: 'after it' } });
    expect(await stored(item.id)).toMatchObject({ name: 'after it' });
  });
});

describe('a request that comes again', () => {
  test('changes nothing, also when somebody else changed the record in between', async () => {
    const item = await known();
    const byAna = make.edited(item, ana, { name: 'by Ana' });
    await sendItem(ana, byAna, item);
    await sendItem(ben, make.edited(byAna, ben, { name: 'by Ben, who saw it' }), byAna);
    const before = await footprint(rig.db);
    // The answer to Ana was lost: her device sends the same change with the same old base.
    for (let again = 0; again < 3; again += 1) {
      expect(await sendItem(ana, byAna, item)).toMatchObject([
        { outcome: 'master', row: { name: 'by Ben, who saw it' } },
      ]);
    }
    expect(await footprint(rig.db)).toBe(before);
    expect(await conflictsOf(item.id)).toEqual([]);
  });

  test('out of turn, after later changes of the same device, changes nothing', async () => {
    const item = await known();
    const first = make.edited(item, ana, { name: 'one' });
    const second = make.edited(first, ana, { name: 'two', category: 'other' });
    await sendItem(ana, first, item);
    await sendItem(ana, second, first);
    const before = await footprint(rig.db);
    await sendItem(ana, first, item);
    await sendItem(ana, item, null);
    expect(await footprint(rig.db)).toBe(before);
  });

  test('an edit made while the answer was on its way contests only what is new', async () => {
    const item = await known();
    const first = make.edited(item, ana, { name: 'one' });
    await sendItem(ana, first, item);
    await sendItem(ben, make.edited(first, ben, { category: 'by Ben' }), first);
    // Ana's device never learned of its success: old base, her first change and a new one.
    const second = make.edited(first, ana, { name: 'two' });
    expect(await sendItem(ana, second, item)).toMatchObject([
      { outcome: 'master', row: { name: 'two', category: 'by Ben' } },
    ]);
    expect(await conflictsOf(item.id)).toEqual([]);
  });

  test('with stamps of a clock far ahead gets the same time as at first', async () => {
    const item = await known();
    const ahead = Date.now() + 90 * 86_400_000;
    const byAna = make.edited(item, ana, { name: 'from the future' }, ahead);
    const [first] = await sendItem(ana, byAna, item);
    if (first?.outcome !== 'master') throw new Error('the clamped stamp was not told');
    const before = await footprint(rig.db);
    expect(await sendItem(ana, byAna, item)).toEqual([first]);
    expect(await footprint(rig.db)).toBe(before);
    const now = make.edited(first.row as Row, ben, { name: 'a moment later' }, Date.now() + 1_000);
    expect(await sendItem(ben, now, first.row as Row)).toMatchObject([{ outcome: 'ok' }]);
  });

  test('with stamps of a clock far ahead never takes the place of what came in between', async () => {
    const item = await known();
    const ahead = Date.now() + 90 * 86_400_000;
    const byAna = make.edited(item, ana, { name: 'from the future' }, ahead);
    const [first] = await sendItem(ana, byAna, item);
    if (first?.outcome !== 'master') throw new Error('the clamped stamp was not told');
    const between = make.edited(first.row as Row, ben, { name: 'by Ben, who saw it' });
    await sendItem(ben, between, first.row as Row);
    // The answer was lost, and there are other edits since; each push still holds the first stamp.
    let last = byAna;
    for (const category of ['one', 'two', 'three']) {
      last = make.edited(last, ana, { category }, ahead + 1_000);
      expect(await sendItem(ana, last, item)).toMatchObject([
        { outcome: 'master', row: { name: 'by Ben, who saw it', category } },
      ]);
    }
    // And also after it has seen Ben's in the meantime, as a resolved conflict leaves it.
    expect(await sendItem(ana, last, between)).toMatchObject([
      { outcome: 'master', row: { name: 'by Ben, who saw it' } },
    ]);
    const manyEdits = make.edited(between, ana, { category: 'four' }, ahead + 2_000);
    await sendItem(ana, manyEdits, between);
    expect(await sendItem(ana, last, between)).toMatchObject([
      { outcome: 'master', row: { name: 'by Ben, who saw it' } },
    ]);
    expect(await conflictsOf(item.id)).toEqual([]);
  });

  test('with a stamp of a clock far ahead stays behind an own one that lies ahead a little', async () => {
    const item = await known();
    const one = make.edited(item, ana, { name: 'a minute ahead' }, Date.now() + 60_000);
    await sendItem(ana, one, item);
    // That answer was lost, and the clock has jumped: nothing in the request names the first stamp.
    const two = make.edited(one, ana, { name: 'a year ahead' }, Date.now() + 365 * 86_400_000);
    expect(await sendItem(ana, two, item)).toMatchObject([
      { outcome: 'master', row: { name: 'a year ahead' } },
    ]);
    const before = await footprint(rig.db);
    await sendItem(ana, two, item);
    expect(await footprint(rig.db)).toBe(before);
    expect(await stored(item.id)).toMatchObject({ name: 'a year ahead' });
  });

  test('a refusal that comes again is audited once; a changed attempt is audited anew', async () => {
    const item = await known();
    const desk = await rig.client(await rig.person(['FD', SITE.AA]));
    const attempt = make.edited(item, desk, { name: 'mine' });
    const refusal = [{ outcome: 'refused', code: 'SYNC_ROW_REFUSED', fields: ['name'] }];
    const audits = async () => {
      const { rows } = await rig.db.admin.query<{ n: number }>(
        `select count(*)::int as n from public.audit_logs
         where row_id = $1 and action = 'refuse' and actor_id = $2`,
        [item.id, desk.userId],
      );
      return rows[0]?.n;
    };
    expect(await sendItem(desk, attempt, item)).toMatchObject(refusal);
    expect(await sendItem(desk, attempt, item)).toMatchObject(refusal);
    expect(await audits()).toBe(1);
    expect(
      await sendItem(desk, make.edited(item, desk, { name: 'still mine' }), item),
    ).toMatchObject(refusal);
    expect(await audits()).toBe(2);
  });
});

describe('what is decided about an item', () => {
  test('its real number, kind and policies are changed by whoever may change items', async () => {
    const item = await known({ sku: `DRAFT-${newId().slice(-12)}` });
    const changes = {
      sku: `REAL-${newId().slice(-12)}`,
      kind: 'treatment',
      lot_policy: 'required',
      expiry_policy: 'required',
      controlled_schedule: 'IV',
      hazardous: true,
    };
    expect(await sendItem(ana, make.edited(item, ana, changes), item)).toMatchObject([
      { outcome: 'ok' },
    ]);
    expect(await stored(item.id)).toMatchObject(changes);
  });

  test('two decisions that did not know of each other are a review with both values', async () => {
    const item = await known();
    await sendItem(ana, make.edited(item, ana, { lot_policy: 'required' }), item);
    await sendItem(ben, make.edited(item, ben, { lot_policy: 'none' }), item);
    const { rows } = await rig.db.admin.query(
      'select kind, field, status, facts from public.review_items where row_id = $1',
      [item.id],
    );
    expect(rows).toMatchObject([
      {
        kind: 'field_conflict',
        field: 'lot_policy',
        status: 'open',
        facts: { kept: { value: 'none' }, lost: { value: 'required' } },
      },
    ]);
  });

  test('a number that another item got meanwhile is refused by its name, and a free one passes', async () => {
    const [one, two] = [await known(), await known()];
    const sku = `SKU-${newId().slice(-12)}`;
    expect(await sendItem(ana, make.edited(one, ana, { sku }), one)).toMatchObject([
      { outcome: 'ok' },
    ]);
    const late = make.edited(two, ben, { sku });
    expect(await sendItem(ben, late, two)).toMatchObject([
      { outcome: 'refused', code: 'SYNC_UNIQUE_TAKEN', fields: ['sku'] },
    ]);
    const free = make.edited(late, ben, { sku: `${sku}-B` });
    expect(await sendItem(ben, free, two)).toMatchObject([{ outcome: 'ok' }]);
    expect(await stored(two.id)).toMatchObject({ sku: `${sku}-B` });
  });
});

describe('what a record refuses', () => {
  test('a field that never changes', async () => {
    const item = await known();
    expect(await sendItem(ana, { ...item, base_unit: 'box' }, item)).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_REFUSED', fields: ['base_unit'] },
    ]);
    expect(await stored(item.id)).toMatchObject({ base_unit: 'vial', row_version: '1' });
  });

  test('a field that the server changed meanwhile is no attempt: its value is taken over', async () => {
    const item = await known();
    const hlc = make.stampOf({ userId: '', deviceId: newId() });
    await rig.db.admin.query(
      `update public.inventory_items set base_unit = 'jar',
         field_hlc = field_hlc || jsonb_build_object('base_unit', $2::text) where id = $1`,
      [item.id, hlc],
    );
    const [answer] = await sendItem(ana, make.edited(item, ana, { name: 'newer' }), item);
    expect(answer).toMatchObject({ outcome: 'master', row: { name: 'newer', base_unit: 'jar' } });
    expect(await stored(item.id)).toMatchObject({ field_hlc: { base_unit: hlc } });
  });

  test('a shape that its table does not have, and the rest of the batch goes through', async () => {
    const item = make.item(ana);
    const bad = (over: Record<string, unknown>) => ({
      table: 'inventory_items' as const,
      row: { ...make.item(ana), ...over },
    });
    const results = await ana.push(
      bad({ surprise: 1 }),
      bad({ packs: [{ unit: 'box', qty_per_base: -5, gtin: null }] }),
      bad({ name: '' }),
      bad({ name: 'n'.repeat(201) }),
      bad({ created_at: 'yesterday' }),
      bad({ field_hlc: { name: 'not a stamp' } }),
      bad({ id: 'not an id' }),
      { table: 'inventory_items', row: item },
    );
    expect(results.map((r) => (r.outcome === 'refused' ? r.fields : r.outcome))).toEqual([
      ['surprise'],
      ['packs.0.qty_per_base'],
      ['name'],
      ['name'],
      ['created_at'],
      ['field_hlc.name'],
      ['id'],
      'ok',
    ]);
  });

  test('a place in the catalogue that somebody else has taken', async () => {
    const item = await known();
    expect(
      await ben.push({ table: 'inventory_items', row: make.item(ben, { sku: item['sku'] }) }),
    ).toMatchObject([{ outcome: 'refused', code: 'SYNC_UNIQUE_TAKEN', fields: ['sku'] }]);
  });

  test('a record made in the name of somebody else', async () => {
    const forged = { ...make.item(ana), created_by: ben.userId };
    expect(await ana.push({ table: 'inventory_items', row: forged })).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_REFUSED', fields: ['created_by'] },
    ]);
  });

  test('people of another site, who learn nothing of it', async () => {
    const item = await known();
    const place = make.itemLocation(ana, item.id, SITE.AA);
    await ana.push({ table: 'item_locations', row: place });
    const elsewhere = await rig.client(await rig.person(['LM', SITE.WX]));
    const results = await elsewhere.push(
      {
        table: 'item_locations',
        row: make.edited(place, elsewhere, { bin: 'Z9' }),
        base: place.field_hlc ?? null,
      },
      { table: 'item_locations', row: { ...place, device_id: elsewhere.deviceId } },
    );
    expect(results).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_REFUSED', fields: [] },
      { outcome: 'refused', code: 'SYNC_ROW_REFUSED', fields: [] },
    ]);
  });
});

test('a replay by equal content writes no row, no audit entry and no memory of it', async () => {
  const item = await known();
  const memory = async () =>
    (await rig.db.admin.query('select * from private.push_memory where row_id = $1', [item.id]))
      .rows;
  const [before, memoryBefore] = [await footprint(rig.db), await memory()];
  expect(await sendItem(ana, item, null)).toMatchObject([{ outcome: 'ok' }]);
  expect(await sendItem(ana, item, item)).toMatchObject([{ outcome: 'ok' }]);
  expect(await footprint(rig.db)).toBe(before);
  expect(await memory()).toEqual(memoryBefore);
});

test('the audit names fields and never values', async () => {
  const item = await known({ name: 'Very recognizable name' });
  await sendItem(ana, make.edited(item, ana, { description: 'unmistakable text' }), item);
  const { rows } = await rig.db.admin.query<Record<string, unknown>>(
    'select * from public.audit_logs where row_id = $1 order by seq',
    [item.id],
  );
  expect(rows).toMatchObject([
    { action: 'insert', actor_id: ana.userId, device_id: ana.deviceId, outcome: 'ok' },
    { action: 'update', field_names: ['description'], outcome: 'ok' },
  ]);
  expect(JSON.stringify(rows)).not.toMatch(/recognizable|unmistakable/);
  const chain = await rig.db.admin.query('select * from private.verify_audit($1)', [ana.deviceId]);
  expect(chain.rows).toMatchObject([{ broken_seq: null, fault: null }]);
});
