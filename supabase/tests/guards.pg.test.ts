import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { newId } from '#shared/kernel/ids.ts';
import { RECORD_MACHINES } from '#shared/schema/machines.ts';
import { GUARDS } from '#shared/schema/machines/steps.ts';
import type { Guard } from '#shared/schema/machines/steps.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { NOT_ONESELF, STEP_REFUSED, become, codeOf, openSyncPool } from './support/callers.ts';
import type { Caller } from './support/callers.ts';
import { codeSays, everyPersona } from './support/people.ts';
import { arrangeWorld, plant } from './support/plant.ts';
import { sampleRow } from '../schema/sample-rows.ts';
import type { References } from '../schema/sample-rows.ts';

/** What a step asks beside the right to take it, with the facts that it asks for and without. */

const EARLY = '0199aaaaaaaa-0000-0000000000aa';
const LATER = '0199bbbbbbbb-0000-0000000000aa';
const LATEST = '0199cccccccc-0000-0000000000aa';
const ENGINE: Caller = { role: 'ganger_engine' };

let db: TestDatabase;
let sync: pg.Pool;
let refs: References;
const now = Date.now();
const personas = everyPersona(now).filter(({ name }) => /^[A-Z]+ own site$/.test(name));
const named = (name: string): string => personas.find((who) => who.name === name)?.id ?? '';
const shown = new Map<Guard, Set<boolean>>();

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  sync = await openSyncPool(db);
  refs = await arrangeWorld(db, personas, named('CS own site'));
});
afterAll(async () => {
  await sync.end();
  await db.close();
});

type Fact = readonly [TableName, Record<string, unknown>];

/** What becomes of a step of a row that was planted, after some facts; all is undone. */
async function step(
  guard: Guard,
  { table, from, to, values = {} }: Step,
  facts: (row: Row) => readonly Fact[] = () => [],
  who: Caller = ENGINE,
): Promise<string | null> {
  const { field = '' } = RECORD_MACHINES.find((machine) => machine.table === table) ?? {};
  const client = await sync.connect();
  const owner = await db.postgres.connect();
  const made: Row = await plant(owner, table, refs, { ...values, [field]: from });
  try {
    for (const [other, given] of facts(made)) await plant(owner, other, refs, given);
    await client.query('begin');
    await become(client, who);
    const code = await codeOf(
      client
        .query(`update public.${table} set ${field} = $1 where id = $2`, [to, made.id])
        .then(({ rowCount }) => expect(rowCount).toBe(1)),
    );
    shown.set(guard, (shown.get(guard) ?? new Set()).add(code === null));
    return code;
  } finally {
    await client.query('rollback');
    client.release();
    owner.release();
  }
}

interface Step {
  readonly table: TableName;
  readonly from: string;
  readonly to: string;
  readonly values?: Record<string, unknown>;
}

describe('an order', () => {
  const approve = (values: Record<string, unknown> = {}): Step => ({
    table: 'purchase_orders',
    from: 'submitted',
    to: 'approved',
    values: { field_hlc: { vendor_id: EARLY, note: LATEST, status: LATEST }, ...values },
  });
  const approval = (order: Row, values: Record<string, unknown> = {}): Fact => [
    'po_approvals',
    { order_id: order.id, decision: 'approved', hlc: LATER, ...values },
  ];
  const line = (order: Row, values: Record<string, unknown> = {}): Fact => [
    'purchase_order_lines',
    { order_id: order.id, field_hlc: { qty_ordered: EARLY }, ...values },
  ];
  const approved = (facts: (order: Row) => readonly Fact[]): Promise<string | null> =>
    step('po-approved', approve(), facts);

  it('is approved by an approval of what it is', async () => {
    expect(await approved((order) => [line(order), approval(order)])).toBeNull();
    expect(await approved((order) => [line(order)])).toBe(STEP_REFUSED);
    expect(await approved((order) => [approval(order, { decision: 'returned' })])).toBe(
      STEP_REFUSED,
    );
    const other = await plant(db.postgres, 'purchase_orders', refs);
    expect(await approved(() => [approval(other)])).toBe(STEP_REFUSED);
  });

  it('that was edited after its approval needs another one', async () => {
    const edited = approve({ field_hlc: { vendor_id: LATEST } });
    expect(await step('po-approved', edited, (order) => [approval(order)])).toBe(STEP_REFUSED);
    expect(
      await step('po-approved', edited, (order) => [approval(order, { hlc: LATEST })]),
    ).toBeNull();
    const changed = { field_hlc: { qty_ordered: LATEST } };
    expect(await approved((order) => [line(order, changed), approval(order)])).toBe(STEP_REFUSED);
  });

  it('is cancelled as long as nothing of it has come', async () => {
    const cancel: Step = { table: 'purchase_orders', from: 'approved', to: 'cancelled' };
    const manager = { user: named('MG own site') };
    expect(await step('no-receipts', cancel, (order) => [line(order)], manager)).toBeNull();
    const id = newId();
    const received =
      (ref_type: string) =>
      (order: Row): readonly Fact[] => [
        line(order, { id }),
        ['stock_movements', { ref_type, ref_id: id }],
      ];
    expect(await step('no-receipts', cancel, received('po_line'), manager)).toBe(STEP_REFUSED);
    const elsewhere = (order: Row): readonly Fact[] => [
      line(order),
      ['stock_movements', { ref_type: 'transfer', ref_id: order.id }],
    ];
    expect(await step('no-receipts', cancel, elsewhere, manager)).toBeNull();
  });
});

