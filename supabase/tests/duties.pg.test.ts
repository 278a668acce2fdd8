import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { DENIED, DUTY, NOT_ONESELF, asCaller, codeOf, openSyncPool } from './support/callers.ts';
import { SITE, everyPersona } from './support/people.ts';
import { arrangeWorld, plant } from './support/plant.ts';
import { insertStatement, sampleRow } from '../schema/sample-rows.ts';
import type { References } from '../schema/sample-rows.ts';

/** Separation of duties: what somebody has the right to do, and still not to this row. */

const CHECK = '23514';
const UNIT = 10_000;
const DAY = 86_400_000;

let db: TestDatabase;
let sync: pg.Pool;
let refs: References;
const personas = everyPersona(Date.now());
const named = (name: string): string => personas.find((who) => who.name === name)?.id ?? '';
const AUTHOR = named('CS own site');

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  sync = await openSyncPool(db);
  refs = await arrangeWorld(db, personas, AUTHOR);
});
afterAll(async () => {
  await sync.end();
  await db.close();
});

/** The answer to somebody who inserts a row in their own name, on top of settings; undone. */
async function inserting(
  name: string,
  table: TableName,
  values: Record<string, unknown>,
  settings: readonly Record<string, unknown>[] = [],
): Promise<string | null> {
  const user = named(name);
  const row = sampleRow(table, { ...refs, users: user }, { created_by: user, ...values });
  for (const given of settings) await setting(given);
  try {
    return await codeOf(asCaller(sync, { user }, (tx) => tx.query(insertStatement(table, row))));
  } finally {
    await db.postgres.query('delete from public.location_configs where value_version = 8');
  }
}

const setting = (values: Record<string, unknown>): Promise<unknown> =>
  db.postgres.query(
    insertStatement(
      'location_configs',
      sampleRow('location_configs', refs, {
        location_id: null,
        effective_from: Date.now() - DAY,
        value_version: 8,
        ...values,
      }),
    ),
  );

