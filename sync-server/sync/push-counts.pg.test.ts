import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '#shared/schema/define.ts';
import { UNIT, openCountRig } from '../testing/counts.suite.ts';
import type { CountRig } from '../testing/counts.suite.ts';
import { SITE, footprint, must } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

let rig: Rig;
let boss: Client;
let counter: Client;
let stocked: CountRig['stocked'];
let statusOf: CountRig['statusOf'];
let stepsOf: CountRig['stepsOf'];
let reviewOf: CountRig['reviewOf'];
let onHand: CountRig['onHand'];
beforeAll(async () => {
  const opened = await openCountRig();
  ({ rig, boss, counter, stocked, statusOf, stepsOf, reviewOf, onHand } = opened);
});
afterAll(() => rig.close());

const submitted = (session: Row, by = counter): Row =>
  make.edited(session, by, { status: 'submitted' });

describe('a submitted count', () => {
  test('made and submitted offline, in one batch with its lines, is posted when it fits', async () => {
    const item = await stocked();
    const session = make.countSession(counter, SITE.AA);
    const line = make.countLine(counter, session, item, 9.5 * UNIT);
    const done = submitted(session);
    const results = await counter.push(
      { table: 'count_sessions', row: done },
      { table: 'count_lines', row: line },
    );
    expect(results).toMatchObject([
      { outcome: 'master', row: { status: 'posted' } },
      { outcome: 'ok', id: line.id },
    ]);
    expect(await statusOf(session)).toBe('posted');
    expect(await stepsOf(session)).toEqual(
      expect.arrayContaining([
        ['open', 'submitted', counter.userId],
        ['submitted', 'posted', null],
      ]),
    );
    expect(await reviewOf(session)).toBeUndefined();
    expect(await onHand(item)).toBe(9.5 * UNIT);
  });

  test('that is too far off waits for a second person, with what was expected and counted', async () => {
    const item = await stocked();
    const session = make.countSession(counter, SITE.AA);
    const line = make.countLine(counter, session, item, 4 * UNIT);
    await counter.push(
      { table: 'count_sessions', row: session },
      { table: 'count_lines', row: line },
    );
    const [answer] = await counter.push({
      table: 'count_sessions',
      row: submitted(session),
      base: session.field_hlc ?? null,
    });
    expect(answer).toMatchObject({ outcome: 'master', row: { status: 'in_review' } });
    expect(await reviewOf(session)).toMatchObject({
      kind: 'count_variance',
      status: 'open',
      location_id: SITE.AA,
      facts: {
        lines: [
          { line_id: line.id, item_id: item, lot_id: null, expected: 100_000, counted: 40_000 },
        ],
      },
    });
    // Not posted: it does not move on-hand yet.
    expect(await onHand(item)).toBe(10 * UNIT);
  });

  test('that fits by quantity waits too when its differences are worth more than 25 dollars', async () => {
    const priced = async (cents: number): Promise<string> => {
      const item = make.item(boss);
      const lines = [make.line(item.id, { qty_base: 10 * UNIT, unit_cost_cents: cents })];
      await boss.push(
        { table: 'inventory_items', row: item },
        { table: 'stock_acts', row: make.act(boss, SITE.AA, lines) },
      );
      return item.id;
    };
    const counted = async (items: readonly string[]): Promise<unknown> => {
      const session = make.countSession(counter, SITE.AA);
      await counter.push(
        { table: 'count_sessions', row: submitted(session) },
        ...items.map((item) => ({
          table: 'count_lines' as const,
          row: make.countLine(counter, session, item, 9 * UNIT),
        })),
      );
      return statusOf(session);
    };
    expect(await counted([await priced(2_500)])).toBe('posted');
    expect(await counted([await priced(2_501)])).toBe('in_review');
    expect(await counted([await priced(1_300), await priced(1_300)])).toBe('in_review');
  });

  test('expects what the ledger held when the line was counted, not what came after', async () => {
    const item = await stocked();
    const session = make.countSession(counter, SITE.AA);
    const line = make.countLine(counter, session, item, 10 * UNIT);
    const issue = make.act(counter, SITE.AA, [make.line(item, { qty_base: 6 * UNIT })], {
      kind: 'issue',
      hlc: make.stampOf(counter, Date.now() + 1_000),
    });
    await counter.push({ table: 'stock_acts', row: issue });
    await counter.push(
      { table: 'count_sessions', row: submitted(session) },
      { table: 'count_lines', row: line },
    );
    expect(await statusOf(session)).toBe('posted');
    expect(await onHand(item)).toBe(4 * UNIT);
  });

  test('starts from the last posted count, and a late movement from before it changes nothing', async () => {
    const item = await stocked();
    const at = Date.now();
    const late = make.act(counter, SITE.AA, [make.line(item, { qty_base: 3 * UNIT })], {
      kind: 'issue',
      hlc: make.stampOf(counter, at - 60_000),
    });
    const first = make.countSession(counter, SITE.AA);
    await counter.push(
      { table: 'count_sessions', row: submitted(first) },
      { table: 'count_lines', row: make.countLine(counter, first, item, 10 * UNIT) },
    );
    await counter.push({ table: 'stock_acts', row: late });
    expect(await onHand(item)).toBe(10 * UNIT);
    const second = make.countSession(counter, SITE.AA);
    await counter.push(
      { table: 'count_sessions', row: submitted(second) },
      { table: 'count_lines', row: make.countLine(counter, second, item, 10 * UNIT) },
    );
    expect(await statusOf(second)).toBe('posted');
  });

  test('is judged by the recount where a line was counted twice', async () => {
    const item = await stocked();
    const session = make.countSession(counter, SITE.AA);
    await counter.push(
      { table: 'count_sessions', row: submitted(session) },
      { table: 'count_lines', row: make.countLine(counter, session, item, 2 * UNIT) },
      { table: 'count_lines', row: make.countLine(counter, session, item, 10 * UNIT, { pass: 2 }) },
    );
    expect(await statusOf(session)).toBe('posted');
  });

  test('sent again is answered with its state and changes nothing', async () => {
    const item = await stocked();
    const session = make.countSession(counter, SITE.AA);
    const rows = [
      { table: 'count_sessions' as const, row: submitted(session) },
      { table: 'count_lines' as const, row: make.countLine(counter, session, item, 10 * UNIT) },
    ];
    const first = await counter.push(...rows);
    const before = await footprint(rig.db);
    expect(await counter.push(...rows)).toEqual(first);
    expect(await footprint(rig.db)).toBe(before);
    // Also when nothing is left of what the server remembered of this device.
    await rig.db.admin.query('delete from private.push_memory');
    expect(await counter.push(...rows)).toEqual(first);
    expect(await footprint(rig.db)).toBe(before);
  });
});

