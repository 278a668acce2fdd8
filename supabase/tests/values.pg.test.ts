import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type pg from 'pg';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { newId } from '#shared/kernel/ids.ts';
import { Pack } from '#shared/schema/tables/inventory-items.ts';
import { STOCK_ACT_SIGNS, StockActLine } from '#shared/schema/tables/stock-acts.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { NOT_ONESELF, STEP_REFUSED, attempt, installAttempt } from './support/callers.ts';
import { boundsOf } from './support/expected-tables.ts';
import { HLC, insertStatement, sampleRow } from './support/sample-rows.ts';
import type { References } from './support/sample-rows.ts';

const CHECK = '23514';
const UNIQUE = '23505';
const TAKEN = 'rows:1';

let db: TestDatabase;
let client: pg.PoolClient;
const refs: References = {};

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  await installAttempt(db);
  client = await db.postgres.connect();
  for (const table of TABLE_NAMES) {
    const row = sampleRow(table, refs);
    await client.query(insertStatement(table, row));
    refs[table] = row.id;
  }
  // Second parents for rows that may stand only once beside the first.
  for (const table of ['users', 'inventory_items'] as const) {
    const row = sampleRow(table, refs);
    await client.query(insertStatement(table, row));
    refs[table] = row.id;
  }
});
afterAll(async () => {
  client.release();
  await db.close();
});

async function tryRow(table: TableName, values: Record<string, unknown>): Promise<string> {
  const fresh = table === 'stock_movements' ? { line_no: 77 } : {};
  const row = sampleRow(table, refs, { ...fresh, ...values });
  const [result] = await attempt(client, [insertStatement(table, row)]);
  return result ?? '';
}

/** The answer of a trigger that looks at a value before the constraints do. */
function judgedFirst(table: TableName, field: string, value: unknown): string | null {
  if (tableOf(table).machine?.field === field) return STEP_REFUSED;
  const otherSite = table === 'count_lines' && field === 'location_id' && value !== null;
  return otherSite ? NOT_ONESELF : null;
}

/** What becomes of statements while a first one stands; all is undone. */
async function tryBeside(first: string, statements: readonly string[]): Promise<string[]> {
  try {
    await client.query('begin');
    await client.query(first);
    return await attempt(client, statements);
  } finally {
    await client.query('rollback');
  }
}

describe('every field', () => {
  const fields = TABLE_NAMES.flatMap((table) =>
    Object.entries(tableOf(table).fields).map(([name, field]) => ({ table, name, field })),
  );

  it.each(fields.filter(({ field }) => field.kind === 'enum'))(
    'takes the values of its list and no other: $table $name',
    async ({ table, name }) => {
      const code = judgedFirst(table, name, 'something else') ?? CHECK;
      expect(await tryRow(table, { [name]: 'something else' })).toBe(code);
    },
  );

  it.each(fields.filter(({ field }) => ['int', 'quantity', 'cents'].includes(field.kind)))(
    'takes numbers within its bounds and no others: $table $name',
    async ({ table, name, field }) => {
      const { minimum, maximum } = boundsOf(field);
      const sign = table === 'stock_movements' && name === 'qty_base' ? { type: 'issue' } : {};
      expect(await tryRow(table, { [name]: minimum, ...sign })).toBe(TAKEN);
      expect(await tryRow(table, { [name]: maximum })).toBe(TAKEN);
      expect(await tryRow(table, { [name]: minimum - 1, ...sign })).toBe(CHECK);
      const above = await tryRow(table, { [name]: maximum + 1 });
      expect(above).toBe(CHECK);
    },
  );

  it.each(fields.filter(({ field }) => field.kind === 'text'))(
    'takes text of its length and none longer: $table $name',
    async ({ table, name, field }) => {
      const most = field.maxLength ?? 0;
      expect(await tryRow(table, { [name]: 'ü'.repeat(most) })).toBe(TAKEN);
      expect(await tryRow(table, { [name]: 'ü'.repeat(most + 1) })).toBe(CHECK);
      const empty = field.zod.safeParse('').success;
      expect(await tryRow(table, { [name]: '' })).toBe(empty ? TAKEN : CHECK);
      expect(await tryRow(table, { [name]: '   ' })).toBe(
        field.zod.safeParse('   ').success ? TAKEN : CHECK,
      );
    },
  );

  it.each(fields)('is null only where its definition says so: $table $name', async (of) => {
    const result = await tryRow(of.table, { [of.name]: null });
    const refused = judgedFirst(of.table, of.name, null) ?? '23502';
    expect(result).toBe(of.field.nullable ? TAKEN : refused);
  });

  it.each(fields.filter(({ field }) => field.references))(
    'refers to a row that exists: $table $name',
    async ({ table, name }) => {
      const nowhere = newId();
      const code = judgedFirst(table, name, nowhere) ?? '23503';
      expect(await tryRow(table, { [name]: nowhere })).toBe(code);
    },
  );
});

