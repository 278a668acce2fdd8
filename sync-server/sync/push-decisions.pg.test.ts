import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { UNDO_MS, undoOf } from '#shared/schema/review-lines.ts';
import type { PushResult } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { SITE, footprint, must, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

let rig: Rig;
let ana: Client;
let ben: Client;
/** The server's clock runs ahead of the machine's by this, milliseconds. */
let ahead = 0;
beforeAll(async () => {
  rig = await openRig({ clock: { now: () => Date.now() + ahead } });
  ana = await rig.client(await rig.person(['MG', null]));
  ben = await rig.client(await rig.person(['MG', null]));
});
afterAll(() => rig.close());

async function read(table: TableName, id: string): Promise<Row> {
  const { rows } = await rig.db.admin.query<Row>(`select * from public.${table} where id = $1`, [
    id,
  ]);
  return must(rows[0]);
}
async function about(table: 'review_items' | 'conflict_log', row: Row): Promise<Row> {
  const { rows } = await rig.db.admin.query<Row>(
    `select * from public.${table} where row_id = $1 order by created_at desc, id desc limit 1`,
    [row.id],
  );
  return must(rows[0]);
}
const box = (unit: string) => [{ unit, qty_per_base: 100_000, gtin: null }];

/** An item of which Ana and Ben have changed the packs without seeing each other: Ben's are kept. */
async function contestedItem(): Promise<{ item: Row; review: Row }> {
  const item = make.item(ana);
  await ana.push({ table: 'inventory_items', row: item });
  const base = item.field_hlc ?? null;
  const one = make.edited(item, ana, { packs: box('box') });
  const two = make.edited(item, ben, { packs: box('case') });
  await ana.push({ table: 'inventory_items', row: one, base });
  await ben.push({ table: 'inventory_items', row: two, base });
  return {
    item: await read('inventory_items', item.id),
    review: await about('review_items', item),
  };
}

/** A place of an item whose bin was changed twice: A3 by Ben is kept, B7 by Ana lost. */
async function contestedBin(): Promise<{ place: Row; conflict: Row }> {
  const item = make.item(ana);
  const place = make.itemLocation(ana, item.id, SITE.AA);
  await ana.push({ table: 'inventory_items', row: item }, { table: 'item_locations', row: place });
  const base = place.field_hlc ?? null;
  const lost = make.edited(place, ana, { bin: 'B7' });
  const kept = make.edited(place, ben, { bin: 'A3' });
  await ana.push({ table: 'item_locations', row: lost, base });
  await ben.push({ table: 'item_locations', row: kept, base });
  return {
    place: await read('item_locations', place.id),
    conflict: await about('conflict_log', place),
  };
}

const line = (on: Row, field: string, entry: Row, choice: string, value: unknown) => ({
  about: 'rule' in entry ? 'conflict_log' : 'review_items',
  about_id: entry.id,
  field,
  choice,
  value,
  before: on[field],
  seen: on.field_hlc?.[field] ?? null,
});

const decision = (
  who: Client,
  table: TableName,
  on: Row,
  lines: readonly unknown[],
  fields: Record<string, unknown> = {},
): Row =>
  make.fact('review_decisions', who, {
    location_id: on['location_id'] ?? null,
    table_name: table,
    row_id: on.id,
    lines,
    ...fields,
  });

async function send(who: Client, row: Row): Promise<PushResult> {
  const [result] = await who.push({ table: 'review_decisions', row });
  return must(result);
}
const taken = (result: PushResult): Row => {
  if (result.outcome !== 'master') throw new Error(JSON.stringify(result));
  return result.row as Row;
};
const undoing = (who: Client, original: Row): Row =>
  make.fact('review_decisions', who, undoOf(original));

describe('a decision is one document', () => {
  test('that changes the field, decides the review, and says when it was taken', async () => {
    const { item, review } = await contestedItem();
    const lines = [line(item, 'packs', review, 'lost', box('box'))];
    const row = taken(await send(ana, decision(ana, 'inventory_items', item, lines)));
    expect(row['accepted_at']).toBeGreaterThan(0);
    const after = await read('inventory_items', item.id);
    expect(after['packs']).toEqual(box('box'));
    expect(after.field_hlc?.['packs']).toBe(row.hlc);
    expect(after['field_by']).toMatchObject({ packs: ana.userId });
    expect(await read('review_items', review.id)).toMatchObject({
      status: 'decided',
      decision: 'lost',
      decided_by: ana.userId,
    });
    const { rows } = await rig.db.admin.query(
      'select from_state, to_state, actor_id from public.transitions where row_id = $1',
      [review.id],
    );
    expect(rows).toEqual([{ from_state: 'open', to_state: 'decided', actor_id: ana.userId }]);
  });

  test('that restores a losing value and leaves the log of conflicts as it is', async () => {
    const { place, conflict } = await contestedBin();
    const lines = [line(place, 'bin', conflict, 'lost', 'B7')];
    taken(await send(ben, decision(ben, 'item_locations', place, lines)));
    expect(await read('item_locations', place.id)).toMatchObject({ bin: 'B7' });
    expect(await read('conflict_log', conflict.id)).toMatchObject({ row_version: '1' });
  });

  test('repeated it changes nothing and is answered as the first time', async () => {
    const { item, review } = await contestedItem();
    const lines = [line(item, 'packs', review, 'kept', box('case'))];
    const row = decision(ana, 'inventory_items', item, lines);
    const first = taken(await send(ana, row));
    const before = await footprint(rig.db);
    expect(taken(await send(ana, row))).toEqual(first);
    expect(await send(ana, first)).toMatchObject({ outcome: 'ok' });
    expect(await footprint(rig.db)).toBe(before);
    const other = { ...row, lines: [line(item, 'packs', review, 'other', box('crate'))] };
    expect(await send(ana, other)).toMatchObject({ code: 'SYNC_ROW_IMMUTABLE' });
  });

  test('an edit made on top of it, in the same push, stands on top of it', async () => {
    const { place, conflict } = await contestedBin();
    const row = decision(ben, 'item_locations', place, [
      line(place, 'bin', conflict, 'lost', 'B7'),
    ]);
    const here = (await ben.pull([{ table: 'item_locations' }])).tables[0]?.rows.find(
      ({ id }) => id === place.id,
    ) as Row;
    const decided: Row = {
      ...here,
      bin: 'B7',
      field_hlc: { ...here.field_hlc, bin: row.hlc ?? '' },
    };
    const edited = make.edited(decided, ben, { min: 20_000 });
    const results = await ben.push(
      { table: 'item_locations', row: edited, base: here.field_hlc ?? null },
      { table: 'review_decisions', row },
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'master']);
    expect(await read('item_locations', place.id)).toMatchObject({ bin: 'B7', min: '20000' });
  });
});