describe('an order', () => {
  /** An order that comes to so many cents, in one line. */
  async function orderOf(cents: number, values: Record<string, unknown> = {}): Promise<Row> {
    const order = await plant(db.postgres, 'purchase_orders', refs, {
      created_by: AUTHOR,
      status: 'submitted',
      ...values,
    });
    await line(order, { qty_ordered: UNIT, unit_price_cents: cents });
    return order;
  }
  const line = (order: Row, values: Record<string, unknown>): Promise<Row> =>
    plant(db.postgres, 'purchase_order_lines', refs, {
      order_id: order.id,
      removed: false,
      ...values,
    });
  const decide = (
    name: string,
    order: Row,
    values: Record<string, unknown>,
    settings?: readonly Record<string, unknown>[],
  ): Promise<string | null> =>
    inserting(
      name,
      'po_approvals',
      {
        order_id: order.id,
        location_id: SITE.AA,
        approver_id: named(name),
        decision: 'approved',
        ...values,
      },
      settings,
    );
  const approve = async (
    name: string,
    cents: number,
    settings?: readonly Record<string, unknown>[],
  ): Promise<string | null> =>
    decide(name, await orderOf(cents), { amount_cents: cents }, settings);

  it('is decided on by anybody but its author', async () => {
    const own = await orderOf(100, { created_by: named('MG own site') });
    expect(await decide('MG own site', own, { amount_cents: 100 })).toBe(DUTY);
    expect(await decide('MG own site', own, { decision: 'returned', amount_cents: 100 })).toBe(
      DUTY,
    );
    expect(await decide('LM own site', own, { amount_cents: 100 })).toBeNull();
    const sentBack = { decision: 'returned', amount_cents: 100 };
    expect(await decide('CS other site', own, sentBack)).toBe(DENIED);
  });

  it('is approved in one’s own name', async () => {
    const order = await orderOf(100);
    expect(
      await decide('LM own site', order, { amount_cents: 100, approver_id: named('MG own site') }),
    ).toBe(DENIED);
  });

  it('is approved with the amount that it comes to', async () => {
    const order = await orderOf(100);
    // Half a unit at 33 cents is 16.5, and so 17; what was taken out counts for nothing.
    await line(order, { qty_ordered: UNIT / 2, unit_price_cents: 33 });
    await line(order, { qty_ordered: UNIT, unit_price_cents: 5000, removed: true });
    await line(order, { qty_ordered: UNIT, unit_price_cents: null });
    expect(await decide('LM own site', order, { amount_cents: 117 })).toBeNull();
    for (const amount_cents of [100, 116, 118, 5117]) {
      expect(await decide('LM own site', order, { amount_cents })).toBe(CHECK);
    }
    // What is sent back may be sent back with any.
    expect(
      await decide('LM own site', order, { decision: 'returned', amount_cents: 1 }),
    ).toBeNull();
  });

  it.each([
    ['LM own site', 50_000],
    ['MG own site', 250_000],
    ['MG all sites', 250_000],
  ])('is approved by %s up to %d cents', async (name, limit) => {
    expect(await approve(name, limit)).toBeNull();
    expect(await approve(name, limit + 1)).toBe(DUTY);
    const large = await orderOf(limit + 1);
    expect(await decide(name, large, { decision: 'returned', amount_cents: limit + 1 })).toBeNull();
  });

  it('of any amount is approved by a superadmin', async () => {
    expect(await approve('SA all sites', 90_000_000)).toBeNull();
  });

  it('is within the larger limit of somebody with two parts, where they have them', async () => {
    // Manager there and site manager here: a manager's rights hold at all sites, the limit does not.
    const both = personas.find(({ grants }) =>
      ['LM', 'MG'].every((role) =>
        grants.some((held) => held.role === role && held.validTo === null),
      ),
    );
    expect(both).toBeDefined();
    const here = both?.grants.find((held) => held.locationId === SITE.AA)?.role;
    const limit = here === 'MG' ? 250_000 : 50_000;
    expect(await approve(both?.name ?? '', limit)).toBeNull();
    expect(await approve(both?.name ?? '', limit + 1)).toBe(DUTY);
  });

  it('of another site is not approved by naming one’s own', async () => {
    const there = await plant(db.postgres, 'purchase_orders', refs, {
      created_by: AUTHOR,
      location_id: SITE.PY,
      status: 'submitted',
    });
    await line(there, { location_id: SITE.PY, qty_ordered: UNIT, unit_price_cents: 100 });
    expect(await decide('LM own site', there, { amount_cents: 100 })).toBe(NOT_ONESELF);
    // At a site where they have no part their limit is nothing.
    const named = { amount_cents: 100, location_id: SITE.PY };
    expect(await decide('LM own site', there, named)).toBe(DUTY);
    expect(await decide('LM other site', there, named)).toBeNull();
  });

  it('follows a setting of its site, then of all, from its day on', async () => {
    const key = 'po.limit.LM';
    const with60 = (settings: readonly Record<string, unknown>[]): Promise<string | null> =>
      approve('LM own site', 60_000, settings);
    expect(await with60([{ key, value: 60_000 }])).toBeNull();
    expect(await with60([{ key, value: 59_999 }])).toBe(DUTY);
    expect(await with60([{ key, value: 60_000, location_id: SITE.AA }])).toBeNull();
    expect(await with60([{ key, value: 60_000, location_id: SITE.PY }])).toBe(DUTY);
    expect(await with60([{ key, value: 60_000, effective_from: Date.now() + DAY }])).toBe(DUTY);
    expect(await with60([{ key: 'po.limit.MG', value: 60_000 }])).toBe(DUTY);
    // The site's own counts, however old; of two the newer.
    expect(
      await with60([
        { key, value: 60_000, location_id: SITE.AA, effective_from: Date.now() - 9 * DAY },
        { key, value: 1 },
      ]),
    ).toBeNull();
    expect(
      await with60([
        { key, value: 60_000, effective_from: Date.now() - 9 * DAY },
        { key, value: 1 },
      ]),
    ).toBe(DUTY);
  });
});