describe('a row', () => {
  it.each(
    TABLE_NAMES.flatMap((table) => tableOf(table).unique.map((columns) => ({ table, columns }))),
  )('is alone with its $columns in $table, an absent one included', async ({ table, columns }) => {
    const first = sampleRow(table, refs, table === 'stock_movements' ? { line_no: 78 } : {});
    const same = Object.fromEntries(columns.map((column) => [column, first[column]]));
    const second = sampleRow(table, refs, same);
    await client.query('begin');
    await client.query(insertStatement(table, first));
    const results = await attempt(client, [insertStatement(table, second)]);
    await client.query('rollback');
    expect(results).toEqual([UNIQUE]);
  });

  it.each(TABLE_NAMES.filter((table) => tableOf(table).kind === 'fact'))(
    'of %s has a number of its own on its device, and a stamp',
    async (table) => {
      const device = newId();
      const values = { device_id: device, origin_seq: 7, line_no: 79 };
      const insert = (more: Record<string, unknown>): string =>
        insertStatement(table, sampleRow(table, refs, { ...values, ...more }));
      const again = insert({ line_no: 80 });
      const elsewhere = insert({ line_no: 81, device_id: newId() });
      expect(await tryBeside(insert({}), [again, elsewhere])).toEqual([UNIQUE, TAKEN]);
      expect(await tryRow(table, { origin_seq: 1, device_id: null })).toBe(CHECK);
      for (const hlc of ['', 'x', HLC.toUpperCase(), `${HLC}0`]) {
        expect(await tryRow(table, { hlc })).toBe(CHECK);
      }
    },
  );

  it('of the ledger has the sign of its type', async () => {
    for (const [type, sign] of Object.entries(STOCK_ACT_SIGNS)) {
      expect(await tryRow('stock_movements', { type, qty_base: sign * 5 })).toBe(TAKEN);
      expect(await tryRow('stock_movements', { type, qty_base: -sign * 5 })).toBe(CHECK);
      expect(await tryRow('stock_movements', { type, qty_base: 0 })).toBe(CHECK);
    }
  });

  it('grants nothing to the one who grants it', async () => {
    expect(await tryRow('user_roles', { granted_by: refs.users })).toBe(CHECK);
  });

  it('names a mailbox in small letters', async () => {
    expect(await tryRow('users', { email: 'Rosa@ganger.example' })).toBe(CHECK);
  });

  it('lists field names as a list', async () => {
    expect(await tryRow('audit_logs', { field_names: { par: 1 } })).toBe(CHECK);
  });
});

describe('documents within a row', () => {
  const pack = { unit: 'box', qty_per_base: 500_000, gtin: null };
  const packs: readonly unknown[] = [
    [],
    [pack],
    [{ ...pack, gtin: '00400000000017' }],
    Array.from({ length: 20 }, () => pack),
    Array.from({ length: 21 }, () => pack),
    [{ ...pack, qty_per_base: 0 }],
    [{ ...pack, qty_per_base: -1 }],
    [{ ...pack, qty_per_base: 1.5 }],
    [{ ...pack, qty_per_base: '5' }],
    [{ ...pack, qty_per_base: 100_000_000_001 }],
    [{ unit: 'box', gtin: null }],
    [{ unit: 'box', qty_per_base: 1 }],
    [{ ...pack, unit: 5 }],
    [{ ...pack, gtin: 14 }],
    [{ ...pack, gtin: ['00400000000017'] }],
    [{ ...pack, unit: '' }],
    [{ ...pack, unit: 'x'.repeat(41) }],
    [{ ...pack, gtin: '123' }],
    [pack, { ...pack, gtin: 14 }],
    [null],
    ['box'],
    {},
    'box',
  ];

  it.each(packs.map((value) => [JSON.stringify(value).slice(0, 60), value]))(
    'packs are what the code takes: %s',
    async (_, value) => {
      const taken = Pack.array().max(20).safeParse(value).success;
      expect(await tryRow('inventory_items', { packs: value })).toBe(taken ? TAKEN : CHECK);
    },
  );

  const line = {
    item_id: newId(),
    qty_base: 10_000,
    lot_no: null,
    expiry_date: null,
    serial: '',
    entered_unit: 'each',
    entered_qty: '1',
    unit_cost_cents: null,
  };
  const lines: readonly unknown[] = [
    [line],
    Array.from({ length: 200 }, () => line),
    Array.from({ length: 201 }, () => line),
    [],
    {},
    null,
    [null],
    [{ ...line, qty_base: 0 }],
    [{ ...line, qty_base: -10_000 }],
    [{ ...line, qty_base: 0.5 }],
    [{ ...line, qty_base: '1' }],
    [{ ...line, qty_base: null }],
    [line, { ...line, item_id: 'x' }],
    [{ ...line, item_id: line.item_id.toUpperCase() }],
    [{ ...line, item_id: 5 }],
    [{ ...line, item_id: null }],
    [{ qty_base: 1 }],
  ];

  it.each(lines.map((value) => [JSON.stringify(value).slice(0, 60), value]))(
    'lines of an act are what the code takes: %s',
    async (_, value) => {
      const taken = StockActLine.array().min(1).max(200).safeParse(value).success;
      const refused = value === null ? '23502' : CHECK;
      expect(await tryRow('stock_acts', { lines: value })).toBe(taken ? TAKEN : refused);
    },
  );
});
