import { describe, expect, it } from 'vitest';
import { isUuid } from '#shared/kernel/ids.ts';
import { expandAct } from '#shared/merge/expand.ts';
import { paymentState } from '#shared/merge/derive/payment-state.ts';
import type { PaymentFact } from '#shared/merge/derive/payment-state.ts';
import type { Row } from '#shared/schema/define.ts';
import { RECORD_MACHINES, findTransition } from '#shared/schema/machines.ts';
import type { MachineName } from '#shared/schema/machines.ts';
import { rowSchema } from '#shared/schema/rows.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { demoRows } from './demo-rows.ts';
import { SMALL, allRows, seedIds } from './demo-rows.suite.ts';
import { hashOfDemo } from './load-demo.ts';
import { npiCheckDigit } from './invented.ts';

const ALL = allRows(SMALL);
const NOW = SMALL.now ?? 0;
const rowsOf = (table: TableName): readonly Row[] => ALL.get(table) ?? [];
const by = (table: TableName, column: string): Map<unknown, Row[]> =>
  Map.groupBy(rowsOf(table), (row) => row[column]);

/** Tables that the set leaves empty, and why. */
const EMPTY: Partial<Record<TableName, string>> = {
  locations: 'in the seed',
  inventory_items: 'in the seed',
  item_locations: 'in the seed',
  handout_summaries: 'written by the database',
  kiosk_schedule: 'written by the database',
  form_submission_summaries: 'written by the database',
  authorization_summaries: 'written by the database',
  insurance_response_summaries: 'written by the database',
  audit_logs: 'a chain of hashes that the server alone writes',
  patient_refs: 'nobody writes them any more: whom something was used for stands in patient_uses',
  item_merges: 'made by people who find an item twice; the demo has none twice',
  item_distinctions: 'made by people who look at two items that may be one',
  review_decisions: 'made by people in the review, where the demo has questions for them',
};

describe('demo rows', () => {
  it('are the same for the same seed, and others for another', () => {
    const small = { ...SMALL, patients: 80, months: 1 };
    expect(hashOfDemo(small)).toBe(hashOfDemo(small));
    expect(hashOfDemo({ ...small, seed: 8 })).not.toBe(hashOfDemo(small));
  });

  it('fill every table but those that somebody else fills', () => {
    const empty = TABLE_NAMES.filter((name) => rowsOf(name).length === 0);
    expect(empty.toSorted()).toEqual(Object.keys(EMPTY).toSorted());
  });

  it.each(TABLE_NAMES.filter((name) => !(name in EMPTY)))('of %s are what it takes', (table) => {
    const { fields } = tableOf(table);
    const schema = rowSchema(table);
    for (const row of rowsOf(table)) {
      const carried = Object.entries(row).filter(([name]) => fields[name]?.onDevice !== false);
      const parsed = schema.safeParse(Object.fromEntries(carried));
      expect(parsed.error?.issues ?? []).toEqual([]);
      for (const [name, field] of Object.entries(fields)) {
        if (!field.onDevice) expect(field.zod.safeParse(row[name]).success).toBe(true);
      }
    }
  });

  it('come after all that they refer to, and under ids of their own', () => {
    const known = new Map([...seedIds()].map(([table, ids]) => [table, new Set(ids)]));
    const dangling = new Set<string>();
    for (const { table, rows } of demoRows(SMALL)) {
      const ids = known.get(table) ?? new Set<string>();
      known.set(table, ids);
      for (const { id } of rows) {
        if (ids.has(id)) dangling.add(`${table} has ${id} twice`);
        ids.add(id);
      }
      for (const [name, field] of Object.entries(tableOf(table).fields)) {
        if (field.references === null) continue;
        const parents = known.get(field.references as TableName);
        for (const row of rows) {
          const id = row[name] as string | null;
          if (id !== null && !parents?.has(id)) dangling.add(`${table}.${name}`);
        }
      }
    }
    expect([...dangling]).toEqual([]);
  });

  it('keep what has to be unique', () => {
    const twice = new Set<string>();
    for (const [table, rows] of ALL) {
      const { unique, uniqueWhere } = tableOf(table);
      for (const columns of unique) {
        const keys = rows.map((row) => JSON.stringify(columns.map((column) => row[column])));
        if (new Set(keys).size < keys.length) twice.add(`${table} (${columns.join(', ')})`);
      }
      for (const { columns, field, values } of uniqueWhere) {
        const keys = rows
          .filter((row) => row[field] !== null && (values?.includes(row[field] as string) ?? true))
          .map((row) => JSON.stringify(columns.map((column) => row[column])));
        if (new Set(keys).size < keys.length) twice.add(`${table} (${columns.join(', ')})`);
      }
    }
    expect([...twice]).toEqual([]);
  });

  it('tell of nothing that is still to come', () => {
    const late = new Set<string>();
    for (const [table, rows] of ALL) {
      for (const row of rows) {
        if (row.created_at > NOW) late.add(`${table}.created_at`);
        for (const column of ['occurred_at', 'signed_at', 'sent_at', 'received_at', 'given_at']) {
          if (Number(row[column] ?? 0) > NOW) late.add(`${table}.${column}`);
        }
      }
    }
    expect([...late]).toEqual([]);
  });
});