describe('money', () => {
  const LIMIT = 10_000;
  const event = (
    name: string,
    values: Record<string, unknown>,
    settings?: readonly Record<string, unknown>[],
  ): Promise<string | null> =>
    inserting(
      name,
      'payment_transactions',
      { location_id: SITE.AA, method: 'cash', event: 'succeeded', ...values },
      settings,
    );
  const taken = async (values: Record<string, unknown>): Promise<string> => {
    const intent_id = newId();
    await plant(db.postgres, 'payment_transactions', refs, {
      intent_id,
      method: 'cash',
      event: 'succeeded',
      amount_cents: 90_000,
      ...values,
    });
    return intent_id;
  };

  it('by card is written down by the server and nobody else', async () => {
    for (const name of ['FD own site', 'MG own site', 'LM own site']) {
      expect(await event(name, { method: 'cash' })).toBeNull();
      expect(await event(name, { method: 'cheque' })).toBeNull();
      expect(await event(name, { method: 'card_present' })).toBe(NOT_ONESELF);
    }
    const card = { location_id: SITE.AA, method: 'card_present', event: 'succeeded' };
    const row = sampleRow('payment_transactions', refs, card);
    const server = asCaller(sync, { role: 'ganger_engine' }, (tx) =>
      tx.query(insertStatement('payment_transactions', row)),
    );
    expect(await codeOf(server)).toBeNull();
  });

  it.each(['refunded', 'voided'])(
    'above the limit is %s by others than who took it',
    async (is) => {
      const me = named('LM own site');
      for (const by of [{ created_by: me }, { collected_by: me }]) {
        const intent_id = await taken(by);
        const back = (name: string, amount_cents: number): Promise<string | null> =>
          event(name, { intent_id, event: is, amount_cents });
        expect(await back('LM own site', LIMIT)).toBeNull();
        expect(await back('LM own site', LIMIT + 1)).toBe(DUTY);
        expect(await back('MG own site', LIMIT + 1)).toBeNull();
        expect(await back('FD own site', LIMIT)).toBe(DENIED);
      }
      const others = await taken({ created_by: named('FD own site') });
      expect(
        await event('LM own site', { intent_id: others, event: is, amount_cents: LIMIT + 1 }),
      ).toBeNull();
    },
  );

  it('that was taken at another site is not given back by naming one’s own', async () => {
    const intent_id = await taken({ created_by: named('FD other site'), location_id: SITE.PY });
    const values = { intent_id, event: 'refunded', amount_cents: 100 };
    expect(await event('LM own site', values)).toBe(NOT_ONESELF);
    expect(await event('LM other site', { ...values, location_id: SITE.PY })).toBeNull();
  });

  it('has a limit that a site sets', async () => {
    const intent_id = await taken({ created_by: named('LM own site') });
    const back = (settings: readonly Record<string, unknown>[]): Promise<string | null> =>
      event('LM own site', { intent_id, event: 'refunded', amount_cents: 501 }, settings);
    expect(await back([])).toBeNull();
    expect(await back([{ key: 'refund.limit', value: 500, location_id: SITE.AA }])).toBe(DUTY);
    expect(await back([{ key: 'refund.limit', value: 500, location_id: SITE.PY }])).toBeNull();
    expect(await back([{ key: 'refund.limit', value: 501 }])).toBeNull();
  });
});

describe('what a model said', () => {
  const review = (
    name: string,
    result: Row,
    verdict: 'agree' | 'edit' | 'reject',
    values: Record<string, unknown> = {},
  ): Promise<string | null> =>
    inserting(name, 'ai_reviews', {
      location_id: SITE.AA,
      request_id: result['request_id'],
      result_id: result.id,
      reviewer_id: named(name),
      verdict,
      ...values,
    });

  async function resultWith(evidenceBy: string): Promise<Row> {
    const request = await plant(db.postgres, 'authorization_requests', refs);
    const values = { request_id: request.id };
    await plant(db.postgres, 'authorization_evidence', refs, { ...values, created_by: evidenceBy });
    return plant(db.postgres, 'ai_analysis_results', refs, values);
  }

  it('is not agreed to first by whoever gathered the evidence', async () => {
    const result = await resultWith(named('PR own site'));
    expect(await review('PR own site', result, 'agree')).toBe(DUTY);
    expect(await review('PR own site', result, 'reject')).toBeNull();
    expect(await review('PR own site', result, 'edit')).toBeNull();
    expect(await review('AS own site', result, 'agree')).toBeNull();
  });

  it('is not agreed to by them in the name of another request', async () => {
    const result = await resultWith(named('PR own site'));
    const other = await plant(db.postgres, 'authorization_requests', refs);
    expect(await review('PR own site', result, 'agree', { request_id: other.id })).toBe(DUTY);
  });

  it('is agreed to by them when somebody else has looked, and not when only they have', async () => {
    const result = await resultWith(named('PR own site'));
    const looked = (reviewer_id: string): Promise<Row> =>
      plant(db.postgres, 'ai_reviews', refs, {
        request_id: result['request_id'],
        result_id: result.id,
        reviewer_id,
      });
    await looked(named('PR own site'));
    expect(await review('PR own site', result, 'agree')).toBe(DUTY);
    await looked(named('AS own site'));
    expect(await review('PR own site', result, 'agree')).toBeNull();
  });
});