describe('what was judged on an older state is refused', () => {
  test('when the field has moved on since, whoever decides', async () => {
    const { place, conflict } = await contestedBin();
    const row = decision(ana, 'item_locations', place, [
      line(place, 'bin', conflict, 'lost', 'B7'),
    ]);
    const here = (await ben.pull([{ table: 'item_locations' }])).tables[0]?.rows.find(
      ({ id }) => id === place.id,
    ) as Row;
    const edited = make.edited(here, ben, { bin: 'C1' });
    await ben.push({ table: 'item_locations', row: edited, base: here.field_hlc ?? null });
    expect(await send(ana, row)).toMatchObject({ outcome: 'refused', code: 'REVIEW_MOVED_ON' });
    expect(await read('item_locations', place.id)).toMatchObject({ bin: 'C1' });
  });

  test('of two decisions of one review the first that comes stands', async () => {
    const { item, review } = await contestedItem();
    const first = decision(ana, 'inventory_items', item, [
      line(item, 'packs', review, 'lost', box('box')),
    ]);
    const second = decision(ben, 'inventory_items', item, [
      line(item, 'packs', review, 'kept', box('case')),
    ]);
    taken(await send(ben, second));
    expect(await send(ana, first)).toMatchObject({ outcome: 'refused', code: 'REVIEW_DECIDED' });
    expect(await read('inventory_items', item.id)).toMatchObject({ packs: box('case') });
  });

  test.each([
    ['a value that is not the one that lost', 'lost', box('crate'), undefined],
    ['a value that the table does not take', 'other', [{ unit: '' }], undefined],
    ['a former value that never stood there', 'other', box('crate'), box('barrel')],
  ])('%s', async (_what, choice, value, before) => {
    const { item, review } = await contestedItem();
    const it = line(item, 'packs', review, choice, value);
    const lines = [before === undefined ? it : { ...it, before }];
    const result = await send(ana, decision(ana, 'inventory_items', item, lines));
    expect(result).toMatchObject({ outcome: 'refused', code: 'SYNC_ROW_INVALID' });
    expect(await read('review_items', review.id)).toMatchObject({ status: 'open' });
  });

  test('a former value that never stood there, seen at a time that is yet to come', async () => {
    const { item, review } = await contestedItem();
    const it = line(item, 'packs', review, 'kept', box('case'));
    const lines = [{ ...it, before: box('barrel'), seen: make.stampOf(ana, Date.now() + 60_000) }];
    const result = await send(ana, decision(ana, 'inventory_items', item, lines));
    expect(result).toMatchObject({ outcome: 'refused', code: 'SYNC_ROW_INVALID' });
    expect(await read('review_items', review.id)).toMatchObject({ status: 'open' });
  });

  test('a field that is not the one of the entry', async () => {
    const { item, review } = await contestedItem();
    const lines = [line(item, 'name', review, 'other', 'Stolen')];
    const result = await send(ana, decision(ana, 'inventory_items', item, lines));
    expect(result).toMatchObject({ outcome: 'refused', code: 'SYNC_ROW_INVALID' });
  });
});