describe('a closed count', () => {
  test('takes no more lines', async () => {
    const item = await stocked();
    const session = make.countSession(counter, SITE.AA);
    await counter.push({ table: 'count_sessions', row: submitted(session) });
    expect(
      await counter.push({
        table: 'count_lines',
        row: make.countLine(counter, session, item, 10 * UNIT),
      }),
    ).toMatchObject([{ outcome: 'refused', code: 'COUNT_CLOSED' }]);
  });

  test('does not go back, and is never posted by a device', async () => {
    const session = make.countSession(counter, SITE.AA);
    await counter.push({ table: 'count_sessions', row: submitted(session) });
    const [posted] = must(
      (await counter.pull([{ table: 'count_sessions' }])).tables[0],
    ).rows.filter(({ id }) => id === session.id) as Row[];
    const open = make.countSession(counter, SITE.AA);
    await counter.push({ table: 'count_sessions', row: open });
    const results = await counter.push(
      {
        table: 'count_sessions',
        row: make.edited(must(posted), counter, { status: 'open' }),
        base: must(posted).field_hlc ?? null,
      },
      {
        table: 'count_sessions',
        row: make.edited(open, counter, { status: 'posted' }),
        base: open.field_hlc ?? null,
      },
      { table: 'count_sessions', row: make.countSession(counter, SITE.AA, { status: 'posted' }) },
    );
    for (const result of results) {
      expect(result).toMatchObject({
        outcome: 'refused',
        code: 'SYNC_TRANSITION_REFUSED',
        fields: ['status'],
      });
    }
  });
});