describe('a visit', () => {
  it('is confirmed when it holds its slot, and not when the claim is over', async () => {
    const confirm: Step = { table: 'pharma_appointments', from: 'requested', to: 'confirmed' };
    const claimed = (state: string): Promise<string | null> =>
      step('claim-granted', confirm, (visit) => [
        ['slot_claims', { appointment_id: visit.id, state }],
      ]);
    expect(await step('claim-granted', confirm)).toBe(STEP_REFUSED);
    expect(await claimed('released')).toBe(STEP_REFUSED);
    expect(await claimed('lost')).toBe(STEP_REFUSED);
    expect(await claimed('hold')).toBeNull();
    expect(await claimed('confirmed')).toBeNull();
  });
});

describe('a request', () => {
  const table = 'authorization_requests';
  const signature = (request: Row): Fact => [
    'pa_signatures',
    { request_id: request.id, hlc: LATER },
  ];
  const sign = (field_hlc: Record<string, string>): Step => ({
    table,
    from: 'ready_for_review',
    to: 'signed',
    values: { field_hlc },
  });

  it('is signed by a signature under what it says', async () => {
    expect(await step('signed', sign({ dose: EARLY }))).toBe(STEP_REFUSED);
    expect(await step('signed', sign({ dose: EARLY }), (r) => [signature(r)])).toBeNull();
    expect(await step('signed', sign({ dose: LATEST }), (r) => [signature(r)])).toBe(STEP_REFUSED);
    const work = { dose: EARLY, assigned_to: LATEST, next_action: LATEST, status: LATEST };
    expect(await step('signed', sign(work), (r) => [signature(r)])).toBeNull();
    const other = await plant(db.postgres, table, refs);
    expect(await step('signed', sign({}), () => [signature(other)])).toBe(STEP_REFUSED);
  });

  it('is signed by its prescriber and nobody else', async () => {
    const by = (signer_id: string): Promise<string | null> =>
      step(
        'signed',
        { ...sign({}), values: { prescriber_id: named('PR own site') } },
        (request) => [['pa_signatures', { request_id: request.id, hlc: LATER, signer_id }]],
      );
    expect(await by(named('PR own site'))).toBeNull();
    expect(await by(named('AS own site'))).toBe(STEP_REFUSED);
  });

  it.each(['approved', 'denied', 'pended', 'more_info'])(
    'is %s when the insurer has answered it',
    async (to) => {
      const answered: Step = { table, from: 'submitted', to };
      const answer = (request: string): Fact => ['insurance_responses', { request_id: request }];
      const other = await plant(db.postgres, table, refs);
      expect(await step('answered', answered)).toBe(STEP_REFUSED);
      expect(await step('answered', answered, () => [answer(other.id)])).toBe(STEP_REFUSED);
      expect(await step('answered', answered, (request) => [answer(request.id)])).toBeNull();
    },
  );
});

describe('who made it', () => {
  const guarded = RECORD_MACHINES.flatMap((machine) =>
    machine.transitions
      .filter(({ guard }) => guard === 'not-author')
      .map(({ from, to, needs }) => ({
        machine,
        table: machine.table as TableName,
        from,
        to,
        needs,
      })),
  );

  it.each(guarded)('does not take the step of $table from $from to $to', async (one) => {
    const { table, from, to, needs, machine } = one;
    const row = sampleRow(table, refs, { [machine.field]: from });
    const who = personas.find(
      (person) =>
        needs !== 'server' &&
        codeSays(person, now, table, 'read', row) &&
        codeSays(person, now, table, needs, row),
    );
    expect(who).toBeDefined();
    const by = (author: string): Promise<string | null> =>
      step(
        'not-author',
        { table, from, to, values: { [machine.author ?? '']: author } },
        undefined,
        { user: who?.id ?? '' },
      );
    expect(await by(who?.id ?? '')).toBe(NOT_ONESELF);
    expect(await by(named('IT own site'))).toBeNull();
  });

  it('is asked of every table in which somebody else has to decide', () => {
    expect([...new Set(guarded.map(({ table }) => table))].toSorted()).toEqual([
      'count_sessions',
      'form_template_versions',
      'handout_template_versions',
      'reorder_requests',
    ]);
  });
});

it('every guard was seen to hold and to fail', () => {
  for (const guard of GUARDS.filter((name) => name !== 'none')) {
    expect(shown.get(guard), guard).toEqual(new Set([false, true]));
  }
});