describe('rights', () => {
  test('who may not change the record decides nothing, and learns nothing', async () => {
    const { place, conflict } = await contestedBin();
    const lines = [line(place, 'bin', conflict, 'lost', 'B7')];
    for (const grant of [
      ['LM', SITE.WX],
      ['CS', SITE.AA],
      ['FD', SITE.AA],
      ['IT', null],
    ] as const) {
      const other = await rig.client(await rig.person(grant));
      const result = await send(other, decision(other, 'item_locations', place, lines));
      expect(result).toMatchObject({ outcome: 'refused', code: 'SYNC_ROW_REFUSED' });
    }
    const here = await rig.client(await rig.person(['LM', SITE.AA]));
    taken(await send(here, decision(here, 'item_locations', place, lines)));
  });

  test('the site of the decision is that of the record, and its author is oneself', async () => {
    const { place, conflict } = await contestedBin();
    const lines = [line(place, 'bin', conflict, 'lost', 'B7')];
    const elsewhere = decision(ana, 'item_locations', place, lines, { location_id: SITE.WX });
    expect(await send(ana, elsewhere)).toMatchObject({ code: 'SYNC_ROW_INVALID' });
    const forged = decision(ben, 'item_locations', place, lines);
    expect(await send(ana, forged)).toMatchObject({ code: 'SYNC_ROW_REFUSED' });
  });

  test('a count is not decided here but on its own screen', async () => {
    const item = make.item(ana);
    const place = make.itemLocation(ana, item.id, SITE.AA);
    await ana.push(
      { table: 'inventory_items', row: item },
      { table: 'item_locations', row: place },
    );
    const session = make.countSession(ana, SITE.AA, { status: 'submitted' });
    const counted = make.countLine(ana, session, item.id, 990_000);
    await ana.push(
      { table: 'count_sessions', row: session },
      { table: 'count_lines', row: counted },
    );
    const review = await about('review_items', session);
    expect(review).toMatchObject({ kind: 'count_variance', status: 'open' });
    const on = await read('count_sessions', session.id);
    const done = {
      ...line(on, 'status', review, 'done', null),
      field: null,
      before: null,
      seen: null,
    };
    const result = await send(ben, decision(ben, 'count_sessions', on, [done]));
    expect(result).toMatchObject({ outcome: 'refused', code: 'SYNC_ROW_INVALID' });
  });
});

