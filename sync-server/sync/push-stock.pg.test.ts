import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHlc } from '#shared/kernel/hlc.ts';
import { SHORT_AFTER_MS } from '#shared/merge/derive/transfer-legs.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { Row } from '#shared/schema/define.ts';
import { createPool } from '../db/pool.ts';
import { judgeLateTransfers } from '../jobs/short-transfers.ts';
import { UNIT, openCountRig } from '../testing/counts.suite.ts';
import type { CountRig } from '../testing/counts.suite.ts';
import { SITE, inOrder, must } from '../testing/rig.suite.ts';
import type { Client } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';
import { pgPush } from './pg-push-store.ts';

/** What follows from movements: questions about stock below zero, and the steps of transfers. */

let opened: CountRig;
let boss: Client;
let nurse: Client;
let other: Client;
let stocked: CountRig['stocked'];
const log = createLogger({ level: 'silent', write: () => undefined });
let pool: ReturnType<typeof createPool>;
beforeAll(async () => {
  opened = await openCountRig();
  ({ boss, counter: nurse, stocked } = opened);
  other = await opened.rig.client(await opened.rig.person(['CS', SITE.AA]));
  pool = createPool(opened.rig.config, log);
});
afterAll(async () => {
  await pool.end();
  await opened.rig.close();
});

const act = (
  who: Client,
  kind: string,
  item: string,
  units: number,
  over: { site?: string; line?: Record<string, unknown>; fields?: Record<string, unknown> } = {},
): Row =>
  make.act(who, over.site ?? SITE.AA, [make.line(item, { qty_base: units * UNIT, ...over.line })], {
    kind,
    ...over.fields,
  });
const rows = async (text: string, ...values: unknown[]) =>
  (await opened.rig.db.admin.query<Record<string, unknown>>(text, values)).rows;
const reviewsOf = (item: string) =>
  rows(
    `select r.* from public.review_items r
     where r.kind = 'negative_stock' and r.facts ->> 'item_id' = $1 order by r.created_at, r.id`,
    item,
  );