describe('the second person', () => {
  async function inReview(): Promise<Row> {
    const item = await stocked();
    const session = make.countSession(counter, SITE.AA);
    const results = await counter.push(
      { table: 'count_sessions', row: submitted(session) },
      { table: 'count_lines', row: make.countLine(counter, session, item, 1 * UNIT) },
    );
    const [answer] = results;
    if (answer?.outcome !== 'master') throw new Error('not in review');
    return answer.row as Row;
  }
  const approve = (client: Client, session: Row, to = 'posted') =>
    client.push({
      table: 'count_sessions',
      row: make.edited(session, client, { status: to }),
      base: session.field_hlc ?? null,
    });

  test('posts the count, which closes its review', async () => {
    const session = await inReview();
    expect(await approve(boss, session)).toMatchObject([{ outcome: 'ok' }]);
    expect(await statusOf(session)).toBe('posted');
    expect(await reviewOf(session)).toMatchObject({
      status: 'decided',
      decision: 'posted',
      decided_by: boss.userId,
    });
  });

  test('cannot be the one who counted, whoever opened the session', async () => {
    const manager = await rig.client(await rig.person(['LM', SITE.AA]));
    const item = await stocked();
    const session = make.countSession(counter, SITE.AA);
    await counter.push({ table: 'count_sessions', row: session });
    await manager.push({
      table: 'count_lines',
      row: make.countLine(manager, session, item, 1 * UNIT),
    });
    const [answer] = await counter.push({
      table: 'count_sessions',
      row: submitted(session),
      base: session.field_hlc ?? null,
    });
    if (answer?.outcome !== 'master') throw new Error('not in review');
    expect(await approve(manager, answer.row as Row)).toMatchObject([
      { outcome: 'refused', code: 'COUNT_OWN_APPROVAL' },
    ]);
    const own = make.countSession(manager, SITE.AA);
    const [mine] = await manager.push(
      { table: 'count_sessions', row: submitted(own, manager) },
      { table: 'count_lines', row: make.countLine(manager, own, item, 1 * UNIT) },
    );
    if (mine?.outcome !== 'master') throw new Error('not in review');
    expect(await approve(manager, mine.row as Row)).toMatchObject([
      { outcome: 'refused', code: 'COUNT_OWN_APPROVAL' },
    ]);
  });

  test('needs the right to approve', async () => {
    const session = await inReview();
    const colleague = await rig.client(await rig.person(['CS', SITE.AA]));
    expect(await approve(colleague, session)).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_REFUSED', fields: ['status'] },
    ]);
  });

  test('who comes too late is told so', async () => {
    const session = await inReview();
    const other = await rig.client(await rig.person(['MG', null]));
    await approve(boss, session, 'voided');
    expect(await approve(other, session)).toMatchObject([
      { outcome: 'refused', code: 'SYNC_TRANSITION_REFUSED', fields: ['status'] },
    ]);
  });

  test('decides a review in no other name than their own', async () => {
    const session = await inReview();
    const review = must((await boss.pull([{ table: 'review_items' }])).tables[0]).rows.find(
      ({ row_id }) => row_id === session.id,
    ) as Row;
    const decide = (by: string) =>
      boss.push({
        table: 'review_items',
        row: make.edited(review, boss, { status: 'decided', decision: 'seen', decided_by: by }),
        base: review.field_hlc ?? null,
      });
    expect(await decide(counter.userId)).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_REFUSED', fields: ['decided_by'] },
    ]);
    expect(await decide(boss.userId)).toMatchObject([{ outcome: 'ok' }]);
  });
});

describe('a count line', () => {
  test('belongs to the site of its session, to the lot of its item, and to who counted', async () => {
    const item = await stocked();
    const other = make.item(boss);
    const receipt = make.act(boss, SITE.AA, [make.line(other.id, { lot_no: 'Q1' })]);
    await boss.push(
      { table: 'inventory_items', row: other },
      { table: 'stock_acts', row: receipt },
    );
    const lots = must((await boss.pull([{ table: 'inventory_lots' }])).tables[0]).rows;
    const lot = lots.find(({ item_id }) => item_id === other.id);
    const both = await rig.client(await rig.person(['CS', SITE.AA], ['CS', SITE.WX]));
    const session = make.countSession(both, SITE.AA);
    await both.push({ table: 'count_sessions', row: session });
    const send = (fields: Record<string, unknown>) => ({
      table: 'count_lines' as const,
      row: make.countLine(both, session, item, 1, fields),
    });
    expect(
      await both.push(
        send({ location_id: SITE.WX }),
        send({ lot_id: lot?.['id'] }),
        send({ counter_id: counter.userId }),
        send({ counted_qty: -1 }),
      ),
    ).toMatchObject([
      { code: 'SYNC_ROW_INVALID', fields: ['location_id'] },
      { code: 'SYNC_ROW_INVALID', fields: ['lot_id'] },
      { code: 'SYNC_ROW_REFUSED', fields: ['counter_id'] },
      { code: 'SYNC_ROW_INVALID', fields: ['counted_qty'] },
    ]);
  });

  test('whose session has not arrived waits', async () => {
    const item = await stocked();
    const session = make.countSession(counter, SITE.AA);
    expect(
      await counter.push({ table: 'count_lines', row: make.countLine(counter, session, item, 1) }),
    ).toMatchObject([{ outcome: 'retry', code: 'SYNC_PARENT_MISSING' }]);
  });
});