describe('an undo', () => {
  test('puts the value back and opens the review again', async () => {
    const { item, review } = await contestedItem();
    const lines = [line(item, 'packs', review, 'lost', box('box'))];
    const made = taken(await send(ana, decision(ana, 'inventory_items', item, lines)));
    const back = taken(await send(ben, undoing(ben, made)));
    expect(await read('inventory_items', item.id)).toMatchObject({
      packs: box('case'),
      field_hlc: { packs: back.hlc },
    });
    expect(await read('review_items', review.id)).toMatchObject({
      status: 'open',
      decision: null,
      decided_by: null,
    });
    const once = await send(ana, undoing(ana, made));
    expect(once).toMatchObject({ outcome: 'refused', code: 'REVIEW_UNDO_MOVED' });
    // What stands again can be decided again.
    const again = await read('inventory_items', item.id);
    const next = [line(again, 'packs', review, 'kept', box('case'))];
    taken(await send(ana, decision(ana, 'inventory_items', again, next)));
  });

  test('comes in one push with the decision, from a device that was offline', async () => {
    const { place, conflict } = await contestedBin();
    const row = decision(ana, 'item_locations', place, [
      line(place, 'bin', conflict, 'lost', 'B7'),
    ]);
    const results = await ana.push(
      { table: 'review_decisions', row: undoing(ana, row) },
      { table: 'review_decisions', row },
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(['master', 'master']);
    expect(await read('item_locations', place.id)).toMatchObject({ bin: 'A3' });
  });

  test('of what was changed since is refused', async () => {
    const { place, conflict } = await contestedBin();
    const lines = [line(place, 'bin', conflict, 'lost', 'B7')];
    const made = taken(await send(ana, decision(ana, 'item_locations', place, lines)));
    const here = (await ben.pull([{ table: 'item_locations' }])).tables[0]?.rows.find(
      ({ id }) => id === place.id,
    ) as Row;
    await ben.push({
      table: 'item_locations',
      row: make.edited(here, ben, { bin: 'D4' }),
      base: here.field_hlc ?? null,
    });
    expect(await send(ana, undoing(ana, made))).toMatchObject({ code: 'REVIEW_UNDO_MOVED' });
    expect(await read('item_locations', place.id)).toMatchObject({ bin: 'D4' });
  });

  test('after a day is refused: the time of the server counts', async () => {
    const { place, conflict } = await contestedBin();
    const lines = [line(place, 'bin', conflict, 'lost', 'B7')];
    const made = taken(await send(ana, decision(ana, 'item_locations', place, lines)));
    const token = await rig.issuer.token(ana.userId, { expiresIn: 2 * (UNDO_MS / 1000) });
    const later = await rig.client(ana.userId, { token });
    ahead = UNDO_MS + 60_000;
    try {
      expect(await send(later, undoing(later, made))).toMatchObject({ code: 'REVIEW_UNDO_LATE' });
    } finally {
      ahead = 0;
    }
    taken(await send(ana, undoing(ana, made)));
  });

  test('after a day is refused by the database as well', async () => {
    const { place, conflict } = await contestedBin();
    const old = make.fact('review_decisions', ana, {
      location_id: SITE.AA,
      table_name: 'item_locations',
      row_id: place.id,
      lines: [line(place, 'bin', conflict, 'lost', 'B7')],
      accepted_at: Date.now() - UNDO_MS - 60_000,
    });
    await rig.db.admin.query(
      `insert into public.review_decisions
         (id, created_by, device_id, hlc, location_id, table_name, row_id, lines, accepted_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, to_timestamp($9 / 1000.0))`,
      [
        old.id,
        ana.userId,
        ana.deviceId,
        old.hlc,
        SITE.AA,
        'item_locations',
        place.id,
        JSON.stringify(old['lines']),
        old['accepted_at'],
      ],
    );
    const client = await rig.db.admin.connect();
    try {
      await client.query('begin');
      await client.query(`set local role authenticated`);
      await client.query(`select set_config('request.jwt.claims', $1, true)`, [
        JSON.stringify({ sub: ana.userId, role: 'authenticated' }),
      ]);
      const undo = client.query(
        `insert into public.review_decisions
           (id, created_by, device_id, hlc, location_id, table_name, row_id, lines, reverses_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          newId(),
          ana.userId,
          ana.deviceId,
          make.stampOf(ana),
          SITE.AA,
          'item_locations',
          place.id,
          JSON.stringify(old['lines']),
          old.id,
        ],
      );
      await expect(undo).rejects.toMatchObject({ code: 'GN007' });
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  test('of a decision that nobody made waits for it; of an undo there is none', async () => {
    const { place, conflict } = await contestedBin();
    const row = decision(ana, 'item_locations', place, [
      line(place, 'bin', conflict, 'lost', 'B7'),
    ]);
    expect(await send(ana, undoing(ana, row))).toMatchObject({ outcome: 'retry' });
    const made = taken(await send(ana, row));
    const back = taken(await send(ana, undoing(ana, made)));
    expect(await send(ana, undoing(ana, back))).toMatchObject({ code: 'SYNC_ROW_INVALID' });
  });
});

describe('what is not two values of one field', () => {
  test('a number given to two items: the one that gives it up is changed, and the review is decided', async () => {
    const gtin = '00012345678905';
    const pack = { unit: 'box', qty_per_base: 100_000, gtin };
    const [one, two] = [make.item(ana, { packs: [pack] }), make.item(ben, { packs: [pack] })];
    await ana.push({ table: 'inventory_items', row: one });
    await ben.push({ table: 'inventory_items', row: two });
    const review = await about('review_items', two);
    expect(review).toMatchObject({ kind: 'gtin_clash', status: 'open' });
    const on = await read('inventory_items', one.id);
    const given = [{ ...pack, gtin: null }];
    const lines = [line(on, 'packs', review, 'other', given)];
    taken(await send(ana, decision(ana, 'inventory_items', on, lines)));
    expect(await read('inventory_items', one.id)).toMatchObject({ packs: given });
    expect(await read('inventory_items', two.id)).toMatchObject({ packs: [pack] });
    expect(await read('review_items', review.id)).toMatchObject({ status: 'decided' });
    const third = await contestedItem();
    const wrong = [line(third.item, 'packs', review, 'other', given)];
    expect(await send(ana, decision(ana, 'inventory_items', third.item, wrong))).toMatchObject({
      code: 'SYNC_ROW_INVALID',
    });
  });

  test('what is quarantined is released or rejected by a step of its review, not decided here', async () => {
    const item = make.item(ana);
    await ana.push({ table: 'inventory_items', row: item });
    const review = newId();
    await rig.db.admin.query(
      `insert into public.review_items (id, kind, table_name, row_id, facts, status)
       values ($1, 'quarantined', 'inventory_items', $2, '{}', 'open')`,
      [review, item.id],
    );
    const on = await read('inventory_items', item.id);
    const done = { about: 'review_items', about_id: review, field: null, choice: 'done' };
    const lines = [{ ...done, value: null, before: null, seen: null }];
    const result = await send(ana, decision(ana, 'inventory_items', on, lines));
    expect(result).toMatchObject({ outcome: 'refused', code: 'SYNC_ROW_INVALID' });
    expect(await read('review_items', review)).toMatchObject({ status: 'open' });
  });

  test('settled elsewhere: the review is decided and no field of the record changes', async () => {
    const item = make.item(ana);
    await ana.push({ table: 'inventory_items', row: item });
    const review = newId();
    await rig.db.admin.query(
      `insert into public.review_items (id, kind, table_name, row_id, facts, status)
       values ($1, 'negative_stock', 'inventory_items', $2, '{}', 'open')`,
      [review, item.id],
    );
    const before = await read('inventory_items', item.id);
    const done = {
      about: 'review_items',
      about_id: review,
      field: null,
      choice: 'done',
      value: null,
      before: null,
      seen: null,
    };
    const made = taken(await send(ana, decision(ana, 'inventory_items', before, [done])));
    expect(await read('review_items', review)).toMatchObject({
      status: 'decided',
      decision: 'done',
    });
    expect(await read('inventory_items', item.id)).toEqual(before);
    taken(await send(ana, undoing(ana, made)));
    expect(await read('review_items', review)).toMatchObject({ status: 'open' });
  });
});

test('everybody who holds the record hears of a decision', async () => {
  const { item, review } = await contestedItem();
  const live = await ben.live();
  const lines = [line(item, 'packs', review, 'lost', box('box'))];
  taken(await send(ana, decision(ana, 'inventory_items', item, lines)));
  for (const table of ['review_decisions', 'inventory_items', 'review_items'] as const) {
    await live.changed(table);
  }
  live.socket.close();
});