describe('stock below zero', () => {
  test('of two who each take 3 of 5 without seeing each other, both are taken, and one question opens', async () => {
    const item = make.item(boss);
    await boss.push(
      { table: 'inventory_items', row: item },
      { table: 'item_locations', row: make.itemLocation(boss, item.id, SITE.AA) },
      { table: 'stock_acts', row: act(boss, 'receive', item.id, 5) },
    );
    const takes = [act(nurse, 'issue', item.id, 3), act(other, 'issue', item.id, 3)];
    // At the very same time: neither transaction may miss what the other takes.
    const [mine, theirs] = await Promise.all([
      nurse.push({ table: 'stock_acts', row: must(takes[0]) }),
      other.push({ table: 'stock_acts', row: must(takes[1]) }),
    ]);
    expect([...mine, ...theirs].map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
    expect(await opened.onHand(item.id)).toBe(-UNIT);
    const reviews = await reviewsOf(item.id);
    expect(reviews).toMatchObject([
      {
        table_name: 'item_locations',
        location_id: SITE.AA,
        status: 'open',
        facts: { item_id: item.id, lots: [{ lot_id: null, on_hand: -UNIT }] },
      },
    ]);
    // The same push again, and one more taking, ask nothing anew.
    await nurse.push({ table: 'stock_acts', row: must(takes[0]) });
    await nurse.push({ table: 'stock_acts', row: act(nurse, 'issue', item.id, 1) });
    expect(await reviewsOf(item.id)).toHaveLength(1);
  });

  test('asks about the item where the site keeps none of it', async () => {
    const item = await stocked();
    await nurse.push({ table: 'stock_acts', row: act(nurse, 'issue', item, 11) });
    expect(await reviewsOf(item)).toMatchObject([
      { table_name: 'inventory_items', row_id: item, location_id: SITE.AA },
    ]);
  });

  test('answers itself when what was missing comes, and asks anew the next time', async () => {
    const item = await stocked();
    await nurse.push({ table: 'stock_acts', row: act(nurse, 'issue', item, 12) });
    await nurse.push({ table: 'stock_acts', row: act(nurse, 'receive', item, 1) });
    expect((await reviewsOf(item)).map(({ status }) => status)).toEqual(['open']);
    await nurse.push({ table: 'stock_acts', row: act(nurse, 'receive', item, 1) });
    expect((await reviewsOf(item)).map(({ status }) => status)).toEqual(['void']);
    await nurse.push({ table: 'stock_acts', row: act(nurse, 'issue', item, 1) });
    const statuses = (await reviewsOf(item)).map(({ status }) => status);
    expect(inOrder(statuses)).toEqual(inOrder(['open', 'void']));
  });

  test('answers itself when a count is posted', async () => {
    const item = await stocked();
    await nurse.push({ table: 'stock_acts', row: act(nurse, 'issue', item, 11) });
    const session = make.countSession(nurse, SITE.AA);
    await nurse.push(
      { table: 'count_sessions', row: make.edited(session, nurse, { status: 'submitted' }) },
      { table: 'count_lines', row: make.countLine(nurse, session, item, 0) },
    );
    expect(await opened.statusOf(session)).toBe('posted');
    expect((await reviewsOf(item)).map(({ status }) => status)).toEqual(['void']);
  });

  test('opens nothing where there is enough', async () => {
    const item = await stocked();
    await nurse.push({ table: 'stock_acts', row: act(nurse, 'issue', item, 10) });
    expect(await reviewsOf(item)).toEqual([]);
  });
});

describe('waste', () => {
  const waste = (item: string, fields: Record<string, unknown>) =>
    nurse.push({ table: 'stock_acts', row: act(nurse, 'waste', item, 1, { fields }) });

  test('has a reason, and a reversal of it needs none of its own kind', async () => {
    const item = await stocked();
    expect(await waste(item, { reason_code: null })).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_INVALID' },
    ]);
    expect(await waste(item, { reason_code: 'damaged' })).toMatchObject([{ outcome: 'ok' }]);
  });

  test('of a controlled item is seen by somebody else', async () => {
    const item = make.item(boss, { controlled_schedule: 'IV' });
    await boss.push(
      { table: 'inventory_items', row: item },
      { table: 'stock_acts', row: act(boss, 'receive', item.id, 5) },
    );
    const reason = { reason_code: 'remainder' };
    for (const witness of [null, nurse.userId]) {
      const [answer] = await waste(item.id, { ...reason, witnessed_by: witness });
      expect(answer).toMatchObject({ outcome: 'refused', code: 'SYNC_ROW_INVALID' });
    }
    const [seen] = await waste(item.id, { ...reason, witnessed_by: other.userId });
    expect(seen).toMatchObject({ outcome: 'ok' });
  });
});