describe('states', () => {
  const moves = by('transitions', 'row_id');
  const machines = RECORD_MACHINES.filter(({ table }) => !(table in EMPTY));

  it.each(machines.map(({ table }) => table))('of %s are reached by allowed steps', (name) => {
    const table = name as TableName;
    const { machine } = tableOf(table);
    const { initial } = machines.find((one) => one.table === table) ?? {};
    for (const row of rowsOf(table)) {
      let state = String(initial);
      let time = 0;
      for (const move of moves.get(row.id) ?? []) {
        expect(move['from_state']).toBe(state);
        state = String(move['to_state']);
        const step = findTransition(
          machine?.name as MachineName,
          String(move['from_state']),
          state,
        );
        expect(step, `${table}: ${String(move['from_state'])} to ${state}`).not.toBeNull();
        expect(move.created_at).toBeGreaterThanOrEqual(time);
        expect(move.created_at).toBeLessThanOrEqual(NOW);
        if (step?.needs !== 'server') expect(isUuid(move['actor_id'])).toBe(true);
        time = move.created_at;
      }
      expect(row[machine?.field ?? '']).toBe(state);
    }
  });

  it('are taken by somebody else where the author may not', () => {
    const authors = new Map<unknown, unknown>();
    for (const order of rowsOf('purchase_orders')) authors.set(order.id, order.created_by);
    for (const approval of rowsOf('po_approvals')) {
      expect(approval['approver_id']).not.toBe(authors.get(approval['order_id']));
    }
    for (const table of ['handout_template_versions', 'form_template_versions'] as const) {
      for (const row of rowsOf(table)) expect(row['approved_by']).not.toBe(row['author_id']);
    }
    for (const count of rowsOf('count_sessions')) {
      const posted = (moves.get(count.id) ?? []).find((move) => move['to_state'] === 'posted');
      if (posted?.['actor_id']) expect(posted['actor_id']).not.toBe(count['counted_by']);
    }
  });
});

describe('acts', () => {
  const ACTS = TABLE_NAMES.filter((name) => tableOf(name).expand !== null);

  it.each(ACTS)('of %s stand beside the rows that they stand for', (table) => {
    const found = new Map([...ALL.values()].flat().map((row) => [row.id, row]));
    const seeded = seedIds();
    for (const act of rowsOf(table)) {
      for (const { table: target, row } of expandAct(table, act)) {
        const kept = found.get(row.id);
        if (!kept) expect(seeded.get(target)?.has(row.id)).toBe(true);
        // A record may have changed since; a fact may not.
        else if (tableOf(target).kind === 'fact') expect(kept).toEqual(row);
      }
    }
  });
});

describe('a month of 3000 patients', () => {
  const month = allRows({ patients: 3000, months: 1, seed: 7, today: '2026-10-20' });
  const visits = (month.get('appointments') ?? []).filter(
    (row) => String(row['local_date']) < '2026-10-20',
  );
  const part = (status: string): number =>
    visits.filter((row) => row['status'] === status).length / visits.length;

  it('sees a patient in a hundred on a weekday, at three sites', () => {
    const days = Map.groupBy(visits, (row) => row['local_date']);
    const seen = [...days.values()]
      .map((rows) => rows.filter((row) => row['status'] === 'fulfilled').length)
      .toSorted((a, b) => a - b);
    const middle = seen[Math.floor(seen.length / 2)] ?? 0;
    expect(middle / 3000).toBeGreaterThan(0.009);
    expect(middle / 3000).toBeLessThan(0.012);
    expect(new Set(visits.map((row) => row['location_id'])).size).toBe(3);
  });

  it('has some who do not come, and some who cancel', () => {
    expect(part('noshow')).toBeGreaterThan(0.04);
    expect(part('noshow')).toBeLessThan(0.08);
    expect(part('cancelled')).toBeGreaterThan(0.03);
    expect(part('cancelled')).toBeLessThan(0.07);
    expect(part('booked')).toBe(0);
  });

  it('has five plans of three regimes', () => {
    expect(new Set((month.get('payer_rules') ?? []).map((row) => row['payer'])).size).toBe(5);
    expect(new Set((month.get('payer_rules') ?? []).map((row) => row['regime'])).size).toBe(3);
  });

  it('keeps thirteen weeks of every number of four teams', () => {
    expect(month.get('eos_teams')).toHaveLength(4);
    const weeks = Map.groupBy(month.get('scorecard_entries') ?? [], (row) => row['metric_id']);
    expect(weeks.size).toBe(month.get('scorecard_metrics')?.length);
    for (const entries of weeks.values()) expect(entries.length).toBeGreaterThanOrEqual(13);
  });
});

describe('money', () => {
  it('shares a meal out to the cent', () => {
    for (const shares of by('transfers_of_value', 'record_id').values()) {
      const sum = shares.reduce((cents, row) => cents + Number(row['share_cents']), 0);
      expect(sum).toBe(shares[0]?.['total_cents']);
      expect(shares).toHaveLength(Number(shares[0]?.['partakers_count']));
    }
  });

  it('never gives more back than was taken', () => {
    for (const facts of by('payment_transactions', 'intent_id').values()) {
      const state = paymentState(facts as unknown as PaymentFact[]);
      expect(state?.balanceCents).toBeGreaterThanOrEqual(0);
    }
  });

  it('approves an order for what its lines come to', () => {
    const lines = by('purchase_order_lines', 'order_id');
    for (const approval of rowsOf('po_approvals')) {
      const total = (lines.get(approval['order_id']) ?? []).reduce(
        (sum, line) =>
          sum +
          Math.round((Number(line['qty_ordered']) * Number(line['unit_price_cents'])) / 10_000),
        0,
      );
      expect(approval['amount_cents']).toBe(total);
    }
  });
});

describe('people', () => {
  const words = (): string[] =>
    [...ALL.entries()].flatMap(([table, rows]) =>
      table === 'transitions' ? [] : rows.map((row) => JSON.stringify(row)),
    );

  it('have numbers that are kept for fiction', () => {
    const phones = words().flatMap((text) => text.match(/\b\d{3}-\d{3}-\d{4}\b/g) ?? []);
    expect(phones.length).toBeGreaterThan(300);
    expect(phones.filter((phone) => !/^(734|248)-555-01\d\d$/.test(phone))).toEqual([]);
  });

  it('have mailboxes that nobody can own', () => {
    const boxes = words().flatMap((text) => text.match(/[\w.+-]+@[\w.-]+/g) ?? []);
    expect(boxes.length).toBeGreaterThan(100);
    expect(boxes.filter((box) => !/@(example\.com|[a-z]+\.example)$/.test(box))).toEqual([]);
  });

  it('have record numbers that say what they are', () => {
    const numbers = rowsOf('patients').map((row) => String(row['mrn']));
    expect(numbers.filter((mrn) => !/^DEMO\d{7}$/.test(mrn))).toEqual([]);
  });

  it('have provider numbers that cannot be', () => {
    const npis = rowsOf('users').flatMap((row) => row['provider_npi'] ?? []);
    expect(npis.length).toBeGreaterThan(3);
    for (const npi of npis as string[]) {
      expect(npi).toMatch(/^9\d{9}$/);
      expect(npiCheckDigit(npi.slice(0, 9))).not.toBe(Number(npi[9]));
    }
    // As the standard has it: 1234567893 is right.
    expect(npiCheckDigit('123456789')).toBe(3);
  });
});