describe('a transfer', () => {
  const draft = (): Row =>
    make.record('transfers', boss, {
      site_ids: [SITE.AA, SITE.WX].toSorted(),
      location_id: SITE.AA,
      to_location_id: SITE.WX,
      wanted: [],
      note: null,
      status: 'draft',
    });
  const leg = (kind: string, item: string, transfer: Row, units: number): Row =>
    act(boss, kind, item, units, {
      site: kind === 'transfer_out' ? SITE.AA : SITE.WX,
      line: { ref_type: 'transfer', ref_id: transfer.id },
    });
  const statusOf = async (transfer: Row) =>
    (await rows('select status from public.transfers where id = $1', transfer.id))[0]?.['status'];
  const push = (...sent: readonly Row[]) =>
    boss.push(
      ...sent.map((row) => ({
        table: 'kind' in row ? ('stock_acts' as const) : ('transfers' as const),
        row,
      })),
    );

  test('is shipped by its first leg and received when both agree, each step the server’s own', async () => {
    const item = await stocked();
    const transfer = draft();
    await push(transfer);
    expect(await statusOf(transfer)).toBe('draft');
    await push(leg('transfer_out', item, transfer, 4));
    expect(await statusOf(transfer)).toBe('shipped');
    await push(leg('transfer_in', item, transfer, 1));
    expect(await statusOf(transfer)).toBe('shipped');
    await push(leg('transfer_in', item, transfer, 3));
    expect(await statusOf(transfer)).toBe('received');
    expect(await opened.stepsOf(transfer)).toEqual([
      ['draft', 'shipped', null],
      ['shipped', 'received', null],
    ]);
  });

  test('goes its whole way when the receiving leg came first, and in one push with both', async () => {
    const item = await stocked();
    const transfer = draft();
    await push(leg('transfer_in', item, transfer, 4));
    await push(transfer);
    expect(await statusOf(transfer)).toBe('draft');
    await push(leg('transfer_out', item, transfer, 4));
    expect(await statusOf(transfer)).toBe('received');
    const second = draft();
    await push(second, leg('transfer_out', item, second, 2), leg('transfer_in', item, second, 2));
    expect(await statusOf(second)).toBe('received');
  });

  test('that still differs after 72 hours is short, and opens one question at the receiving site', async () => {
    const item = await stocked();
    const transfer = draft();
    await push(transfer, leg('transfer_out', item, transfer, 4));
    await push(leg('transfer_in', item, transfer, 3));
    const late = (ms: number) => {
      const clock = { now: () => Date.now() + ms };
      return judgeLateTransfers({
        open: pgPush(pool),
        clock,
        hlc: createHlc({ clock, node: 'ffffffffffff' }),
        announce: () => undefined,
      });
    };
    await late(SHORT_AFTER_MS - 60_000);
    expect(await statusOf(transfer)).toBe('shipped');
    await late(SHORT_AFTER_MS + 60_000);
    await late(SHORT_AFTER_MS + 60_000);
    expect(await statusOf(transfer)).toBe('short');
    const reviews = await rows('select * from public.review_items where row_id = $1', transfer.id);
    expect(reviews).toMatchObject([
      {
        kind: 'transfer_short',
        location_id: SITE.WX,
        facts: { lines: [{ item_id: item, sent: 4 * UNIT, received: 3 * UNIT }] },
      },
    ]);
  });

  test('is not moved by a leg at another site, nor once it was cancelled', async () => {
    const item = await stocked();
    const transfer = draft();
    await push(transfer);
    await push(
      act(boss, 'transfer_out', item, 1, {
        site: SITE.WX,
        line: { ref_type: 'transfer', ref_id: transfer.id },
      }),
    );
    expect(await statusOf(transfer)).toBe('draft');
    await boss.push({
      table: 'transfers',
      row: make.edited(transfer, boss, { status: 'cancelled' }),
      base: transfer.field_hlc ?? null,
    });
    await push(leg('transfer_out', item, transfer, 1));
    expect(await statusOf(transfer)).toBe('cancelled');
  });

  test('of a lot that was received as another one differs, whatever the quantities', async () => {
    const item = await stocked();
    const transfer = draft();
    const lot = (lotNo: string) => ({
      ref_type: 'transfer',
      ref_id: transfer.id,
      lot_no: lotNo,
      expiry_date: '2028-01-31',
    });
    await push(
      transfer,
      act(boss, 'transfer_out', item, 2, { line: lot('A') }),
      act(boss, 'transfer_in', item, 2, { site: SITE.WX, line: lot('B') }),
    );
    expect(await statusOf(transfer)).toBe('shipped');
  });
});

test('a movement is taken back once: a second reversal of it is refused, and the first stands', async () => {
  const item = await stocked();
  const issue = act(nurse, 'issue', item, 3);
  await nurse.push({ table: 'stock_acts', row: issue });
  const [movement] = await rows(
    'select id from public.stock_movements where act_id = $1',
    issue.id,
  );
  const reverse = (who: Client) =>
    who.push({
      table: 'stock_acts',
      row: act(who, 'issue', item, 3, { line: { reverses_id: String(movement?.['id']) } }),
    });
  expect(await reverse(nurse)).toMatchObject([{ outcome: 'ok' }]);
  expect(await opened.onHand(item)).toBe(10 * UNIT);
  expect(await reverse(other)).toMatchObject([{ outcome: 'refused' }]);
  expect(await opened.onHand(item)).toBe(10 * UNIT);
});
